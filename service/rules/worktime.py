"""Working time: which days and half-days count, and at which instant a limit ends (DOMAIN D.1, D.3, D.8).

Instants go in and come out aware; those that come out carry +08:00. A half-day slot is a morning or an afternoon
of a working day; a local closing takes slots away, never days (R-CAL-2), so that a working day has two, one or none.
A calendar knows whole years; whatever would need another year is refused, never guessed.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time, timedelta, timezone
from enum import IntEnum
from functools import cache

from service.rules.calendar_years import WORKING_DAYS
from service.rules.limits import Limit, LimitUnit, parse_limit
from service.rules.refusals import Invalid

__all__ = [
    "SHANGHAI",
    "CalendarMissing",
    "Half",
    "Limit",
    "LimitUnit",
    "WorkCalendar",
    "parse_limit",
    "standard_calendar",
]

SHANGHAI = timezone(timedelta(hours=8), "+08:00")
OPENING_HOURS = ((time(9), time(12)), (time(13, 30), time(17)))


class CalendarMissing(Invalid):
    """The working days of a year have not been announced or loaded."""

    def __init__(self, year: int) -> None:
        super().__init__("CALENDAR_MISSING", "缺少{year}年的工作日历,无法计算时限", year=year)
        self.year = year


class Half(IntEnum):
    """The two halves of a working day."""

    MORNING = 0
    AFTERNOON = 1


class WorkCalendar:
    """Working days of whole years and the opening half-days of each, Asia/Shanghai.

    `days`: year → its working days (make-up weekends included). `hours`: opening and closing time of morning and
    afternoon. `closed`: half-days of working days on which the counters stay closed; those of rest days mean nothing.
    `provisional`: years that are counted by until their notice is there. Immutable; safe to share between threads.
    """

    def __init__(
        self,
        days: Mapping[int, frozenset[date]],
        hours: tuple[tuple[time, time], tuple[time, time]] = OPENING_HOURS,
        *,
        closed: Iterable[tuple[date, Half]] = (),
        provisional: Collection[int] = (),
    ) -> None:
        self.years = frozenset(days)
        self.provisional = frozenset(provisional) & self.years
        self._days = sorted(day for year in days for day in days[year])
        self._hours = hours
        halves = {(bisect_left(self._days, day), half) for day, half in closed if self._works(day)}
        self._closed = sorted(2 * at + half for at, half in halves)  # as if every half-day were open
        self._skips = [slot - n for n, slot in enumerate(self._closed)]  # open slots before each closed one

    def is_workday(self, d: date) -> bool:
        """Whether `d` is a working day (R-CAL-1). Refused: CALENDAR_MISSING."""
        self._require(d.year, d.year)
        return self._works(d)

    def is_provisional(self, d: date) -> bool:
        """Whether a limit that ends on `d` is counted by a year not announced yet (暂定)."""
        return d.year in self.provisional

    def add_workdays(self, d: date, n: int) -> date:
        """The n-th working day strictly after `d`; n = 0: `d` itself or, when it rests, the next one (R-CAL-3).

        Refused: CALENDAR_MISSING.
        """
        if n < 0:
            raise ValueError("working days are counted forward, expected n >= 0")
        at = bisect_left(self._days, d) if n == 0 else bisect_right(self._days, d) + n - 1
        return self._day(at, since=d)

    def workday_before(self, d: date, n: int) -> date:
        """The n-th working day (n ≥ 1) strictly before `d`. Refused: CALENDAR_MISSING."""
        if n < 1:
            raise ValueError("working days are counted backward from 1")
        at = bisect_left(self._days, d) - n
        if at < 0:
            raise CalendarMissing(min(self.years, default=d.year) - 1)
        self._require(self._days[at].year, d.year)
        return self._days[at]

    def workdays_between(self, a: date, b: date) -> int:
        """How many working days x there are with a < x ≤ b (R-CAL-3). Refused: CALENDAR_MISSING."""
        if b < a:
            return 0
        self._require(a.year, b.year)
        return bisect_right(self._days, b) - bisect_right(self._days, a)

    def open_of(self, d: date) -> datetime:
        """Opening instant of date `d` (09:00 +08:00)."""
        return datetime.combine(d, self._hours[0][0], SHANGHAI)

    def close_of(self, d: date) -> datetime:
        """Close of business of date `d` (17:00 +08:00): the instant a limit in days ends (R-CAL-4, 民法典 art. 203).

        A local closing of the afternoon does not move it: it changes half-day slots only (R-CAL-2).
        """
        return datetime.combine(d, self._hours[1][1], SHANGHAI)

    def due_after_workdays(self, start: datetime, n: int) -> datetime:
        """Close of the n-th working day after the date of `start`, which is not counted (R-CAL-3, R-CAL-4).

        n = 0 is an immediate item (即办件): close of the same day, or of the next working day when `start` lies at or
        after the close (R-LIM-8). Refused: CALENDAR_MISSING.
        """
        local = _local(start)
        day = self.add_workdays(local.date(), n)
        if n == 0 and local >= self.close_of(day):
            day = self.add_workdays(day, 1)
        return self.close_of(day)

    def warn_after_workdays(self, start: datetime, n: int) -> datetime:
        """Yellow light of a limit of n ≥ 1 working days: 09:00 of the W-th working day before the due date.

        W = max(1, ceil(n / 5)); when W ≥ n, 09:00 of the due date itself (R-LGT-1). Refused: CALENDAR_MISSING.
        """
        ahead = _warning(n)
        return self.open_of(self.add_workdays(_local(start).date(), n if ahead >= n else n - ahead))

    def due_after_half_days(self, start: datetime, n: int) -> datetime:
        """End of the n-th half-day slot (n ≥ 1) after the slot that contains `start` (R-CAL-7).

        Refused: CALENDAR_MISSING.
        """
        return self._slot(start, n)[1]

    def warn_after_half_days(self, start: datetime, n: int) -> datetime:
        """Yellow light (L2) of a limit of n ≥ 1 half-days: start of the slot W before the due slot (R-LGT-2).

        W = max(1, ceil(n / 5)); when W ≥ n, start of the due slot. Refused: CALENDAR_MISSING.
        """
        ahead = _warning(n)
        return self._slot(start, n if ahead >= n else n - ahead)[0]

    def half_after_half_days(self, start: datetime, n: int) -> datetime | None:
        """Reminder (L1 催办) of a limit of n half-days: start of slot ceil(n / 2); None below four (D.8).

        Refused: CALENDAR_MISSING.
        """
        return self._slot(start, -(-n // 2))[0] if n >= 4 else None

    def next_open(self, instant: datetime) -> datetime:
        """`instant` when the counters are open then, else the next opening. Refused: CALENDAR_MISSING."""
        local = _local(instant)
        day = local.date()
        while True:
            for opens, closes in self.open_spans(day):
                if local < closes:
                    return max(local, opens)
            day = self.add_workdays(day, 1)

    def slot_of(self, instant: datetime) -> int:
        """The number of the half-day slot an instant belongs to (R-CAL-7); numbers grow by one from slot to slot.

        The lunch break belongs to the morning; before opening, after the close, on rest days and while a half-day is
        closed an instant belongs to the slot that ended last. Refused: CALENDAR_MISSING.
        """
        local = _local(instant)
        self._require(local.year, local.year)
        at = bisect_left(self._days, local.date())
        slot = 2 * at - 1
        if at < len(self._days) and self._days[at] == local.date():
            slot += sum(local.time() >= opening for opening, _ in self._hours)
        return slot - bisect_right(self._closed, slot)

    def slot(self, number: int, *, since: date) -> tuple[datetime, datetime]:
        """Start and end of a half-day slot, counted from a day whose year is known. Refused: CALENDAR_MISSING."""
        if number < 0:
            raise CalendarMissing(min(self.years, default=since.year) - 1)
        day, half = divmod(number + bisect_right(self._skips, number), 2)
        return self._span(self._day(day, since=since), half)

    def open_spans(self, d: date) -> tuple[tuple[datetime, datetime], ...]:
        """When the counters are open on date `d`, nothing on a rest day. Refused: CALENDAR_MISSING."""
        if not self.is_workday(d):
            return ()
        closed = self.closed_halves(d)
        return tuple(self._span(d, half) for half in Half if half not in closed)

    def closed_halves(self, d: date) -> tuple[Half, ...]:
        """The half-days of a working day on which the counters stay closed."""
        first = 2 * bisect_left(self._days, d)
        found = self._closed[bisect_left(self._closed, first) : bisect_left(self._closed, first + 2)]
        return tuple(Half(slot - first) for slot in found) if self._works(d) else ()

    def _span(self, day: date, half: int) -> tuple[datetime, datetime]:
        opening, closing = self._hours[half]
        return datetime.combine(day, opening, SHANGHAI), datetime.combine(day, closing, SHANGHAI)

    def _works(self, d: date) -> bool:
        at = bisect_left(self._days, d)
        return at < len(self._days) and self._days[at] == d

    def _slot(self, start: datetime, n: int) -> tuple[datetime, datetime]:
        """Start and end of the n-th slot after the one `start` belongs to."""
        if n < 1:
            raise ValueError("half-days are counted forward, expected n >= 1")
        return self.slot(self.slot_of(start) + n, since=_local(start).date())

    def _day(self, at: int, *, since: date) -> date:
        if at >= len(self._days):
            self._require(since.year, max(since.year, max(self.years, default=since.year) + 1))
        found = self._days[at]
        self._require(since.year, found.year)
        return found

    def _require(self, first: int, last: int) -> None:
        for year in range(first, last + 1):
            if year not in self.years:
                raise CalendarMissing(year)


@cache
def standard_calendar() -> WorkCalendar:
    """The national calendar this release knows (2024 to 2026) with the centre's opening hours."""
    return WorkCalendar(WORKING_DAYS)


def _local(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("expected an aware instant")
    return instant.astimezone(SHANGHAI)


def _warning(n: int) -> int:
    if n < 1:
        raise ValueError("a limit with a yellow light is expected to be at least 1")
    return max(1, -(-n // 5))
