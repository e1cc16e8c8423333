"""Running chains that change: departments asked besides, items that end by themselves (docs/processes.md, the frame of the chains)."""
