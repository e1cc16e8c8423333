"""文书模板: the wording of documents revised, with a preview while one writes."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response as AnyResponse

from service.casework.papers.templates import (
    deploy_template,
    restore_template,
    template_diff,
    template_list,
    template_page,
    template_pictures,
    template_preview,
    template_text_diff,
)
from service.rules.refusals import Forbidden, Missing, Refusal, refuse
from service.web.downloads import shown_pdf
from service.web.instants import read_instant
from service.web.pages import columns, listing
from service.web.pages.paging import Address
from service.web.pages.sign_in import acting
from service.web.statuses import status_of


def register(pages: Blueprint, office: Any) -> None:
    """Adds the kinds with their templates, one of them, its preview and its versions."""

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

    @pages.post("/document-templates/<code>/preview", endpoint="preview_template")
    def show_preview(code: str) -> str | tuple[str, int]:
        try:
            pictures = template_pictures(office, acting(), code, body=request.form.get("body", ""))
        except (Missing, Forbidden):
            raise
        except Refusal as refusal:
            return render_template("parts/preview_refused.html", refusal=refusal), 422
        return render_template("parts/preview_pages.html", pictures=_as_text(pictures))

    @pages.post("/document-templates/<code>/restore", endpoint="restore_template")
    def restore(code: str) -> AnyResponse | tuple[str, int]:
        try:
            row = restore_template(
                office,
                acting(),
                code,
                _number("version"),
                note=request.form.get("reason", ""),
                seen=_number("seen"),
            )
        except (Missing, Forbidden):
            raise
        except Refusal as refusal:
            status = status_of(refusal)
            return _template(office, code, refusal=refusal), 422 if status == 400 else status
        flash(gettext("已恢复，新版本为第 %(version)s 版，立即生效。", version=row.version), "good")
        return redirect(url_for("pages.document_template", code=code))

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
                seen=_number("seen"),
            )
        except (Missing, Forbidden):
            raise
        except Refusal as refusal:
            status = status_of(refusal)
            return _template(office, code, body=_sent_body(), refusal=refusal), 422 if status == 400 else status
        flash(gettext("已部署第 %(version)s 版。", version=row.version), "good")
        return redirect(url_for("pages.document_template", code=code))


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
        pictures=_as_text(template_pictures(office, acting(), code)),
        changes=changes,
        examined=examined,
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


def _number(field: str) -> int:
    """A version that was sent, -1 for anything else."""
    text = request.form.get(field, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else -1


def _as_text(pictures: tuple[bytes, ...]) -> list[str]:
    return [b64encode(one).decode("ascii") for one in pictures]
