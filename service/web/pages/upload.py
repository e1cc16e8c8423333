"""Uploading revised diagrams and forms: findings first, then what will change, then the deed: to be released, or at once."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from service.casework import deploy
from service.casework.deploying import may_deploy_directly
from service.casework.measures.releases import submit_release
from service.casework.workbench import Resource, preview_upload
from service.rules.refusals import Invalid, Refusal
from service.web.pages.sign_in import acting
from service.web.statuses import status_of

KINDS = (".bpmn", ".bpmn20.xml", ".form", ".dmn", ".xml")
TOGETHER = 4 * 1024 * 1024  # bytes of all files of one upload


def register(pages: Blueprint, office: Any) -> None:
    """Adds the upload page with its two steps."""

    @pages.get("/processes/upload")
    def upload() -> str:
        preview_upload(office, acting(), ())
        return render_template("upload.html", refusal=None)

    @pages.post("/processes/upload")
    def examine() -> str | tuple[str, int]:
        try:
            resources = _sent()
            preview = preview_upload(office, acting(), resources)
        except Invalid as refusal:
            return render_template("upload.html", refusal=refusal), 422
        status = 422 if preview.errors else 200
        given = {resource.name for resource in resources}
        kept = [(r.name, base64.b64encode(r.content).decode("ascii")) for r in preview.resources if r.name in given]
        direct = may_deploy_directly(office, acting())
        return render_template("upload_preview.html", preview=preview, kept=kept, direct=direct), status

    @pages.post("/processes/submit")
    def submit_upload() -> Response | tuple[str, int]:
        try:
            made = submit_release(office, acting(), _kept(), note=request.form.get("note", ""))
        except Refusal as refusal:
            return render_template("upload.html", refusal=refusal), status_of(refusal)
        flash(gettext("已提交发布，等待审核。"), "good")
        return redirect(url_for("pages.case", case_id=made))

    @pages.post("/processes/deploy")
    def deploy_upload() -> Response | tuple[str, int]:
        try:
            preview = preview_upload(office, acting(), _kept())
            note = request.form.get("note", "").strip()[:500] or None
            made = deploy(office, acting(), gettext("网页上传"), preview.resources, source="upload", note=note)
        except Refusal as refusal:
            return render_template("upload.html", refusal=refusal), status_of(refusal)
        if made.unchanged:
            flash(gettext("与现行版本完全相同，没有产生新版本。"), "warn")
            return redirect(url_for("pages.processes"))
        named = "、".join(f"{one.name or one.key} v{one.version}" for one in made.definitions)
        flash(gettext("已部署：%(named)s", named=named), "good")
        if len(made.definitions) == 1:
            return redirect(url_for("pages.process", key=made.definitions[0].key))
        return redirect(url_for("pages.processes"))


def _sent() -> tuple[Resource, ...]:
    """The files of the browser. Refused: Invalid NO_FILES, FILE_KIND, FILES_TOO_LARGE."""
    found = []
    for file in request.files.getlist("files"):
        name = (file.filename or "").replace("\\", "/").rsplit("/", 1)[-1].strip()
        if name:
            found.append(Resource(name=name[:255], content=file.read()))
        file.close()
    return _checked(found)


def _kept() -> tuple[Resource, ...]:
    """The files the confirmation page carried along; they are examined again when they are deployed."""
    names, contents = request.form.getlist("file-name"), request.form.getlist("file-content")
    try:
        return _checked(
            [Resource(name=n, content=base64.b64decode(c, validate=True)) for n, c in zip(names, contents, strict=True)]
        )
    except (binascii.Error, ValueError):
        raise Invalid("UPLOAD_BROKEN", "上传的内容不完整，请重新选择文件。") from None


def _checked(resources: list[Resource]) -> tuple[Resource, ...]:
    if not resources:
        raise Invalid("NO_FILES", "请选择至少一个文件。")
    for resource in resources:
        if not resource.name.lower().endswith(KINDS):
            raise Invalid("FILE_KIND", "文件“{name}”不是 BPMN、DMN 或表单文件。", name=resource.name)
    if sum(len(resource.content) for resource in resources) > TOGETHER:
        raise Invalid("FILES_TOO_LARGE", "文件合计超过 4 MB，请分批上传。")
    return tuple({resource.name: resource for resource in resources}.values())
