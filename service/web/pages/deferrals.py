"""容缺 on the page of a case: what was promised until when, and that it has come."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from service.casework.window.deferring import DeferralView, deferral_of, deferral_offers, promise, supply
from service.rules.refusals import Conflict, Forbidden, Invalid
from service.web.pages.sign_in import acting
from service.web.pages.wording import say, say_problem


def register(pages: Blueprint, office: Any) -> None:
    """Adds the act, and `deferrals_of(case_id)` for the page of the case."""

    @pages.app_template_global("deferrals_of")
    def deferrals_of(case_id: UUID) -> tuple[DeferralView, ...]:
        return deferral_of(office, acting(), case_id)

    @pages.app_template_global("deferral_offers")
    def offers(case_id: UUID) -> Mapping[str, int]:
        return deferral_offers(office, acting(), case_id)

    @pages.post("/cases/<uuid:case_id>/deferrals", endpoint="promise_deferred")
    def promised(case_id: UUID) -> Response:
        materials = [one[:200] for one in request.form.getlist("material")][:60]
        try:
            promise(office, acting(), case_id, materials, signed_by=request.form.get("signed_by", ""))
        except (Conflict, Forbidden, Invalid) as refusal:
            flash(say_problem(refusal.fields[0]) if refusal.fields else say(refusal), "bad")
        else:
            flash(gettext("已登记容缺承诺，可以受理。"), "good")
        return redirect(url_for("pages.case", case_id=case_id, _anchor="deferrals"))

    @pages.post("/cases/<uuid:case_id>/deferrals/<uuid:proceeding_id>", endpoint="supply_deferred")
    def supplied(case_id: UUID, proceeding_id: UUID) -> Response:
        material = request.form.get("material", "")[:200]
        copies = request.form.get("copies", "")
        try:
            supply(
                office,
                acting(),
                case_id,
                proceeding_id,
                material,
                paper=request.form.get("paper", ""),
                copies=int(copies) if copies.isascii() and copies.isdigit() and len(copies) < 3 else 0,
            )
        except (Conflict, Forbidden, Invalid) as refusal:
            flash(say_problem(refusal.fields[0]) if refusal.fields else say(refusal), "bad")
        else:
            flash(gettext("已登记补交“%(material)s”。", material=material), "good")
        return redirect(url_for("pages.case", case_id=case_id, _anchor="deferrals"))
