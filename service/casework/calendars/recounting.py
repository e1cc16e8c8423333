"""What a changed calendar moves, in the words of people who decide about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from service.casework.clocks.recounting import Moved, recount_all
from service.casework.office import Office
from service.rules.worktime import SHANGHAI, CalendarMissing, WorkCalendar
from service.store.records import Records

CAUSE = "CALENDAR"
TIMER = "TIMER"


@dataclass(frozen=True, kw_only=True)
class MovedDeadline:
    """A clock or a timer whose end moves. `days`: working days later (negative: earlier), None when one end is unknown."""

    case_id: UUID
    business_key: str | None
    title: str | None
    kind: str  # rules.clocks.ClockKind, or TIMER
    name: str
    was: datetime | None
    due: datetime | None
    days: int | None


def recount_cases(
    office: Office, records: Records, cases: Sequence[UUID], *, dry: bool = False
) -> tuple[MovedDeadline, ...]:
    """Count these cases anew by the calendar of the transaction; those that move first are told first. `dry`: only say."""
    moved = recount_all(office, records, CAUSE, cases=cases, dry=dry)
    found = [_told(one, records.calendar) for one in moved]
    return tuple(sorted(found, key=lambda one: (one.due is None, one.due, one.was, one.case_id.bytes, one.name)))


def _told(one: Moved, calendar: WorkCalendar) -> MovedDeadline:
    return MovedDeadline(
        case_id=one.case.id,
        business_key=one.case.business_key,
        title=one.case.title,
        kind=TIMER if one.clock is None else one.clock.kind,
        name=(one.element or "") if one.clock is None else one.clock.name,
        was=one.was,
        due=one.due,
        days=_distance(calendar, one.was, one.due),
    )


def _distance(calendar: WorkCalendar, was: datetime | None, due: datetime | None) -> int | None:
    """Working days from one day to another."""
    if was is None or due is None:
        return None
    a, b = was.astimezone(SHANGHAI).date(), due.astimezone(SHANGHAI).date()
    try:
        return calendar.workdays_between(a, b) if a <= b else -calendar.workdays_between(b, a)
    except CalendarMissing:
        return None
