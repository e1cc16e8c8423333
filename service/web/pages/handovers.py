"""移交单: a department brings certificates to the issuing window, the window signs for each."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response

from service.casework.delivery.reading import HANDOVER_VIEWS, handover_list, handover_page, waiting_to_hand_over
from service.casework.delivery.transfers import Handed, hand_over, sign_for, withdraw
from service.rules.refusals import Forbidden, Missing, Refusal
from service.web.pages import columns, listing
from service.web.pages.labels import HANDOVER_LINES, HANDOVER_STATES, HANDOVER_VIEWS_WORDS
from service.web.pages.paging import Address
from service.web.pages.sign_in import acting
from service.web.statuses import status_of

MOST = 200


def register(pages: Blueprint, office: Any) -> None:
    """Adds the list, a new 移交单, one of them, and its signing."""

    def load(number: int) -> Any:
        return handover_list(office, acting(), view=_view(), page=number)

    listed = listing.declare(
        pages,
        listing.Listed(name="handovers", words=lazy_gettext("证照移交"), load=load, columns=columns.HANDOVERS),
    )

    @pages.get("/handovers")
    def handovers() -> str:
        view, found = _view(), listing.shown(listed)
        return render_template(
            "handovers.html",
            found=found,
            view=view,
            views=HANDOVER_VIEWS_WORDS,
            states=HANDOVER_STATES,
            address=Address("pages.handovers", view=None if view == "sent" else view),
        )

    @pages.get("/handovers/new")
    def new_handover() -> str:
        return _form(office)

    @pages.post("/handovers/new")
    def make_handover() -> Response | tuple[str, int]:
        try:
            made = hand_over(office, acting(), _items(office), request.form.get("note", "")[:500])
        except Forbidden:
            raise
        except Refusal as refusal:
            code = status_of(refusal)
            return _form(office, refusal), 422 if code == 400 else code
        flash(gettext("移交单 %(number)s 已生成，等待发证窗口签收。", number=made.number), "good")
        return redirect(url_for("pages.handover", handover_id=made.id))

    @pages.get("/handovers/<uuid:handover_id>")
    def handover(handover_id: UUID) -> str:
        return _page(office, handover_id)

    @pages.post("/handovers/<uuid:handover_id>/<act>")
    def handle_handover(handover_id: UUID, act: str) -> Response | tuple[str, int]:
        if act not in ("sign", "withdraw"):
            raise Missing("NOT_FOUND", "没有这个地址。")
        try:
            if act == "sign":
                done = sign_for(office, acting(), handover_id, _missing(office, handover_id))
                words = gettext("移交单 %(number)s 已签收。", number=done.number)
            else:
                done = withdraw(office, acting(), handover_id)
                words = gettext("移交单 %(number)s 已撤回。", number=done.number)
        except (Forbidden, Missing):
            raise
        except Refusal as refusal:
            return _page(office, handover_id, refusal), status_of(refusal)
        flash(words, "good")
        return redirect(url_for("pages.handover", handover_id=handover_id))


def _view() -> str:
    view = request.args.get("view", "sent")
    return view if view in HANDOVER_VIEWS else "sent"


def _form(office: Any, refusal: Refusal | None = None) -> str:
    return render_template(
        "handover_new.html",
        waiting=waiting_to_hand_over(office, acting()),
        given=request.form,
        chosen=set(request.form.getlist("item")),
        refusal=refusal,
        problems={one.field: one for one in (refusal.fields if refusal is not None else ())},
    )


def _items(office: Any) -> list[Handed]:
    """The chosen lines; their places in the form are those of the page."""
    found = []
    for one in waiting_to_hand_over(office, acting()):
        key = f"{one.case_id}.{one.scope or ''}"
        if key not in request.form.getlist("item")[:MOST]:
            continue
        copies = request.form.get(f"copies-{key}", "1").strip()
        found.append(
            Handed(
                case_id=one.case_id,
                scope=one.scope,
                number=request.form.get(f"number-{key}", "")[:200],
                name=request.form.get(f"name-{key}", "")[:200],
                copies=int(copies) if copies.isascii() and copies.isdigit() and len(copies) < 6 else 0,
            )
        )
    return found


def _missing(office: Any, handover_id: UUID) -> dict[int, str]:
    """Lines that were not there: those without a tick."""
    page = handover_page(office, acting(), handover_id)
    there = set(request.form.getlist("there"))
    return {
        line.line: request.form.get(f"note-{line.line}", "")[:200] for line in page.lines if str(line.line) not in there
    }


def _page(office: Any, handover_id: UUID, refusal: Refusal | None = None) -> str:
    return render_template(
        "handover.html",
        page=handover_page(office, acting(), handover_id),
        states=HANDOVER_STATES,
        lines=HANDOVER_LINES,
        refusal=refusal,
    )
