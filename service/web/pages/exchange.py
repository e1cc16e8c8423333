"""数据交换: what went out and came in by kind of transfer, and how far items are connected."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response

from service.casework.exchange import change_connection, exchange_page
from service.casework.exchange.viewing import PAGE
from service.rules.refusals import Forbidden, Refusal, refuse
from service.web.pages import columns, listing
from service.web.pages.labels import EXCHANGE_STATES, TRANSFERS
from service.web.pages.paging import Address
from service.web.pages.sign_in import acting
from service.web.statuses import status_of


def register(pages: Blueprint, office: Any) -> None:
    """Adds the page and the act."""

    def load(number: int) -> Any:
        asked = _filters()
        page = exchange_page(
            office, acting(), state=asked["state"], transfer=asked["transfer"], search=asked["q"], page=number
        )  # fmt: skip
        pages_there = max(1, -(-page.total // PAGE))
        return listing.OnePage(
            items=page.messages, total=page.total, page=number, pages=pages_there, more={"page": page}
        )  # fmt: skip

    listing.declare(
        pages,
        listing.Listed(name="exchange", words=lazy_gettext("数据交换"), load=load, columns=columns.EXCHANGE),
    )

    @pages.get("/exchange", endpoint="exchange")
    def show() -> str:
        return _page(office, {}, None)

    @pages.post("/exchange/connections", endpoint="change_connection")
    def change() -> Response | tuple[str, int]:
        given = {name: text.strip() for name, text in request.form.items()}
        try:
            change_connection(
                office,
                acting(),
                given.get("item", ""),
                state=given.get("state", ""),
                connection=given.get("connection", ""),
                deadline=_day(given.get("deadline", "")),
            )
        except Forbidden:
            raise
        except Refusal as refusal:
            status = status_of(refusal)
            return _page(office, given, refusal), 422 if status == 400 else status
        flash(gettext("%(item)s 的对接状态已更新。", item=given.get("item", "")), "good")
        return redirect(url_for("pages.exchange", _anchor="connections"))


def _filters() -> dict[str, str]:
    state, transfer = request.args.get("state", ""), request.args.get("transfer", "")
    return {
        "state": state if state in EXCHANGE_STATES else "",
        "transfer": transfer if transfer in TRANSFERS else "",
        "q": request.args.get("q", "").strip()[:60],
    }


def _page(office: Any, given: dict[str, str], refusal: Refusal | None) -> str:
    filters = _filters()
    found = listing.shown(listing.lists()["exchange"])
    page = replace(found.more["page"], messages=found.items)
    return render_template(
        "exchange.html",
        page=page,
        list=found,
        filters=filters,
        address=Address("pages.exchange", **filters),
        given=given,
        refusal=refusal,
        problems={one.field: one for one in (refusal.fields if refusal is not None else ())},
    )


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise refuse("deadline", "FIELD_INVALID", "请填写正确的日期。") from None
