"""表单设计: one form of a draft designed in the browser, previewed by the very macros of the task page."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from flask import Blueprint, jsonify, render_template, request
from werkzeug.wrappers import Response

from service.casework import studio
from service.rules.refusals import Invalid, Missing, Refusal
from service.web.pages.sign_in import acting
from service.web.pages.studio_form_words import panel_words
from service.web.pages.wording import say
from service.web.statuses import status_of


def register(pages: Blueprint, office: Any) -> None:
    """Adds the designer of forms and its preview."""

    @pages.get("/studio/drafts/<uuid:draft_id>/forms/<name>", endpoint="draft_form")
    def design(draft_id: UUID, name: str) -> str:
        file = studio.draft_file(office, acting(), draft_id, name)
        if file.kind != "form":
            raise Missing("DRAFT_FILE_NOT_FOUND", "草稿中没有 {name}。", name=name)
        page = studio.draft_page(office, acting(), draft_id)
        return render_template(
            "studio/form.html", page=page, line=page.line, row=page.line.row, file=file, panel=panel_words()
        )

    @pages.post("/studio/drafts/<uuid:draft_id>/form-preview", endpoint="preview_draft_form")
    def preview(draft_id: UUID) -> Response | tuple[Response, int]:
        sent = request.files.get("content")
        try:
            shown = studio.preview_form(
                office,
                acting(),
                draft_id,
                sent.read() if sent is not None else b"",
                entries=_entries(request.form.get("entries", "")),
                data=_given(request.form.get("data", "")),
                sample=bool(request.form.get("sample")),
                judged=bool(request.form.get("judge")),
            )
        except Refusal as refusal:
            return jsonify(code=refusal.code, sentence=say(refusal)), status_of(refusal)
        html = render_template("studio/form_preview.html", blocks=shown.blocks, problems=shown.problems)
        return jsonify(html=html, hidden=sorted(shown.hidden), variables=shown.variables)


def _entries(text: str) -> dict[str, list[str]] | None:
    if not text:
        return None
    return {
        name: [one for one in values if isinstance(one, str)]
        for name, values in _read(text).items()
        if isinstance(values, list)
    }


def _given(text: str) -> dict[str, Any]:
    """Variables of a case as somebody types them: numbers, true and false by what they are, anything else a text."""
    found: dict[str, Any] = {}
    for name, value in (_read(text) if text else {}).items():
        try:
            found[name] = json.loads(value) if isinstance(value, str) else value
        except (ValueError, RecursionError):
            found[name] = value
    return found


def _read(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Invalid("PREVIEW_UNREADABLE", "预览的内容不能读取。")
    return found
