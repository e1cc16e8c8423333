"""Calendar guard (J-19): whoever keeps the calendar is told in time that next year's is not there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from service.casework.office import Office
from service.rules.calendars import CalendarAlarm, calendar_alarm
from service.rules.vocabulary import IncidentKind, LedgerAction
from service.rules.worktime import SHANGHAI
from service.store.records import Records


def guard_calendar(office: Office, records: Records, rule: datetime) -> Mapping[str, Any]:
    """The daily look of November and December: an event while next year's calendar is missing or not confirmed.

    Limits that cannot be counted have their incidents already, from the moment they began; here they are counted.
    """
    found = calendar_alarm(records.calendar, rule.astimezone(SHANGHAI).date())
    stopped = records.incidents.count_open(IncidentKind.CALENDAR)
    if found is None:
        return {"missing": stopped}
    told = {"level": found.level.value, "provisional": found.provisional, "missing": stopped}
    records.ledger.write(LedgerAction.CALENDAR_WARNED, None, f"{office.settings.region}:{found.year}", told)
    return {"year": found.year, **told}


def read_alarm(records: Records) -> CalendarAlarm | None:
    """What the guard has to say at this instant; one statement."""
    return calendar_alarm(records.calendar, records.now.astimezone(SHANGHAI).date())
