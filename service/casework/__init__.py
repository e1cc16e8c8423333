"""Casework: the only room in which anything changes: one function per intention, one transaction per function."""
