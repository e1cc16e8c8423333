"""材料: the checklist of a case beside the task and on its own page, handing in, and what people say of each line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from service.casework.materials.export import pack_case
from service.casework.materials.marking import mark_examined, mark_seen
from service.casework.materials.pieces import LARGEST_PIECE, put_piece, put_together
from service.casework.materials.reading import MaterialPanel, material_line, material_panel
from service.casework.materials.receiving import bring_material
from service.casework.materials.reusing import offers_for, reuse_material
from service.casework.materials.sharing import note_share_failed, note_shared
from service.rules.material_files import LARGEST_FILE, MEGABYTE, TAKEN
from service.rules.materials import Origin
from service.rules.refusals import Invalid, Refusal, refuse
from service.web.downloads import disposition
from service.web.pages.sign_in import acting
from service.web.pages.wording import say
from service.web.statuses import status_of

ACTS: dict[str, Callable[[Any, Any, UUID], str]] = {}


def register(pages: Blueprint, office: Any) -> None:
    """Adds the pages, the acts, and `materials_panel(case_id)` for templates of other pages."""

    @pages.app_template_global("materials_panel")
    def materials_panel(case_id: UUID) -> MaterialPanel:
        return material_panel(office, acting(), case_id)

    pages.app_template_global("upload_limits")(
        lambda: {"largest": LARGEST_FILE, "piece": LARGEST_PIECE, "megabytes": LARGEST_FILE // MEGABYTE, "kinds": TAKEN}
    )

    @pages.get("/cases/<uuid:case_id>/materials", endpoint="materials")
    def show(case_id: UUID) -> str:
        panel = material_panel(office, acting(), case_id)
        return render_template("materials.html", panel=panel, case_id=case_id)

    @pages.get("/cases/<uuid:case_id>/materials/panel", endpoint="materials_part")
    def part(case_id: UUID) -> str:
        panel = material_panel(office, acting(), case_id)
        back = url_for("pages.materials", case_id=case_id)
        return render_template("materials_part.html", panel=panel, scope=_uuid(request.args.get("scope")), back=back)

    @pages.get("/cases/<uuid:case_id>/materials.zip", endpoint="materials_zip")
    def pack(case_id: UUID) -> Response:
        name, package = pack_case(office, acting(), case_id)
        response = Response(iter(lambda: package.read(MEGABYTE), b""), mimetype="application/zip")
        response.call_on_close(package.close)
        response.headers["Content-Disposition"] = disposition("attachment", name)
        response.headers["Cache-Control"] = "no-store"
        return response

    @pages.post("/materials/<uuid:material_id>/pieces", endpoint="material_piece")
    def piece(material_id: UUID) -> Answer | tuple[Answer, int]:
        try:
            kept = put_piece(office, acting(), material_id, request.get_data(cache=False))
        except Refusal as refusal:
            return jsonify(code=refusal.code, message=say(refusal)), status_of(refusal)
        return jsonify(slip=kept.slip, size=kept.size)

    @pages.post("/materials/<uuid:material_id>/files", endpoint="bring_material")
    def bring(material_id: UUID) -> Answer | tuple[Answer, int]:
        return _answered(material_id, gettext("材料已提交。"), lambda: _bring(office, material_id))

    @pages.get("/materials/<uuid:material_id>/reuse", endpoint="material_offers")
    def offers(material_id: UUID) -> str:
        actor = acting()
        line = material_line(office, actor, material_id)
        found = offers_for(office, actor, material_id)
        return render_template("material_reuse.html", line=line, offers=found)

    @pages.post("/materials/<uuid:material_id>/<any(seen,examined,failed,shared,reuse):act>", endpoint="material_act")
    def act(material_id: UUID, act: str) -> Answer | tuple[Answer, int]:
        words, do = _act(office, material_id, act)
        return _answered(material_id, words, do)

    def _answered(material_id: UUID, words: str, do: Callable[[], Any]) -> Answer | tuple[Answer, int]:
        """Do it; programs of the page hear JSON, browsers without them go back to where they were."""
        listens = request.accept_mimetypes.best == "application/json"
        try:
            do()
        except Refusal as refusal:
            if listens:
                return jsonify(code=refusal.code, message=say(refusal)), status_of(refusal)
            flash(say(refusal), "bad")
        else:
            if listens:
                return jsonify(message=words)
            flash(words, "good")
        line = material_line(office, acting(), material_id)
        back = request.form.get("next", "")
        local = back.startswith("/") and not back.startswith(("//", "/\\"))
        return redirect(back if local else url_for("pages.materials", case_id=line.row.case_id))


def _bring(office: Any, material_id: UUID) -> None:
    form, actor = request.form, acting()
    sent = request.files.get("file")
    slips = form.getlist("slip")
    name = form.get("name") or (sent.filename if sent is not None else "") or ""
    if (sent is None or not sent.filename) and not slips:
        raise refuse("file", "FILE_MISSING", "请选择文件。")
    try:
        origin = Origin(form.get("origin") or Origin.UPLOAD)
    except ValueError:
        raise Invalid("ORIGIN_UNKNOWN", "材料来源无效。") from None
    content = put_together(office, actor, material_id, slips, name=name) if slips else sent.stream  # type: ignore[union-attr]
    bring_material(
        office,
        actor,
        material_id,
        content,  # type: ignore[arg-type]
        name=name,
        origin=origin,
        replaces=_uuid(form.get("replaces")),
        reason=form.get("reason", ""),
        valid_to=_day(form.get("valid_to")),
        issuer=form.get("issuer", ""),
    )


def _act(office: Any, material_id: UUID, act: str) -> tuple[str, Callable[[], Any]]:
    form, actor = request.form, acting()
    match act:
        case "seen":
            return gettext("已登记核对原件。"), lambda: mark_seen(
                office,
                actor,
                material_id,
                paper=form.get("paper", ""),
                copies=_number(form.get("copies")) if form.get("paper") else 0,
                valid_to=_day(form.get("valid_to")),
                issuer=form.get("issuer", ""),
            )
        case "examined":
            return gettext("已登记审查。"), lambda: mark_examined(
                office, actor, material_id, remark=form.get("remark", "")
            )
        case "failed":
            return gettext("已登记共享获取失败，可以请申请人提交。"), lambda: note_share_failed(
                office, actor, material_id, form.get("reason", "")
            )
        case "shared":
            return gettext("已登记共享核验。"), lambda: note_shared(
                office, actor, material_id, form.get("reference", "")
            )
        case _:
            return gettext("已复用以前提交的材料。"), lambda: reuse_material(
                office, actor, material_id, _uuid(form.get("chosen")) or UUID(int=0)
            )


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise Invalid("ID_INVALID", "编号“{got}”无效。", got=(text or "")[:60]) from None


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if text and text.strip() else None
    except ValueError:
        raise refuse("valid_to", "DAY_INVALID", "日期应写成 2026-03-20。") from None


def _number(text: str | None) -> int:
    value = (text or "").strip() or "1"
    if not value.isascii() or not value.isdigit() or len(value) > 4:
        raise refuse("copies", "COPIES_UNKNOWN", "份数应为 1 至 {most}，没有纸质件时为 0", most=99)
    return int(value)
