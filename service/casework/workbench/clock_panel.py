"""时限 of a case on its page: every clock with what it says now, which limit binds, what stands still and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from service.casework.clockwork.book import STOPPED, WAITING, clock_of, read, suspension_of
from service.rules.clocks import Clock, ClockKind, Suspension
from service.rules.counting import Reading
from service.rules.lights import Light
from service.rules.pauses import name_of
from service.rules.proof import APPLICANTS, CLOCK_NAMES, GOVERNING, MAIN
from service.rules.sentences import Sentence
from service.rules.vocabulary import JournalAction
from service.rules.worktime import CalendarMissing, WorkCalendar
from service.store.clocks import ClockRow
from service.store.history import JournalLine

_ORDER = (*MAIN, *(kind for kind in ClockKind if kind not in MAIN))
_WORST = (Light.RED, Light.YELLOW, Light.STOPPED, Light.GREEN, Light.DONE)


@dataclass(frozen=True, kw_only=True)
class OpenPause:
    """What holds a clock: the reason, and the day it was announced to end (None: nobody said).

    `source`: a step of the diagram holds it and ends it, nobody else.
    """

    pause: Suspension
    name: Sentence
    expected: date | None
    source: bool = False


@dataclass(frozen=True, kw_only=True)
class PanelClock:
    """One clock. `reading` None: the calendar does not know a year it needs. `binds`: it ends first in its item."""

    row: ClockRow
    kind: ClockKind
    title: Sentence
    clock: Clock
    reading: Reading | None
    light: Light
    pauses: tuple[OpenPause, ...]
    binds: bool

    @property
    def stopped(self) -> bool:
        """Whether it runs no more."""
        return self.row.state == STOPPED

    @property
    def in_time(self) -> bool:
        """Of a stopped clock: whether it stopped before its limit ended."""
        return self.row.due_at is None or self.row.stopped_at is None or self.row.stopped_at < self.row.due_at


@dataclass(frozen=True, kw_only=True)
class PanelItem:
    """The clocks of one item, or of the case itself (`scope` None), the governing ones first.

    `passed`: levels 超时默许 passed something by; `held`: exceptions that kept it from passing.
    """

    scope: UUID | None
    name: str
    clocks: tuple[PanelClock, ...]
    passed: tuple[str, ...]
    held: tuple[str, ...]

    @property
    def live(self) -> tuple[PanelClock, ...]:
        """What runs or stands still."""
        return tuple(one for one in self.clocks if not one.stopped)

    @property
    def binding(self) -> PanelClock | None:
        """The limit that ends first, or else any that still runs."""
        return next((one for one in self.live if one.binds), next(iter(self.live), None))

    @property
    def main(self) -> PanelClock:
        """The clock the law speaks of: the promise, the statute, else what comes first."""
        return (self.live or self.clocks)[0]

    @property
    def light(self) -> Light:
        """The worst light of what the agency must keep."""
        lights = {one.light for one in self.live if one.kind not in APPLICANTS} or {Light.DONE}
        return min(lights, key=_WORST.index)

    @property
    def pauses(self) -> tuple[OpenPause, ...]:
        """What holds the item's clocks, each reason once."""
        found = {(one.pause.kind, one.pause.after): one for clock in self.live for one in clock.pauses}
        return tuple(found.values())

    @property
    def extended(self) -> bool:
        """Whether a limit of it was extended."""
        return any(one.clock.extensions for one in self.clocks)


@dataclass(frozen=True, kw_only=True)
class Milestone:
    """A milestone of a chain: its planned end (None: held) and when it was reached."""

    name: str
    planned: datetime | None
    reached: datetime | None
    light: Light

    @property
    def late(self) -> bool:
        """Whether it was, or already is, behind its plan."""
        if self.reached is None:
            return self.light is Light.RED
        return self.planned is not None and self.reached >= self.planned


@dataclass(frozen=True, kw_only=True)
class ClockPanel:
    """All clocks of a case: its own first, then its items in the order they began."""

    items: tuple[PanelItem, ...]
    milestones: tuple[Milestone, ...]

    def item(self, scope: UUID | None) -> PanelItem | None:
        """The clocks of one item."""
        return next((one for one in self.items if one.scope == scope), None)


def clock_panel(
    calendar: WorkCalendar,
    rows: Sequence[ClockRow],
    journal: Sequence[JournalLine],
    names: Mapping[UUID | None, str],
    now: datetime,
) -> ClockPanel:
    """The panel of a case. `names`: scope → the name of what runs there."""
    scopes = dict.fromkeys(
        row.scope_id for row in sorted(rows, key=lambda row: (row.scope_id is not None, row.started_at))
    )
    chains = {row.scope_id for row in rows if row.kind == ClockKind.CHAIN}
    silence = _silence(rows, journal)
    items = []
    for scope in scopes:
        own = [
            row for row in rows if row.scope_id == scope and not (row.kind == ClockKind.MILESTONE and scope in chains)
        ]
        if own:
            passed, held = silence.get(scope, ((), ()))
            clocks = _clocks(calendar, own, now)
            items.append(PanelItem(scope=scope, name=names.get(scope, ""), clocks=clocks, passed=passed, held=held))
    planned = [row for row in rows if row.kind == ClockKind.MILESTONE and row.scope_id in chains]
    return ClockPanel(items=tuple(items), milestones=_milestones(calendar, planned, now))


def _clocks(calendar: WorkCalendar, rows: Sequence[ClockRow], now: datetime) -> tuple[PanelClock, ...]:
    governing = [row for row in rows if row.kind in GOVERNING and row.state != STOPPED]  # a node of a chain: R-CHN-4
    first = min(
        governing,
        key=lambda row: (row.due_at is None, row.due_at or now, _ORDER.index(ClockKind(row.kind))),
        default=None,
    )
    ordered = sorted(rows, key=lambda row: (row.state == STOPPED, _ORDER.index(ClockKind(row.kind)), row.started_at))
    return tuple(_clock(calendar, row, now, binds=first is not None and row.id == first.id) for row in ordered)


def _clock(calendar: WorkCalendar, row: ClockRow, now: datetime, *, binds: bool) -> PanelClock:
    clock, said = clock_of(row), read(calendar, row, now)
    return PanelClock(
        row=row,
        kind=ClockKind(row.kind),
        title=CLOCK_NAMES[ClockKind(row.kind)],
        clock=clock,
        reading=said,
        light=_light(row, said),
        pauses=_open_pauses(calendar, row),
        binds=binds,
    )


def _light(row: ClockRow, said: Reading | None) -> Light:
    """What is red stays red (R-CAL-6)."""
    if row.state == STOPPED:
        return Light.DONE
    if row.light == Light.RED or said is None:
        return Light(row.light)
    return said.light


def _open_pauses(calendar: WorkCalendar, row: ClockRow) -> tuple[OpenPause, ...]:
    found = []
    for stored in row.pauses:
        if "through" in stored or stored["kind"] == WAITING or row.state == STOPPED:
            continue
        pause, expected = suspension_of(stored), None
        if pause.expected_days is not None:
            try:
                expected = calendar.add_workdays(pause.after, pause.expected_days)
            except CalendarMissing:
                expected = None
        source = "source" in stored
        found.append(OpenPause(pause=pause, name=name_of(pause.kind), expected=expected, source=source))
    return tuple(found)


def _milestones(calendar: WorkCalendar, rows: Sequence[ClockRow], now: datetime) -> tuple[Milestone, ...]:
    found = sorted(rows, key=lambda row: (row.amount, row.name))
    return tuple(
        Milestone(
            name=row.name,
            planned=row.due_at,
            reached=row.stopped_at,
            light=_light(row, read(calendar, row, now)),
        )
        for row in found
    )


def _silence(
    rows: Sequence[ClockRow], journal: Sequence[JournalLine]
) -> dict[UUID | None, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Scope → levels that passed by silence, exceptions that held it."""
    scopes = {str(row.id): row.scope_id for row in rows}
    passed: dict[UUID | None, list[str]] = {}
    held: dict[UUID | None, list[str]] = {}
    for line in journal:
        detail = line.detail or {}
        scope = scopes.get(str(detail.get("clock")))
        if line.action == JournalAction.TACIT_PASSED:
            passed.setdefault(scope, []).append(str(detail.get("level", "")))
        elif line.action == JournalAction.TACIT_HELD:
            held.setdefault(scope, []).extend(str(one) for one in detail.get("holds", ()))
    return {
        scope: (tuple(dict.fromkeys(passed.get(scope, ()))), tuple(dict.fromkeys(held.get(scope, ()))))
        for scope in {*passed, *held}
    }
