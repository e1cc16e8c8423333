"""Counting running cases anew when the calendar has changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from service.casework.office import Office
from service.rules.worktime import WorkCalendar
from service.store.records import Records


@dataclass(frozen=True, kw_only=True)
class MovedDeadline:
    """A clock or a timer whose end moves. `days`: working days later (negative: earlier), None when one end is unknown."""

    case_id: UUID
    business_key: str | None
    title: str | None
    kind: str
    name: str
    was: datetime | None
    due: datetime | None
    days: int | None


def affected(records: Records, since: datetime) -> tuple[UUID, ...]:
    """Living cases with a clock or a timer that ends at or after an instant, in the order of their ids."""
    return records.agenda.cases_waiting(since)


def recount_case(office: Office, records: Records, case_id: UUID, was: WorkCalendar) -> tuple[MovedDeadline, ...]:
    """Count the clocks and timers of one case anew."""
    return ()
