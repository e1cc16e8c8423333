"""The years a new database begins with: 2024 to 2026, as the package `chinesecalendar` has them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from chinese_calendar.constants import Holiday, holidays, workdays

from service.rules.calendars import COUNTRY, CalendarDay, CalendarYear, DayReason, YearStatus
from service.store.calendars import day_row
from service.store.schema import setting
from service.store.time_schema import calendar_day, calendar_year
from service.store.versions import CALENDARS

NOTICES = {
    2024: "国办发明电〔2023〕7号（2023年10月25日）",
    2025: "国办发明电〔2024〕12号（2024年11月12日）",
    2026: "国办发明电〔2025〕7号（2025年11月4日）",
}
NAMES = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节"}  # as the notices call them
ENTERED = datetime(2026, 1, 1, tzinfo=UTC)


def seeds() -> Iterator[CalendarYear]:
    """The country's years with the notices they follow."""
    names = {one.value: NAMES.get(one.chinese, one.chinese) for one in Holiday}
    for year, notice in NOTICES.items():
        rest = [
            CalendarDay(day=day, workday=False, reason=DayReason.HOLIDAY, name=names[name])
            for day, name in holidays.items()
            if day.year == year
        ]
        work = [
            CalendarDay(day=day, workday=True, reason=DayReason.MAKEUP, name=names[name])
            for day, name in workdays.items()
            if day.year == year
        ]
        days = tuple(sorted([*rest, *work], key=lambda one: one.day))
        yield CalendarYear(region=COUNTRY, year=year, status=YearStatus.ACTIVE, notice=notice, days=days)


def seed(connection: Any) -> None:
    """Write them into empty tables, and the version of the calendars."""
    years = list(seeds())
    entry = {"status": YearStatus.ACTIVE.value, "entered_by": "system", "entered_at": ENTERED}
    rows = [{"region": one.region, "year": one.year, "notice": one.notice, **entry} for one in years]
    connection.execute(calendar_year.insert(), rows)
    connection.execute(calendar_day.insert(), [day_row(one.region, day) for one in years for day in one.days])
    connection.execute(setting.insert(), {"name": CALENDARS, "value": 1})
