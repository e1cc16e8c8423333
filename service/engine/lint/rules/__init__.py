"""The rules, one module per family; every family is listed in `families.py`."""
