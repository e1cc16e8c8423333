"""The engine moves tokens and knows neither people nor SQL. SpiffWorkflow, lxml and the FEEL sandbox live here only."""
