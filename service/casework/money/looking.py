"""When somebody has to look at an unpaid bill again (J-06, J-07)."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from service.rules.bills import abandoned_on
from service.rules.worktime import SHANGHAI, CalendarMissing, WorkCalendar
from service.store.bills import BillRow

REMINDERS = 3
REMIND_EVERY = 5  # working days
REMIND_AT, ABANDON_AT = time(8, 30), time(1, 0)
UNKNOWN_YEAR = timedelta(days=30)  # until somebody looks whether next year's calendar is there


def next_look(calendar: WorkCalendar, bill: BillRow, now: datetime) -> datetime:
    """A reminder in the morning after every five working days, three times; the end after the sixtieth."""
    try:
        if bill.reminded < REMINDERS:
            last = calendar.add_workdays(bill.issued_on, REMIND_EVERY * (bill.reminded + 1))
            return datetime.combine(calendar.add_workdays(last, 1), REMIND_AT, SHANGHAI)
        return datetime.combine(abandoned_on(calendar, bill.issued_on) + timedelta(1), ABANDON_AT, SHANGHAI)
    except CalendarMissing:
        return now + UNKNOWN_YEAR
