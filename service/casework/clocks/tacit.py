"""超时默许 in running cases: what happens when a limit ends and nobody has spoken."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from service.casework.clocks.turning import Turn


def stage_due(turn: Turn, at: datetime) -> bool:
    """The limit of a task with zw:tacit has ended. True: its silence has passed it, and the task is done."""
    return False


def decision_due(turn: Turn, at: datetime) -> datetime | None:
    """The promise ended two working days ago and nobody has decided. An instant: ask again then."""
    return None
