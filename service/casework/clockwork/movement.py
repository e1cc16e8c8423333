"""The hand that moves the clocks of one case: start, stop, pause, resume, extend, recount, each with its journal line.

Every move measures its clock at once. What the move means for tables is asked at the end (`agenda_moves`, `copy_of`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from service.casework.actors import Actor
from service.casework.acts.asking import asking
from service.casework.clockwork.book import (
    RUNNING,
    STOPPED,
    ClockFile,
    Pause,
    day_of,
    measured,
    paused_since,
    stored_extension,
    stored_pause,
)
from service.casework.clockwork.drafts import Drafts
from service.casework.clockwork.drawn import Drawn
from service.casework.clockwork.keeping import CaseKeeper
from service.casework.clockwork.turns import TACIT, next_instant
from service.casework.journalling import CaseFile, write
from service.casework.messages.time_notices import extended, paused, resumed
from service.rules.clocks import ClockKind, Extension, PauseKind, Suspension
from service.rules.lights import Light
from service.rules.pauses import PAUSE_RULES
from service.rules.vocabulary import AgendaKind, IncidentKind, JournalAction
from service.store.agenda import END_OF_TIME, AgendaRow
from service.store.clocks import ClockRow
from service.store.incidents import IncidentRow
from service.store.records import Records

UNPAID = "UNPAID:"  # in `fired` of a RECEIPT clock, and a bill's id/number: what begins with 受理 stands still
ATTEMPTS = 3  # of a turn, before it is an incident


@dataclass
class AgendaMoves:
    """What becomes of the turns of clocks on the agenda."""

    add: list[AgendaRow] = field(default_factory=list)
    moved: list[AgendaRow] = field(default_factory=list)
    drop: list[UUID] = field(default_factory=list)


class Movement:
    """The clocks of one case in one transaction, with what their diagrams say and what they answer the engine."""

    def __init__(self, records: Records, file: CaseFile, clocks: ClockFile, drawn: Drawn) -> None:
        self.records, self.file, self.clocks, self.drawn = records, file, clocks, drawn
        self.drafts = Drafts(drawn, file.id, records.now)
        self.keeper = CaseKeeper(clocks, self.drafts)
        self.now, self.today = records.now, day_of(records.now)
        self.told: dict[str, Any] = {}  # of a pause that begins now: notice, expected_days, approved_by
        self.complete_on: date | None = None  # the day the last missing material arrived, when it is registered later
        self.chained = False  # something a chain is counted by has moved
        self.revived: set[UUID] = set()
        self.turned: set[UUID] = set()  # clocks whose turn was attended: the next one is put on the agenda
        self.forgone: set[UUID] = set()  # stopped clocks whose turn leaves the agenda, owed or not
        self.asked: list[AgendaRow] = []  # acts that follow from what the diagram has reached
        self.missing: dict[UUID, bool] = {}  # clocks whose year no calendar knows (any more: False)

    # -- starting and stopping

    def start(self, row: ClockRow) -> ClockRow:
        """A clock starts."""
        self.clocks.add(row)
        row = self._measure(row.id)
        self._note_start(row)
        self.chained = self.chained or row.kind in (ClockKind.RECEIPT, ClockKind.CASE, ClockKind.CHAIN)
        return row

    def start_kind(
        self, kind: ClockKind, scope: UUID | None, process: str, on: date | None = None, limit: str | None = None
    ) -> None:
        """A clock of a kind starts, if the diagram gives it a limit; `limit`: in the place of the process's own."""
        row = self.drafts.of_kind(kind, scope, process, on, limit)
        if row is not None:
            self.start(row)

    def revive(self, id: UUID) -> None:
        """A stopped clock goes on as if it had not stopped: its task failed to end."""
        self.clocks.change(id, state=RUNNING, stopped_at=None, light=Light.GREEN.value)
        self.revived.add(id)
        self._note_start(self._measure(id))

    def stop(self, row: ClockRow) -> None:
        """A clock stops. A light that was due before is still owed, and stays on the agenda."""
        if row.state == STOPPED:
            return
        in_time = row.due_at is None or self.now < row.due_at
        if row.state == RUNNING and row.due_at is None:  # nobody needs the missing year for it any more
            self.missing[row.id] = False
            self.line(JournalAction.INCIDENT_RESOLVED, row.scope_id, {}, element=row.element)
        pauses = tuple(self._ended(one) if "through" not in one else one for one in row.pauses)
        row = self.clocks.change(row.id, state=STOPPED, stopped_at=self.now, pauses=pauses)
        if next_instant(self.clocks.calendar, row, self.drawn) is None:
            row = self.clocks.change(row.id, light=Light.DONE.value)
        detail: dict[str, Any] = {
            "clock": str(row.id),
            "kind": row.kind,
            "at": self.now.isoformat(),
            "in_time": in_time,
        }
        if row.due_at is not None:
            detail["due"] = row.due_at.isoformat()
        self.line(JournalAction.CLOCK_STOPPED, row.scope_id, detail, element=row.element)
        self.chained = self.chained or row.kind in (ClockKind.RECEIPT, ClockKind.CASE)

    # -- pausing

    def pause(
        self,
        rows: Sequence[ClockRow],
        pause: Suspension,
        *,
        scope: UUID | None,
        actor: Actor | None = None,
        **more: Any,
    ) -> None:
        """Clocks stand still for a reason; `more` is kept with the pause (`source`: the token that holds it)."""
        if not rows:
            return
        stored = stored_pause(pause, **more)
        for row in rows:
            self.clocks.change(row.id, pauses=(*row.pauses, stored))
            self._measure(row.id)
            self.chained = self.chained or row.kind in (ClockKind.RECEIPT, ClockKind.CASE)
        detail = {"clocks": [str(row.id) for row in rows], "pause": stored}
        self.line(JournalAction.CLOCK_PAUSED, scope, detail, actor=actor)
        self.file.notices += paused(self.now, rows, pause)

    def resume(
        self,
        rows: Iterable[ClockRow],
        ends: Callable[[Pause], bool],
        *,
        scope: UUID | None,
        actor: Actor | None = None,
        **more: Any,
    ) -> bool:
        """What holds them for this reason ends now; False when nothing did."""
        kinds: dict[str, list[str]] = {}
        resumed_rows: dict[str, list[ClockRow]] = {}
        for row in tuple(rows):
            ended = [one for one in row.pauses if "through" not in one and ends(one)]
            if not ended:
                continue
            pauses = tuple(self._ended(one, **more) if one in ended else one for one in row.pauses)
            self.clocks.change(row.id, pauses=pauses)
            self._measure(row.id)
            self.chained = self.chained or row.kind in (ClockKind.RECEIPT, ClockKind.CASE)
            for one in ended:
                kinds.setdefault(one["kind"], []).append(str(row.id))
                resumed_rows.setdefault(one["kind"], []).append(self.clocks.rows[row.id])
        for kind, ids in kinds.items():
            detail = {"clocks": ids, "kind": kind, "through": self.today.isoformat(), "ended_at": self.now.isoformat()}
            self.line(JournalAction.CLOCK_RESUMED, scope, {**detail, **more}, actor=actor)
            case = self.clocks.one(ClockKind.CASE, scope)
            self.file.notices += resumed(self.clocks.calendar, self.now, kind, resumed_rows[kind], case)
        return bool(kinds)

    def pause_for_bill(self, rows: Sequence[ClockRow], bill: str, number: str, scope: UUID | None) -> None:
        """Clocks stand still until a bill is settled (R-FEE-5)."""
        pause = self.from_now(PauseKind.PAYMENT, notice=number, basis=PAUSE_RULES[PauseKind.PAYMENT].basis)
        self.pause(rows, pause, scope=scope, source=bill_source(bill))

    def from_now(self, kind: PauseKind, **more: Any) -> Suspension:
        """A pause that begins at this instant."""
        return Suspension(kind=kind, after=self.today, began_at=self.now, **more)

    def _ended(self, pause: Pause, **more: Any) -> Pause:
        through = max(pause["after"], self.today.isoformat())
        return {**pause, "through": through, "ended_at": self.now.isoformat(), **more}

    def ask_again(self, scope: UUID | None) -> None:
        """A reason why silence did not count is gone, of an item or (None) of the case: what was put off is asked now."""
        now = f"{TACIT}@{self.now.isoformat()}"
        for row in tuple(self.clocks.live()):
            fired = tuple(now if name.startswith(f"{TACIT}@") else name for name in row.fired)
            if scope in (None, row.scope_id) and fired != tuple(row.fired):
                self.clocks.change(row.id, fired=fired)

    # -- extending and recounting

    def extend(self, row: ClockRow, extension: Extension, actor: Actor | None) -> None:
        """More time."""
        stored = stored_extension(extension)
        self.clocks.change(row.id, extensions=(*row.extensions, stored))
        row = self._measure(row.id)
        due = None if row.due_at is None else row.due_at.isoformat()
        self.line(JournalAction.CLOCK_EXTENDED, row.scope_id, {"clock": str(row.id), **stored, "due": due}, actor=actor)
        self.file.notices += extended(self.now, row, extension.amount)

    def recount(self, rows: Iterable[ClockRow], cause: str, **more: Any) -> list[tuple[ClockRow, datetime | None]]:
        """Count clocks anew; those whose end moved, each with its end before. `more` goes into the journal."""
        found: list[tuple[ClockRow, datetime | None]] = []
        for row in tuple(rows):
            was = row.due_at
            row = self._measure(row.id)
            if row.due_at == was and not more:
                continue
            detail = {"clock": str(row.id), "cause": cause, "was": _iso(was), "due": _iso(row.due_at), **more}
            self.line(JournalAction.CLOCK_RECOUNTED, row.scope_id, detail)
            found.append((row, was))
        return found

    # -- what it means for the engine and for tables

    def moved(self) -> bool:
        """Whether timers of the engine have to be asked for anew."""
        changed = any(self.clocks.due_before[row.id] != row.due_at for row in self.clocks.changed)
        named = any(row.kind != ClockKind.STAGE for row in self.clocks.fresh)
        return self.keeper.changed_its_mind() or changed or named

    def notify(self, code: str, scope: UUID | None, process: str = "") -> None:
        """A written notice follows: W08 of a pause, W09 of an extension."""
        inputs = {"doc": code}
        self.asked.append(
            asking(
                self.file.id,
                "document",
                element=None,
                process=process,
                scope=scope,
                inputs=inputs,
                values={},
                now=self.now,
            )
        )
        self.records.prompt = True

    def agenda_moves(self) -> AgendaMoves:
        """The turns of new, moved and stopped clocks, and the acts that were asked for."""
        moves = AgendaMoves(add=self.asked)
        self.asked = []
        fresh = {row.id: row for row in self.clocks.fresh}
        moved = fresh | {row.id: row for row in self.clocks.changed} | {id: self.clocks.rows[id] for id in self.turned}
        for row in moved.values():
            due = next_instant(self.clocks.calendar, row, self.drawn)
            if row.state == STOPPED and (due is None or row.id in self.forgone):
                moves.drop.append(row.id)
                continue
            at = due or END_OF_TIME
            known = row.id not in fresh and row.id not in self.revived
            (moves.moved if known else moves.add).append(turn_row(row, at))
        return moves

    def copy_of(self, task_id: UUID) -> dict[str, Any]:
        """What the row of a task repeats of its clock; nothing without one."""
        row = self.clocks.rows.get(task_id)
        if row is None:
            return {}
        return {"due_at": row.due_at, "warn_at": row.warn_at, "paused_at": paused_since(row)}

    def save(self) -> None:
        """Write the clocks, the copies of tasks that were open before, and what no calendar could count."""
        copies = {
            row.id: self.copy_of(row.id)
            for row in self.clocks.changed
            if row.kind == ClockKind.STAGE and row.state != STOPPED
        }
        self.records.tasks.keep_time(copies)
        self.clocks.save(self.records)
        self._report()

    def line(
        self,
        action: JournalAction,
        scope: UUID | None,
        detail: dict[str, Any],
        *,
        element: str | None = None,
        actor: Actor | None = None,
    ) -> None:
        """A journal line of time."""
        told = {"scope": str(scope), **detail} if scope is not None else detail
        write(self.records, self.file, action, actor, element=element, detail=told)

    def ask(
        self,
        act: str,
        scope: UUID | None,
        process: str,
        element: str | None,
        values: Mapping[str, Any],
        *,
        place: int,
    ) -> None:
        """Ask for an act of the service; it stands on the agenda with everything else of this transaction."""
        self.asked.append(
            asking(
                self.file.id,
                act,
                element=element,
                process=process,
                scope=scope,
                inputs={},
                values=values,
                now=self.now,
                place=place,
            )
        )

    # -- inside

    def _measure(self, id: UUID) -> ClockRow:
        before = self.clocks.rows[id]
        row = self.clocks.change(id, **measured(self.clocks.calendar, before, self.now))
        unknown = row.state == RUNNING and row.due_at is None
        was = id not in {one.id for one in self.clocks.fresh} and before.state == RUNNING and before.due_at is None
        if unknown != was:
            self.missing[id] = unknown
            action = JournalAction.INCIDENT_OPENED if unknown else JournalAction.INCIDENT_RESOLVED
            self.line(action, row.scope_id, {"message": self._why(row)} if unknown else {}, element=row.element)
        return row

    def _why(self, row: ClockRow) -> str:
        return f"CALENDAR_MISSING {row.kind} {row.name}"

    def _report(self) -> None:
        """An incident for every clock that cannot be counted; it ends when the year has been entered."""
        opened = [self.clocks.rows[id] for id, unknown in self.missing.items() if unknown]
        self.records.incidents.open(
            [
                IncidentRow(
                    id=uuid4(),
                    case_id=self.file.id,
                    definition_id=None,
                    kind=IncidentKind.CALENDAR,
                    element=row.element,
                    token_id=row.id,
                    message=f"缺少工作日历，无法计算时限“{row.name}”",
                    opened_at=self.now,
                )
                for row in opened
            ]
        )
        known = [id for id, unknown in self.missing.items() if not unknown]
        if known:
            self.records.incidents.close_at(known, self.now)
        self.missing = {}
        self.turned = set()

    def _note_start(self, row: ClockRow) -> None:
        detail: dict[str, Any] = {
            "clock": str(row.id),
            "kind": row.kind,
            "name": row.name,
            "unit": row.unit,
            "amount": row.amount,
            "started": row.started_at.isoformat(),
            "due": _iso(row.due_at),
        }
        if row.basis:
            detail["basis"] = row.basis
        if row.pauses:
            detail["pauses"] = list(row.pauses)
        task = row.id if row.kind == ClockKind.STAGE else None
        told = {"scope": str(row.scope_id), **detail} if row.scope_id is not None else detail
        write(
            self.records, self.file, JournalAction.CLOCK_STARTED, None, element=row.element, task_id=task, detail=told
        )


def bill_source(bill: str) -> str:
    """What holds the pauses of a bill."""
    return f"bill:{bill}"


def turn_row(row: ClockRow, at: datetime) -> AgendaRow:
    """The next turn of a clock on the agenda; its id and its token's id are the clock's."""
    return AgendaRow(
        id=row.id,
        kind=AgendaKind.CLOCK,
        case_id=row.case_id,
        token_id=row.id,
        element=row.element or row.kind,
        due_at=at,
        ready_at=at,
        retries=ATTEMPTS,
        detail={"process": row.process, "name": row.name},
    )


def _iso(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()
