"""The studio's vocabulary: states of drafts, and how long who edits one holds it."""

from __future__ import annotations

import re
from datetime import timedelta
from enum import StrEnum

HOLD = timedelta(minutes=2)  # renewed by the open page; who closes the browser is waited for no longer
KEY = re.compile(r"[A-Za-z_][\w.-]{1,99}", re.ASCII)  # of a process: an XML name
LONGEST_NAME, LONGEST_NOTE, SHORTEST_WORD = 60, 500, 2


class DraftState(StrEnum):
    """What became of a draft."""

    OPEN = "OPEN"  # is being drawn
    SUBMITTED = "SUBMITTED"  # handed in to be released; can be taken up again while nobody has deployed it
    DISCARDED = "DISCARDED"  # not wanted; can be taken up again
