"""Kept filters of the inbox: save, make usual, delete; and following a case."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from service.casework.following import follow_case, follows, unfollow_case
from service.casework.saved_filters import delete_filter, save_filter, set_usual_filter
from service.rules.refusals import Forbidden, Invalid
from service.rules.work_filters import filter_of
from service.web.pages.addresses import safe_next
from service.web.pages.paging import Address
from service.web.pages.sign_in import acting
from service.web.pages.wording import say


def register(pages: Blueprint, office: Any) -> None:
    """Adds the acts; `follows_case(case)` for templates."""

    @pages.app_template_global("follows_case")
    def followed(case_id: UUID) -> bool:
        return follows(office, acting(), case_id)

    @pages.post("/inbox/filters", endpoint="save_filter")
    def save() -> Response:
        form = request.form
        wanted = filter_of(form.get("query", "")[:2000])
        try:
            save_filter(
                office,
                acting(),
                form.get("name", "")[:200],
                wanted,
                shared=bool(form.get("shared")),
                usual=bool(form.get("usual")),
            )
        except Invalid as refusal:
            flash(say(refusal), "bad")
        else:
            flash(gettext("筛选已保存。"), "good")
        return redirect(Address("pages.inbox", **{"tab": wanted.tab, **wanted.parameters})())

    @pages.post("/inbox/filters/<uuid:filter_id>/usual", endpoint="usual_filter")
    def usual(filter_id: UUID) -> Response:
        try:
            set_usual_filter(office, acting(), filter_id, usual=request.form.get("usual") == "1")
        except Forbidden as refusal:
            flash(say(refusal), "bad")
        return redirect(safe_next(request.form.get("next")))

    @pages.post("/inbox/filters/<uuid:filter_id>/delete", endpoint="delete_filter")
    def delete(filter_id: UUID) -> Response:
        try:
            name = delete_filter(office, acting(), filter_id)
        except Forbidden as refusal:
            flash(say(refusal), "bad")
        else:
            flash(gettext("筛选“%(name)s”已删除。", name=name), "good")
        return redirect(safe_next(request.form.get("next")))

    @pages.post("/cases/<uuid:case_id>/follow", endpoint="follow_case")
    def follow(case_id: UUID) -> Response:
        if request.form.get("follow") == "0":
            unfollow_case(office, acting(), case_id)
            flash(gettext("已取消关注。"), "good")
        else:
            follow_case(office, acting(), case_id)
            flash(gettext("已关注，可在待办的“关注”中查看。"), "good")
        return redirect(safe_next(request.form.get("next") or url_for("pages.case", case_id=case_id)))
