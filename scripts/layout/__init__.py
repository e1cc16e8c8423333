"""How the shipped diagrams are drawn, measured: what lies on what, what runs through what, what stands outside."""
