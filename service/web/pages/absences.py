"""值班与代岗: who is away, who does their work, and noting that somebody leaves or is back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from service.casework import end_absence, record_absence
from service.casework.workbench import duty_page
from service.rules.absences import AbsenceKind
from service.rules.refusals import Conflict, Forbidden, Refusal, refuse
from service.web.instants import read_instant
from service.web.pages.sign_in import acting
from service.web.pages.wording import say
from service.web.statuses import status_of


def register(pages: Blueprint, office: Any) -> None:
    """Adds the page and its two acts."""

    @pages.get("/duty")
    def duty() -> str:
        return _page(office, {}, None)

    @pages.post("/duty/absences")
    def leave() -> Response | tuple[str, int]:
        given = {name: text.strip()[:400] for name, text in request.form.items()}
        try:
            absence = record_absence(office, acting(), **_asked(given))
        except Refusal as refusal:
            return _page(office, given, refusal), 422 if status_of(refusal) == 400 else status_of(refusal)
        words = gettext("已登记，现在起由代岗人员办理。") if absence.state == "AWAY" else gettext("已登记。")
        flash(words, "good")
        return redirect(url_for("pages.duty", department=given.get("department") or None))

    @pages.post("/duty/absences/<uuid:absence_id>/end")
    def back(absence_id: UUID) -> Response:
        try:
            absence = end_absence(office, acting(), absence_id)
        except (Conflict, Forbidden) as refusal:
            flash(say(refusal), "bad")
        else:
            flash(
                gettext("已撤回。") if absence.state == "WITHDRAWN" else gettext("已返岗，未动的任务转回本人。"), "good"
            )
        return redirect(url_for("pages.duty", department=request.form.get("department") or None))


def _page(office: Any, given: Mapping[str, str], refusal: Refusal | None) -> str:
    department = request.values.get("department", "").strip()[:8] or None
    return render_template(
        "duty.html",
        page=duty_page(office, acting(), department),
        given=given,
        refusal=refusal,
        problems={one.field: one for one in (refusal.fields if refusal else ())},
        kinds=tuple(AbsenceKind),
    )


def _asked(given: Mapping[str, str]) -> dict[str, Any]:
    kind = given.get("kind", "")
    if kind not in tuple(AbsenceKind):
        raise refuse("kind", "FIELD_INVALID", "请选择离岗的种类。")
    return {
        "username": given.get("username") or acting().username,
        "kind": AbsenceKind(kind),
        "since": None if kind == AbsenceKind.SUDDEN else _needed(given, "since"),
        "until": _instant(given, "until"),
        "reason": given.get("reason", ""),
        "stand_in": given.get("stand_in") or None,
    }


def _needed(given: Mapping[str, str], name: str) -> datetime:
    found = _instant(given, name)
    if found is None:
        raise refuse(name, "FIELD_INVALID", "请填写正确的时间。")
    return found


def _instant(given: Mapping[str, str], name: str) -> datetime | None:
    text = given.get(name, "")
    if not text:
        return None
    found = read_instant(text)
    if found is None or not 2 <= found.year <= 9998:
        raise refuse(name, "FIELD_INVALID", "请填写正确的时间。")
    return found
