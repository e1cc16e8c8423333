"""The clocks of one case on the desk: rows and the values of `rules.clocks` they stand for.

Loaded with one statement when somebody first asks, and written with one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from service.rules.chains import milestone_code
from service.rules.clocks import Clock, ClockKind, Extension, Suspension, Unit
from service.rules.counting import Reading, deadline, reading
from service.rules.lights import Light
from service.rules.worktime import SHANGHAI, CalendarMissing, WorkCalendar
from service.store.clocks import ClockRow

if TYPE_CHECKING:
    from service.store.records import Records

RUNNING, PAUSED, STOPPED = "RUNNING", "PAUSED", "STOPPED"
WAITING = "WAITING"  # of a chain: a stretch the applicant is waited for; frozen only while no node runs (R-CHN-2)
Pause = Mapping[str, Any]


class ClockFile:
    """The clocks of one locked case. `now`: the transaction's instant."""

    def __init__(
        self, calendar: Callable[[], WorkCalendar], now: datetime, load: Callable[[], tuple[ClockRow, ...]]
    ) -> None:
        self._calendar, self.now = calendar, now
        self._load: Callable[[], tuple[ClockRow, ...]] | None = load
        self._rows: dict[UUID, ClockRow] = {}
        self._new: set[UUID] = set()
        self._changed: dict[UUID, None] = {}
        self.due_before: dict[UUID, datetime | None] = {}  # of clocks that were there, when one of them changes

    @cached_property
    def calendar(self) -> WorkCalendar:
        """The working days of the transaction, read when somebody first counts."""
        return self._calendar()

    @property
    def rows(self) -> Mapping[UUID, ClockRow]:
        """Every clock by id, in the order they started."""
        if self._load is not None:
            load, self._load = self._load, None
            self._rows = {row.id: row for row in load()}
        return self._rows

    @property
    def touched(self) -> bool:
        """Whether anything is to be written."""
        return bool(self._new or self._changed)

    def live(self, *kinds: ClockKind, scope: UUID | None | bool = True) -> Iterator[ClockRow]:
        """Clocks that have not stopped, of some kinds (none: all) and of one scope (True: all)."""
        for row in tuple(self.rows.values()):
            if row.state != STOPPED and (not kinds or row.kind in kinds) and (scope is True or row.scope_id == scope):
                yield row

    def one(self, kind: ClockKind, scope: UUID | None, *, code: str | None = None) -> ClockRow | None:
        """The latest clock of a kind in a scope, running or stopped; of milestones the one with a code."""
        found = [
            row
            for row in self.rows.values()
            if row.kind == kind and row.scope_id == scope and (code is None or milestone_code(row.name) == code)
        ]
        return found[-1] if found else None

    def add(self, row: ClockRow) -> None:
        """A clock that starts."""
        self.rows  # noqa: B018  (loads them first)
        self._rows[row.id] = row
        self._new.add(row.id)

    def change(self, id: UUID, **columns: Any) -> ClockRow:
        """Other values for some columns; what stays the same is not written."""
        row = self.rows[id]
        fresh = {name: value for name, value in columns.items() if getattr(row, name) != value}
        if fresh:
            if id not in self._new:
                self.due_before.setdefault(id, row.due_at)
                self._changed[id] = None
            self._rows[id] = replace(row, **fresh)
        return self._rows[id]

    @property
    def fresh(self) -> tuple[ClockRow, ...]:
        """Clocks that are not written yet."""
        return tuple(row for row in self._rows.values() if row.id in self._new)

    @property
    def changed(self) -> tuple[ClockRow, ...]:
        """Written clocks with other values now."""
        return tuple(self._rows[id] for id in self._changed)

    def save(self, records: Records) -> None:
        """Write what is new and what has changed."""
        if not self.touched:
            return
        records.clocks.put((*self.fresh, *self.changed))
        self._new, self._changed, self.due_before = set(), {}, {}


def clock_of(row: ClockRow) -> Clock:
    """The value of a row, as the rules count it."""
    return Clock(
        kind=ClockKind(row.kind),
        started=row.started_at,
        amount=row.amount,
        unit=Unit(row.unit),
        suspensions=tuple(suspension_of(one) for one in row.pauses if one["kind"] != WAITING),
        extensions=tuple(extension_of(one) for one in row.extensions),
        stopped_at=row.stopped_at,
        basis=row.basis,
    )


def promised_end(calendar: WorkCalendar, row: ClockRow) -> datetime | None:
    """When a limit ends; while a pause holds it, when it would have ended without: what is promised at its beginning."""
    if row.due_at is not None:
        return row.due_at
    clock = clock_of(row)
    ended = tuple(one for one in clock.suspensions if one.through is not None)
    try:
        end = deadline(calendar, replace(clock, suspensions=ended))
    except CalendarMissing:
        return None
    return None if end is None else end.at


def suspension_of(pause: Pause) -> Suspension:
    """A pause as it was stored."""
    return Suspension(
        kind=pause["kind"],
        after=date.fromisoformat(pause["after"]),
        through=_day(pause.get("through")),
        began_at=_instant(pause.get("began_at")),
        ended_at=_instant(pause.get("ended_at")),
        basis=pause.get("basis") or "",
        approved_by=pause.get("approved_by") or "",
        notice=pause.get("notice") or "",
        expected_days=pause.get("expected_days"),
    )


def stored_pause(pause: Suspension, **more: Any) -> dict[str, Any]:
    """A pause as it is stored; `source`: the token of the diagram that holds it."""
    values: dict[str, Any] = {
        "kind": str(pause.kind),
        "after": pause.after.isoformat(),
        "through": None if pause.through is None else pause.through.isoformat(),
        "began_at": None if pause.began_at is None else pause.began_at.isoformat(),
        "ended_at": None if pause.ended_at is None else pause.ended_at.isoformat(),
        "basis": pause.basis,
        "approved_by": pause.approved_by,
        "notice": pause.notice,
        "expected_days": pause.expected_days,
        **more,
    }
    return {name: value for name, value in values.items() if value not in (None, "")}


def extension_of(extension: Mapping[str, Any]) -> Extension:
    """An extension as it was stored."""
    return Extension(
        amount=extension["amount"],
        approved_on=_day(extension.get("approved_on")),
        approved_by=extension.get("approved_by") or "",
        notice=extension.get("notice") or "",
        basis=extension.get("basis") or "",
    )


def stored_extension(extension: Extension) -> dict[str, Any]:
    """An extension as it is stored."""
    values = {
        "amount": extension.amount,
        "approved_on": None if extension.approved_on is None else extension.approved_on.isoformat(),
        "approved_by": extension.approved_by,
        "notice": extension.notice,
        "basis": extension.basis,
    }
    return {name: value for name, value in values.items() if value not in (None, "")}


def read(calendar: WorkCalendar, row: ClockRow, now: datetime) -> Reading | None:
    """What a clock says at an instant; None when the calendar does not know a year it needs."""
    try:
        return reading(calendar, clock_of(row), now)
    except CalendarMissing:
        return None


def measured(calendar: WorkCalendar, row: ClockRow, now: datetime) -> dict[str, Any]:
    """The columns that follow from the others: state, due, yellow, and the light as far as no turn brings it.

    Yellow and red come with their turns only, and what is red keeps its end (R-CAL-6): every consequence happens once.
    """
    if row.state == STOPPED or row.light == Light.RED:
        return {}
    paused = any("through" not in one for one in row.pauses if one["kind"] != WAITING)
    state = PAUSED if paused else RUNNING
    said = read(calendar, row, now)
    if said is None:
        return {"state": state, "due_at": None, "warn_at": None}
    if said.light is Light.STOPPED:
        light = Light.STOPPED.value
    elif row.light == Light.YELLOW and said.light is not Light.GREEN:
        light = Light.YELLOW.value
    else:
        light = Light.GREEN.value
    open_ended = paused and said.open_ended
    return {
        "state": state,
        "due_at": None if open_ended else said.due.at,
        "warn_at": None if open_ended else said.warn_from,
        "light": light,
    }


def paused_since(row: ClockRow) -> datetime | None:
    """Since when a clock stands still; None when it runs."""
    begun = [suspension_of(one).paused_from for one in row.pauses if "through" not in one and one["kind"] != WAITING]
    return min(begun) if begun and row.state == PAUSED else None


def day_of(instant: datetime) -> date:
    """The day of an instant in China."""
    return instant.astimezone(SHANGHAI).date()


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
