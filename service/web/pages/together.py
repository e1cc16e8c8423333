"""协同: the opinions one owes, the receipt for cases one was sent to read, and everything of somebody who leaves."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from service.casework.handing import acknowledge_copy, hand_over, owed, what_is_left
from service.rules.refusals import Forbidden, Invalid, Refusal
from service.web.pages.handing_words import policy_words
from service.web.pages.sign_in import acting
from service.web.statuses import status_of


def register(pages: Blueprint, office: Any) -> None:
    """Adds both pages and their acts."""
    pages.app_template_filter("policy")(policy_words)

    @pages.get("/together", endpoint="together")
    def show() -> str:
        return render_template("together.html", owed=owed(office, acting()))

    @pages.post("/together/copies/<uuid:copy_id>/read", endpoint="read_copy")
    def read(copy_id: UUID) -> Response:
        case_id = acknowledge_copy(office, acting(), copy_id)
        flash(gettext("已阅，发送人可以看到。"), "good")
        return redirect(url_for("pages.case", case_id=case_id))

    @pages.get("/people/<username>/hand-over", endpoint="leaving")
    def look(username: str) -> str | tuple[str, int]:
        successor = request.args.get("successor", "").strip()[:60]
        try:
            left = what_is_left(office, acting(), username, successor or None)
        except Forbidden:
            raise
        except Invalid as refusal:
            left = what_is_left(office, acting(), username)
            return _page(left, successor, refusal=refusal), 422
        return _page(left, successor)

    @pages.post("/people/<username>/hand-over", endpoint="hand_over")
    def move(username: str) -> str | tuple[str, int]:
        actor = acting()
        successor, reason = (request.form.get(name, "").strip() for name in ("successor", "reason"))
        try:
            done = hand_over(office, actor, username, successor[:60], reason)
        except Forbidden:
            raise
        except Refusal as refusal:
            known = successor if not any(one.field == "successor" for one in refusal.fields) else None
            left = what_is_left(office, actor, username, known or None)
            status = status_of(refusal)
            return _page(left, successor, refusal=refusal, reason=reason), 422 if status == 400 else status
        return _page(what_is_left(office, actor, username), successor, done=done, reason=reason)


def _page(left: Any, successor: str, *, refusal: Refusal | None = None, reason: str = "", done: Any = None) -> str:
    return render_template(
        "leaving.html",
        left=left,
        successor=successor,
        refusal=refusal,
        problems={one.field: one for one in (refusal.fields if refusal else ())},
        reason=reason[:500],
        done=done,
    )
