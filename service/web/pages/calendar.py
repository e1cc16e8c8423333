"""工作日历: a year at a glance, entering the yearly notice row by row or from a file, and what a change would move."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from service.casework.calendars import (
    KINDS,
    YearRow,
    YearView,
    beside_rows,
    calendar_history,
    calendar_list,
    calendar_year,
    change_calendar,
    days_of_rows,
    read_rows,
    rows_of,
)
from service.casework.workbench import service_now
from service.rules.calendars import COUNTRY, EARLIEST_YEAR, LATEST_YEAR, YearStatus, ranges
from service.rules.refusals import FieldProblem, Forbidden, Invalid, Missing, Refusal
from service.rules.worktime import SHANGHAI
from service.web.pages.labels import FESTIVALS
from service.web.pages.rights import Rights
from service.web.pages.sign_in import acting
from service.web.statuses import status_of

FIELDS = ("name", "first", "last", "makeup", "kind")
MORE = 3  # empty rows added at a time
MOST = 120


def register(pages: Blueprint, office: Any) -> None:
    """Adds the year, the form to enter one, and its preview."""

    @pages.get("/calendar")
    def calendar() -> Response:
        year = service_now(office).astimezone(SHANGHAI).year
        return redirect(url_for("pages.calendar_year", region=office.settings.region, year=year))

    @pages.get("/calendar/<region>/<int:year>")
    def calendar_year(region: str, year: int) -> str:
        return _year_page(office, region, year)

    @pages.get("/calendar/<region>/<int:year>/edit")
    def calendar_edit(region: str, year: int) -> str:
        found = _to_edit(office, region, year)
        own = found.own.calendar if found.own is not None else None
        rows = rows_of(region, own.days) if own is not None else ()
        if not rows and region == COUNTRY:
            rows = tuple(YearRow(name=str(name)) for name in FESTIVALS)
        status = own.status if own is not None else YearStatus.PROVISIONAL
        return _form(found, rows, notice=own.notice if own is not None else "", status=status)

    @pages.post("/calendar/<region>/<int:year>/edit")
    def calendar_change(region: str, year: int) -> Response | str | tuple[str, int]:
        found = _to_edit(office, region, year)
        rows, notice, status = _sent(), request.form.get("notice", "").strip()[:300], _status()
        act = request.form.get("act", "preview")
        try:
            if act == "file":
                rows = _of_file(region, year)
                return _form(found, rows, notice=notice, status=status)
            if act == "more":
                return _form(found, rows, notice=notice, status=status, more=MORE)
            return _change(office, found, rows, notice, status, confirmed=act == "confirm")
        except Refusal as refusal:
            code = status_of(refusal)
            return _form(found, rows, notice=notice, status=status, refusal=refusal), 422 if code == 400 else code


def _year_page(office: Any, region: str, year: int) -> str:
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise Missing("NOT_FOUND", "没有这个页面。")
    entered = calendar_list(office, acting())
    found = calendar_year(office, acting(), region, year)
    today = service_now(office).astimezone(SHANGHAI).date()
    known = {one.calendar.year for one in entered if one.calendar.region == COUNTRY}
    return render_template(
        "calendar.html",
        found=found,
        months=_months(found),
        differing=ranges([day for entry in (found.country, found.own) if entry for day in entry.calendar.days]),
        history=calendar_history(office, acting(), region),
        regions=sorted({COUNTRY, office.settings.region, region}, key=lambda one: (one != COUNTRY, one)),
        years=sorted(known | {today.year + 1, year}),
        today=today,
    )


def _months(found: YearView) -> list[tuple[int, list[list[Any]]]]:
    """Twelve months of weeks from Monday to Sunday; None where a week reaches into another month."""
    by_day = {one.day: one for one in found.days}
    weeks = Calendar().monthdatescalendar
    return [
        (
            month,
            [[by_day.get(day) if day.month == month else None for day in week] for week in weeks(found.year, month)],
        )
        for month in (range(1, 13) if found.known else ())
    ]


def _to_edit(office: Any, region: str, year: int) -> YearView:
    """The year for who may change it. Refused: Forbidden CALENDAR_KEEPERS_ONLY."""
    if not Rights(acting(), demo=office.settings.demo).keep_calendar:
        raise Forbidden("CALENDAR_KEEPERS_ONLY", "只有业务科和系统管理员可以修改工作日历。")
    return calendar_year(office, acting(), region, year)


def _form(
    found: YearView,
    rows: Sequence[YearRow],
    *,
    notice: str,
    status: YearStatus,
    more: int = 0,
    refusal: Refusal | None = None,
) -> str:
    empty = more or (0 if rows and found.region == COUNTRY else MORE)
    shown = (*rows, *(YearRow() for _ in range(empty)))[:MOST]
    problems: Mapping[str, FieldProblem] = {one.field: one for one in (refusal.fields if refusal else ())}
    return render_template(
        "calendar_edit.html",
        found=found,
        rows=[asdict(row) for row in shown],
        notice=notice,
        status=status.value,
        refusal=refusal,
        problems=problems,
        kinds=KINDS,
    )


def _change(
    office: Any, found: YearView, rows: Sequence[YearRow], notice: str, status: YearStatus, *, confirmed: bool
) -> Response | str:
    inherited: frozenset[date] = frozenset()
    if found.country is not None:
        inherited = found.country.calendar.workdays
    days, origins = days_of_rows(found.region, found.year, rows, inherited)
    seen = request.form.get("seen", "")
    try:
        change = change_calendar(
            office,
            acting(),
            found.region,
            found.year,
            days,
            notice=notice,
            status=status,
            preview=not confirmed,
            seen=int(seen) if confirmed and seen.isascii() and seen.isdigit() else None,
        )
    except Invalid as refusal:
        raise beside_rows(refusal, origins) from refusal
    if not confirmed:
        return render_template(
            "calendar_preview.html", found=found, change=change, rows=[asdict(row) for row in rows if not row.empty]
        )
    flash(
        gettext("%(year)s 年工作日历已保存，%(count)s 个时限已重新计算。", year=found.year, count=len(change.moved)),
        "good",
    )
    return redirect(url_for("pages.calendar_year", region=found.region, year=found.year))


def _sent() -> tuple[YearRow, ...]:
    """The rows of the form as they were typed."""
    columns = {field: request.form.getlist(f"row-{field}") for field in FIELDS}
    length = min(MOST, max(map(len, columns.values())))
    rows = [
        YearRow(**{field: texts[n].strip()[:200] if n < len(texts) else "" for field, texts in columns.items()})
        for n in range(length)
    ]
    while rows and rows[-1].empty and not rows[-1].name:
        rows.pop()
    return tuple(rows)


def _status() -> YearStatus:
    text = request.form.get("status", "")
    return YearStatus(text) if text in tuple(YearStatus) else YearStatus.PROVISIONAL


def _of_file(region: str, year: int) -> tuple[YearRow, ...]:
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Invalid("NO_FILES", "请选择至少一个文件。")
    try:
        return read_rows(file.filename, file.read(), region, year)
    finally:
        file.close()
