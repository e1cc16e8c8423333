"""Migration of running cases: what may go on, how it ends, what is left alone."""
