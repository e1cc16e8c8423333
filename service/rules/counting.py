"""What a clock says: due, yellow, used, remaining, its light at any instant and the instant of the next turn.

DOMAIN D.1 to D.5. Days are counted half-open, (start, due]; frozen days are skipped; a limit in days ends at close.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Protocol

from service.rules.clocks import Clock, Unit, is_paused_by, midnight, united
from service.rules.lights import Light
from service.rules.worktime import SHANGHAI, WorkCalendar

IMMEDIATE_WARNING = timedelta(minutes=30)  # counter time a 即办件 stays green (R-LIM-8)
HOUR = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """When a limit ends: its last day and the instant the clock turns red."""

    day: date
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a clock says at one instant, in its own unit.

    `open_ended`: it is paused and nobody knows until when, `due` is what it would be if it went on now. `used` goes on
    counting after the due instant; `remaining` stops at 0.
    """

    due: Deadline
    warn_from: datetime
    total: int
    used: int
    remaining: int
    overdue: int
    light: Light
    next_turn: datetime | None
    open_ended: bool
    provisional: bool = False  # it ends in a year that is not confirmed (暂定)


class Ruler(Protocol):
    """A line of whole numbers on which a limit is counted: days, or half-day slots."""

    def origin(self) -> int: ...
    def at(self, instant: datetime) -> int: ...
    @property
    def frozen(self) -> tuple[tuple[int, int, int], ...]: ...
    def advance(self, position: int, n: int) -> int: ...
    def count(self, a: int, b: int) -> int: ...
    def settled(self, position: int) -> int: ...
    def deadline(self, position: int) -> Deadline: ...


class DayRuler:
    """Days by their ordinal; working days only, or all of them."""

    def __init__(self, calendar: WorkCalendar, clock: Clock) -> None:
        self.calendar, self.clock, self.working = calendar, clock, clock.unit is Unit.WORKDAY

    def origin(self) -> int:
        """The day counting begins after."""
        return self.clock.origin.toordinal()

    def at(self, instant: datetime) -> int:
        """The day of an instant."""
        return instant.astimezone(SHANGHAI).date().toordinal()

    @cached_property
    def frozen(self) -> tuple[tuple[int, int, int], ...]:
        """Disjoint frozen intervals (a, b] and where a clock with nothing left goes on after them (R-SUS-2, R-SUS-3)."""
        return tuple(
            (after.toordinal(), day.toordinal(), day.toordinal()) for after, day in united(self.clock.suspensions)
        )

    def advance(self, position: int, n: int) -> int:
        """The n-th counted day after one, or the first day that works when n is 0."""
        if self.working or n == 0:
            return self.calendar.add_workdays(date.fromordinal(position), n).toordinal()
        return position + n

    def count(self, a: int, b: int) -> int:
        """Counted days in (a, b], frozen or not."""
        if not self.working:
            return max(0, b - a)
        return self.calendar.workdays_between(date.fromordinal(a), date.fromordinal(b))

    def settled(self, position: int) -> int:
        """Rolled forward to a working day (R-LIM-3)."""
        return self.calendar.add_workdays(date.fromordinal(position), 0).toordinal()

    def deadline(self, position: int) -> Deadline:
        """Close of business of a day (R-CAL-4); a 即办件 taken in after close has the next working day (R-LIM-8)."""
        day = date.fromordinal(position)
        return Deadline(day=day, at=self.calendar.close_of(day))


class SlotRuler:
    """Half-day slots by their number (R-CAL-7)."""

    def __init__(self, calendar: WorkCalendar, clock: Clock) -> None:
        self.calendar, self.clock = calendar, clock

    def origin(self) -> int:
        """The slot counting begins after."""
        slot = self.calendar.slot_of(self.clock.started)
        return slot - (self.clock.origin != self.clock.started.astimezone(SHANGHAI).date())

    def at(self, instant: datetime) -> int:
        """The slot an instant belongs to."""
        return self.calendar.slot_of(instant)

    @cached_property
    def frozen(self) -> tuple[tuple[int, int, int], ...]:
        """Disjoint frozen intervals (slot(s), slot(r)] and the slot after each a clock with nothing left ends in."""
        found: list[tuple[int, int, int]] = []
        spans = []
        for one in self.clock.suspensions:
            begin = self.calendar.slot_of(one.began_at or self.calendar.close_of(one.after))
            if one.through is None:
                spans.append((begin, _NEVER, _NEVER))
                continue
            end = self.calendar.slot_of(one.ended_at or self.calendar.close_of(one.through))
            open_then = (
                bool(self.calendar.open_spans(one.through))
                if one.ended_at is None
                else end >= 0 and self.calendar.slot(end, since=one.through)[1] > one.ended_at
            )
            spans.append((begin, end, end if open_then else end + 1))
        for begin, end, resume in sorted(spans):
            if found and begin <= found[-1][1]:
                found[-1] = (found[-1][0], max(found[-1][1], end), max(found[-1][2], resume))
            elif end > begin:
                found.append((begin, end, resume))
        return tuple(found)

    def advance(self, position: int, n: int) -> int:
        """The n-th slot after one."""
        return position + n

    def count(self, a: int, b: int) -> int:
        """Slots in (a, b], frozen or not."""
        return max(0, b - a)

    def settled(self, position: int) -> int:
        """A slot never rests."""
        return position

    def deadline(self, position: int) -> Deadline:
        """End of a slot."""
        end = self.calendar.slot(position, since=self.clock.started.astimezone(SHANGHAI).date())[1]
        return Deadline(day=end.date(), at=end)


_NEVER = date.max.toordinal()


def deadline(calendar: WorkCalendar, clock: Clock) -> Deadline | None:
    """When the limit ends; None while an open pause keeps it from ending. Refused: CALENDAR_MISSING."""
    if clock.unit is Unit.HOUR:
        end = _after_hours(calendar, clock, clock.total)
        return None if end is None else Deadline(day=end.date(), at=end)
    position = due_position(ruler_of(calendar, clock))
    return None if position is None else ruler_of(calendar, clock).deadline(position)


def ruler_of(calendar: WorkCalendar, clock: Clock) -> DayRuler | SlotRuler:
    """The line the clock counts on; hours have none."""
    return SlotRuler(calendar, clock) if clock.unit is Unit.HALFDAY else DayRuler(calendar, clock)


def due_position(ruler: DayRuler | SlotRuler) -> int | None:
    """The position of the last unit: the n-th that is not frozen (R-SUS-3).

    A pause that begins with nothing left moves the end to the day of resumption, rolled forward.
    """
    clock, frozen = ruler.clock, ruler.frozen
    if clock.total == 0:
        due = _immediate(ruler)
    else:
        due = _advance(ruler, ruler.origin(), clock.total, frozen)
        due = due if due == _NEVER else ruler.settled(due)
    for begin, _, resume in frozen:
        if begin <= due < resume:
            due = resume if resume == _NEVER else ruler.settled(resume)
    return None if due == _NEVER else due


def counted(ruler: DayRuler | SlotRuler, a: int, b: int) -> int:
    """Units in (a, b] that are counted: not frozen."""
    return ruler.count(a, b) - sum(
        ruler.count(max(a, begin), min(b, end)) for begin, end, _ in ruler.frozen if begin < b
    )


def reading(calendar: WorkCalendar, clock: Clock, now: datetime) -> Reading:
    """What the clock says at an instant; the same for the same clock, calendar and instant. Refused: CALENDAR_MISSING."""
    moment = now if clock.stopped_at is None else min(now, clock.stopped_at)
    known = deadline(calendar, clock)
    projected = clock.resumed(moment)
    due = known or deadline(calendar, projected)
    assert due is not None  # a projected clock has no open pause
    warn = warning(calendar, projected, due)
    if clock.unit is Unit.HOUR:
        used = int(hours_used(calendar, projected, moment) // HOUR)
        overdue = max(0, used - clock.total)
    else:
        ruler = ruler_of(calendar, projected)
        here, end = ruler.at(moment), due_position(ruler)
        assert end is not None
        overdue = counted(ruler, end, here)
        used = min(clock.total, counted(ruler, ruler.origin(), here)) + overdue
    return Reading(
        due=due,
        warn_from=warn,
        total=clock.total,
        used=used,
        remaining=max(0, clock.total - used),
        overdue=overdue,
        light=light_at(clock, due, warn, now),
        next_turn=_next_turn(clock, due, warn, now),
        open_ended=known is None and moment >= clock.started,
        provisional=calendar.is_provisional(due.day),
    )


def warning(calendar: WorkCalendar, clock: Clock, due: Deadline) -> datetime:
    """The instant the clock turns yellow (R-LGT-1, R-LGT-2, R-LIM-8), never before it starts.

    W = max(1, ceil(n / 5)) units before the due one, or the due one itself when W reaches n. Limits in calendar days
    warn by working days too; when there are not more than W of them, on the due day.
    """
    n = clock.total
    ahead = max(1, -(-n // 5))
    if clock.unit is Unit.HOUR:
        at = _after_hours(calendar, clock, max(0, n - ahead)) or due.at
    elif n == 0:
        at = min(due.at, _after_open(calendar, clock.started, IMMEDIATE_WARNING))
    elif clock.unit is Unit.HALFDAY:
        slot = calendar.slot_of(due.at)
        at = calendar.slot(slot if ahead >= n else slot - ahead, since=due.day)[0]
    else:
        held = n if clock.unit is Unit.WORKDAY else calendar.workdays_between(clock.origin, due.day)
        at = calendar.open_of(due.day if ahead >= min(n, held) else calendar.workday_before(due.day, ahead))
    return max(at, clock.started)


def light_at(clock: Clock, due: Deadline, warn: datetime, instant: datetime) -> Light:
    """The light (C.5.4). The due instant itself is red; red is never turned back by a pause that begins later.

    A clock whose last day is the day of resumption runs on that day: the case must finish on it (R-SUS-3).
    """
    if clock.stopped_at is not None and instant >= clock.stopped_at:
        return Light.DONE
    last = midnight(due.day) <= instant < midnight(due.day + timedelta(1))
    for one in clock.suspensions:
        resumes_today = one.ended_at is None and one.through == due.day and last
        if is_paused_by(one, instant) and clock.started <= instant and one.paused_from < due.at and not resumes_today:
            return Light.STOPPED
    if instant >= due.at:
        return Light.RED
    return Light.YELLOW if instant >= warn else Light.GREEN


def hours_used(calendar: WorkCalendar, clock: Clock, until: datetime) -> timedelta:
    """Counter time from the start of a clock to an instant, pauses left out. Refused: CALENDAR_MISSING."""
    total, day = timedelta(), clock.started.astimezone(SHANGHAI).date()
    while midnight(day) < until:
        total += hours_on(calendar, clock, day, clock.started, until)
        day += timedelta(1)
    return total


def hours_on(calendar: WorkCalendar, clock: Clock, day: date, since: datetime, until: datetime) -> timedelta:
    """Counter time a running clock has on one day between two instants. Refused: CALENDAR_MISSING."""
    spans = ((max(opens, since), min(closes, until)) for opens, closes in _running_spans(calendar, clock, day))
    return sum((closes - opens for opens, closes in spans if opens < closes), timedelta())


def _advance(ruler: DayRuler | SlotRuler, cursor: int, left: int, frozen: tuple[tuple[int, int, int], ...]) -> int:
    for begin, end, _ in frozen:
        if end <= cursor:
            continue
        found = ruler.advance(cursor, left)
        if found <= begin:
            return found
        left -= ruler.count(cursor, begin)
        if end == _NEVER:
            return _NEVER
        cursor = end
    return ruler.advance(cursor, left)


def _immediate(ruler: DayRuler | SlotRuler) -> int:
    """即办件: the acceptance day; at or after its close, and on a rest day, the next working day (R-LIM-8)."""
    clock, calendar = ruler.clock, ruler.calendar
    day = calendar.add_workdays(clock.origin, 0)
    if clock.started >= calendar.close_of(day):
        day = calendar.add_workdays(day, 1)
    return day.toordinal()


def _next_turn(clock: Clock, due: Deadline, warn: datetime, now: datetime) -> datetime | None:
    marks = {clock.started, warn, due.at, midnight(due.day)}
    for one in clock.suspensions:
        marks |= {mark for mark in (one.paused_from, one.paused_until) if mark is not None}
    light = light_at(clock, due, warn, now)
    return next((t for t in sorted(marks) if t > now and light_at(clock, due, warn, t) is not light), None)


def _running_spans(calendar: WorkCalendar, clock: Clock, day: date) -> list[tuple[datetime, datetime]]:
    """When the counters are open on a day and the clock runs."""
    spans = [(max(a, clock.started), b) for a, b in calendar.open_spans(day) if b > clock.started]
    for one in clock.suspensions:
        if not spans or (one.began_at is None and not one.after < day <= (one.through or date.max)):
            continue
        stop, go = one.paused_from, one.paused_until
        spans = [
            (a, b)
            for opens, closes in spans
            for a, b in ((opens, min(closes, stop)), (closes if go is None else max(opens, go), closes))
            if a < b
        ]
    return spans


def _after_hours(calendar: WorkCalendar, clock: Clock, hours: int) -> datetime | None:
    """The instant so many hours have been used; None when an open pause comes first."""
    left, day = hours * HOUR, clock.started.astimezone(SHANGHAI).date()
    endless = [one.paused_from for one in clock.suspensions if one.paused_until is None]
    while not endless or midnight(day) <= min(endless):
        for opens, closes in _running_spans(calendar, clock, day):
            if closes - opens >= left:
                return opens + left
            left -= closes - opens
        day += timedelta(1)
    return None


def _after_open(calendar: WorkCalendar, start: datetime, span: timedelta) -> datetime:
    """The instant so much counter time has passed since another."""
    at = calendar.next_open(start)
    while True:
        closes = next(b for a, b in calendar.open_spans(at.date()) if a <= at < b)
        if closes - at >= span:
            return at + span
        span -= closes - at
        at = calendar.next_open(closes)
