"""Lights of a task and the working time left or over (DOMAIN D.3: R-LGT-2), in words a page can translate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from service.rules.worktime import OPENING_HOURS, SHANGHAI, CalendarMissing, WorkCalendar

DAY_MINUTES = sum(
    (closing.hour * 60 + closing.minute) - (opening.hour * 60 + opening.minute) for opening, closing in OPENING_HOURS
)
FARTHEST = 400  # days a distance is counted in working time; farther away nobody asks for minutes


class Light(StrEnum):
    """What the clock of a task says."""

    RED = "red"  # 超期
    YELLOW = "yellow"  # 临期
    GREEN = "green"  # 正常
    STOPPED = "stopped"  # 不计时: paused
    DONE = "done"  # ended in time or late
    NONE = "none"  # no limit


@dataclass(frozen=True)
class Span:
    """A length of working time: whole days (in halves) or, below one day, hours or minutes."""

    amount: float
    unit: str  # "day", "hour", "minute"


def light_of(calendar: WorkCalendar, opened: datetime, due: datetime | None, now: datetime) -> Light:
    """Red from the due instant on, yellow in the last fifth (at least the last half-day) of the limit, else green."""
    if due is None:
        return Light.NONE
    if now >= due:
        return Light.RED
    before = yellow_before(calendar, due, now)
    return Light.YELLOW if before is not None and opened < before else Light.GREEN


def yellow_before(calendar: WorkCalendar, due: datetime, now: datetime) -> datetime | None:
    """Tasks due at `due` (later than `now`) are yellow now when they were opened before this instant.

    A task is yellow from the start of the slot W before its due slot, W = max(1, ceil(L / 5)) half-days; L is the
    number of half-day slots after the one it was opened in, up to `due` (W ≥ L: from the start of the due slot). None: none of them can be, or the working days between are not known. Thousands of tasks that share their due
    instants are told apart by a comparison each.
    """
    if due - now > timedelta(days=FARTHEST):
        return None
    try:
        ahead = sum(1 for start, _ in _slots(calendar, now, due) if start > now)
        return _slot_before(calendar, due, 5 * (ahead - 1) + 1 if ahead > 1 else ahead + 1)
    except CalendarMissing:
        return None


@lru_cache(maxsize=20_000)
def _slot_before(calendar: WorkCalendar, due: datetime, number: int) -> datetime:
    """Start of the `number`-th half-day slot that begins before `due`, counted backwards."""
    day, found = due.astimezone(SHANGHAI).date(), 0
    while True:
        for start, _ in reversed(_slots_of_days(calendar, day, day)):
            found += start < due
            if found == number:
                return start
        day -= timedelta(days=1)


def working_minutes(calendar: WorkCalendar, start: datetime, end: datetime) -> int:
    """Counter minutes between two instants; a share of calendar time when the working days of a year are not known."""
    try:
        first, last = start.astimezone(SHANGHAI).date(), end.astimezone(SHANGHAI).date()
        minutes = sum(_open_minutes(calendar, day, start, end) for day in {first, last})
        if last - first > timedelta(days=1):
            minutes += _whole_minutes(calendar, first + timedelta(days=1), last - timedelta(days=1))
    except CalendarMissing:
        minutes = int((end - start).total_seconds() // 60) * DAY_MINUTES // (24 * 60)
    return minutes


def as_span(minutes: int) -> Span:
    """Minutes of counter time in the unit people say them in."""
    if minutes >= DAY_MINUTES:
        return Span(int(minutes / DAY_MINUTES * 2) / 2, "day")
    return Span(minutes // 60, "hour") if minutes >= 60 else Span(minutes, "minute")


def working_span(calendar: WorkCalendar, start: datetime, end: datetime) -> Span:
    """The counter time between two instants; calendar time when the working days of a year are not known."""
    if end - start > timedelta(days=FARTHEST):
        return Span((end - start).days * 5 // 7, "day")
    return as_span(working_minutes(calendar, start, end))


def _open_minutes(calendar: WorkCalendar, day: date, start: datetime, end: datetime) -> int:
    """Counter minutes of one day between two instants."""
    return sum(
        max(0, int((min(end, closing) - max(start, opening)).total_seconds() // 60))
        for opening, closing in _slots_of_days(calendar, day, day)
        if closing > start and opening < end
    )


@lru_cache(maxsize=20_000)
def _whole_minutes(calendar: WorkCalendar, first: date, last: date) -> int:
    """Counter minutes of whole days, both included."""
    spans = _slots_of_days(calendar, first, last)
    return sum(int((closing - opening).total_seconds() // 60) for opening, closing in spans)


def _slots(calendar: WorkCalendar, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """The half-day slots of the days from `start` to `end`, those that begin after `end` left out."""
    first, last = start.astimezone(SHANGHAI).date(), end.astimezone(SHANGHAI).date()
    return [slot for slot in _slots_of_days(calendar, first, last) if slot[0] < end]


@lru_cache(maxsize=4_096)
def _slots_of_days(calendar: WorkCalendar, first: date, last: date) -> tuple[tuple[datetime, datetime], ...]:
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return tuple(span for day in days for span in calendar.open_spans(day))
