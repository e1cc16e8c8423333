"""文书: one document with its file, completing a draft, 补打, 作废, 更正重出, and 编号台账."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from service.casework.papers.handling import (
    add_document,
    complete_draft,
    correct_document,
    drop_draft,
    reprint_document,
    void_document,
)
from service.casework.papers.reading import case_papers, document_file, document_page, document_pictures, series_report
from service.casework.papers.subject import day_of
from service.casework.workbench import service_now
from service.rules.refusals import Forbidden, Missing, Refusal
from service.web.downloads import shown_pdf
from service.web.pages.document_forms import draft_fields, read_draft
from service.web.pages.sign_in import acting
from service.web.statuses import status_of


def register(pages: Blueprint, office: Any) -> None:
    """Adds the pages of documents and the acts on them."""

    @pages.app_context_processor
    def papers() -> dict[str, Any]:
        return {"papers_of": lambda case_id: case_papers(office, acting(), case_id)}

    @pages.get("/documents/<uuid:document_id>", endpoint="document")
    def show(document_id: UUID) -> str:
        return _page(office, document_id)

    @pages.get("/documents/<uuid:document_id>.pdf", endpoint="document_file")
    def file(document_id: UUID) -> Response:
        row, pdf = document_file(office, acting(), document_id)
        return shown_pdf(pdf, row.number or row.code)

    @pages.get("/documents/<uuid:document_id>/page-<int:number>.png", endpoint="document_picture")
    def picture(document_id: UUID, number: int) -> Response:
        pictures = document_pictures(office, acting(), document_id)
        if not 1 <= number <= len(pictures):
            raise Missing("NOT_FOUND", "没有这个地址。")
        response = Response(pictures[number - 1], content_type="image/png")
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Pages"] = str(len(pictures))
        return response

    @pages.post("/cases/<uuid:case_id>/documents", endpoint="add_document")
    def add(case_id: UUID) -> AnyResponse:
        scope = request.form.get("scope", "")
        row = add_document(
            office, acting(), case_id, request.form.get("code", ""), scope=UUID(scope) if scope else None
        )
        flash(gettext("已生成草稿，请核对内容后出具。"), "good")
        return redirect(url_for("pages.document", document_id=row.id))

    @pages.post("/documents/<uuid:document_id>/<act>", endpoint="handle_document")
    def handle(document_id: UUID, act: str) -> AnyResponse | tuple[str, int]:
        if act not in ACTS:
            raise Missing("NOT_FOUND", "没有这个地址。")
        try:
            return ACTS[act](office, document_id)
        except (Missing, Forbidden):
            raise
        except Refusal as refusal:
            status = status_of(refusal)
            return _page(office, document_id, refused=act, refusal=refusal), 422 if status == 400 else status

    @pages.get("/document-numbers", endpoint="document_numbers")
    def numbers() -> str:
        this_year = day_of(service_now(office)).year
        text = request.args.get("year", "")
        year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else this_year
        return render_template(
            "document_numbers.html", series=series_report(office, acting(), year), year=year, this_year=this_year
        )


def _page(office: Any, document_id: UUID, *, refused: str = "", refusal: Refusal | None = None) -> str:
    page = document_page(office, acting(), document_id)
    problems = {one.field: one for one in (refusal.fields if refusal is not None else ())}
    given = request.form if refused in ("issue", "keep") else None
    return render_template(
        "document.html",
        page=page,
        fields=draft_fields(page.kind, page.line.row.facts, given) if page.line.may_complete else (),
        refused=refused,
        refusal=refusal,
        reason=request.form.get("reason", "") if refused else "",
        problems=problems,
    )


def _issue(office: Any, document_id: UUID) -> AnyResponse:
    facts = read_draft(document_page(office, acting(), document_id).kind, request.form)
    row = complete_draft(office, acting(), document_id, facts)
    flash(gettext("已出具 %(number)s。", number=row.number or row.code), "good")
    return redirect(url_for("pages.document", document_id=document_id))


def _keep(office: Any, document_id: UUID) -> AnyResponse:
    facts = read_draft(document_page(office, acting(), document_id).kind, request.form)
    complete_draft(office, acting(), document_id, facts, issue=False)
    flash(gettext("草稿已保存。"), "good")
    return redirect(url_for("pages.document", document_id=document_id))


def _drop(office: Any, document_id: UUID) -> AnyResponse:
    row = drop_draft(office, acting(), document_id, request.form.get("reason", ""))
    flash(gettext("草稿已放弃。"), "good")
    return redirect(url_for("pages.case", case_id=row.case_id, _anchor="documents"))


def _void(office: Any, document_id: UUID) -> AnyResponse:
    void_document(office, acting(), document_id, request.form.get("reason", ""))
    flash(gettext("文书已作废，编号保留在台账中。"), "good")
    return redirect(url_for("pages.document", document_id=document_id))


def _correct(office: Any, document_id: UUID) -> AnyResponse:
    row = correct_document(office, acting(), document_id)
    flash(gettext("已按原内容生成草稿，请更正后出具。"), "good")
    return redirect(url_for("pages.document", document_id=row.id))


def _reprint(office: Any, document_id: UUID) -> AnyResponse:
    row, pdf = reprint_document(office, acting(), document_id, request.form.get("reason", ""))
    return shown_pdf(pdf, f"{row.number or row.code} 补打{row.reprints}")


ACTS: dict[str, Callable[[Any, UUID], AnyResponse]] = {
    "issue": _issue,
    "keep": _keep,
    "drop": _drop,
    "void": _void,
    "correct": _correct,
    "reprint": _reprint,
}
