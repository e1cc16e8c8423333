"""审批表 of a case: to read, to print and as a PDF."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, render_template
from flask_babel import gettext

from service.casework.approval_sheets import approval_sheet, print_approval
from service.web.downloads import shown_pdf
from service.web.pages import labels
from service.web.pages.sign_in import acting
from service.web.pages.wording import centre_name

WORDS = {
    "materials": labels.MATERIAL_STATES,
    "documents": labels.DOCUMENT_STATES,
    "cases": labels.CASE_STATES,
    "acts": labels.ACTS,
    "votes": labels.VOTES,
}


def register(pages: Blueprint, office: Any) -> None:
    """Adds the sheet as a page and as a file."""

    @pages.get("/cases/<uuid:case_id>/print", endpoint="print_case")
    def show(case_id: UUID) -> str:
        sheet = approval_sheet(office, acting(), case_id)
        return render_template("print_case.html", sheet=sheet, page=sheet.page, case_id=case_id)

    @pages.get("/cases/<uuid:case_id>/print.pdf", endpoint="print_case_file")
    def download(case_id: UUID) -> Response:
        sheet = approval_sheet(office, acting(), case_id)
        words = {name: {str(code): str(text) for code, text in found.items()} for name, found in WORDS.items()}
        content = print_approval(sheet, centre_name(office), words, gettext)
        return shown_pdf(content, f"{gettext('审批表')} {sheet.page.case.business_key or ''}".strip())
