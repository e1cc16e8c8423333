"""待办 and 已办: the home of everybody who works here."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from service.casework import claim_task
from service.casework.workbench import VIEWS, done_work, inbox
from service.rules.refusals import Conflict
from service.web.pages.addresses import safe_next
from service.web.pages.paging import Address, page_wanted
from service.web.pages.sign_in import acting
from service.web.pages.wording import say


def register(pages: Blueprint, office: Any) -> None:
    """Adds the two lists and the act of claiming."""

    @pages.get("/")
    def home() -> Response:
        return redirect(url_for("pages.inbox"))

    @pages.get("/inbox", endpoint="inbox")
    def open_list() -> str:
        view = request.args.get("view", "all")
        view = view if view in VIEWS else "all"
        search = request.args.get("q", "").strip()[:100]
        work = inbox(office, acting(), view=view, search=search, page=page_wanted())
        address = Address("pages.inbox", view=None if view == "all" else view, q=search)
        return render_template("inbox.html", work=work, view=view, views=VIEWS, search=search, address=address)

    @pages.get("/inbox/done")
    def done() -> str:
        search = request.args.get("q", "").strip()[:100]
        work = done_work(office, acting(), search=search, page=page_wanted())
        return render_template("done.html", work=work, search=search, address=Address("pages.done", q=search))

    @pages.post("/tasks/<uuid:task_id>/claim")
    def claim(task_id: UUID) -> Response:
        actor = acting()
        back = safe_next(request.form.get("next"))
        try:
            claim_task(office, actor, task_id, actor.username)
        except Conflict as refusal:
            flash(say(refusal), "bad")
            return redirect(back)
        flash(gettext("已认领，请办理。"), "good")
        return redirect(url_for("pages.task", task_id=task_id))
