"""One file of a material: looked at page by page, downloaded, replaced, taken off. Nothing of it ever runs in our origin.

What people look at is made anew by us from the pixels; the file itself is given as a download, or, where browsers can show
it, under a policy that lets it do nothing.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer
from werkzeug.wsgi import wrap_file

from service.casework.materials.marking import withdraw_file
from service.casework.materials.reading import (
    material_line,
    material_panel,
    open_file,
    page_of,
    thumbnail_of,
    version_of,
)
from service.rules.material_files import BY_MEDIA_TYPE
from service.rules.refusals import Refusal
from service.web.downloads import disposition
from service.web.pages.sign_in import acting
from service.web.pages.wording import say

INERT = "default-src 'none'; sandbox; frame-ancestors 'none'"
INERT_PDF = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"  # viewers need no sandbox
KEPT = "private, max-age=600"


def register(pages: Blueprint, office: Any) -> None:
    """Adds the page of a file, its pictures, its content, and taking it off."""

    @pages.get("/materials/files/<uuid:version_id>", endpoint="material_file")
    def show(version_id: UUID) -> str:
        actor = acting()
        row = version_of(office, actor, version_id)
        line = material_line(office, actor, row.material_id)
        file = next(one for one in line.files if one.row.id == version_id)
        panel = material_panel(office, actor, row.case_id)
        return render_template("material_file.html", line=line, file=file, panel=panel)

    @pages.get("/materials/files/<uuid:version_id>/content", endpoint="material_content")
    def content(version_id: UUID) -> Response:
        row, stream = open_file(office, acting(), version_id)
        kind = BY_MEDIA_TYPE.get(row.media_type)
        inline = kind is not None and kind.shown and "inline" in request.args
        response = Response(wrap_file(request.environ, stream), mimetype=row.media_type, direct_passthrough=True)
        response.call_on_close(stream.close)
        response.headers["Content-Disposition"] = disposition("inline" if inline else "attachment", row.name)
        response.headers["Content-Security-Policy"] = INERT_PDF if row.media_type == "application/pdf" else INERT
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        response.headers["Cache-Control"] = KEPT
        response.content_length = row.size
        response.set_etag(row.digest)
        response.make_conditional(request.environ, accept_ranges=True, complete_length=row.size)
        return response

    @pages.get("/materials/files/<uuid:version_id>/thumbnail", endpoint="material_thumbnail")
    def thumbnail(version_id: UUID) -> Response:
        return _picture(thumbnail_of(office, acting(), version_id))

    @pages.get("/materials/files/<uuid:version_id>/pages/<int:page>", endpoint="material_page")
    def page(version_id: UUID, page: int) -> Response:
        width = request.args.get("width", 1400, type=int)
        turn = request.args.get("turn", 0, type=int)
        return _picture(page_of(office, acting(), version_id, page=page, width=width, turn=turn))

    @pages.post("/materials/files/<uuid:version_id>/withdraw", endpoint="withdraw_file")
    def withdraw(version_id: UUID) -> Answer:
        actor = acting()
        row = version_of(office, actor, version_id)
        try:
            withdraw_file(office, actor, version_id, request.form.get("reason", ""))
        except Refusal as refusal:
            flash(say(refusal), "bad")
            return redirect(url_for("pages.material_file", version_id=version_id))
        flash(gettext("文件已撤下，仍保留在历史中。"), "good")
        return redirect(url_for("pages.materials", case_id=row.case_id))


def _picture(content: bytes) -> Response:
    response = Response(content, mimetype="image/jpeg")
    response.headers["Content-Security-Policy"] = INERT
    response.headers["Cache-Control"] = KEPT
    return response
