"""Changing a calendar: checked, previewed, and then counted by at once in every running case (R-CAL-6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from service.casework.actors import Actor
from service.casework.calendars.recounting import MovedDeadline, recount_cases
from service.casework.office import Office
from service.casework.rights import KEEPERS
from service.rules.calendars import (
    COUNTRY,
    CalendarDay,
    CalendarYear,
    YearStatus,
    checked_year,
    days_of,
)
from service.rules.refusals import Conflict, Forbidden
from service.rules.vocabulary import LedgerAction
from service.rules.worktime import SHANGHAI, WorkCalendar
from service.store.calendars import EnteredYear
from service.store.records import Records

__all__ = ["CalendarChange", "MovedDeadline", "change_calendar"]


@dataclass(frozen=True, kw_only=True)
class CalendarChange:
    """What a change does, or would do: the year as it stands then, as it stood, and every deadline that moves."""

    year: CalendarYear
    before: EnteredYear | None
    moved: tuple[MovedDeadline, ...]
    version: int


def change_calendar(
    office: Office,
    actor: Actor,
    region: str,
    year: int,
    days: Sequence[CalendarDay],
    *,
    notice: str,
    status: YearStatus,
    preview: bool = False,
    seen: int | None = None,
) -> CalendarChange:
    """Enter a year of a region, or another wording of it; `preview` says what would move and changes nothing.

    `days` are all that differ from Monday to Friday (the country) or from the country (a region). All running clocks and
    timers are counted anew in the same transaction; what is red stays red. `seen`: the version of the calendars the
    change was prepared by. Refused: Forbidden CALENDAR_KEEPERS_ONLY, Conflict CALENDAR_CHANGED or CALENDAR_CONFIRMED,
    and everything `checked_year` refuses.
    """
    if not actor.has(*KEEPERS):
        raise Forbidden("CALENDAR_KEEPERS_ONLY", "只有业务科和系统管理员可以修改工作日历。")
    asked = CalendarYear(region=region, year=year, status=status, notice=notice.strip(), days=tuple(days))
    with office.reading() as records:
        change = _prepared(records, asked, seen)
        was = records.calendar
        records.calendars.suppose(change.year)
        if preview:
            return replace(change, moved=recount_cases(office, records, _reached(records, was), dry=True))
        reached = _reached(records, was)
    return office.attempt(lambda: _change(office, actor, asked, seen, reached))


def _change(
    office: Office, actor: Actor, asked: CalendarYear, seen: int | None, reached: tuple[UUID, ...]
) -> CalendarChange:
    """The same for good.

    Race: cases are locked before the calendars are held, which is the order of everybody who works on a case and then
    counts. Cases that began meanwhile are locked afterwards.
    """
    with office.transaction() as records:
        calendars = records.calendars
        for case_id in reached:
            records.cases.lock(case_id)
        calendars.hold()
        change = _prepared(records, asked, seen)
        was = records.calendar
        calendars.put(change.year, actor.username)
        moved = recount_cases(office, records, _reached(records, was))
        change = replace(change, moved=moved, version=calendars.version())
        records.ledger.write(
            LedgerAction.CALENDAR_CHANGED, actor.username, f"{asked.region}:{asked.year}", _detail(change)
        )
        return change


def _prepared(records: Records, asked: CalendarYear, seen: int | None) -> CalendarChange:
    """The year as it may be entered, with what it takes the place of."""
    calendars = records.calendars
    if seen is not None and seen != calendars.version():
        raise Conflict("CALENDAR_CHANGED", "工作日历刚刚被别人修改，请重新预览后再确认。")
    country = None if asked.region == COUNTRY else calendars.year(COUNTRY, asked.year)
    new = checked_year(asked, None if country is None else country.calendar)
    before = calendars.year(asked.region, asked.year)
    confirmed = before is not None and before.calendar.status is YearStatus.ACTIVE
    if confirmed and new.status is YearStatus.PROVISIONAL:
        raise Conflict("CALENDAR_CONFIRMED", "{year}年的工作日历已经正式，不能改回暂定。", year=asked.year)
    return CalendarChange(year=new, before=before, moved=(), version=calendars.version())


def _reached(records: Records, was: WorkCalendar) -> tuple[UUID, ...]:
    """The cases with anything that ends on the first changed day or later: what ends before is counted as it was."""
    first = _first_change(was, records.calendar)
    if first is None:
        return ()
    return records.clocks.timed_cases(datetime.combine(first, datetime.min.time(), SHANGHAI))


def _first_change(was: WorkCalendar, now: WorkCalendar) -> date | None:
    """The first day that counts otherwise than before."""
    for year in sorted(was.years | now.years):
        if year not in was.years or year not in now.years:
            return date(year, 1, 1)
        for day in days_of(year):
            if was.open_spans(day) != now.open_spans(day) or was.is_workday(day) is not now.is_workday(day):
                return day
    return None


def _detail(change: CalendarChange) -> dict[str, Any]:
    """Everything the ledger keeps: the new days and the old ones, so that any state can be told again."""
    new, old = change.year, None if change.before is None else change.before.calendar
    return {
        "region": new.region,
        "year": new.year,
        "status": new.status.value,
        "notice": new.notice,
        "days": _days(new),
        "before": None if old is None else {"status": old.status.value, "notice": old.notice, "days": _days(old)},
        "moved": len(change.moved),
    }


def _days(year: CalendarYear) -> list[dict[str, Any]]:
    return [
        {
            "date": one.day.isoformat(),
            "workday": one.workday,
            "reason": one.reason.value,
            "name": one.name,
            "closed": [half.name for half in one.closed],
        }
        for one in year.days
    ]
