"""What follows from a clock and when: lights, rungs of the ladder, silent outcomes; the next instant for the agenda."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from service.casework.clockwork.book import STOPPED, WAITING, clock_of, day_of, suspension_of
from service.casework.clockwork.drawn import Drawn
from service.rules.clocks import ClockKind, midnight
from service.rules.counting import deadline
from service.rules.ladder import Rung, ladder
from service.rules.lights import Light
from service.rules.receipt import REMINDERS, receipt_ladder
from service.rules.tacit import tacit_times
from service.rules.worktime import CalendarMissing, WorkCalendar
from service.store.clocks import ClockRow

LIGHTS = {"LIGHT:YELLOW": Light.YELLOW, "LIGHT:RED": Light.RED}
RUNGS = frozenset({*Rung, "R1", "R2", "R3", "R4"})
TACIT, DUE, REMIND, ATTRIBUTION = "TACIT", "DUE", "REMIND", "ATTRIBUTION"
SILENT_STAGES = frozenset({"opinion", "stage_skip", "INTERNAL_OPINION", "STAGE_SKIP"})
STATUTORY = "statutory"  # the statute itself says what silence means
SILENT_DECISIONS = frozenset({"decision", "DECISION"})


@dataclass(frozen=True, kw_only=True)
class Step:
    """One consequence of a clock: its name, which `fired` keeps once it has happened, and its instant."""

    name: str
    at: datetime


def outstanding(calendar: WorkCalendar, row: ClockRow, drawn: Drawn) -> tuple[Step, ...]:
    """What has not happened yet, in the order it will; nothing while a pause holds the clock (D.8 rule 5).

    A stopped clock still owes what was due before it stopped: lights, rungs (whose holder then was late), and whose
    the delay of a chain was.
    """
    try:
        found = [one for one in _steps(calendar, row, drawn) if one.name in LIGHTS or one.name not in row.fired]
    except CalendarMissing:
        return ()
    since = _went_on(row)
    if since is not None:
        found = [replace(one, at=max(one.at, since)) for one in found]
    if row.state == STOPPED:
        found = [one for one in found if row.stopped_at is not None and one.at <= row.stopped_at]
        found = [one for one in found if one.name in LIGHTS or one.name in RUNGS or one.name == ATTRIBUTION]
    postponed = dict(name.split("@", 1) for name in row.fired if "@" in name)
    found = [replace(one, at=datetime.fromisoformat(postponed.get(one.name, one.at.isoformat()))) for one in found]
    return tuple(sorted(found, key=lambda one: one.at))  # stable: lights before what follows from them


def _went_on(row: ClockRow) -> datetime | None:
    """When the last pause ended: what fell into it happens then, for a clock that stands still shows no light (R-SUS-7).

    One known by its days only ends with its last day, unless the clock has to finish on that day (R-SUS-3).
    """
    ended: list[datetime] = []
    for one in (suspension_of(pause) for pause in row.pauses if pause["kind"] != WAITING):
        if one.ended_at is not None:
            ended.append(one.ended_at)
        elif one.through is not None:
            finishes = row.due_at is not None and one.through == day_of(row.due_at)
            ended.append(midnight(one.through if finishes else one.through + timedelta(1)))
    return max(ended, default=None)


def next_instant(calendar: WorkCalendar, row: ClockRow, drawn: Drawn) -> datetime | None:
    """When anything follows next, an instant gone by when it is owed; None when nothing will."""
    steps = outstanding(calendar, row, drawn)
    return steps[0].at if steps else None


def _steps(calendar: WorkCalendar, row: ClockRow, drawn: Drawn) -> Iterator[Step]:
    """Everything that follows from the clock as it is, happened or not, lights only as far as they are to come."""
    held = any("through" not in one for one in row.pauses if one["kind"] != WAITING)  # also of a red one (rule 5)
    if row.due_at is None or held:
        return
    if row.light in (Light.GREEN, Light.STOPPED) and row.warn_at is not None and row.warn_at < row.due_at:
        yield Step(name="LIGHT:YELLOW", at=row.warn_at)
    if row.light in (Light.GREEN, Light.STOPPED, Light.YELLOW):
        yield Step(name="LIGHT:RED", at=row.due_at)
    zw: Mapping[str, str] = drawn.processes.get(row.process, {})
    match row.kind:
        case ClockKind.STAGE:
            own = drawn.elements.get((row.process, row.element or ""), {})
            if own.get("tacit") in SILENT_STAGES:
                yield Step(name=TACIT, at=row.due_at)
            if own.get("ladder", "none") != "none":
                steps = ladder(calendar, clock_of(row))
                for rung, at in steps.rungs() if steps is not None else ():
                    yield Step(name=rung.value, at=at)
        case ClockKind.STATUTORY:
            if zw.get("tacit") == STATUTORY:
                yield Step(name=TACIT, at=row.due_at)
            yield Step(name=Rung.CASE.value, at=row.due_at)
        case ClockKind.CASE:
            yield Step(name=Rung.CASE.value, at=row.due_at)
            if zw.get("tacit") in SILENT_DECISIONS or row.process in drawn.deciding:
                yield Step(name=TACIT, at=tacit_times(calendar, day_of(row.due_at)).notice_at)
        case ClockKind.RECEIPT:
            told = receipt_ladder(calendar, row.started_at, clock_of(row))
            for number, at in enumerate((told.yellow, told.red, told.chief_rep, told.supervision), 1):
                yield Step(name=f"R{number}", at=at)
            yield Step(name=DUE, at=row.due_at)
        case ClockKind.CORRECTION:
            for days in REMINDERS:
                end = deadline(calendar, replace(clock_of(row), amount=days))
                if end is not None and days < row.amount:
                    yield Step(name=f"{REMIND}:{days}", at=calendar.open_of(end.day))
            yield Step(name=DUE, at=row.due_at)
        case ClockKind.CHAIN:
            if row.stopped_at is not None and row.stopped_at >= row.due_at:
                yield Step(name=ATTRIBUTION, at=row.stopped_at)
