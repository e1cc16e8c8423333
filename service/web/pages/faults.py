"""过错责任: supervision begins a case against somebody."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from service.casework.quality import open_fault, suspects
from service.rules.refusals import Conflict, Invalid, Refusal
from service.web.pages.sign_in import acting
from service.web.statuses import status_of

FIELDS = ("person", "kind", "facts", "about")


def register(pages: Blueprint, office: Any) -> None:
    """Adds the form."""

    @pages.route("/faults/new", methods=["GET", "POST"], endpoint="new_fault")
    def begin() -> Response | str | tuple[str, int]:
        if request.method == "GET":
            return _page(office, {name: request.args.get(name, "")[:200] for name in FIELDS})
        given = {name: request.form.get(name, "").strip() for name in FIELDS}
        try:
            made = open_fault(office, acting(), **given)
        except (Invalid, Conflict) as refusal:
            return _page(office, given, refusal), 422 if isinstance(refusal, Invalid) else status_of(refusal)
        flash(gettext("已登记过错线索，编号 %(number)s。", number=made.business_key), "good")
        return redirect(url_for("pages.case", case_id=made.id))


def _page(office: Any, given: dict[str, str], refusal: Refusal | None = None) -> str:
    return render_template(
        "quality/fault.html",
        people=suspects(office, acting()),
        given=given,
        refusal=refusal,
        problems={one.field: one for one in (refusal.fields if refusal is not None else ())},
    )
