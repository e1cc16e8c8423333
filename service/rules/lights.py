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


@lru_cache(maxsize=20_000)
def warn_at(calendar: WorkCalendar, opened: datetime, due: datetime) -> datetime:
    """The instant a task turns yellow: start of the slot W before the due slot, W = max(1, ceil(L / 5)) half-days.

    L is the number of half-day slots after the one that holds `opened`, up to `due`; W ≥ L: start of the due slot.
    """
    starts = [start for start, _ in _slots(calendar, opened, due) if start > opened]
    if not starts:
        return due
    ahead = max(1, -(-len(starts) // 5))
    return starts[-1] if ahead >= len(starts) else starts[-1 - ahead]


def light_of(calendar: WorkCalendar, opened: datetime, due: datetime | None, now: datetime) -> Light:
    """Red from the due instant on, yellow in the last fifth (at least the last half-day) of the limit, else green."""
    if due is None:
        return Light.NONE
    if now >= due:
        return Light.RED
    try:
        return Light.YELLOW if now >= warn_at(calendar, opened, due) else Light.GREEN
    except CalendarMissing:
        return Light.GREEN


def working_span(calendar: WorkCalendar, start: datetime, end: datetime) -> Span:
    """The counter time between two instants; calendar time when the working days of a year are not known."""
    if end - start > timedelta(days=FARTHEST):
        return Span((end - start).days * 5 // 7, "day")
    try:
        minutes = sum(
            max(0, int((min(end, closing) - max(start, opening)).total_seconds() // 60))
            for opening, closing in _slots(calendar, start, end)
            if closing > start and opening < end
        )
    except CalendarMissing:
        minutes = int((end - start).total_seconds() // 60) * DAY_MINUTES // (24 * 60)
    if minutes >= DAY_MINUTES:
        return Span(int(minutes / DAY_MINUTES * 2) / 2, "day")
    return Span(minutes // 60, "hour") if minutes >= 60 else Span(minutes, "minute")


def _slots(calendar: WorkCalendar, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """The half-day slots of the days from `start` to `end`, those that begin after `end` left out."""
    first, last = start.astimezone(SHANGHAI).date(), end.astimezone(SHANGHAI).date()
    return [slot for slot in _slots_of_days(calendar, first, last) if slot[0] < end]


@lru_cache(maxsize=4_096)
def _slots_of_days(calendar: WorkCalendar, first: date, last: date) -> tuple[tuple[datetime, datetime], ...]:
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return tuple(
        (datetime.combine(day, opening, SHANGHAI), datetime.combine(day, closing, SHANGHAI))
        for day in days
        if calendar.is_workday(day)
        for opening, closing in OPENING_HOURS
    )
