"""两周值班: who has each post of a department, half-day by half-day, and where nobody is there (SM-50, SM-51)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from service.casework.posts import CHIEF, HEAD, LEADER, REVIEWERS, RUNGS, cover, group_of, without_cover
from service.rules.worktime import SHANGHAI, CalendarMissing

if TYPE_CHECKING:
    from service.store.records import Records
    from service.store.seats import Seat

HALVES = (time(10), time(15))  # inside the counter hours of a morning and an afternoon
POSTS = (*REVIEWERS, CHIEF, LEADER, HEAD)
DAYS = 14


@dataclass(frozen=True, kw_only=True)
class Half:
    """One half-day of a post. `state`: here, covered (by `who`), gap; `away`: who of its holders is away."""

    state: str
    who: str | None
    away: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class DutyDay:
    """One day: whether the centre works, and per post its two halves. `gap`: neither A岗 nor B岗 in one of them."""

    day: date
    works: bool
    posts: Mapping[str, tuple[Half, Half]]
    gap: bool


@dataclass(frozen=True, kw_only=True)
class DutyWeeks:
    """Two weeks of a department. `gaps`: half-days without A岗 and B岗 as (day, 0 or 1)."""

    posts: tuple[str, ...]
    days: tuple[DutyDay, ...]
    gaps: tuple[tuple[date, int], ...]


def duty_weeks(records: Records, department: str, first: date, days: int = DAYS) -> DutyWeeks:
    """From `first` on, by the posts and absences as they are known now; no statement while the staff is known."""
    found, gaps = [], []
    held = tuple(role for role in POSTS if records.people.seats({department}, {role}))
    for step in range(days):
        day = first + timedelta(step)
        works = _works(records, day)
        halves: list[Mapping[str, Half]] = []
        for number, hour in enumerate(HALVES):
            at = datetime.combine(day, hour, SHANGHAI)
            seats = {
                group: there
                for role in RUNGS
                if (there := records.staff.seats(group := group_of(department, role), at))
            }
            halves.append({role: _half(seats, department, role) for role in held})
            if works and without_cover(seats, department):
                gaps.append((day, number))
        posts = {role: (halves[0][role], halves[1][role]) for role in held}
        found.append(DutyDay(day=day, works=works, posts=posts, gap=any(one[0] == day for one in gaps)))
    return DutyWeeks(posts=held, days=tuple(found), gaps=tuple(gaps))


def _half(seats: Mapping[str, tuple[Seat, ...]], department: str, role: str) -> Half:
    holders = seats.get(group_of(department, role), ())
    away = tuple(one.username for one in holders if one.absence is not None)
    if len(away) < len(holders):
        here = next(one.username for one in holders if one.absence is None)
        return Half(state="here", who=here, away=away)
    now = cover(seats, department, role)
    if now.acting_for is None:
        return Half(state="gap", who=None, away=away)
    return Half(state="covered", who=now.owner, away=away)


def _works(records: Records, day: date) -> bool:
    try:
        return records.calendar.is_workday(day)
    except CalendarMissing:
        return day.weekday() < 5
