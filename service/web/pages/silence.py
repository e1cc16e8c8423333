"""补正 and 超时默许 on pages: what the case page shows of them, and what people may do about them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from service.casework import hold_tacit, late_opinion, release_notice, silence_file
from service.rules.refusals import Refusal
from service.web.pages.sign_in import acting
from service.web.pages.wording import say


def register(pages: Blueprint, office: Any) -> None:
    """Adds the acts, and `silence_of(case_id)` for templates."""

    @pages.app_template_global("silence_of")
    def silence_of(case_id: UUID) -> Any:
        return silence_file(office, acting(), case_id)

    @pages.post("/tasks/<uuid:task_id>/late-opinion", endpoint="late_opinion")
    def speak(task_id: UUID) -> Response:
        try:
            late_opinion(office, acting(), task_id, request.form.get("text", ""))
        except Refusal as refusal:
            flash(say(refusal), "bad")
        else:
            flash(gettext("补交意见已存入办件。"), "good")
        return redirect(url_for("pages.task", task_id=task_id))

    @pages.post("/cases/<uuid:case_id>/hold-tacit", endpoint="hold_tacit")
    def hold(case_id: UUID) -> Response:
        try:
            until = hold_tacit(office, acting(), case_id, scope=_scope(), reason=request.form.get("reason", ""))
        except Refusal as refusal:
            flash(say(refusal), "bad")
        else:
            flash(gettext("已暂缓默许，至 %(day)s。", day=until.isoformat()), "good")
        return redirect(url_for("pages.case", case_id=case_id))

    @pages.post("/cases/<uuid:case_id>/release-notice", endpoint="release_notice")
    def release(case_id: UUID) -> Response:
        try:
            release_notice(office, acting(), case_id, scope=_scope(), reason=request.form.get("reason", ""))
        except Refusal as refusal:
            flash(say(refusal), "bad")
        else:
            flash(gettext("已放行再次补正。"), "good")
        return redirect(url_for("pages.case", case_id=case_id))


def _scope() -> UUID | None:
    try:
        return UUID(request.form["scope"]) if request.form.get("scope") else None
    except ValueError:
        return None
