"""Counting the clocks of every running case anew: the calendar has changed, a year was entered, an outage was declared.

Cases are locked in the order of their ids, in one transaction with what caused it (R-CAL-6).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from service.casework.clockwork.movement import Movement
from service.casework.journalling import CaseFile
from service.casework.office import Office
from service.casework.projection import Running, settle, take_up
from service.rules.vocabulary import CaseState
from service.store.clocks import ClockRow
from service.store.records import Records


@dataclass(frozen=True, kw_only=True)
class Moved:
    """One clock whose end moved. `was`, `due` None: a pause holds it, or no calendar counted it."""

    case_id: UUID
    clock: ClockRow
    was: datetime | None
    due: datetime | None


def recount_all(office: Office, records: Records, cause: str, *, dry: bool = False) -> list[Moved]:
    """Count every live clock and every timer in working time anew by the calendar of this transaction.

    `dry`: only say what would move; nothing is written. Red stays red.
    """

    def act(running: Running) -> list[tuple[ClockRow, datetime | None]]:
        return running.move.recount(running.move.clocks.live(), cause) if running.move is not None else []

    return recount_each(office, records, act, dry=dry)


def recount_each(
    office: Office,
    records: Records,
    act: Callable[[Running], list[tuple[ClockRow, datetime | None]]],
    *,
    dry: bool = False,
) -> list[Moved]:
    """Do something to the clocks of every running case that has clocks or timers; what moved, case by case."""
    found: list[Moved] = []
    for case_id in records.clocks.timed_cases():
        row = records.cases.find(case_id) if dry else records.cases.lock(case_id)
        if row is None or row.ended_at is not None:
            continue
        running = take_up(office, records, CaseFile(row))
        found += [Moved(case_id=case_id, clock=one, was=was, due=one.due_at) for one, was in act(running)]
        if dry:
            continue
        if running.run.recount() or (running.move is not None and running.move.clocks.touched):
            settle(records, running)
            if row.state == CaseState.SUSPENDED:
                records.agenda.park_case(case_id)
    return found


def recount(move: Movement, cause: str) -> list[tuple[ClockRow, datetime | None]]:
    """The live clocks of one case anew."""
    return move.recount(move.clocks.live(), cause)
