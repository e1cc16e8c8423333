"""The statutory clock in running cases: what turns, who pauses and extends, what follows from silence (docs/clocks.md)."""
