"""表单与决策表: the files beside a draft's diagram are taken, added, copied, saved and removed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, jsonify, redirect, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from service.casework import studio
from service.rules.refusals import Conflict, Invalid, Refusal
from service.web.pages.sign_in import acting
from service.web.pages.studio_findings import findings_of
from service.web.pages.wording import say
from service.web.statuses import status_of

STATES = {  # words and badge
    "NEW": (_("新增"), "done"),
    "REVISED": (_("已修订"), "warned"),
    "UNCHANGED": (_("沿用现行"), ""),
    "MISSING": (_("没有此文件"), "over"),
}
TYPES = {"form": "application/json", "table": "application/xml"}


def register(pages: Blueprint, office: Any) -> None:
    """Adds what is done with the files of a draft; `file_state()` for templates."""

    @pages.app_template_global("file_state")
    def state_words(state: str) -> tuple[Any, str]:
        return STATES[state]

    def seen() -> int:
        return request.form.get("seen", -1, type=int)

    @pages.get("/studio/drafts/<uuid:draft_id>/files/<name>", endpoint="draft_file")
    def source(draft_id: UUID, name: str) -> Response:
        file = studio.draft_file(office, acting(), draft_id, name)
        response = Response(file.content, mimetype=TYPES[file.kind])
        response.headers["Cache-Control"] = "no-store"
        response.headers.set("Content-Disposition", "attachment", filename=name)
        return response

    @pages.post("/studio/drafts/<uuid:draft_id>/files", endpoint="add_draft_file")
    def add(draft_id: UUID) -> Response:
        given = request.form
        key, title, source = given.get("key", ""), given.get("title", ""), given.get("source", "")
        if source:
            return _done(
                draft_id,
                lambda: studio.copy_file(office, acting(), draft_id, source, key, title, seen=seen()),
                gettext("文件已复制。"),
            )
        return _done(
            draft_id,
            lambda: studio.add_file(office, acting(), draft_id, given.get("kind", ""), key, title, seen=seen()),
            gettext("文件已添加。"),
        )

    @pages.post("/studio/drafts/<uuid:draft_id>/files/<name>/take", endpoint="take_draft_file")
    def take(draft_id: UUID, name: str) -> Response:
        return _done(
            draft_id,
            lambda: studio.take_file(office, acting(), draft_id, name, seen=seen()),
            gettext("%(name)s 已加入草稿，可以修订。", name=name),
        )

    @pages.post("/studio/drafts/<uuid:draft_id>/files/<name>/remove", endpoint="remove_draft_file")
    def remove(draft_id: UUID, name: str) -> Response:
        return _done(
            draft_id,
            lambda: studio.remove_file(office, acting(), draft_id, name, seen=seen()),
            gettext("%(name)s 已从草稿中删除。", name=name),
        )

    @pages.post("/studio/drafts/<uuid:draft_id>/files/<name>/save", endpoint="save_draft_file")
    def save(draft_id: UUID, name: str) -> Response | tuple[Response, int]:
        sent = request.files.get("content")
        content = sent.read() if sent is not None else b""
        try:
            version, preview = studio.save_file(office, acting(), draft_id, name, content, seen=seen())
        except Refusal as refusal:
            return jsonify(code=refusal.code, sentence=say(refusal)), status_of(refusal)
        return jsonify(version=version, findings=findings_of(preview, file=name))


def _done(draft_id: UUID, act: Callable[[], object], words: str) -> Response:
    try:
        act()
    except (Invalid, Conflict) as refusal:
        flash(say(refusal), "bad")
    else:
        flash(words, "good")
    return redirect(url_for("pages.process_draft", draft_id=draft_id, _anchor="files"))
