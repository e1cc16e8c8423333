"""时限证明单: every day of a case from receipt to delivery, to read, to print and as a PDF."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext

from service.casework.proof_sheets import print_proof, proof_sheet
from service.rules.proof import HOLDERS, MARK_NAMES
from service.rules.refusals import Missing
from service.web.downloads import pdf
from service.web.pages.sign_in import acting
from service.web.pages.wording import centre_name


def register(pages: Blueprint, office: Any) -> None:
    """Adds the sheet as a page and as a file."""

    @pages.get("/cases/<uuid:case_id>/time-proof", endpoint="time_proof")
    def show(case_id: UUID) -> str:
        sheet = proof_sheet(office, acting(), case_id, scope=_scope())
        return render_template("time_proof.html", sheet=sheet, holders=HOLDERS, marks=MARK_NAMES)

    @pages.get("/cases/<uuid:case_id>/time-proof.pdf", endpoint="time_proof_file")
    def download(case_id: UUID) -> Response:
        sheet = proof_sheet(office, acting(), case_id, scope=_scope())
        return pdf(print_proof(sheet, centre_name(office), gettext), gettext("时限证明单"), sheet.case.business_key)


def _scope() -> UUID | None:
    """The item the address asks for."""
    text = request.args.get("scope", "")
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise Missing("ITEM_NOT_FOUND", "这个办件中没有这个事项，或者它没有时限。") from error
