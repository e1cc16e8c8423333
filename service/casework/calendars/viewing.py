"""A year of a region as people see it: every day with its kind, where it stands written, and what changed when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from service.casework.actors import Actor
from service.casework.calendar_guard import read_alarm
from service.casework.office import Office
from service.casework.rights import KEEPERS
from service.rules.calendars import (
    COUNTRY,
    REGION,
    CalendarAlarm,
    CalendarDay,
    CalendarYear,
    DayReason,
    YearStatus,
    days_of,
    workdays,
)
from service.rules.refusals import Forbidden, refuse
from service.rules.vocabulary import LedgerAction
from service.rules.worktime import Half
from service.store.calendars import EnteredYear
from service.store.records import Records

CALENDAR_READERS = (*KEEPERS, "supervisor", "audit_admin")  # DOMAIN B.2, P28


class DayKind(StrEnum):
    """What a day is."""

    WORK = "work"
    REST = "rest"  # a weekend
    HOLIDAY = "holiday"
    MAKEUP = "makeup"
    LOCAL = "local"  # differs by a rule of the region


@dataclass(frozen=True, kw_only=True)
class DayView:
    """One day of a year."""

    day: date
    kind: DayKind
    workday: bool
    name: str = ""
    closed: tuple[Half, ...] = ()


@dataclass(frozen=True, kw_only=True)
class YearView:
    """A year of a region. `own`: what stands in the region's own calendar; `country`: what it takes over, for a region.

    Neither of them: nobody has entered the year. `version`: of all calendars, for whoever changes this one.
    """

    region: str
    year: int
    own: EnteredYear | None
    country: EnteredYear | None
    days: tuple[DayView, ...]
    version: int

    @property
    def known(self) -> bool:
        """Whether limits can be counted in it."""
        return bool(self.days)

    @property
    def provisional(self) -> bool:
        """暂定: not confirmed by a notice yet."""
        found = (one.calendar for one in (self.own, self.country) if one is not None)
        return any(one.status is YearStatus.PROVISIONAL for one in found)

    @property
    def workdays(self) -> int:
        """How many working days it has."""
        return sum(one.workday for one in self.days)


@dataclass(frozen=True, kw_only=True)
class ChangeLine:
    """One change of a calendar: who, when, by which notice, and what it moved."""

    at: datetime
    actor: str
    year: int
    status: YearStatus
    notice: str
    days: int
    moved: int


def calendar_list(office: Office, actor: Actor) -> tuple[EnteredYear, ...]:
    """Every year somebody has entered, the country first. Refused: Forbidden CALENDAR_CLOSED."""
    require_calendar_reader(actor)
    with office.reading() as records:
        return tuple(sorted(records.calendars.years(), key=lambda one: one.calendar.region != COUNTRY))


def calendar_year(office: Office, actor: Actor, region: str, year: int) -> YearView:
    """A year of a region, entered or not. Refused: Forbidden CALENDAR_CLOSED, Invalid REGION_INVALID."""
    require_calendar_reader(actor)
    with office.reading() as records:
        return view_year(records, region, year)


def calendar_history(office: Office, actor: Actor, region: str) -> tuple[ChangeLine, ...]:
    """The changes of a region's calendar, newest first. Refused: Forbidden CALENDAR_CLOSED."""
    require_calendar_reader(actor)
    with office.reading() as records:
        lines = records.ledger.lines(LedgerAction.CALENDAR_CHANGED)
    return tuple(
        ChangeLine(
            at=line.written_at,
            actor=line.actor or "",
            year=line.detail["year"],
            status=YearStatus(line.detail["status"]),
            notice=line.detail["notice"],
            days=len(line.detail["days"]),
            moved=line.detail["moved"],
        )
        for line in lines
        if line.detail["region"] == region
    )


def calendar_warning(office: Office, actor: Actor) -> CalendarAlarm | None:
    """For those who keep the calendar: a year that will be needed and is not confirmed (J-19)."""
    if not actor.has(*KEEPERS):
        return None
    with office.reading() as records:
        return read_alarm(records)


def view_year(records: Records, region: str, year: int) -> YearView:
    """The same within a transaction."""
    if not REGION.fullmatch(region):
        raise refuse("region", "REGION_INVALID", "地区应为 CN 或六位行政区划代码。")
    own = records.calendars.year(region, year)
    country = None if region == COUNTRY else records.calendars.year(COUNTRY, year)
    return YearView(
        region=region,
        year=year,
        own=own,
        country=country,
        days=_days(year, [one.calendar for one in (country, own) if one is not None], region),
        version=records.calendars.version(),
    )


def require_calendar_reader(actor: Actor) -> None:
    """Refused: Forbidden CALENDAR_CLOSED."""
    if not actor.has(*CALENDAR_READERS):
        raise Forbidden("CALENDAR_CLOSED", "您没有查看工作日历的权限。")


def _days(year: int, layers: Sequence[CalendarYear], region: str) -> tuple[DayView, ...]:
    """Every day; nothing while the country's year is missing."""
    if not any(one.region == COUNTRY for one in layers):
        return ()
    working = workdays(year, *(one.days for one in layers))
    differing: dict[date, CalendarDay] = {day.day: day for one in layers for day in one.days}
    return tuple(_day(day, day in working, differing.get(day)) for day in days_of(year))


def _day(day: date, workday: bool, differing: CalendarDay | None) -> DayView:
    if differing is None:
        return DayView(day=day, kind=DayKind.WORK if workday else DayKind.REST, workday=workday)
    kinds = {DayReason.HOLIDAY: DayKind.HOLIDAY, DayReason.MAKEUP: DayKind.MAKEUP, DayReason.LOCAL: DayKind.LOCAL}
    return DayView(day=day, kind=kinds[differing.reason], workday=workday, name=differing.name, closed=differing.closed)
