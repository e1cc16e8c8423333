"""流程包: everything that is live as one file, and what a file of another installation would change here."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from service.casework.packages import Verdict, export_package, import_package, preview_package
from service.casework.packages.exporting import require_keeper
from service.rules.refusals import Conflict, Invalid, Refusal, TooLarge
from service.web.downloads import disposition
from service.web.instants import read_instant
from service.web.pages import studio_words as words
from service.web.pages.sign_in import acting
from service.web.pages.studio_table_words import table_words
from service.web.statuses import status_of

KINDS = {
    "processes": _("流程"),
    "forms": _("表单"),
    "decisions": _("决策表"),
    "items": _("事项"),
    "documents": _("文书模板"),
    "messages": _("消息模板"),
}
VERDICTS = {
    Verdict.REFUSED: _("不能导入"),
    Verdict.CONFLICT: _("有冲突"),
    Verdict.CHANGED: _("有改动"),
    Verdict.NEW: _("新增"),
    Verdict.LEFT: _("不随包导入"),
    Verdict.SAME: _("相同"),
}
MARKS = {Verdict.REFUSED: "over", Verdict.CONFLICT: "warned", Verdict.CHANGED: "active", Verdict.NEW: "done"}


def register(pages: Blueprint, office: Any) -> None:
    """Adds the place, the file to take away, the preview of another's file and its import."""

    @pages.get("/admin/packages", endpoint="packages")
    def place() -> str:
        return _place(None)

    @pages.post("/admin/packages/export", endpoint="export_package")
    def export() -> Response:
        response = Response(export_package(office, acting()), content_type="application/zip")
        response.headers["Content-Disposition"] = disposition("attachment", gettext("流程包") + ".zip")
        response.headers["Cache-Control"] = "no-store"
        return response

    @pages.post("/admin/packages", endpoint="preview_package")
    def show() -> str | tuple[str, int]:
        sent = request.files.get("file")
        content = sent.read() if sent is not None else b""
        try:
            return _preview(content, None)
        except (Invalid, TooLarge) as refusal:
            return _place(refusal), status_of(refusal)

    @pages.post("/admin/packages/import", endpoint="import_package")
    def take_over() -> Any:
        try:
            content = base64.b64decode(request.form.get("content", ""), validate=True)
        except (binascii.Error, ValueError):
            refusal = Invalid("UPLOAD_BROKEN", "上传的内容不完整，请重新选择文件。")
            return _place(refusal), status_of(refusal)
        note, conflicts = request.form.get("note", ""), request.form.get("conflicts") == "1"
        try:
            made = import_package(office, acting(), content, note=note, conflicts=conflicts)
        except (Invalid, Conflict, TooLarge) as refused:
            return _again(content, refused), 422 if isinstance(refused, Invalid) else status_of(refused)
        if made.case_id is not None:
            flash(gettext("已提交发布，等待审核。"), "good")
            return redirect(url_for("pages.case", case_id=made.case_id))
        said = {"processes": made.processes, "items": made.items, "words": made.words}
        flash(gettext("导入了 %(processes)s 个流程版本、%(items)s 个事项版本、%(words)s 个模板。", **said), "good")
        return redirect(url_for("pages.deployments"))

    def _again(content: bytes, refusal: Refusal) -> str:
        try:
            return _preview(content, refusal)
        except (Invalid, TooLarge) as worse:
            return _place(worse)

    def _preview(content: bytes, refusal: Refusal | None) -> str:
        view = preview_package(office, acting(), content)
        order = list(VERDICTS)
        return render_template(
            "admin/package_preview.html",
            view=view,
            made_at=read_instant(view.package.made_at) if view.package.made_at else None,
            entries=sorted(view.entries, key=lambda one: order.index(one.verdict)),
            content=base64.b64encode(content).decode("ascii"),
            kinds=KINDS,
            verdicts=VERDICTS,
            marks=MARKS,
            words=words,
            table_words=table_words,
            refusal=refusal,
        )

    def _place(refusal: Refusal | None) -> str:
        require_keeper(acting())
        return render_template("admin/packages.html", refusal=refusal)
