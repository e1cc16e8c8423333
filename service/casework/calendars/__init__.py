"""Calendars of working days: who may see and change them, entering a year, and what a change moves."""

from service.casework.calendars.changing import CalendarChange, MovedDeadline, change_calendar
from service.casework.calendars.entering import KINDS, YearRow, beside_rows, days_of_rows, rows_of
from service.casework.calendars.files import read_rows
from service.casework.calendars.viewing import (
    CALENDAR_READERS,
    ChangeLine,
    DayView,
    YearView,
    calendar_history,
    calendar_list,
    calendar_warning,
    calendar_year,
)
from service.store.calendars import EnteredYear

__all__ = [
    "CALENDAR_READERS",
    "KINDS",
    "CalendarChange",
    "ChangeLine",
    "DayView",
    "EnteredYear",
    "MovedDeadline",
    "YearRow",
    "YearView",
    "beside_rows",
    "calendar_history",
    "calendar_list",
    "calendar_warning",
    "calendar_year",
    "change_calendar",
    "days_of_rows",
    "read_rows",
    "rows_of",
]
