"""首问登记: the question somebody asks at the window, answered there or handed on."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from service.casework import start_form
from service.casework.quality import register_consultation
from service.casework.workbench import feel
from service.rules.forms import has_conditions, hidden_fields, initial_values, judge, present, read_page
from service.rules.refusals import Conflict, Refusal
from service.web.pages.answers import EMPTY
from service.web.pages.sign_in import acting
from service.web.statuses import status_of

KEY = "support_SP_15"


def register(pages: Blueprint, office: Any) -> None:
    """Adds the form."""

    @pages.route("/consultations/new", methods=["GET", "POST"], endpoint="new_consultation")
    def take_in() -> Response | str | tuple[str, int] | dict[str, list[str]]:
        schema = start_form(office, acting(), KEY).schema or EMPTY
        if request.method == "GET":
            return _page(schema, initial_values(schema, {}), ())
        entries = read_page(schema, request.form.getlist)
        if request.accept_mimetypes.best == "application/json":
            return {"hidden": sorted(hidden_fields(schema, entries, data={}, evaluate=feel))}
        judged = judge(schema, entries, data={}, evaluate=feel)
        if judged.problems:
            return _page(schema, entries, judged.problems), 422
        try:
            made = register_consultation(office, acting(), dict(judged.answers))
        except Conflict as refusal:
            return _page(schema, entries, (), refusal), status_of(refusal)
        flash(gettext("咨询已登记，编号 %(number)s。", number=made.business_key), "good")
        return redirect(url_for("pages.case", case_id=made.id))


def _page(schema: Any, entries: Any, problems: Any, refusal: Refusal | None = None) -> str:
    return render_template(
        "quality/consultation.html",
        blocks=present(schema, entries, data={}, evaluate=feel, wrong=problems),
        problems=problems,
        refusal=refusal,
        conditions=has_conditions(schema),
    )
