"""消息: one's own messages, the count in the header of every page, the messages of a case, one's own numbers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext, ngettext
from werkzeug.wrappers import Response

from service.casework.messages.contacts import change_contact, own_contact
from service.casework.messages.reading import (
    BOX_VIEWS,
    KINDS,
    message_box,
    own_message,
    read_about_task,
    read_messages,
    unread_count,
)
from service.rules.refusals import Invalid, Refusal
from service.web.bodies import NOWHERE, as_identity
from service.web.pages import columns, listing
from service.web.pages.paging import Address
from service.web.pages.sign_in import acting


def register(pages: Blueprint, office: Any) -> None:
    """Adds the box, the link of a message, the contact form; `unread_messages()` for templates."""

    @pages.app_template_global("unread_messages")
    def unread() -> int:
        if "unread_messages" not in g:
            g.unread_messages = unread_count(office, acting())
        count: int = g.unread_messages
        return count

    @pages.app_template_global("read_about")
    def about(task_id: UUID) -> str:
        read_about_task(office, acting(), task_id)
        return ""

    def load(number: int) -> Any:
        view, kind = _filters()
        return message_box(office, acting(), view=view, kind=kind, page=number)

    listed = listing.declare(
        pages,
        listing.Listed(name="messages", words=lazy_gettext("消息"), load=load, columns=columns.MESSAGES),
    )

    @pages.get("/messages", endpoint="messages")
    def box() -> str:
        view, kind = _filters()
        found = listing.shown(listed)
        address = Address("pages.messages", view=None if view == "unread" else view, kind=kind)
        return render_template("messages.html", found=found, view=view, kind=kind, address=address)

    @pages.get("/messages/<uuid:message_id>", endpoint="message")
    def follow(message_id: UUID) -> Response:
        one = own_message(office, acting(), message_id)
        if one.read_at is None:
            read_messages(office, acting(), [message_id])
        if one.task_id is not None and one.task_name is not None and one.task_open is None:
            return redirect(url_for("pages.task", task_id=one.task_id))
        if one.case_id is not None:
            return redirect(url_for("pages.case", case_id=one.case_id))
        return redirect(url_for("pages.messages", view="all"))

    @pages.post("/messages/read", endpoint="read_messages")
    def mark() -> Response:
        wanted = [as_identity(text) for text in request.form.getlist("message")]
        ids = [one for one in wanted if one != NOWHERE]
        count = read_messages(office, acting(), None if request.form.get("all") else ids)
        if count:
            flash(ngettext("%(num)s 条消息已标为已读。", "%(num)s 条消息已标为已读。", count), "good")
        return redirect(url_for("pages.messages", kind=request.form.get("kind") or None))

    @pages.get("/messages/contact", endpoint="contact")
    def contact() -> str:
        own = own_contact(office, acting())
        return _contact({"mobile": own.mobile, "email": own.email}, None)

    @pages.post("/messages/contact", endpoint="change_contact")
    def change() -> Response | tuple[str, int]:
        given = {name: request.form.get(name, "")[:300] for name in ("mobile", "email")}
        try:
            change_contact(office, acting(), mobile=given["mobile"], email=given["email"])
        except Invalid as refusal:
            return _contact(given, refusal), 422
        flash(gettext("联系方式已保存。"), "good")
        return redirect(url_for("pages.contact"))


def _filters() -> tuple[str, str]:
    view, kind = request.args.get("view", "unread"), request.args.get("kind", "")
    return (view if view in BOX_VIEWS else "unread"), (kind if kind in KINDS else "")


def _contact(given: dict[str, str], refusal: Refusal | None) -> str:
    problems = {one.field: one for one in (refusal.fields if refusal else ())}
    return render_template("contact.html", given=given, refusal=refusal, problems=problems)
