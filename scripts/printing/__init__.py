"""Printing every document of the demo case."""
