"""监察提示: hints, cards and orders, and what their addressees and supervision do about them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response

from service.casework import handle_card
from service.casework.measures.showing import ORDER, supporting_case
from service.casework.workbench import CARD_VIEWS, supervision_list, supervision_page
from service.rules.cards import CardAct, CardLevel, Violation
from service.rules.refusals import Missing, Refusal
from service.web.pages import columns, listing
from service.web.pages.labels import CARD_ACTS
from service.web.pages.paging import Address
from service.web.pages.rights import Rights
from service.web.pages.sign_in import acting
from service.web.statuses import status_of


def register(pages: Blueprint, office: Any) -> None:
    """Adds the list, one card, and the acts on it."""

    def load(number: int) -> Any:
        view, filters = _filters()
        return supervision_list(office, acting(), view=view, filters=filters, page=number)

    listed = listing.declare(
        pages,
        listing.Listed(name="supervision", words=lazy_gettext("监察提示"), load=load, columns=columns.SUPERVISION),
    )

    @pages.get("/supervision")
    def supervision() -> str:
        view, filters = _filters()
        found = listing.shown(listed)
        return render_template(
            "supervision.html",
            found=found,
            view=view,
            filters=filters,
            narrowed=any(filters.values()) or view != "open",
            oversees=Rights(acting(), demo=office.settings.demo).oversee,
            address=Address("pages.supervision", view=None if view == "open" else view, **filters),
        )

    @pages.get("/supervision/<uuid:card_id>", endpoint="card")
    def show(card_id: UUID) -> str:
        return _page(office, card_id)

    @pages.post("/supervision/<uuid:card_id>/<act>")
    def handle(card_id: UUID, act: str) -> Response | tuple[str, int]:
        if act not in tuple(CardAct):
            raise Missing("NOT_FOUND", "没有这个地址。")
        text = request.form.get("text", "")
        try:
            handle_card(office, acting(), card_id, CardAct(act), text)
        except Missing:
            raise
        except Refusal as refusal:
            status = 422 if status_of(refusal) == 400 else status_of(refusal)
            return _page(office, card_id, refused=act, text=text[:2000], refusal=refusal), status
        flash(gettext("已%(act)s。", act=CARD_ACTS[act]), "good")
        return redirect(url_for("pages.card", card_id=card_id))


def _page(office: Any, card_id: UUID, *, refused: str = "", text: str = "", refusal: Refusal | None = None) -> str:
    return render_template(
        "card.html",
        page=supervision_page(office, acting(), card_id),
        ordered=supporting_case(office, acting(), ORDER, card_id),
        refused=refused,
        text=text,
        refusal=refusal,
        problems={one.field: one for one in (refusal.fields if refusal else ())},
    )


def _filters() -> tuple[str, dict[str, str]]:
    view = request.args.get("view", "open")
    filters = {
        "level": _among("level", tuple(CardLevel)),
        "violation": _among("violation", tuple(Violation)),
        "department": request.args.get("department", "")[:8],
        "mine": "1" if request.args.get("mine") == "1" else "",
    }
    return (view if view in CARD_VIEWS else "open"), filters


def _among(name: str, choices: tuple[str, ...]) -> str:
    text = request.args.get(name, "")
    return text if text in choices else ""
