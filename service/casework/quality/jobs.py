"""What the calendar begins by itself: 回访 and 抽查 of the month before (J-13), and 一把手现场办公 of the quarter (J-15)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid5

from service.casework.messages.notices import notice
from service.casework.office import Office
from service.casework.posts import HEAD, group_of
from service.casework.starting import begin
from service.rules.quality import month_before, nth_workday, quarter_of, workdays_of
from service.rules.worktime import SHANGHAI
from service.store.records import Records

CALLBACK, INSPECTION, ON_SITE = "support_SP_03", "support_SP_16", "support_SP_20"
SECOND = 2  # working day of the month
REMIND_AT = (15, 1)  # working days that are left of the quarter
STEP = "Task_OnSite"


def open_monthly(office: Office, records: Records, rule: datetime) -> dict[str, Any]:
    """J-13: on the second working day, the call-backs and the inspection of the month before; each once."""
    day = rule.astimezone(SHANGHAI).date()
    if day.year not in records.calendar.years or nth_workday(records.calendar, day) != SECOND:
        return {"opened": 0}
    period = month_before(day)
    opened = 0
    for key, name, prefix in ((CALLBACK, "回访", "HF"), (INSPECTION, "抽查", "CC")):
        definition = records.deployments.newest([key]).get(key)
        if definition is None or definition.suspended or records.quality.cases_with(key, "period", period):
            continue
        number = f"{prefix}-{period.replace('-', '')}"
        begin(
            office,
            records,
            None,
            definition,
            business_key=number,
            variables={"period": period},
            title=f"{name} {period}",
        )
        opened += 1
    return {"opened": opened, "period": period}


def tend_on_site_days(office: Office, records: Records, rule: datetime) -> dict[str, Any]:
    """DF-16: one for each department with a 主要负责人 on the quarter's first working day; those who have not been there are
    told when 15 working days are left and on the last one (J-15)."""
    day = rule.astimezone(SHANGHAI).date()
    name, first, last = quarter_of(day)
    if not {first.year, last.year} <= set(records.calendar.years) or not records.calendar.is_workday(day):
        return {"opened": 0, "told": 0}
    opened = 0
    if workdays_of(records.calendar, first, day) == 1:
        opened = _open_quarter(office, records, name, workdays_of(records.calendar, first, last))
    left = workdays_of(records.calendar, day, last)
    told = _remind(records, name, left) if left in REMIND_AT else 0
    return {"opened": opened, "told": told, "quarter": name}


def _open_quarter(office: Office, records: Records, quarter: str, days: int) -> int:
    definition = records.deployments.newest([ON_SITE]).get(ON_SITE)
    if definition is None or definition.suspended or records.quality.cases_with(ON_SITE, "quarter", quarter):
        return 0
    departments = records.people.departments()
    heads = records.people.members({group_of(one.code, HEAD) for one in departments})
    opened = 0
    for one in departments:
        if not heads.get(group_of(one.code, HEAD)):
            continue
        variables = {"quarter": quarter, "department": one.code, "limit": f"{days - 1}wd", "days": days}
        title = f"现场办公 {quarter} {one.short}"
        number = f"XC-{quarter}-{one.code}"
        begin(office, records, None, definition, business_key=number, variables=variables, title=title)
        opened += 1
    return opened


def _remind(records: Records, quarter: str, left: int) -> int:
    told = 0
    for case_id in records.quality.cases_with(ON_SITE, "quarter", quarter):
        for task in records.tasks.open_of(case_id):
            if task.element == STEP:
                to = task.assignee or f"{task.department}:{HEAD}"
                event = uuid5(task.id, f"L12/{left}")
                records.agenda.add(
                    [notice(records.now, "L12", [to], event=event, case_id=case_id, values={"days": left})]
                )
                told += 1
    return told
