"""The audit trail under seal: ledger and journals chained block by block, verified line by line, exported with their proof (等保 C2)."""
