"""What spreadsheets take for a formula. A cell that leaves the house is data."""

from __future__ import annotations

DANGEROUS = (
    "=",
    "+",
    "-",
    "@",
    "＝",
    "＋",
    "－",
    "＠",
    "\t",
    "\r",
    "\n",
)  # full-width: spreadsheets of our locale read them alike


def harmless(text: str) -> str:
    """The text as a cell that nothing is computed of."""
    return f"'{text}" if text.startswith(DANGEROUS) else text
