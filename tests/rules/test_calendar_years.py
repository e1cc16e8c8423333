"""A year as people enter it: refused row by row, and what a region takes over from the country."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from service.rules.calendar_years import WORKING_DAYS
from service.rules.calendars import (
    COUNTRY,
    CalendarDay,
    CalendarYear,
    DayReason,
    YearStatus,
    checked_year,
    days_of,
    ranges,
    work_calendar,
    workdays,
)
from service.rules.refusals import Invalid
from service.rules.worktime import Half
from service.store.calendar_seeds import seeds

SEEDS = {one.year: one for one in seeds()}
CITY = "990100"


def off(day: str, name: str = "中秋节") -> CalendarDay:
    """A holiday."""
    return CalendarDay(day=date.fromisoformat(day), workday=False, reason=DayReason.HOLIDAY, name=name)


def makeup(day: str) -> CalendarDay:
    """A make-up day."""
    return CalendarDay(day=date.fromisoformat(day), workday=True, reason=DayReason.MAKEUP)


def local(day: str, *closed: Half, workday: bool = True, name: str = "建市纪念日") -> CalendarDay:
    """A local rule."""
    return CalendarDay(
        day=date.fromisoformat(day), workday=workday, reason=DayReason.LOCAL, name=name, closed=tuple(closed)
    )


def year(*days: CalendarDay, region: str = COUNTRY, status: YearStatus = YearStatus.ACTIVE) -> CalendarYear:
    """The year 2026 with more days."""
    begun = SEEDS[2026].days if region == COUNTRY else ()
    return CalendarYear(region=region, year=2026, status=status, notice="通知", days=(*begun, *days))


def refused(asked: CalendarYear, *, country: CalendarYear | None = None) -> Invalid:
    """The refusal of a year."""
    with pytest.raises(Invalid) as said:
        checked_year(asked, country)
    return said.value


@pytest.mark.parametrize(
    ("row", "field", "code"),
    [
        (off("2027-01-01"), "date", "DAY_OF_ANOTHER_YEAR"),
        (off("2026-09-25"), "date", "DAY_TWICE"),
        (off("2026-03-16", name=""), "name", "NAME_REQUIRED"),
        (off("2026-03-16", name="长" * 41), "name", "NAME_TOO_LONG"),
        (replace(off("2026-03-16"), workday=True), "workday", "HOLIDAY_WORKS"),
        (makeup("2026-03-16"), "date", "MAKEUP_ON_A_WEEKDAY"),
        (replace(makeup("2026-03-21"), workday=False), "workday", "MAKEUP_RESTS"),
        (local("2026-03-16", Half.AFTERNOON), "reason", "REASON_OF_ANOTHER_REGION"),
        (replace(makeup("2026-03-21"), closed=(Half.MORNING,)), "closed", "CLOSED_ON_A_REST_DAY"),
    ],
)
def test_a_wrong_row_of_the_country_is_refused_beside_its_field(row, field, code):
    said = refused(year(row))
    assert said.code == "CALENDAR_DAYS_INVALID"
    assert [(one.field, one.code) for one in said.fields] == [(f"days[{len(SEEDS[2026].days)}].{field}", code)]


@pytest.mark.parametrize(
    ("row", "field", "code"),
    [
        (off("2026-03-16"), "reason", "REASON_OF_ANOTHER_REGION"),
        (local("2026-10-01"), "workday", "HOLIDAY_WORKS"),
        (local("2026-03-16"), "workday", "DAY_NOT_DIFFERENT"),
        (local("2026-03-21", workday=False), "workday", "DAY_NOT_DIFFERENT"),
        (local("2026-03-16", Half.MORNING, workday=False), "closed", "CLOSED_ON_A_REST_DAY"),
        (local("2026-03-16", Half.MORNING, name=""), "name", "NAME_REQUIRED"),
    ],
)
def test_a_wrong_row_of_a_region_is_refused_beside_its_field(row, field, code):
    said = refused(year(row, region=CITY), country=SEEDS[2026])
    assert [(one.field, one.code) for one in said.fields] == [(f"days[0].{field}", code)]


def test_every_wrong_row_is_told_at_once():
    said = refused(year(makeup("2026-03-16"), off("2027-05-01")))
    assert [one.code for one in said.fields] == ["MAKEUP_ON_A_WEEKDAY", "DAY_OF_ANOTHER_YEAR"]


def test_a_year_without_one_of_the_festivals_is_refused_naming_it():
    days = tuple(one for one in SEEDS[2026].days if one.name != "端午节")
    assert "端午" in refused(replace(SEEDS[2026], days=days)).sentence()
    checked_year(replace(SEEDS[2026], days=days, status=YearStatus.PROVISIONAL))
    days = tuple(one for one in SEEDS[2026].days if one.day != date(2026, 10, 2))
    said = refused(replace(SEEDS[2026], days=days, status=YearStatus.PROVISIONAL))
    assert said.code == "CALENDAR_INCOMPLETE" and "2026-10-02" in said.sentence()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"region": "cn"}, "REGION_INVALID"),
        ({"region": "99010"}, "REGION_INVALID"),
        ({"year": 1999}, "YEAR_INVALID"),
        ({"notice": ""}, "NOTICE_REQUIRED"),
        ({"notice": "长" * 201}, "NOTICE_TOO_LONG"),
        ({"region": CITY, "days": ()}, "CALENDAR_MISSING"),
    ],
)
def test_what_surrounds_the_days_is_checked_too(changes, code):
    assert refused(replace(SEEDS[2026], **changes)).code == code


@pytest.mark.parametrize("number", [2024, 2025, 2026])
def test_the_seeds_are_the_years_this_release_knows_and_pass_their_own_checks(number):
    seed = checked_year(SEEDS[number])
    assert workdays(number, seed.days) == WORKING_DAYS[number]
    assert str(number - 1) in seed.notice


def test_the_notice_of_2026_makes_a_sunday_work_and_a_monday_rest():
    calendar = work_calendar(COUNTRY, SEEDS.values())
    assert calendar.is_workday(date(2026, 9, 20)) and not calendar.is_workday(date(2026, 10, 5))
    assert sum(calendar.is_workday(day) for day in days_of(2026)) == 248


def test_a_region_takes_the_country_over_and_adds_its_own_days():
    own = CalendarYear(
        region=CITY,
        year=2026,
        status=YearStatus.ACTIVE,
        notice="云府办〔2026〕3号",
        days=(local("2026-04-22", workday=False), local("2026-03-20", Half.AFTERNOON)),
    )
    calendar = work_calendar(CITY, [*SEEDS.values(), checked_year(own, SEEDS[2026])])
    assert not calendar.is_workday(date(2026, 4, 22)) and calendar.is_workday(date(2026, 9, 20))
    assert calendar.closed_halves(date(2026, 3, 20)) == (Half.AFTERNOON,)
    assert work_calendar(COUNTRY, [*SEEDS.values(), own]).is_workday(date(2026, 4, 22))


def test_a_provisional_year_is_counted_by_and_flagged():
    calendar = work_calendar(COUNTRY, [SEEDS[2025], replace(SEEDS[2026], status=YearStatus.PROVISIONAL)])
    assert calendar.add_workdays(date(2025, 12, 31), 1) == date(2026, 1, 4)
    assert calendar.is_provisional(date(2026, 1, 4)) and not calendar.is_provisional(date(2025, 12, 31))


def test_days_that_follow_each_other_are_told_as_one_range():
    found = [(first.day, last) for first, last in ranges(SEEDS[2026].days) if first.name == "国庆节"]
    assert found == [
        (date(2026, 9, 20), date(2026, 9, 20)),
        (date(2026, 10, 1), date(2026, 10, 7)),
        (date(2026, 10, 10), date(2026, 10, 10)),
    ]
    assert all(last - first.day >= timedelta(0) for first, last in ranges(SEEDS[2025].days))
