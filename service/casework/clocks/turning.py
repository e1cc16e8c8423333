"""A clock turns: everything that is due of it happens in its order, exactly once, under the case's lock.

Lights first, then what follows from them at the same instant: silence that counts as agreement, rungs of the ladder.
Each bears the instant of the rule, however late the worker comes. What has happened stands in `fired`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from service.casework.clocks.chains import attribute_delay
from service.casework.clocks.climbing import climb, turn_yellow
from service.casework.clocks.receiving import correction_due, receipt_due, remind
from service.casework.clocks.tacit import decision_due, stage_due
from service.casework.clockwork.book import STOPPED
from service.casework.clockwork.movement import Movement
from service.casework.clockwork.turns import ATTRIBUTION, DUE, LIGHTS, REMIND, TACIT, Step, outstanding
from service.casework.journalling import CaseFile
from service.casework.messages.time_notices import milestone_late
from service.casework.office import Office
from service.casework.projection import Running, settle, take_up
from service.rules.clocks import ClockKind
from service.rules.ladder import Rung
from service.rules.lights import Light
from service.rules.vocabulary import JournalAction
from service.store.clocks import ClockRow
from service.store.records import Records

INSTEAD = (Rung.RED, Rung.SUPERVISION, Rung.LEADER)  # rungs of a task that silence has passed
MILESTONE_LATE = "ESC_CHAIN_MILESTONE"
MOST_STEPS = 60  # consequences of one clock in one transaction; there are never so many


class Turn:
    """One clock that turns, and what its consequences need: office, records, the case's file and clocks, its engine."""

    def __init__(self, office: Office, records: Records, file: CaseFile, move: Movement, clock: UUID) -> None:
        self.office, self.records, self.file, self.move, self.clock = office, records, file, move, clock
        self.taken: Running | None = None

    @property
    def row(self) -> ClockRow:
        """The clock as it is now."""
        return self.move.clocks.rows[self.clock]

    def running(self) -> Running:
        """The case with its engine in hand, for a consequence that moves tokens; settled when the clock has turned."""
        if self.taken is None:
            self.taken = take_up(self.office, self.records, self.file, self.move)
        return self.taken

    def settle(self) -> None:
        """Let the tokens moved so far come to rest, before the next consequence looks at the case."""
        if self.taken is not None:
            settle(self.records, self.taken)
            self.taken = None


def turn_clock(turn: Turn) -> None:
    """Do what of the clock is due at one instant, the first that is owed; what is owed later has its own turn.

    So that a worker who comes late does everything of a case in due order. Refused: what a consequence refuses.
    """
    move = turn.move
    move.turned.add(turn.clock)
    until = turn.records.now
    for _ in range(MOST_STEPS):
        steps = outstanding(move.clocks.calendar, turn.row, move.drawn)
        if not steps or steps[0].at > until:
            break
        until = steps[0].at
        _take(turn, steps[0])
    row = turn.row
    if row.state == STOPPED and not outstanding(move.clocks.calendar, row, move.drawn):
        move.clocks.change(row.id, light=Light.DONE.value)


def _take(turn: Turn, step: Step) -> None:
    row = turn.row
    if step.name in LIGHTS:
        light = LIGHTS[step.name].value
        turn.move.clocks.change(row.id, light=light)
        detail = {"clock": str(row.id), "kind": row.kind, "light": light, "at": step.at.isoformat()}
        turn.move.line(JournalAction.CLOCK_TURNED, row.scope_id, detail, element=row.element)
        if turn.move.drawn.elements.get((row.process, row.element or ""), {}).get("ladder", "none") == "none":
            turn_yellow(turn.records, row)
        if row.kind == ClockKind.MILESTONE and light == Light.RED:
            turn.file.notices += milestone_late(turn.records.now, row, turn.file.row.business_key)
            if turn.move.drawn.kind(row.process) == "CHAIN" and row.element is None:  # the chain's own, not a node's
                turn.running().run.escalate(row.scope_id, MILESTONE_LATE, {"late_milestone": row.name})
        return
    names = tuple(name for name in row.fired if not name.startswith(f"{step.name}@"))
    turn.move.clocks.change(row.id, fired=(*names, step.name))
    again = ACTS[step.name.partition(":")[0]](turn, step)
    if again is not None and step.name in turn.row.fired:
        later = tuple(name for name in turn.row.fired if name != step.name)
        turn.move.clocks.change(row.id, fired=(*later, f"{step.name}@{again.isoformat()}"))


def _climb(turn: Turn, step: Step) -> datetime | None:
    climb(turn.records, turn.file, turn.row, step.name, step.at)
    return None


def _silence(turn: Turn, step: Step) -> datetime | None:
    """An opinion, a review or the decision itself that nobody gave. One that passes takes the place of the third rung."""
    if turn.row.kind != ClockKind.STAGE:
        return decision_due(turn, step.at).again
    silence = stage_due(turn, step.at)
    if silence.passed:
        turn.move.clocks.change(turn.clock, fired=(*turn.row.fired, *(rung.value for rung in INSTEAD)))
    return silence.again


def _due(turn: Turn, step: Step) -> datetime | None:
    act = receipt_due if turn.row.kind == ClockKind.RECEIPT else correction_due
    act(turn, step.at)
    return None


def _remind(turn: Turn, step: Step) -> datetime | None:
    remind(turn, int(step.name.partition(":")[2]), step.at)
    return None


def _attribute(turn: Turn, step: Step) -> datetime | None:
    attribute_delay(turn, step.at)
    return None


ACTS: dict[str, Callable[[Turn, Step], datetime | None]] = {
    **dict.fromkeys((*(rung.value for rung in Rung), "R1", "R2", "R3", "R4"), _climb),
    TACIT: _silence,
    DUE: _due,
    REMIND: _remind,
    ATTRIBUTION: _attribute,
}
