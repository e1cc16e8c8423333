"""Calendars: the years of the country and of regions, the days in which they differ, and a version that says when any changed.

Whoever counts a limit in a transaction holds that version, whoever changes a calendar takes it alone (`versions.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import BindParameter, bindparam, delete, extract, insert, select

from service.rules.calendars import COUNTRY, CalendarDay, CalendarYear, DayReason, YearStatus, work_calendar
from service.rules.worktime import Half, WorkCalendar
from service.store.time_schema import calendar_day, calendar_year
from service.store.upserts import upsert
from service.store.versions import CALENDARS

if TYPE_CHECKING:
    from service.store.records import Records

_YEARS = select(calendar_year).order_by(calendar_year.c.region, calendar_year.c.year)
_DAYS = select(calendar_day).order_by(calendar_day.c.region, calendar_day.c.day)
_REGIONS: BindParameter[Any] = bindparam("regions", expanding=True)
_YEARS_OF = _YEARS.where(calendar_year.c.region.in_(_REGIONS))
_DAYS_OF = _DAYS.where(calendar_day.c.region.in_(_REGIONS))


@dataclass(frozen=True, kw_only=True)
class EnteredYear:
    """A year of a region with who entered it and when."""

    calendar: CalendarYear
    entered_by: str
    entered_at: datetime


class Calendars:
    """Rows of `calendar_year` and `calendar_day`."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._supposed: CalendarYear | None = None
        self.changed = False  # this transaction has changed a calendar: others must not see what it reads

    def version(self) -> int:
        """Grows with every change of any calendar."""
        return self._records.versions.of(CALENDARS)

    def hold(self) -> None:
        """Keep everybody from counting until this transaction has ended; waits for those who are at it."""
        self._records.versions.hold(CALENDARS)

    def load(self, region: str) -> WorkCalendar:
        """The calendar of a region, with what it takes over from the country."""
        years = [one.calendar for one in self._entered([COUNTRY, region])]
        if (new := self._supposed) is not None:
            years = [*(one for one in years if (one.region, one.year) != (new.region, new.year)), new]
        return work_calendar(region, years)

    def years(self) -> tuple[EnteredYear, ...]:
        """Every year of every region, the country's and those of each region together, in their order."""
        return self._entered(None)

    def year(self, region: str, year: int) -> EnteredYear | None:
        """One year of a region."""
        return next((one for one in self._entered([region]) if one.calendar.year == year), None)

    def suppose(self, new: CalendarYear) -> None:
        """Count by a year that is not written, for a preview: only this transaction does."""
        self._supposed = new
        self.changed = True
        self._records.forget_calendar()

    def put(self, new: CalendarYear, entered_by: str) -> None:
        """Write a year in the place of what was there; call `hold` first."""
        records = self._records
        key = {"region": new.region, "year": new.year}
        entry = {"status": new.status.value, "notice": new.notice, "entered_by": entered_by, "entered_at": records.now}
        records.execute(upsert(records.dialect, calendar_year, ("region", "year")), {**key, **entry})
        records.execute(
            delete(calendar_day).where(
                calendar_day.c.region == new.region, extract("year", calendar_day.c.day) == new.year
            )
        )
        if new.days:
            records.execute(insert(calendar_day), [day_row(new.region, one) for one in new.days])
        self.changed = True
        records.forget_calendar()
        version = self.version() + 1
        records.settings.put(CALENDARS, version)
        records.versions.note(CALENDARS, version)

    def _entered(self, regions: list[str] | None) -> tuple[EnteredYear, ...]:
        given: dict[str, Any] = {} if regions is None else {"regions": regions}
        days: dict[tuple[str, int], list[CalendarDay]] = {}
        for row in self._records.execute(_DAYS if regions is None else _DAYS_OF, given):
            days.setdefault((row.region, row.day.year), []).append(_day(row))
        return tuple(
            EnteredYear(
                calendar=CalendarYear(
                    region=row.region,
                    year=row.year,
                    status=YearStatus(row.status),
                    notice=row.notice,
                    days=tuple(days.get((row.region, row.year), ())),
                ),
                entered_by=row.entered_by,
                entered_at=row.entered_at,
            )
            for row in self._records.execute(_YEARS if regions is None else _YEARS_OF, given)
        )


def day_row(region: str, one: CalendarDay) -> dict[str, Any]:
    """The row of a day."""
    return {
        "region": region,
        "day": one.day,
        "workday": one.workday,
        "reason": one.reason.value,
        "name": one.name,
        "am_closed": Half.MORNING in one.closed,
        "pm_closed": Half.AFTERNOON in one.closed,
    }


def _day(row: Any) -> CalendarDay:
    closed = ((Half.MORNING, row.am_closed), (Half.AFTERNOON, row.pm_closed))
    return CalendarDay(
        day=row.day,
        workday=row.workday,
        reason=DayReason(row.reason),
        name=row.name,
        closed=tuple(half for half, shut in closed if shut),
    )


class CalendarShelf:
    """The calendar of one region, kept by a process as long as its version is the newest. Safe to share between threads."""

    def __init__(self, region: str) -> None:
        self.region = region
        self._kept: tuple[int, WorkCalendar] | None = None

    def take(self, calendars: Calendars) -> WorkCalendar:
        """The calendar as this transaction sees it: one statement, two more when it is not the kept one.

        What a transaction has changed itself is not kept: it may still be rolled back.
        """
        kept, version = self._kept, calendars.version()
        if kept is not None and kept[0] == version and not calendars.changed:
            return kept[1]
        found = calendars.load(self.region)
        if not calendars.changed:
            self._kept = (version, found)
        return found
