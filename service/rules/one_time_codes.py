"""One-time codes by time (RFC 6238 over RFC 4226) and recovery codes: which instant is which counter, how codes are read."""

from __future__ import annotations

import re
from datetime import datetime

STEP = 30  # seconds
DRIFT = 1  # steps a telephone's clock may be off, either way
DIGITS = 6
RECOVERY_CODES = 10
RECOVERY_LENGTH = 10  # letters and digits that nobody mistakes, 49 bits
RECOVERY_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"


def counters_at(moment: datetime) -> tuple[int, ...]:
    """The counters whose codes are taken at an instant, the right one first."""
    now = int(moment.timestamp()) // STEP
    return (now, *(now + off for distance in range(1, DRIFT + 1) for off in (-distance, distance)))


def read_code(text: str) -> str:
    """What somebody typed, without blanks and strokes, in small letters."""
    return re.sub(r"[\s-]", "", text).lower()[:64]


def is_one_time(code: str) -> bool:
    """Whether it looks like a code of a telephone; else it may be a recovery code."""
    return len(code) == DIGITS and code.isascii() and code.isdigit()
