"""The rehearsal's search: what it reaches, what it says it did not, and that nothing is promised."""
