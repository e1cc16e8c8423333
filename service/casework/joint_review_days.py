"""联审联批工作日 and 重点项目企业集中办公日: both meetings of a month are called on its first working day (R-MTG-1, DF-21)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from service.casework.office import Office
from service.casework.starting import begin
from service.rules.meetings import meeting_dates
from service.rules.quality import nth_workday
from service.rules.worktime import SHANGHAI
from service.store.records import Records

MEETING = "support_HY"
KINDS = (("joint", "LS", "联审联批会议"), ("project", "JB", "集中办公日"))


def open_meetings(office: Office, records: Records, rule: datetime) -> dict[str, Any]:
    """On the first working day of a month, each once; what is late in running chains stands on the agenda already (DF-22).

    Departments raise issues until five working days before the sitting. Refused: CALENDAR_MISSING.
    """
    day, calendar = rule.astimezone(SHANGHAI).date(), records.calendar
    if day.year not in calendar.years or nth_workday(calendar, day) != 1:
        return {"opened": 0}
    definition = records.deployments.newest([MEETING]).get(MEETING)
    if definition is None or definition.suspended:
        return {"opened": 0}
    dates, opened = meeting_dates(calendar, day.year, day.month), 0
    late = [f"{one.title}：{one.name}已超期；{one.department}；{one.number}" for one in records.clocks.late_chains()]
    for kind, prefix, name in KINDS:
        number = f"{prefix}-{day:%Y%m}"
        if records.cases.has_number(number):
            continue
        sitting = dates.joint if kind == "joint" else dates.project
        freeze = calendar.workday_before(sitting, 5)
        variables = {
            "meeting_kind": kind,
            "meeting_no": number,
            "meeting_on": sitting.isoformat(),
            "found": late if kind == "joint" else [],
            "departments": departments(records),
            "collect_limit": f"{max(1, calendar.workdays_between(day, freeze))}wd",
        }
        title = f"{name} {said(sitting)}"
        begin(office, records, None, definition, business_key=number, variables=variables, title=title)
        opened += 1
    return {"opened": opened, "month": f"{day:%Y-%m}"}


def departments(records: Records) -> list[str]:
    """Who takes part: every department with a 首席代表."""
    codes = [one.code for one in records.people.departments()]
    members = records.people.members({f"{code}:chief_rep" for code in codes})
    return [code for code in codes if members.get(f"{code}:chief_rep") and code < "200"]


def said(day: date) -> str:
    """`3月16日`."""
    return f"{day.month}月{day.day}日"
