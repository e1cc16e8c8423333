"""系统故障: declaring that the service was down, so that no limit runs through it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import ngettext
from werkzeug.wrappers import Response

from service.casework.clocks.outages import declare_outage, declared_outages
from service.rules.refusals import Forbidden, Refusal, refuse
from service.web.instants import read_instant
from service.web.pages.sign_in import acting
from service.web.statuses import status_of


def register(pages: Blueprint, office: Any) -> None:
    """Adds the page and the act."""

    @pages.get("/outages", endpoint="outages")
    def show() -> str:
        return _page(office, {}, None)

    @pages.post("/outages", endpoint="declare_outage")
    def declare() -> Response | tuple[str, int]:
        given = {name: text.strip() for name, text in request.form.items()}
        try:
            moved = declare_outage(
                office, acting(), _instant(given, "down"), _instant(given, "up"), given.get("reason", "")
            )
        except Forbidden:
            raise
        except Refusal as refusal:
            status = status_of(refusal)
            return _page(office, given, refusal), 422 if status == 400 else status
        flash(
            ngettext("已认定系统故障，%(num)s 项时限顺延。", "已认定系统故障，%(num)s 项时限顺延。", len(moved)), "good"
        )
        return redirect(url_for("pages.outages"))


def _page(office: Any, given: dict[str, str], refusal: Refusal | None) -> str:
    return render_template(
        "outages.html",
        outages=declared_outages(office, acting()),
        given=given,
        refusal=refusal,
        problems={one.field: one for one in (refusal.fields if refusal is not None else ())},
    )


def _instant(given: dict[str, str], name: str) -> datetime:
    found = read_instant(given.get(name, ""))
    if found is None or not 2 <= found.year <= 9998:
        raise refuse(name, "FIELD_INVALID", "请填写正确的时间。")
    return found
