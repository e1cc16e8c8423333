"""States of a batch of migrations and of every case in it."""

from __future__ import annotations

from enum import StrEnum


class BatchState(StrEnum):
    """Where a batch stands."""

    RUNNING = "RUNNING"  # the worker is at it
    PAUSED = "PAUSED"  # until somebody lets it go on
    CANCELLED = "CANCELLED"  # what had not had its turn stays as it is
    DONE = "DONE"  # every case had its turn


class ItemState(StrEnum):
    """What became of one case."""

    WAITING = "WAITING"
    DONE = "DONE"  # it goes on in the new version
    FAILED = "FAILED"  # it stays as it was; the code says why
    SKIPPED = "SKIPPED"  # the batch was cancelled before its turn
    UNDOING = "UNDOING"  # to be taken back
    UNDONE = "UNDONE"  # taken back
    MOVED_ON = "MOVED_ON"  # could not be taken back: somebody went on with it


OPEN = frozenset({BatchState.RUNNING, BatchState.PAUSED})
TURNS = {False: ItemState.WAITING, True: ItemState.UNDOING}  # what waits for its turn, by whether it is undoing
