"""收费单: the list with its filters, one bill, and what may be done about it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response

from service.casework.money.billing import bill_by_hand, cancel_bill
from service.casework.money.exempting import ask_exemption, decide_exemption, review_exemption
from service.casework.money.lines import Claimed
from service.casework.money.refunding import ask_refund, settle_refund
from service.casework.money.rights import require_manager
from service.casework.money.viewing import VIEWS, bill_list, bill_page, case_to_bill
from service.rules.money import decimal_number
from service.rules.refusals import Missing, Refusal, refuse
from service.web.bodies import as_identity
from service.web.pages import columns, listing
from service.web.pages.paging import Address
from service.web.pages.sign_in import acting
from service.web.statuses import status_of

INPUT = "in_"
FILTERS = ("search", "department", "issued_from", "issued_to")


def register(pages: Blueprint, office: Any) -> None:
    """Adds the list, the bill and its acts."""

    def load(number: int) -> Any:
        view, filters = _filters()
        return bill_list(office, acting(), view=view, filters=filters, page=number)

    listed = listing.declare(
        pages,
        listing.Listed(name="bills", words=lazy_gettext("收费单"), load=load, columns=columns.BILLS),
    )

    @pages.get("/bills")
    def bills() -> str:
        view, filters = _filters()
        found = listing.shown(listed)
        address = Address("pages.bills", view=None if view == "open" else view, **filters)
        return render_template(
            "bills.html", found=found, view=view, filters=filters, address=address, narrowed=any(filters.values())
        )

    @pages.get("/bills/<number>")
    def bill(number: str) -> str:
        return _page(office, number)

    @pages.post("/bills/<number>/<act>")
    def bill_act(number: str, act: str) -> Response | tuple[str, int]:
        if act not in ACTS:
            raise Missing("NOT_FOUND", "没有这个页面。")
        try:
            said, where = ACTS[act](office, number)
        except Refusal as refusal:
            code = status_of(refusal)
            if code == 404:
                raise
            return _page(office, number, refusal=refusal, refused=act), 422 if code == 400 else code
        flash(said, "good")
        return redirect(url_for("pages.bill", number=where))

    @pages.get("/bills/new")
    def new_bill() -> str | tuple[str, int]:
        number = request.args.get("case", "").strip()[:60]
        try:
            return _new(office, number)
        except Refusal as refusal:
            if status_of(refusal) != 404:
                raise
            return _new(office, "", asked=number, refusal=refusal), 404

    @pages.post("/bills/new")
    def issue_bill() -> Response | tuple[str, int]:
        number = request.form.get("case", "").strip()[:60]
        found = case_to_bill(office, acting(), number)
        try:
            made = bill_by_hand(office, acting(), found.case_id, scope=None, inputs=_inputs())
        except Refusal as refusal:
            code = status_of(refusal)
            return _new(office, number, refusal=refusal), 422 if code == 400 else code
        flash(gettext("收费单 %(number)s 已出具。", number=made.row.number), "good")
        return redirect(url_for("pages.bill", number=made.row.number))


def _filters() -> tuple[str, dict[str, str]]:
    view = request.args.get("view", "open")
    filters = {name: request.args.get(name, "").strip()[:60] for name in FILTERS}
    return (view if view in VIEWS else "open"), filters


def _new(office: Any, number: str, *, asked: str = "", refusal: Refusal | None = None) -> str:
    if not number:
        require_manager(acting())
    return render_template(
        "bill_new.html",
        page=case_to_bill(office, acting(), number) if number else None,
        asked=asked or number,
        refusal=refusal,
        said=request.form,
        problems={one.field: one for one in (refusal.fields if refusal else ())},
    )


def _page(office: Any, number: str, *, refusal: Refusal | None = None, refused: str = "") -> str:
    return render_template(
        "bill.html",
        page=bill_page(office, acting(), number),
        refusal=refusal,
        refused=refused,
        said=request.form,
        problems={one.field: one for one in (refusal.fields if refusal else ())},
    )


def _inputs() -> dict[str, str]:
    return {name[len(INPUT) :]: text.strip()[:40] for name, text in request.form.items() if name.startswith(INPUT)}


def _cancel(office: Any, number: str) -> tuple[str, str]:
    again = request.form.get("again") != "no"
    made = cancel_bill(office, acting(), number, reason=request.form.get("reason", ""), inputs=_inputs(), again=again)
    if made is None:
        return gettext("收费单已作废。"), number
    return gettext("收费单已作废，已重新出具 %(number)s。", number=made.row.number), made.row.number


def _exempt(office: Any, number: str) -> tuple[str, str]:
    reason = request.form.get("reason", "")
    claims = [
        Claimed(standard=standard, code=code, reason=reason)
        for standard, _, code in (text.partition("/") for text in request.form.getlist("claim"))
    ]
    ask_exemption(office, acting(), number, claims)
    return gettext("减免申请已提交，待收费部门初审。"), number


def _review(office: Any, number: str) -> tuple[str, str]:
    agree = request.form.get("answer") == "yes"
    review_exemption(office, acting(), _which("exemption"), agree=agree, opinion=request.form.get("text", ""))
    return gettext("初审意见已登记。"), number


def _decide(office: Any, number: str) -> tuple[str, str]:
    grant = request.form.get("answer") == "yes"
    decide_exemption(office, acting(), _which("exemption"), grant=grant, answer=request.form.get("text", ""))
    return gettext("减免已批准，已重新计费。") if grant else gettext("减免申请未批准。"), number


def _refund(office: Any, number: str) -> tuple[str, str]:
    refused_on = None
    if text := request.form.get("refused_on", "").strip():
        try:
            refused_on = date.fromisoformat(text)
        except ValueError:
            raise refuse("refused_on", "REFUND_DAY", "不予决定送达日应为日期（YYYY-MM-DD）。") from None
    ask_refund(
        office,
        acting(),
        _which("payment"),
        amount_said("amount"),
        reason=request.form.get("reason", ""),
        refused_on=refused_on,
    )
    return gettext("退付申请已提交，待财政批准。"), number


def _settle(office: Any, number: str) -> tuple[str, str]:
    grant = request.form.get("answer") == "yes"
    settle_refund(office, acting(), _which("refund"), grant=grant, answer=request.form.get("text", ""))
    return gettext("退付已批准，将原路退回。") if grant else gettext("退付申请未批准。"), number


def amount_said(field: str) -> Decimal:
    """An amount of the form in 元. Refused: NUMBER_INVALID naming the field."""
    return decimal_number(field, request.form.get(field, "").replace(",", "").strip(), places=2)


def _which(name: str) -> UUID:
    return as_identity(request.form.get(name, ""))


ACTS = {
    "cancel": _cancel,
    "exempt": _exempt,
    "review": _review,
    "decide": _decide,
    "refund": _refund,
    "settle": _settle,
}
