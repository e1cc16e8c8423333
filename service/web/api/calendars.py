"""Calendars of working days for programs: read a year, enter one, and ask beforehand which deadlines would move."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Response

from service.casework.calendars import (
    CalendarChange,
    EnteredYear,
    MovedDeadline,
    YearView,
    calendar_list,
    calendar_year,
    change_calendar,
)
from service.rules.calendars import COUNTRY, CalendarDay, DayReason, YearStatus
from service.rules.refusals import Missing, TooLarge
from service.rules.worktime import Half
from service.web.api.door import answer, door, this_office, who
from service.web.api.paging import only_parameters, parameter
from service.web.bodies import Body, field_refused, read_body
from service.web.instants import iso_instant

MOST_DAYS = 366
CLOSED = {"AM": Half.MORNING, "PM": Half.AFTERNOON}
WORDS = {half: word for word, half in CLOSED.items()}
STATUSES, REASONS = tuple(YearStatus), tuple(DayReason)


@door.get("/calendars")
def list_calendars() -> Response:
    only_parameters()
    return answer({"items": [_line(one) for one in calendar_list(this_office(), who())]})


@door.get("/calendars/<region>/<int:year>")
def get_calendar(region: str, year: int) -> Response:
    only_parameters()
    found = calendar_year(this_office(), who(), region, year)
    if not found.known:
        raise Missing("CALENDAR_MISSING", "缺少{year}年的工作日历,无法计算时限", year=year)
    return answer(_shown(found))


@door.put("/calendars/<region>/<int:year>")
def put_calendar(region: str, year: int) -> Response:
    """Enters a year; with `?preview=true` nothing changes."""
    only_parameters("preview")
    preview = parameter("preview", ("true", "false")) == "true"
    body = read_body()
    body.only("status", "notice", "days", "seen")
    status = body.needed_text("status")
    if status not in STATUSES:
        raise field_refused("status", f" {'、'.join(STATUSES)} 之一")
    days = [_day(part, region) for part in body.parts("days")]
    if len(days) > MOST_DAYS:
        raise TooLarge("BODY_TOO_LARGE", "请求内容超过 64 KB。")
    change = change_calendar(
        this_office(),
        who(),
        region,
        year,
        days,
        notice=body.text("notice", longest=200) or "",
        status=YearStatus(status),
        preview=preview,
        seen=body.whole("seen", least=0),
    )
    return answer({"preview": preview, **_changed(change)})


def _day(part: Body, region: str) -> CalendarDay:
    """One day of a request. What it means is judged in casework."""
    part.only("date", "workday", "reason", "name", "closed")
    text = part.needed_text("date", longest=10)
    try:
        day = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        day = None
    if day is None:
        raise field_refused(f"{part.path}date", "日期，例如 2027-01-01")
    workday = part.flag("workday")
    usual = DayReason.LOCAL if region != COUNTRY else DayReason.MAKEUP if workday else DayReason.HOLIDAY
    reason = part.text("reason", longest=10) or usual
    if reason not in REASONS:
        raise field_refused(f"{part.path}reason", f" {'、'.join(REASONS)} 之一")
    closed = part.texts("closed") or []
    if not set(closed) <= set(CLOSED):
        raise field_refused(f"{part.path}closed", f"由 {'、'.join(CLOSED)} 组成的列表")
    return CalendarDay(
        day=day,
        workday=workday,
        reason=DayReason(reason),
        name=(part.text("name") or "").strip(),
        closed=tuple(sorted({CLOSED[word] for word in closed})),
    )


def _line(one: EnteredYear) -> dict[str, Any]:
    return {
        "region": one.calendar.region,
        "year": one.calendar.year,
        "status": one.calendar.status.value,
        "notice": one.calendar.notice,
        "enteredBy": one.entered_by,
        "enteredAt": iso_instant(one.entered_at),
    }


def _shown(found: YearView) -> dict[str, Any]:
    """The year as a region counts it: its own entry, else the country's."""
    entry = found.own or found.country
    assert entry is not None
    return {
        **_line(entry),
        "region": found.region,
        "inherited": found.own is None,
        "provisional": found.provisional,
        "workdays": found.workdays,
        "version": found.version,
        "days": [
            {
                "date": one.day.isoformat(),
                "workday": one.workday,
                "kind": one.kind.value.upper(),
                "name": one.name,
                "closed": [WORDS[half] for half in one.closed],
            }
            for one in found.days
        ],
    }


def _changed(change: CalendarChange) -> dict[str, Any]:
    return {
        "region": change.year.region,
        "year": change.year.year,
        "status": change.year.status.value,
        "notice": change.year.notice,
        "version": change.version,
        "moved": [_moved(one) for one in change.moved],
    }


def _moved(one: MovedDeadline) -> dict[str, Any]:
    return {
        "caseId": str(one.case_id),
        "businessKey": one.business_key,
        "title": one.title,
        "kind": one.kind,
        "name": one.name,
        "was": iso_instant(one.was),
        "due": iso_instant(one.due),
        "days": one.days,
    }
