"""Rehearsals: what is found out about a draft before it is live."""
