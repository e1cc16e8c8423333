"""权力清单 and 目录变化: what each department may do, now or on an earlier day, and what came and went between two days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, render_template, request

from service.casework.register import catalogue_change, department_counts, power_list
from service.casework.workbench import service_now
from service.rules.refusals import Invalid
from service.rules.worktime import SHANGHAI
from service.web.pages import item_words as words
from service.web.pages.days import read_day
from service.web.pages.item_guide import limits_of

YEAR = timedelta(days=365)
EARLIEST = date(2000, 1, 1)


def register(pages: Blueprint, office: Any) -> None:
    """Adds the power list and what changed in the catalogue."""

    @pages.get("/power-list", endpoint="power_list")
    def show_power_list() -> str:
        today = _today(office)
        on = min(_asked("on") or today, today)
        department = request.args.get("department", "").strip()[:3]
        counts = department_counts(office, on=None if on == today else on)
        shown = next((one for one in counts if one.code == department), None)
        return render_template(
            "items/power_list.html",
            counts=counts,
            shown=shown,
            lines=power_list(office, shown.code, on=None if on == today else on) if shown else (),
            words=words,
            limits=limits_of,
            on=on,
            today=today,
        )

    @pages.get("/power-list/changes", endpoint="power_list_changes")
    def show_changes() -> str:
        today = _today(office)
        until = min(_asked("until") or today, today)
        since = min(_asked("since") or until - YEAR, until)
        return render_template(
            "items/changes_between.html",
            change=catalogue_change(office, since, until),
            since=since,
            until=until,
            today=today,
            words=words,
        )


def _today(office: Any) -> date:
    return service_now(office).astimezone(SHANGHAI).date()


def _asked(name: str) -> date | None:
    """The day of an address; what is no day is not asked for."""
    try:
        found = read_day(name, request.args.get(name, "")[:10])
    except Invalid:
        return None
    return max(found, EARLIEST) if found else None
