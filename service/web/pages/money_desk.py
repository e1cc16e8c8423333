"""减免与退付: what waits for the charging department and 财政, and money that paid no bill."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from service.casework.money.refunding import ask_refund, settle_refund
from service.casework.money.viewing import money_desk as desk_of
from service.rules.money import decimal_number
from service.rules.refusals import Refusal
from service.web.pages.sign_in import acting
from service.web.statuses import status_of


def register(pages: Blueprint, office: Any) -> None:
    """Adds the desk, and the acts on money of no bill."""

    @pages.get("/money")
    def money_desk() -> str:
        return _page(office)

    @pages.post("/money/payments/<uuid:payment_id>/refund")
    def ask_back(payment_id: UUID) -> Response | tuple[str, int]:
        try:
            amount = decimal_number("amount", request.form.get("amount", ""), places=2)
            ask_refund(office, acting(), payment_id, amount, reason=request.form.get("reason", ""))
        except Refusal as refusal:
            return _refused(office, refusal, str(payment_id))
        flash(gettext("退付申请已提交，待财政批准。"), "good")
        return redirect(url_for("pages.money_desk"))

    @pages.post("/money/refunds/<uuid:refund_id>")
    def settle_back(refund_id: UUID) -> Response | tuple[str, int]:
        grant = request.form.get("answer") == "yes"
        try:
            settle_refund(office, acting(), refund_id, grant=grant, answer=request.form.get("text", ""))
        except Refusal as refusal:
            return _refused(office, refusal, str(refund_id))
        flash(gettext("退付已批准，将原路退回。") if grant else gettext("退付申请未批准。"), "good")
        return redirect(url_for("pages.money_desk"))


def _refused(office: Any, refusal: Refusal, where: str) -> tuple[str, int]:
    code = status_of(refusal)
    if code == 404:
        raise refusal
    return _page(office, refusal=refusal, refused=where), 422 if code == 400 else code


def _page(office: Any, *, refusal: Refusal | None = None, refused: str = "") -> str:
    return render_template(
        "money_desk.html",
        page=desk_of(office, acting()),
        refusal=refusal,
        refused=refused,
        said=request.form,
        problems={one.field: one for one in (refusal.fields if refusal else ())},
    )
