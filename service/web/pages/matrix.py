"""职责矩阵 of a chain: who takes part, and, for who leads, taking a department in or leaving it out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from service.casework.matrices import change_matrix, matrix_page
from service.rules.refusals import Missing, Refusal
from service.web.pages.sign_in import acting
from service.web.statuses import status_of


def register(pages: Blueprint, office: Any) -> None:
    """Adds the page and its form."""

    @pages.get("/cases/<uuid:case_id>/matrix", endpoint="matrix")
    def show(case_id: UUID) -> str:
        return _page(case_id)

    @pages.post("/cases/<uuid:case_id>/matrix", endpoint="change_matrix")
    def change(case_id: UUID) -> Response | tuple[str, int]:
        given = {name: text.strip() for name, text in request.form.items()}
        node, _, how = given.get("change", "").partition(":")
        try:
            change_matrix(office, acting(), case_id, node=node, join=how == "join", reason=given.get("reason", ""))
        except Missing:
            raise
        except Refusal as refusal:
            status = status_of(refusal)
            return _page(case_id, given, refusal), 422 if status == 400 else status
        flash(gettext("联办部门已调整，并记入办件流水。"), "good")
        return redirect(url_for("pages.matrix", case_id=case_id))

    def _page(case_id: UUID, given: dict[str, str] | None = None, refusal: Refusal | None = None) -> str:
        page = matrix_page(office, acting(), case_id)
        return render_template("matrix.html", page=page, case_id=case_id, given=given or {}, refusal=refusal)
