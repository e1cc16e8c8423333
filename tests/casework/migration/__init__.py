"""Migration of real cases: rows, agenda, journal, batches."""
