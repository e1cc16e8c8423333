"""A year of the working-day calendar as people enter it: what differs from Monday to Friday, checked row by row.

The country (`CN`) has holidays and make-up days as the State Council office announces them each autumn. A region, named
by its division code, takes the country's days over and adds its own: local holidays, and half-days on which the
counters stay closed, which change half-day slots only (R-CAL-2).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from service.rules.refusals import FieldProblem, Invalid, refuse
from service.rules.sentences import Sentence, filled
from service.rules.worktime import OPENING_HOURS, Half, WorkCalendar

COUNTRY = "CN"
REGION = re.compile(r"CN|[0-9]{6}")  # the country, or a division code (GB/T 2260)
EARLIEST_YEAR, LATEST_YEAR = 2000, 2200
LONGEST_NAME = 40  # characters
LONGEST_NOTICE = 200
FESTIVALS = ("元旦", "春节", "清明", "劳动节", "端午", "中秋", "国庆")  # 全国年节及纪念日放假办法 art. 2
TWICE = Sentence("与第 {row} 行是同一天。")
ANOTHER_YEAR = Sentence("{day} 不在 {year} 年。")
LOCAL_ELSEWHERE = Sentence("地方规定应填在所属地区的日历中。")
ONLY_LOCAL = Sentence("地区日历只能填写地方规定，节假日和调休从全国日历继承。")
TOO_LONG = Sentence("名称不能超过 {longest} 个字。")
UNNAMED = Sentence("请填写节日名称或地方规定的事由。")
RESTS = Sentence("节假日应为休息日。")
WORKS = Sentence("调休上班应为工作日。")
NO_WEEKEND = Sentence("调休上班应为周六或周日，{day} 不是。")
NATIONAL_REST = Sentence("全国放假的工作日，地方不能改为上班。")
NOTHING_TO_CLOSE = Sentence("只有地方规定的工作日可以半天停止办公。")
AS_THE_COUNTRY = Sentence("与全国日历相同，请去掉这一行。")
FIXED = ("01-01", "05-01", "05-02", "10-01", "10-02", "10-03")  # of these the day does not move from year to year


class YearStatus(StrEnum):
    """How firm the days of a year are."""

    PROVISIONAL = "PROVISIONAL"  # 暂定: before the notice; counted by, and flagged wherever a limit ends in it
    ACTIVE = "ACTIVE"  # 正式: as the notice says


class DayReason(StrEnum):
    """Why a day differs."""

    HOLIDAY = "HOLIDAY"  # 节假日
    MAKEUP = "MAKEUP"  # 调休上班
    LOCAL = "LOCAL"  # 地方规定


@dataclass(frozen=True, kw_only=True)
class CalendarDay:
    """One day that differs. `closed`: half-days of a working day on which the counters of the region stay closed."""

    day: date
    workday: bool
    reason: DayReason
    name: str = ""
    closed: tuple[Half, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CalendarYear:
    """The days of one year in one region, in their order, and where they stand written."""

    region: str
    year: int
    status: YearStatus
    notice: str
    days: tuple[CalendarDay, ...]

    @property
    def workdays(self) -> frozenset[date]:
        """Its working days, Monday to Friday otherwise."""
        return workdays(self.year, self.days)


def work_calendar(region: str, years: Iterable[CalendarYear]) -> WorkCalendar:
    """The calendar of a region from the years of the country and its own. A year the country lacks stays unknown."""
    entered = tuple(years)
    country = {one.year: one for one in entered if one.region == COUNTRY}
    own = {one.year: one for one in entered if one.region == region != COUNTRY and one.year in country}
    days = {year: workdays(year, one.days, own[year].days if year in own else ()) for year, one in country.items()}
    closed = [(day.day, half) for one in own.values() for day in one.days for half in day.closed]
    flagged = {one.year for one in (*country.values(), *own.values()) if one.status is YearStatus.PROVISIONAL}
    return WorkCalendar(days, OPENING_HOURS, closed=closed, provisional=flagged)


def workdays(year: int, *layers: Iterable[CalendarDay]) -> frozenset[date]:
    """The working days of a year: Monday to Friday, changed by each layer of days in its turn."""
    found = {day for day in days_of(year) if day.weekday() < 5}
    for layer in layers:
        for one in layer:
            (found.add if one.workday else found.discard)(one.day)
    return frozenset(found)


def days_of(year: int) -> tuple[date, ...]:
    """Every day of a year."""
    first = date(year, 1, 1)
    return tuple(first + timedelta(n) for n in range((date(year + 1, 1, 1) - first).days))


def checked_year(new: CalendarYear, country: CalendarYear | None = None) -> CalendarYear:
    """The year as it may be entered, its days in order. `country`: the country's year, for a region.

    Refused: REGION_INVALID, YEAR_INVALID, NOTICE_REQUIRED, CALENDAR_MISSING (a region's year before the country's),
    CALENDAR_DAYS_INVALID with every wrong row as `days[n].…`, CALENDAR_INCOMPLETE naming what is missing.
    """
    if not REGION.fullmatch(new.region):
        raise refuse("region", "REGION_INVALID", "地区应为 CN 或六位行政区划代码。")
    if not EARLIEST_YEAR <= new.year <= LATEST_YEAR:
        raise refuse("year", "YEAR_INVALID", "年份应在 {first} 到 {last} 之间。", first=EARLIEST_YEAR, last=LATEST_YEAR)
    if len(new.notice) > LONGEST_NOTICE:
        raise refuse("notice", "NOTICE_TOO_LONG", "通知文号不能超过 {longest} 个字。", longest=LONGEST_NOTICE)
    if new.status is YearStatus.ACTIVE and not new.notice:
        raise refuse("notice", "NOTICE_REQUIRED", "正式的日历应写明依据的通知。")
    if new.region != COUNTRY and country is None:
        raise refuse("year", "CALENDAR_MISSING", "缺少{year}年的工作日历,无法计算时限", year=new.year)
    problems = _row_problems(new, () if country is None else country.days)
    if problems:
        raise Invalid("CALENDAR_DAYS_INVALID", "有 {count} 处填写不正确。", fields=problems, count=len(problems))
    if new.region == COUNTRY:
        _require_complete(new)
    return CalendarYear(
        region=new.region,
        year=new.year,
        status=new.status,
        notice=new.notice,
        days=tuple(sorted(new.days, key=lambda one: one.day)),
    )


def _row_problems(new: CalendarYear, country: Collection[CalendarDay]) -> tuple[FieldProblem, ...]:
    """Everything that is wrong, row by row; the first wrong thing of each row."""
    seen: dict[date, int] = {}
    inherited = workdays(new.year, country)
    found = []
    for number, one in enumerate(new.days):
        problem = _problem(new, one, inherited)
        if problem is None and one.day in seen:
            problem = "date", "DAY_TWICE", filled(TWICE, row=seen[one.day] + 1)
        seen.setdefault(one.day, number)
        if problem is not None:
            field, code, said = problem
            found.append(FieldProblem(field=f"days[{number}].{field}", code=code, text=said.text, params=said.params))
    return tuple(found)


def _problem(new: CalendarYear, one: CalendarDay, inherited: Collection[date]) -> tuple[str, str, Sentence] | None:
    """Field, code and sentence of the first thing wrong with a row."""
    local, day = one.reason is DayReason.LOCAL, one.day.isoformat()
    if one.day.year != new.year:
        return "date", "DAY_OF_ANOTHER_YEAR", filled(ANOTHER_YEAR, day=day, year=new.year)
    if local is not (new.region != COUNTRY):
        return "reason", "REASON_OF_ANOTHER_REGION", LOCAL_ELSEWHERE if local else ONLY_LOCAL
    if len(one.name) > LONGEST_NAME:
        return "name", "NAME_TOO_LONG", filled(TOO_LONG, longest=LONGEST_NAME)
    if not one.name and one.reason is not DayReason.MAKEUP:
        return "name", "NAME_REQUIRED", UNNAMED
    if one.reason is DayReason.HOLIDAY and one.workday:
        return "workday", "HOLIDAY_WORKS", RESTS
    if one.reason is DayReason.MAKEUP and not one.workday:
        return "workday", "MAKEUP_RESTS", WORKS
    if one.reason is DayReason.MAKEUP and one.day.weekday() < 5:
        return "date", "MAKEUP_ON_A_WEEKDAY", filled(NO_WEEKEND, day=day)
    if local and one.workday and one.day not in inherited and one.day.weekday() < 5:
        return "workday", "HOLIDAY_WORKS", NATIONAL_REST
    if one.closed and not (local and one.workday):
        return "closed", "CLOSED_ON_A_REST_DAY", NOTHING_TO_CLOSE
    if local and not one.closed and one.workday is (one.day in inherited):
        return "workday", "DAY_NOT_DIFFERENT", AS_THE_COUNTRY
    return None


def _require_complete(new: CalendarYear) -> None:
    """A confirmed year names all seven festivals; in any year those whose day is fixed by law rest."""
    resting = {one.day for one in new.days if not one.workday}
    for text in FIXED:
        day = date.fromisoformat(f"{new.year}-{text}")
        if day not in resting:
            raise refuse("days", "CALENDAR_INCOMPLETE", "{day} 是法定节日，应在放假安排中。", day=day.isoformat())
    names = " ".join(one.name for one in new.days)
    for festival in FESTIVALS if new.status is YearStatus.ACTIVE else ():
        if festival not in names:
            raise refuse("days", "CALENDAR_INCOMPLETE", "放假安排中没有{festival}。", festival=festival)


def ranges(days: Sequence[CalendarDay]) -> tuple[tuple[CalendarDay, date], ...]:
    """Days that follow each other and say the same, as the first of them and the last date."""
    found: list[tuple[CalendarDay, date]] = []
    for one in sorted(days, key=lambda day: day.day):
        if found:
            first, last = found[-1]
            same = (first.workday, first.reason, first.name, first.closed)
            if same == (one.workday, one.reason, one.name, one.closed) and one.day - last == timedelta(1):
                found[-1] = (first, one.day)
                continue
        found.append((one, one.day))
    return tuple(found)


class AlarmLevel(StrEnum):
    """How pressing it is that a year is not confirmed."""

    WARNING = "WARNING"  # from 1 November
    RED = "RED"  # from 15 December, and once the year has begun


@dataclass(frozen=True, kw_only=True)
class CalendarAlarm:
    """A year that is needed and not confirmed. `provisional`: it is counted by all the same."""

    year: int
    level: AlarmLevel
    provisional: bool


def calendar_alarm(calendar: WorkCalendar, today: date) -> CalendarAlarm | None:
    """The first of this year and, from November on, the next that is missing or provisional (J-19)."""
    for year, level in _needed(today):
        provisional = year in calendar.provisional
        if year not in calendar.years or provisional:
            return CalendarAlarm(year=year, level=level, provisional=provisional)
    return None


def _needed(today: date) -> Iterable[tuple[int, AlarmLevel]]:
    yield today.year, AlarmLevel.RED
    if today >= date(today.year, 12, 15):
        yield today.year + 1, AlarmLevel.RED
    elif today >= date(today.year, 11, 1):
        yield today.year + 1, AlarmLevel.WARNING
