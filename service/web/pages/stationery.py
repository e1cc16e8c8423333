"""文书模板 and 印章: what papers are made with."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response as AnyResponse

from service.casework.papers.stationery import (
    deploy_template,
    seal_image,
    seal_page,
    template_diff,
    template_list,
    template_page,
    template_preview,
    template_text_diff,
    upload_seal,
    withdraw_seal,
)
from service.rules.refusals import Forbidden, Missing, Refusal, refuse
from service.web.downloads import shown_pdf
from service.web.instants import read_instant
from service.web.pages import columns, listing
from service.web.pages.days import read_day
from service.web.pages.paging import Address
from service.web.pages.sign_in import acting
from service.web.statuses import status_of


def register(pages: Blueprint, office: Any) -> None:
    """Adds templates with their versions, and seals."""

    def load(number: int) -> listing.OnePage:
        wanted = _wanted().casefold()
        lines = template_list(office, acting())
        return listing.cut([one for one in lines if wanted in f"{one.kind.code} {one.kind.title}".casefold()], number)

    listed = listing.declare(
        pages,
        listing.Listed(
            name="document_templates", words=lazy_gettext("文书模板"), load=load, columns=columns.DOCUMENT_TEMPLATES
        ),
    )

    @pages.get("/document-templates", endpoint="document_templates")
    def show_all() -> str:
        return render_template(
            "document_templates.html",
            found=listing.shown(listed),
            search=_wanted(),
            address=Address("pages.document_templates", q=_wanted()),
        )

    @pages.get("/document-templates/<code>", endpoint="document_template")
    def show(code: str) -> str:
        old, new = request.args.get("old", ""), request.args.get("new", "")
        changes = None
        if all(text.isascii() and text.isdigit() and len(text) < 6 for text in (old, new)):
            changes = template_diff(office, acting(), code, int(old), int(new))
        return _template(office, code, changes=changes)

    @pages.get("/document-templates/<code>/sample.pdf", endpoint="template_sample")
    def sample(code: str) -> Response:
        text = request.args.get("version", "")
        version = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None
        return shown_pdf(template_preview(office, acting(), code, version=version).pdf, f"{code} 样张")

    @pages.post("/document-templates/<code>", endpoint="deploy_template")
    def deploy(code: str) -> AnyResponse | str | tuple[str, int]:
        act = request.form.get("act", "examine")
        try:
            body = _sent_body()
            if act == "sample":
                return shown_pdf(template_preview(office, acting(), code, body=body).pdf, f"{code} 样张")
            if act == "examine":
                template_preview(office, acting(), code, body=body)
                return _template(
                    office, code, body=body, changes=template_text_diff(office, acting(), code, body), examined=True
                )
            row = deploy_template(
                office,
                acting(),
                code,
                body,
                note=request.form.get("note", ""),
                effective_at=_effective_at(),
                seen=int(text) if (text := request.form.get("seen", "")).isascii() and text.isdigit() else -1,
            )
        except (Missing, Forbidden):
            raise
        except Refusal as refusal:
            status = status_of(refusal)
            return _template(office, code, body=_sent_body(), refusal=refusal), 422 if status == 400 else status
        flash(gettext("已部署第 %(version)s 版。", version=row.version), "good")
        return redirect(url_for("pages.document_template", code=code))

    @pages.get("/seals", endpoint="seals")
    def seals() -> str:
        return _seals(office)

    @pages.get("/seals/<uuid:seal_id>.png", endpoint="seal_image")
    def image(seal_id: UUID) -> Response:
        response = Response(seal_image(office, acting(), seal_id), content_type="image/png")
        response.headers["Cache-Control"] = "no-store"
        return response

    @pages.post("/seals", endpoint="upload_seal")
    def upload() -> AnyResponse | tuple[str, int]:
        try:
            valid_from = read_day("valid_from", request.form.get("valid_from", ""))
            if valid_from is None:
                raise refuse("valid_from", "FIELD_INVALID", "请填写正确的日期。")
            sent = request.files.get("image")
            upload_seal(
                office,
                acting(),
                authority=request.form.get("authority", ""),
                image=sent.read() if sent is not None else b"",
                valid_from=valid_from,
                valid_to=read_day("valid_to", request.form.get("valid_to", "")),
            )
        except Forbidden:
            raise
        except Refusal as refusal:
            status = status_of(refusal)
            return _seals(office, refusal=refusal), 422 if status == 400 else status
        flash(gettext("印章已上传。"), "good")
        return redirect(url_for("pages.seals"))

    @pages.post("/seals/<uuid:seal_id>/withdraw", endpoint="withdraw_seal")
    def withdraw(seal_id: UUID) -> AnyResponse:
        withdraw_seal(office, acting(), seal_id)
        flash(gettext("印章已停用。"), "good")
        return redirect(url_for("pages.seals"))


def _wanted() -> str:
    return request.args.get("q", "").replace("\0", "").strip()[:60]


def _template(
    office: Any,
    code: str,
    *,
    body: str | None = None,
    changes: tuple[str, ...] | None = None,
    examined: bool = False,
    refusal: Refusal | None = None,
) -> str:
    page = template_page(office, acting(), code)
    newest = page.versions[0].version if page.versions else 0
    return render_template(
        "document_template.html",
        page=page,
        body=page.body if body is None else body,
        seen=request.form.get("seen", newest),
        note=request.form.get("note", ""),
        effective_at=request.form.get("effective_at", ""),
        changes=changes,
        examined=examined,
        refusal=refusal,
        problems={one.field: one for one in (refusal.fields if refusal is not None else ())},
    )


def _seals(office: Any, *, refusal: Refusal | None = None) -> str:
    return render_template(
        "seals.html",
        page=seal_page(office, acting()),
        given=request.form,
        refusal=refusal,
        problems={one.field: one for one in (refusal.fields if refusal is not None else ())},
    )


def _sent_body() -> str:
    """The text of the form, or of the file when one was chosen. Refused: TEMPLATE_SIZE for what is no text."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return request.form.get("body", "")
    sent.stream.seek(0)
    try:
        return sent.read().decode("utf-8")
    except UnicodeDecodeError:
        raise refuse("body", "TEMPLATE_SIZE", "模板应为 UTF-8 文本文件。") from None


def _effective_at() -> Any:
    text = request.form.get("effective_at", "").strip()
    found = read_instant(text) if text else None
    if text and found is None:
        raise refuse("effective_at", "FIELD_INVALID", "请填写正确的时间。")
    return found
