"""印章: the seals papers are made with."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from service.casework.papers.stationery import seal_image, seal_page, upload_seal, withdraw_seal
from service.rules.refusals import Forbidden, Refusal, refuse
from service.web.pages.days import read_day
from service.web.pages.sign_in import acting
from service.web.statuses import status_of


def register(pages: Blueprint, office: Any) -> None:
    """Adds the seals: shown, uploaded, withdrawn."""

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


def _seals(office: Any, *, refusal: Refusal | None = None) -> str:
    return render_template(
        "seals.html",
        page=seal_page(office, acting()),
        given=request.form,
        refusal=refusal,
        problems={one.field: one for one in (refusal.fields if refusal is not None else ())},
    )
