"""The designer: one draft drawn in the browser, saved as it is drawn, judged by the server with every save."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from service.casework import studio
from service.casework.studio.choices import ATTRIBUTES
from service.rules.refusals import Conflict, Invalid, Refusal
from service.web.pages.sign_in import acting
from service.web.pages.studio_findings import findings_of, in_chinese
from service.web.pages.studio_panel import panel
from service.web.pages.studio_templates import templates
from service.web.pages.studio_words import KINDS
from service.web.pages.wording import say
from service.web.statuses import status_of

Answer = Response | tuple[Response, int]


def register(pages: Blueprint, office: Any) -> None:
    """Adds the designer's page, its diagram and panel, and what it asks while somebody draws."""

    @pages.get("/studio/drafts/<uuid:draft_id>", endpoint="process_draft")
    def draw(draft_id: UUID) -> str:
        page = studio.draft_page(office, acting(), draft_id)
        return render_template(
            "studio/draft.html",
            page=page,
            line=page.line,
            row=page.line.row,
            kinds={kind: str(words) for kind, words in KINDS.items()},
        )

    @pages.get("/studio/drafts/<uuid:draft_id>.bpmn", endpoint="process_draft_source")
    def source(draft_id: UUID) -> Response:
        _, name, content = studio.draft_source(office, acting(), draft_id)
        response = Response(content, mimetype="application/xml")
        response.headers["Cache-Control"] = "no-store"
        if request.args.get("download"):
            response.headers.set("Content-Disposition", "attachment", filename=name)
        return response

    @pages.get("/studio/panel.json", endpoint="studio_panel")
    def fields() -> Response:
        draft = request.args.get("draft", type=UUID)
        return jsonify(**panel(studio.choices(office, acting(), draft), ATTRIBUTES), templates=templates())

    @pages.get("/studio/drafts/<uuid:draft_id>/names.json", endpoint="process_draft_names")
    def names(draft_id: UUID) -> Response:
        found = studio.names_of_draft(office, acting(), draft_id)
        return jsonify(
            names=[[one.name, one.words, one.made] for one in found],
            functions=[f"{one}()" for one in studio.functions()],
        )

    @pages.post("/studio/drafts/<uuid:draft_id>/save", endpoint="save_process_draft")
    def save(draft_id: UUID) -> Answer:
        sent = request.files.get("content")
        content = sent.read() if sent is not None else b""
        try:
            version, preview = studio.save_draft(
                office, acting(), draft_id, content, seen=request.form.get("seen", -1, type=int)
            )
        except Refusal as refusal:
            return _refused(refusal)
        return jsonify(version=version, findings=findings_of(preview))

    @pages.get("/studio/drafts/<uuid:draft_id>/findings", endpoint="process_draft_findings")
    def findings(draft_id: UUID) -> Response:
        return jsonify(findings=findings_of(studio.check_draft(office, acting(), draft_id)))

    @pages.post("/studio/drafts/<uuid:draft_id>/hold", endpoint="hold_process_draft")
    def hold(draft_id: UUID) -> Answer:
        try:
            if request.form.get("leave"):
                studio.let_go(office, acting(), draft_id)
            else:
                studio.hold_draft(office, acting(), draft_id)
        except Refusal as refusal:
            return _refused(refusal)
        return jsonify(held=True)

    @pages.post("/studio/expression", endpoint="check_expression")
    def expression() -> Answer:
        found = studio.check_expression(
            acting(), request.form.get("text", ""), literal=request.form.get("literal") == "1"
        )
        return jsonify(problem="" if found is None else found[not in_chinese()])

    @pages.post("/studio/drafts/<uuid:draft_id>/take-over", endpoint="take_over_process_draft")
    def take(draft_id: UUID) -> Response:
        return _done(
            draft_id,
            lambda: studio.take_over(office, acting(), draft_id, request.form.get("word", "")),
            gettext("已接管，可以继续编辑。"),
        )

    @pages.post("/studio/drafts/<uuid:draft_id>/hand-in", endpoint="hand_in_process_draft")
    def hand_in(draft_id: UUID) -> Response:
        try:
            case_id = studio.hand_in(
                office,
                acting(),
                draft_id,
                seen=request.form.get("seen", -1, type=int),
                note=request.form.get("note", ""),
            )
        except (Invalid, Conflict) as refusal:
            flash(say(refusal), "bad")
            return redirect(url_for("pages.process_draft", draft_id=draft_id))
        flash(gettext("已提交发布，等待审核。"), "good")
        return redirect(url_for("pages.case", case_id=case_id))


def _done(draft_id: UUID, act: Any, words: str) -> Response:
    try:
        act()
    except (Invalid, Conflict) as refusal:
        flash(say(refusal), "bad")
    else:
        flash(words, "good")
    return redirect(url_for("pages.process_draft", draft_id=draft_id))


def _refused(refusal: Refusal) -> Answer:
    return jsonify(code=refusal.code, sentence=say(refusal)), status_of(refusal)
