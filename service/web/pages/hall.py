"""窗口: kinds, opening periods and who is posted where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response

from service.casework.staff.departments import department_names
from service.casework.staff.windows import (
    VIEWS,
    close_window,
    end_posting,
    post_to_window,
    put_window,
    window_list,
    window_page,
)
from service.rules.organisation import EVERY_WORKDAY, Period
from service.rules.refusals import Conflict, Forbidden, Invalid, Missing, Refusal, refuse
from service.web.pages import listing
from service.web.pages.labels import BOARDS, WEEKDAYS_SHORT, WINDOW_KINDS
from service.web.pages.paging import Address
from service.web.pages.sign_in import acting
from service.web.statuses import status_of

FIELDS = ("number", "name", "kind", "department", "board", "note")
ROWS = 3  # of periods at least


def register(pages: Blueprint, office: Any) -> None:
    """Adds the list, one window, the form to open or change one, and postings."""

    def load(number: int) -> Any:
        view, filters = _filters()
        return window_list(office, acting(), filters=filters, view=view, sort=listing.sort_wanted(), page=number)

    listed = listing.declare(
        pages,
        listing.Listed(
            name="hall_windows",
            words=lazy_gettext("窗口与派驻"),
            load=load,
            sorts=("number", "name", "kind", "department"),
            columns=(
                listing.Column(code="number", words=lazy_gettext("编号"), cell=lambda row, _: row.number),
                listing.Column(code="name", words=lazy_gettext("名称"), cell=lambda row, _: row.name),
                listing.Column(code="kind", words=lazy_gettext("类别"), cell=lambda row, _: WINDOW_KINDS[row.kind]),
                listing.Column(
                    code="board", words=lazy_gettext("板块"), cell=lambda row, _: BOARDS.get(row.board or "")
                ),
                listing.Column(code="department", words=lazy_gettext("部门"), cell=lambda row, _: row.short),
                listing.Column(
                    code="people",
                    words=lazy_gettext("派驻人员"),
                    cell=lambda row, found: "、".join(found.more["people"].get(row.number, ())),
                ),
                listing.Column(
                    code="periods",
                    words=lazy_gettext("开放时段"),
                    cell=lambda row, _: "；".join(period_words(one) for one in row.periods or ()),
                ),
            ),
        ),
    )

    @pages.app_template_filter("period")
    def said(data: Mapping[str, Any]) -> str:
        return period_words(data)

    @pages.get("/admin/windows", endpoint="hall_windows")
    def every() -> str:
        view, filters = _filters()
        return render_template(
            "admin/windows.html",
            found=listing.shown(listed),
            view=view,
            filters=filters,
            departments=department_names(office),
            address=Address("pages.hall_windows", view=None if view == "open" else view, **filters),
        )

    @pages.get("/admin/windows/new", endpoint="new_hall_window")
    def new() -> str:
        window_list(office, acting())
        return _form(office, {"kind": "STANDING"}, [])

    @pages.get("/admin/windows/<number>", endpoint="hall_window")
    def show(number: str) -> str:
        return _page(office, number)

    @pages.post("/admin/windows", endpoint="change_hall_window")
    def change() -> Response | tuple[str, int]:
        given = {name: request.form.get(name, "").strip()[:500] for name in FIELDS}
        new, rows = request.form.get("new") == "yes", _sent()
        try:
            number = put_window(office, acting(), given, _periods(rows), new=new)
        except (Invalid, Conflict) as refusal:
            status = 422 if isinstance(refusal, Invalid) else status_of(refusal)
            if new:
                return _form(office, given, rows, refusal), status
            return _page(office, given["number"], given=given, rows=rows, refusal=refusal, act="change"), status
        flash(gettext("已保存。"), "good")
        return redirect(url_for("pages.hall_window", number=number))

    @pages.post("/admin/windows/<number>/close", endpoint="close_hall_window")
    def close(number: str) -> Response | tuple[str, int]:
        closed = request.form.get("closed") == "yes"
        try:
            close_window(office, acting(), number, request.form.get("reason", "")[:500], closed=closed)
        except Invalid as refusal:
            return _page(office, number, refusal=refusal, act="close"), 422
        flash(gettext("窗口已撤销，派驻同时结束。") if closed else gettext("窗口已恢复。"), "good")
        return redirect(url_for("pages.hall_window", number=number))

    @pages.post("/admin/windows/<number>/people", endpoint="post_to_window")
    def post(number: str) -> Response | tuple[str, int]:
        given = {name: request.form.get(name, "").strip()[:100] for name in ("username", "since", "until", "purpose")}
        try:
            since = _day(given["since"], "since")
            if since is None:
                raise refuse("since", "FIELD_INVALID", "请填写正确的日期。")
            post_to_window(
                office, acting(), number, username=given["username"], since=since, until=_day(given["until"], "until"),
                purpose=given["purpose"],
            )  # fmt: skip
        except (Forbidden, Missing):
            raise
        except Refusal as refusal:
            status = 422 if isinstance(refusal, Invalid) else status_of(refusal)
            return _page(office, number, posted=given, refusal=refusal, act="post"), status
        flash(gettext("派驻已登记。"), "good")
        return redirect(url_for("pages.hall_window", number=number))

    @pages.post("/admin/postings/<uuid:posting_id>/end", endpoint="end_posting")
    def end(posting_id: UUID) -> Response:
        number = end_posting(office, acting(), posting_id)
        flash(gettext("派驻已结束。"), "good")
        return redirect(url_for("pages.hall_window", number=number))


def period_words(data: Mapping[str, Any]) -> str:
    """A period in words: 2026-09-01 至 2026-10-31，周一、二、三、四、五，09:00–12:00."""
    parts = []
    if data.get("since") or data.get("until"):
        parts.append(
            gettext(
                "%(since)s 至 %(until)s", since=data.get("since") or "…", until=data.get("until") or gettext("长期")
            )
        )
    weekdays = data.get("weekdays") or EVERY_WORKDAY
    if weekdays == EVERY_WORKDAY:
        parts.append(gettext("工作日"))
    else:
        parts.append(gettext("周") + gettext("、").join(str(WEEKDAYS_SHORT[one]) for one in weekdays))
    if data.get("opens"):
        parts.append(f"{data['opens']}–{data['closes']}")
    return gettext("，").join(parts)


def _filters() -> tuple[str, dict[str, str]]:
    view = request.args.get("view", "open")
    kind, board = request.args.get("kind", ""), request.args.get("board", "")
    filters = {
        "q": request.args.get("q", "").strip()[:60],
        "kind": kind if kind in WINDOW_KINDS else "",
        "board": board if board in BOARDS else "",
        "department": request.args.get("department", "")[:8],
    }
    return (view if view in VIEWS else "open"), filters


def _sent() -> list[dict[str, str]]:
    rows, count = [], request.form.get("rows", "0")[:4]
    for number in range(min(int(count), 12) if count.isascii() and count.isdigit() else 0):
        row = {
            name: request.form.get(f"{name}-{number}", "").strip()[:10]
            for name in ("since", "until", "opens", "closes")
        }
        row["weekdays"] = "".join(sorted(set(request.form.getlist(f"weekdays-{number}"))))[:7]
        if any(row[name] for name in ("since", "until", "opens", "closes")):
            rows.append(row)
    return rows


def _periods(rows: Sequence[Mapping[str, str]]) -> list[Period]:
    return [
        Period(
            since=_day(row["since"], "periods"),
            until=_day(row["until"], "periods"),
            weekdays=row["weekdays"],
            opens=_time(row["opens"]),
            closes=_time(row["closes"]),
        )
        for row in rows
    ]


def _day(text: str, field: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise refuse(field, "FIELD_INVALID", "请填写正确的日期。") from None


def _time(text: str) -> time | None:
    if not text:
        return None
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise refuse("periods", "FIELD_INVALID", "请填写正确的时间。") from None


def _form(
    office: Any, given: Mapping[str, str], rows: Sequence[Mapping[str, str]], refusal: Refusal | None = None
) -> str:
    return render_template(
        "admin/window.html", page=None, **_shared(office, given, rows, refusal), act="change", posted={}
    )


def _page(
    office: Any,
    number: str,
    *,
    given: Mapping[str, str] | None = None,
    rows: Sequence[Mapping[str, str]] | None = None,
    posted: Mapping[str, str] | None = None,
    refusal: Refusal | None = None,
    act: str = "",
) -> str:
    page = window_page(office, acting(), number)
    stored = {name: getattr(page.row, name) or "" for name in FIELDS}
    shared = _shared(office, given or stored, page.row.periods if rows is None else rows, refusal)
    return render_template("admin/window.html", page=page, posted=posted or {}, act=act, **shared)


def _shared(office: Any, given: Mapping[str, str], rows: Sequence[Any], refusal: Refusal | None) -> dict[str, Any]:
    empty = {"since": "", "until": "", "opens": "", "closes": "", "weekdays": EVERY_WORKDAY}
    filled = [dict(row) for row in rows]
    return {
        "given": given,
        "rows": filled + [empty] * max(1, ROWS - len(filled)),
        "refusal": refusal,
        "problems": {one.field: one for one in (refusal.fields if refusal else ())},
        "kinds": WINDOW_KINDS,
        "boards": BOARDS,
        "weekdays": WEEKDAYS_SHORT,
        "departments": department_names(office),
    }
