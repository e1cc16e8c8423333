"""缴费台: the bank's cashier finds a bill, confirms what was taken, and confirms refunds that were paid out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from service.casework.money.desk import pay_out, take_payment
from service.casework.money.viewing import cashier_page
from service.rules.money import decimal_number
from service.rules.refusals import Refusal
from service.web.pages.sign_in import acting
from service.web.statuses import status_of


def register(pages: Blueprint, office: Any) -> None:
    """Adds the desk and its two confirmations."""

    @pages.get("/cashier")
    def cashier() -> str | tuple[str, int]:
        number = request.args.get("number", "").strip()[:20].upper()
        try:
            return _page(office, number)
        except Refusal as refusal:
            if status_of(refusal) != 404:
                raise
            return _page(office, "", asked=number, refusal=refusal), 404

    @pages.post("/cashier/<number>")
    def take_payment(number: str) -> Response | tuple[str, int]:
        try:
            _take(office, number)
        except Refusal as refusal:
            code = status_of(refusal)
            if code in (403, 404):
                raise
            return _page(office, number, refusal=refusal), 422 if code == 400 else code
        flash(gettext("收款已登记，收费单 %(number)s 已缴费。", number=number), "good")
        return redirect(url_for("pages.cashier"))

    @pages.post("/cashier/refunds/<uuid:refund_id>")
    def pay_out_refund(refund_id: UUID) -> Response:
        pay_out(office, acting(), refund_id)
        flash(gettext("退付已登记。"), "good")
        return redirect(url_for("pages.cashier"))


def _take(office: Any, number: str) -> None:
    take_payment(
        office,
        acting(),
        number,
        amount=decimal_number("amount", request.form.get("amount", ""), places=2),
        channel=request.form.get("channel", ""),
        transaction=request.form.get("transaction", ""),
        receipt=request.form.get("receipt", ""),
    )


def _page(office: Any, number: str, *, asked: str = "", refusal: Refusal | None = None) -> str:
    return render_template(
        "cashier.html",
        page=cashier_page(office, acting(), number),
        asked=asked or number,
        refusal=refusal,
        said=request.form,
        problems={one.field: one for one in (refusal.fields if refusal else ())},
    )
