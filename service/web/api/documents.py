"""文书 for programs: of a case, one of them, and its file. What it says of people stands in the file alone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from service.casework.papers.reading import DocumentLine, case_papers, document_file, document_page
from service.web.api.door import answer, case_id, door, identify, this_office, who
from service.web.api.paging import only_parameters, parameter, serve_rows
from service.web.downloads import shown_pdf
from service.web.instants import iso_instant

STATES = ("DRAFT", "ISSUED", "VOID")


def document(line: DocumentLine) -> dict[str, Any]:
    """One document for programs. `reference`: what it is verified by."""
    row = line.row
    return {
        "id": str(row.id),
        "caseId": str(row.case_id) if row.case_id else None,
        "scope": str(row.scope_id) if row.scope_id else None,
        "code": row.code,
        "title": line.title,
        "state": row.state,
        "number": row.number,
        "reference": row.reference,
        "authority": row.authority,
        "element": row.element,
        "missing": list(row.missing),
        "draftedAt": iso_instant(row.drafted_at),
        "draftedBy": row.drafted_by,
        "issuedAt": iso_instant(row.issued_at),
        "issuedBy": row.issued_by,
        "hash": row.hash,
        "reprints": row.reprints,
        "voidAt": iso_instant(row.void_at),
        "voidReason": row.void_reason,
        "supersedes": str(row.supersedes) if row.supersedes else None,
    }


@door.get("/cases/<text>/documents")
def list_documents(text: str) -> Response:
    """The documents of a case in the order they came about; applicants see what was issued."""
    only_parameters("state", "code")
    state, code = parameter("state", STATES), parameter("code")
    lines = case_papers(this_office(), who(), case_id(text)).lines
    return serve_rows(
        [one for one in lines if state in (None, one.row.state) and code in (None, one.row.code)], document
    )


@door.get("/documents/<text>")
def get_document(text: str) -> Response:
    only_parameters()
    return answer(document(document_page(this_office(), who(), _id(text)).line))


@door.get("/documents/<text>/file")
def get_document_file(text: str) -> Response:
    """The PDF. Refused while a draft lacks something."""
    only_parameters()
    row, pdf = document_file(this_office(), who(), _id(text))
    return shown_pdf(pdf, row.number or row.code)


def _id(text: str) -> UUID:
    return identify(text, "DOCUMENT_NOT_FOUND", "没有这份文书，或者您无权查看。")
