"""导入导出 of the register: XLSX and JSON with what is wrong row by row, and the field shape of GB/T 39046."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from service.casework.register import EXPORTS, ImportPreview, export_items, import_items, may_propose_any, may_watch
from service.rules.refusals import Forbidden, Refusal, refuse
from service.web.pages import item_words as words
from service.web.pages.sign_in import acting
from service.web.statuses import status_of

TYPES = {
    "json": ("application/json", "json"),
    "gbt39046": ("application/json", "json"),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
}


def register(pages: Blueprint, office: Any) -> None:
    """Adds the page, the files and the import."""

    @pages.get("/items/files")
    def item_files() -> str:
        _watching()
        return _page(None, None, "")

    @pages.get("/items/export.<shape>")
    def item_export(shape: str) -> Response:
        if shape not in EXPORTS:
            raise refuse("shape", "FILE_KIND", "请选择 XLSX、JSON 或 GB/T 39046。")
        kind, suffix = TYPES[shape]
        response = Response(export_items(office, shape, names=heads()), content_type=kind)
        name = "items-gbt39046" if shape == "gbt39046" else "items"
        response.headers.set("Content-Disposition", "attachment", filename=f"{name}.{suffix}")
        response.headers["Cache-Control"] = "no-store"
        return response

    @pages.post("/items/files")
    def item_import() -> AnyResponse | str | tuple[str, int]:
        _watching()
        note, file = request.form.get("note", "")[:2000], request.files.get("file")
        try:
            if file is None or not file.filename:
                raise refuse("file", "NO_FILES", "请选择至少一个文件。")
            try:
                content = file.read()
            finally:
                file.close()
            confirmed = request.form.get("act") == "save"
            found = import_items(
                office, acting(), file.filename, content, names=heads(), note=note, confirmed=confirmed
            )
        except Refusal as refusal:
            code = status_of(refusal)
            return _page(None, refusal, note), 422 if code == 400 else code
        if found.saved:
            count = len(found.new) + len(found.changed)
            flash(gettext("已生成 %(count)s 份修改草稿，请逐份提交审核。", count=count), "good")
            return redirect(url_for("pages.item_drafts"))
        return _page(found, None, note), 422 if found.problems else 200


def heads() -> dict[str, str]:
    """What the columns are called; one name stands for one field."""
    taken: dict[str, str] = {}
    for key, name in words.FIELDS.items():
        if str(name) not in taken.values():
            taken[key] = str(name)
    return taken


def _page(found: ImportPreview | None, refusal: Refusal | None, note: str) -> str:
    return render_template(
        "items/files.html",
        found=found,
        refusal=refusal,
        problems={one.field: one for one in (refusal.fields if refusal else ())},
        note=note,
        proposing=may_propose_any(acting()),
    )


def _watching() -> None:
    if not may_watch(acting()):
        raise Forbidden("REGISTER_CLOSED", "您没有查看事项草稿和清理名单的权限。")
