"""未送达 and the log of messages: what did not reach applicants, and everything that was to go out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response

from service.casework.messages.reading import FAILED_VIEWS, message_log, undelivered
from service.casework.messages.undelivered import Shown, repeat_message, show_address, tell_by_phone
from service.rules.message_texts import TEMPLATES
from service.rules.refusals import Conflict, Forbidden, Invalid, Missing, Refusal
from service.rules.sending import Channel, MessageState
from service.web.pages import columns, listing
from service.web.pages.paging import Address
from service.web.pages.sign_in import acting
from service.web.pages.wording import say
from service.web.statuses import status_of


def register(pages: Blueprint, office: Any) -> None:
    """Adds both lists and what may be done about a message that failed."""

    def load(number: int) -> Any:
        return undelivered(office, acting(), view=_view(), page=number)

    listing.declare(
        pages,
        listing.Listed(name="undelivered", words=lazy_gettext("未送达"), load=load, columns=columns.SENT),
    )

    @pages.get("/messages/undelivered", endpoint="undelivered")
    def failed() -> str:
        return _page(office)

    @pages.post("/messages/<uuid:message_id>/number", endpoint="show_number")
    def show(message_id: UUID) -> str | tuple[str, int]:
        reason = request.form.get("reason", "")
        try:
            shown = show_address(office, acting(), message_id, reason)
        except (Invalid, Conflict) as refusal:
            return _page(office, about=message_id, given={"reason": reason}, refusal=refusal), _status(refusal)
        return _page(office, about=message_id, shown=shown)

    @pages.post("/messages/<uuid:message_id>/told", endpoint="told_by_phone")
    def told(message_id: UUID) -> Response | tuple[str, int]:
        how = request.form.get("handled", "")
        try:
            tell_by_phone(office, acting(), message_id, how)
        except (Invalid, Conflict) as refusal:
            return _page(office, about=message_id, given={"handled": how}, refusal=refusal), _status(refusal)
        flash(gettext("已登记告知情况。"), "good")
        return redirect(url_for("pages.undelivered"))

    @pages.post("/messages/<uuid:message_id>/repeat", endpoint="repeat_message")
    def repeat(message_id: UUID) -> Response:
        try:
            repeat_message(office, acting(), message_id)
        except (Forbidden, Missing):
            raise
        except Refusal as refusal:
            flash(say(refusal), "bad")
        else:
            flash(gettext("已重新发送，结果请稍后查看。"), "good")
        back = "pages.message_log" if request.form.get("back") == "log" else "pages.undelivered"
        return redirect(url_for(back))

    def load_log(number: int) -> Any:
        return message_log(office, acting(), filters=_filters(), page=number)

    listed = listing.declare(
        pages,
        listing.Listed(name="message_log", words=lazy_gettext("发送记录"), load=load_log, columns=columns.SENT),
    )

    @pages.get("/messages/log", endpoint="message_log")
    def log() -> str:
        filters = _filters()
        found = listing.shown(listed)
        return render_template(
            "message_log.html",
            found=found,
            filters=filters,
            narrowed=any(filters.values()),
            templates=TEMPLATES,
            address=Address("pages.message_log", **filters),
        )


def _view() -> str:
    view = request.args.get("view", "open")
    return view if view in FAILED_VIEWS else "open"


def _filters() -> dict[str, str]:
    return {
        "code": _among("code", tuple(TEMPLATES)),
        "state": _among("state", tuple(MessageState)),
        "channel": _among("channel", tuple(Channel)),
        "number": request.args.get("number", "").replace("\0", "").strip()[:40],
        "since": request.args.get("since", "")[:10],
        "until": request.args.get("until", "")[:10],
    }


def _page(
    office: Any,
    *,
    about: UUID | None = None,
    given: dict[str, str] | None = None,
    refusal: Refusal | None = None,
    shown: Shown | None = None,
) -> str:
    view = _view()
    return render_template(
        "undelivered.html",
        found=listing.shown(listing.lists()["undelivered"]),
        view=view,
        about=about,
        given=given or {},
        refusal=refusal,
        problems={one.field: one for one in (refusal.fields if refusal else ())},
        number=shown,
        address=Address("pages.undelivered", view=None if view == "open" else view),
    )


def _status(refusal: Refusal) -> int:
    return 422 if status_of(refusal) == 400 else status_of(refusal)


def _among(name: str, choices: tuple[str, ...]) -> str:
    text = request.args.get(name, "")
    return text if text in choices else ""
