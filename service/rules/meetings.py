"""Dates of the monthly joint review and of agency service (DOMAIN D.12)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from service.rules.clocks import Clock, ClockKind, Unit
from service.rules.promises import limit_clock
from service.rules.worktime import WorkCalendar

JOINT_DAY, PROJECT_DAY = 16, 17  # 联审联批工作日, 重点项目企业集中办公日
SETTLE, SUBMIT = 3, 5  # working days after the meeting
FREEZE, NOTIFY = 5, 2  # working days before it
AGENCY_DAYS = 20


@dataclass(frozen=True, kw_only=True)
class MeetingDates:
    """The two meetings of a month, and what the first one sets in motion (R-MTG-1)."""

    joint: date
    project: date
    answer_by: datetime
    settle: date
    submit: date
    agenda_freeze: date
    notify: date


def meeting_dates(calendar: WorkCalendar, year: int, month: int) -> MeetingDates:
    """Rolled forward to working days, the second at least one working day after the first. Refused: CALENDAR_MISSING."""
    joint = calendar.add_workdays(date(year, month, JOINT_DAY), 0)
    return MeetingDates(
        joint=joint,
        project=max(calendar.add_workdays(date(year, month, PROJECT_DAY), 0), calendar.add_workdays(joint, 1)),
        answer_by=calendar.close_of(joint),
        settle=calendar.add_workdays(joint, SETTLE),
        submit=calendar.add_workdays(joint, SUBMIT),
        agenda_freeze=calendar.workday_before(joint, FREEZE),
        notify=calendar.workday_before(joint, NOTIFY),
    )


def agency_clock(signed: date, conditions: int, *, unit: Unit = Unit.WORKDAY) -> Clock | None:
    """全程代办: 20 days when all three entry conditions are met, else service without the promise (R-AGY-1, AMB-04)."""
    return limit_clock(ClockKind.AGENCY, signed, AGENCY_DAYS, unit) if conditions == 3 else None
