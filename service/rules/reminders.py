"""The calendar of reminders: which message goes out on which day for what is waiting (DOMAIN F.2, SP-11, SP-12)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from service.rules import certificates
from service.rules.certificates import Certificate
from service.rules.meetings import meeting_dates
from service.rules.receipt import correction
from service.rules.worktime import WorkCalendar

PICK_UP = (3, 7, 10)  # working days after the certificate is ready
OFFICE_VISIT = 15  # working days before the end of a quarter without 现场办公


@dataclass(frozen=True, kw_only=True)
class Reminder:
    """A message that is due at an instant, the nth of its kind."""

    code: str
    at: datetime
    nth: int


def pick_up(calendar: WorkCalendar, ready: date) -> tuple[Reminder, ...]:
    """催领: three, seven and ten working days after the certificate is ready. Refused: CALENDAR_MISSING."""
    return _on("M19", calendar, (calendar.add_workdays(ready, n) for n in PICK_UP))


def supplement(calendar: WorkCalendar, notice: date) -> tuple[Reminder, ...]:
    """补正提醒: ten, twenty and twenty-eight working days after the notice. Refused: CALENDAR_MISSING."""
    return _on("M04", calendar, correction(calendar, notice).reminders)


def renewal(calendar: WorkCalendar, certificate: Certificate) -> tuple[Reminder, ...]:
    """到期延续提醒: sixty and thirty days before the end, whatever day of the week that is."""
    return _on("M22", calendar, certificates.reminders(certificate))


def invitation(calendar: WorkCalendar, year: int, month: int) -> tuple[Reminder, ...]:
    """会议通知 of the month's joint review. Refused: CALENDAR_MISSING."""
    return _on("L05", calendar, (meeting_dates(calendar, year, month).notify,))


def monthly_figures(calendar: WorkCalendar, year: int, month: int) -> tuple[Reminder, ...]:
    """月统计 of a month: the first working day of the next one. Refused: CALENDAR_MISSING."""
    following = date(year + month // 12, month % 12 + 1, 1)
    return _on("L11", calendar, (calendar.add_workdays(following, 0),))


def office_visit(calendar: WorkCalendar, year: int, quarter: int) -> tuple[Reminder, ...]:
    """一把手现场办公: when so many working days of a quarter are left, its last one included. Refused: CALENDAR_MISSING."""
    ends = date(year, quarter * 3, 31 if quarter in (1, 4) else 30)
    return _on("L12", calendar, (calendar.workday_before(ends + timedelta(1), OFFICE_VISIT),))


def _on(code: str, calendar: WorkCalendar, days: Iterable[date]) -> tuple[Reminder, ...]:
    """At the opening of every day."""
    return tuple(Reminder(code=code, at=calendar.open_of(day), nth=n) for n, day in enumerate(days, start=1))
