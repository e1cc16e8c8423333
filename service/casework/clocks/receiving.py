"""收件 and 补正 in running cases: what happens when their limits end, and when the applicant is reminded."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from service.casework.clocks.turning import Turn


def receipt_due(turn: Turn, at: datetime) -> None:
    """Nobody has said a word about the application within its limit (行政许可法 art. 32)."""


def correction_due(turn: Turn, at: datetime) -> None:
    """The applicant has not answered the correction notice in time (R-ACC-4)."""


def remind(turn: Turn, days: int, at: datetime) -> None:
    """The applicant is reminded of the correction notice, so many working days after it."""
