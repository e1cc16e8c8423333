"""职责矩阵 of a chain: who takes part, and, for who leads, taking a department in or leaving it out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from service.casework.chains.joining import (
    DAYS,
    USUAL,
    JoinPreview,
    join_department,
    join_page,
    leave_department,
    preview_join,
)
from service.casework.matrices import change_matrix, matrix_page
from service.casework.workbench import chain_page
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

    @pages.post("/cases/<uuid:case_id>/matrix/joined", endpoint="join_department")
    def join(case_id: UUID) -> Response | str | tuple[str, int]:
        """Shows what would follow first; `sure` does it."""
        given = {name: text.strip() for name, text in request.form.items()}
        department, days = given.get("department", ""), _days(given.get("days", ""))
        try:
            if given.get("sure") != "yes":
                seen = preview_join(office, acting(), case_id, department=department, days=days)
                return _page(case_id, given, preview=seen)
            join_department(
                office,
                acting(),
                case_id,
                department=department,
                matter=given.get("matter", ""),
                days=days,
                reason=given.get("reason", ""),
            )
        except Missing:
            raise
        except Refusal as refusal:
            status = status_of(refusal)
            return _page(case_id, given, joining=refusal), 422 if status == 400 else status
        flash(gettext("已增加会审部门，并记入办件流水。"), "good")
        return redirect(url_for("pages.matrix", case_id=case_id, _anchor="joined"))

    @pages.post("/cases/<uuid:case_id>/matrix/joined/<uuid:task_id>/leave", endpoint="leave_department")
    def leave(case_id: UUID, task_id: UUID) -> Response | tuple[str, int]:
        try:
            leave_department(office, acting(), case_id, task_id, reason=request.form.get("reason", ""))
        except Missing:
            raise
        except Refusal as refusal:
            status = status_of(refusal)
            return _page(case_id, joining=refusal), 422 if status == 400 else status
        flash(gettext("已减去会审部门，并记入办件流水。"), "good")
        return redirect(url_for("pages.matrix", case_id=case_id, _anchor="joined"))

    def _page(
        case_id: UUID,
        given: dict[str, str] | None = None,
        refusal: Refusal | None = None,
        *,
        joining: Refusal | None = None,
        preview: JoinPreview | None = None,
    ) -> str:
        return render_template(
            "matrix.html",
            page=matrix_page(office, acting(), case_id),
            states={one.node: one.state for one in chain_page(office, acting(), case_id).branches},
            joined=join_page(office, acting(), case_id),
            case_id=case_id,
            given=given or {},
            refusal=refusal,
            joining=joining,
            preview=preview,
            days=DAYS,
            usual=USUAL,
        )


def _days(text: str) -> int:
    """What the form says; anything else is refused further down."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 3 else 0
