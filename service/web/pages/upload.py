"""Uploading revised diagrams and forms: findings first, then what will change, then the deed: to be released, or at once."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from service.casework import deploy
from service.casework.deploying import may_deploy_directly
from service.casework.measures.releases import submit_release
from service.casework.workbench import preview_upload
from service.rules.refusals import Invalid, Refusal
from service.web.pages.sent_files import carried, kept_files, sent_files
from service.web.pages.sign_in import acting
from service.web.statuses import status_of


def register(pages: Blueprint, office: Any) -> None:
    """Adds the upload page with its two steps."""

    @pages.get("/processes/upload")
    def upload() -> str:
        preview_upload(office, acting(), ())
        return render_template("upload.html", refusal=None)

    @pages.post("/processes/upload")
    def examine() -> str | tuple[str, int]:
        try:
            resources = sent_files()
            preview = preview_upload(office, acting(), resources)
        except Invalid as refusal:
            return render_template("upload.html", refusal=refusal), 422
        status = 422 if preview.errors else 200
        given = {resource.name for resource in resources}
        kept = carried([one for one in preview.resources if one.name in given])
        direct = may_deploy_directly(office, acting())
        return render_template("upload_preview.html", preview=preview, kept=kept, direct=direct), status

    @pages.post("/processes/submit")
    def submit_upload() -> Response | tuple[str, int]:
        try:
            made = submit_release(office, acting(), kept_files(), note=request.form.get("note", ""))
        except Refusal as refusal:
            return render_template("upload.html", refusal=refusal), status_of(refusal)
        flash(gettext("已提交发布，等待审核。"), "good")
        return redirect(url_for("pages.case", case_id=made))

    @pages.post("/processes/deploy")
    def deploy_upload() -> Response | tuple[str, int]:
        try:
            preview = preview_upload(office, acting(), kept_files())
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
