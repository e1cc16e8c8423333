"""What the clocks of a case answer the engine: `due`, `warn`, `half` and working time, with pauses and extensions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from service.casework.clockwork.book import STOPPED, ClockFile, Pause, clock_of, measured, suspension_of
from service.casework.clockwork.drafts import Drafts
from service.casework.clockwork.drawn import Drawn
from service.engine.timekeeping import Around, ClockStands, Place
from service.rules.clocks import Clock, ClockKind, Unit, read_limit
from service.rules.counting import deadline
from service.rules.ladder import ladder, returned_limit
from service.rules.limits import parse_limit
from service.rules.refusals import Invalid
from service.rules.worktime import CalendarMissing, WorkCalendar
from service.store.clocks import ClockRow

ITEM_WIDE = (ClockKind.RECEIPT, ClockKind.CASE, ClockKind.STATUTORY, ClockKind.AGENCY)  # what a procedure pauses
OF_THE_CENTRE = frozenset({"SUSPENDED", "SYSTEM_OUTAGE", "FORCE_MAJEURE"})  # pauses that hold everybody
Answer = datetime | str | None


class CaseKeeper:
    """A Timekeeper on the desk of one case. Clocks that start in the very step that asks are computed as they would."""

    def __init__(self, clocks: ClockFile, drafts: Drafts) -> None:
        self.clocks, self.drafts = clocks, drafts
        self._given: list[tuple[Callable[[], datetime | None], Answer]] = []
        self._awaited: dict[UUID, ClockRow] = {}  # of stages that are about to open

    @property
    def calendar(self) -> WorkCalendar:
        """The working days everything is counted by."""
        return self.clocks.calendar

    @property
    def drawn(self) -> Drawn:
        """What the diagrams say."""
        return self.drafts.drawn

    # -- what the engine asks

    def stage(self, ask: str, around: Around, later: str | None) -> datetime | None:
        """Of the STAGE clock of the activity; one that has none counts from its entry."""
        return self._noted(lambda: self._said(self.stage_row(around), ask, later))

    def named(self, ask: str, name: str, place: Place, later: str | None) -> datetime | None:
        """Of a clock of the item, or of the chain, the timer stands in. Refused: CLOCK_UNKNOWN."""
        return self._noted(lambda: self._said(self._named(name, place), ask, later))

    def after(self, limit: str, start: datetime, around: Around | None) -> datetime:
        """So much working time later; on a stage that does not itself pause, the item's pauses are left out."""
        if around is None or not around.zw.get("stage") or around.zw.get("pause"):
            return parse_limit(limit).due(self.calendar, start)
        amount, unit = read_limit(limit)
        found = self._noted(lambda: self._end(around.scope, start, amount, unit))
        assert found is not None
        return found

    def changed_its_mind(self) -> bool:
        """Whether any answer given in this transaction would be another one now. What was given is forgotten."""
        given, self._given = self._given, []
        return any(_tried(ask) != answer for ask, answer in given)

    # -- rows as they are or would be

    def stage_row(self, around: Around) -> ClockRow:
        """The STAGE clock of an activity; as it would start when there is none yet."""
        row = self.clocks.rows.get(around.token) or self._awaited.get(around.token)
        if row is not None:
            return row
        amount, unit = read_limit(around.limit or "")
        if not around.looped:
            amount, unit = self.remaining(around.element, around.process, around.scope, amount, unit)
        draft = self.drafts.row(
            ClockKind.STAGE,
            "",
            around.scope,
            around.process,
            amount,
            unit,
            started=around.entered_at,
            pauses=self.open_pauses(around.scope, pausing=bool(around.zw.get("pause"))),
        )
        self._awaited[around.token] = replace(draft, **measured(self.calendar, draft, self.clocks.now))
        return self._awaited[around.token]

    def remaining(self, element: str, process: str, scope: UUID | None, amount: int, unit: Unit) -> tuple[int, Unit]:
        """The limit of a task; one that comes back to its stage gets what is left of the case (D.8 rule 1)."""
        before = any(
            row.kind == ClockKind.STAGE
            and row.element == element
            and row.process == process
            and row.scope_id == scope
            and row.state == STOPPED
            for row in self.clocks.rows.values()
        )
        case = next(self.clocks.live(ClockKind.CASE, scope=scope), None) if before else None
        if case is None:
            return amount, unit
        try:
            return returned_limit(self.calendar, clock_of(case), self.clocks.now), Unit.HALFDAY
        except CalendarMissing:
            return amount, unit

    def open_pauses(self, scope: UUID | None, *, pausing: bool = False) -> tuple[Pause, ...]:
        """What a clock that starts now in an item takes over. `pausing`: its own activity is a pause, and runs on."""
        found: dict[str, Pause] = {}
        for row in self.clocks.live(scope=scope):
            if row.kind in (ClockKind.CORRECTION, ClockKind.CHAIN, ClockKind.MILESTONE):
                continue
            for pause in row.pauses:
                if "through" not in pause and not (pausing and pause["kind"] not in OF_THE_CENTRE):
                    found[f"{pause['kind']} {pause.get('source', '')}"] = pause
        return tuple(found.values())

    # -- inside

    def _named(self, name: str, place: Place) -> ClockRow:
        milestone = name[:1] == "M"
        kind = ClockKind.MILESTONE if milestone else ClockKind(name)
        wanted = name if milestone else None
        for scope, process in place.scopes:
            chain = self.drawn.kind(process) == "CHAIN"
            if (milestone or kind is ClockKind.CHAIN) and not chain:
                continue
            row = self.clocks.one(kind, scope, code=wanted)
            if row is not None:
                return row
            if milestone:
                draft = next(iter(self.drafts.milestones(scope, process, named=name)), None)
            elif kind is ClockKind.AGENCY or self.drawn.kind(process) in ("ITEM", "CHAIN"):
                draft = self.drafts.of_kind(kind, scope, process)
            else:
                continue
            if draft is not None:
                return replace(draft, **measured(self.calendar, draft, self.clocks.now))
        raise Invalid("CLOCK_UNKNOWN", "这里没有时限“{name}”", name=name)

    def _said(self, row: ClockRow, ask: str, later: str | None) -> datetime | None:
        clock = clock_of(row)
        if later is not None and ask == "due":
            return self._moved(row, clock, later)
        if ask == "half":
            if row.due_at is None:
                raise ClockStands
            steps = ladder(self.calendar, clock) if clock.unit is Unit.HALFDAY else None
            return None if steps is None else steps.reminder
        if row.due_at is None or row.warn_at is None:
            raise ClockStands
        return row.warn_at if ask == "warn" else row.due_at

    def _moved(self, row: ClockRow, clock: Clock, later: str) -> datetime:
        """So much later on the same ruler; a limit in days is followed by half-days from its end."""
        if row.due_at is None:
            raise ClockStands
        amount, unit = read_limit(later)
        if unit is Unit.WORKDAY and clock.unit is Unit.HALFDAY:
            amount, unit = 2 * amount, Unit.HALFDAY
        if unit is not clock.unit:
            return parse_limit(later).due(self.calendar, row.due_at)
        end = deadline(self.calendar, replace(clock, amount=clock.amount + amount))
        if end is None:
            raise ClockStands
        return end.at

    def _end(self, scope: UUID | None, start: datetime, amount: int, unit: Unit) -> datetime:
        pauses: dict[str, Pause] = {}
        for row in self.clocks.rows.values():
            if row.scope_id == scope and row.kind in (*ITEM_WIDE, ClockKind.STAGE):
                pauses.update({str(sorted(one.items(), key=str)): one for one in row.pauses})
        held = (suspension_of(one) for one in pauses.values())
        since = tuple(one for one in held if one.paused_until is None or one.paused_until > start)
        end = deadline(self.calendar, Clock(started=start, amount=amount, unit=unit, suspensions=since))
        if end is None:
            raise ClockStands
        return end.at

    def _noted(self, ask: Callable[[], datetime | None]) -> datetime | None:
        answer = _tried(ask)
        self._given.append((ask, answer))
        if answer == STANDS:
            raise ClockStands
        return ask() if isinstance(answer, str) else answer


STANDS = "STANDS"


def _tried(ask: Callable[[], datetime | None]) -> Answer:
    try:
        return ask()
    except ClockStands:
        return STANDS
    except CalendarMissing:
        return STANDS
    except Invalid as refusal:
        return refusal.code
