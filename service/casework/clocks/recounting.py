"""Counting the clocks of every running case anew: the calendar has changed, a year was entered, an outage was declared.

Cases are locked in the order of their ids, in one transaction with what caused it (R-CAL-6).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from service.casework.clockwork.movement import Movement
from service.casework.journalling import CaseFile
from service.casework.office import Office
from service.casework.projection import Running, settle, take_up, write_clocks
from service.engine.facts import WaitKind
from service.rules.lights import Light
from service.rules.vocabulary import CaseState
from service.store.cases import CaseRow
from service.store.clocks import ClockRow
from service.store.records import Records


@dataclass(frozen=True, kw_only=True)
class Moved:
    """One clock (or, without one, one timer of a diagram) whose end moved.

    `was`, `due` None: a pause holds it, or no calendar counted it.
    """

    case: CaseRow
    clock: ClockRow | None
    element: str | None
    was: datetime | None
    due: datetime | None

    @property
    def case_id(self) -> UUID:
        """The case it belongs to."""
        return self.case.id


def recount_all(
    office: Office, records: Records, cause: str, *, cases: Iterable[UUID] | None = None, dry: bool = False
) -> list[Moved]:
    """Count every live clock and every timer in working time anew by the calendar of this transaction.

    `cases`: only these, those with time in them when not given. `dry`: only say what would move; nothing is written.
    Red stays red; what follows from a red clock later is counted anew too.
    """

    def act(running: Running) -> list[tuple[ClockRow, datetime | None]]:
        if running.move is None:
            return []
        running.move.turned.update(row.id for row in running.move.clocks.live() if row.light == Light.RED)
        return recount(running.move, cause)

    return recount_each(office, records, act, cases=cases, dry=dry)


def recount_each(
    office: Office,
    records: Records,
    act: Callable[[Running], list[tuple[ClockRow, datetime | None]]],
    *,
    cases: Iterable[UUID] | None = None,
    dry: bool = False,
) -> list[Moved]:
    """Do something to the clocks of every running case that has clocks or timers; what moved, case by case."""
    found: list[Moved] = []
    for case_id in records.clocks.timed_cases() if cases is None else cases:
        row = records.cases.find(case_id) if dry else records.cases.lock(case_id)
        if row is None or row.ended_at is not None:
            continue
        running = take_up(office, records, CaseFile(row))
        before = _timers(running)
        clocks = [Moved(case=row, clock=one, element=one.element, was=was, due=one.due_at) for one, was in act(running)]
        again = running.run.recount()
        told = {(one.was, one.due) for one in clocks}
        found += clocks
        for token, (element, due) in _timers(running).items():
            was = before[token][1] if token in before else due
            if was != due and (was, due) not in told:
                found.append(Moved(case=row, clock=None, element=element, was=was, due=due))
        if dry:
            continue
        if again or (running.move is not None and running.move.clocks.touched):
            settle(records, running)
        elif running.move is not None and running.move.turned:
            write_clocks(records, running.move)
        else:
            continue
        if row.state == CaseState.SUSPENDED:
            records.agenda.park_case(case_id)
    return found


def _timers(running: Running) -> dict[UUID, tuple[str, datetime | None]]:
    """Element and due instant of every timer a case waits for."""
    waits = running.run.waits().items()
    return {token: (wait.element, wait.due) for token, wait in waits if wait.kind is WaitKind.TIMER}


def recount(move: Movement, cause: str) -> list[tuple[ClockRow, datetime | None]]:
    """The live clocks of one case anew."""
    return move.recount(move.clocks.live(), cause)
