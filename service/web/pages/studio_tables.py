"""决策表 of a draft: edited in the browser, judged by the server with every save, tried before it is released."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, jsonify, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from service.casework import studio
from service.rules.refusals import Missing, Refusal
from service.web.pages.sign_in import acting
from service.web.pages.studio_findings import findings_of
from service.web.pages.wording import say
from service.web.statuses import status_of

VALUE = "value:"  # before the names of what a decision asks


def register(pages: Blueprint, office: Any) -> None:
    """Adds the editor's page, what the linter finds in one file, and trying a decision."""

    @pages.get("/studio/drafts/<uuid:draft_id>/tables/<name>", endpoint="draft_table")
    def edit(draft_id: UUID, name: str) -> str:
        file = studio.draft_file(office, acting(), draft_id, name)
        if file.kind != "table":
            raise Missing("DRAFT_FILE_NOT_FOUND", "草稿中没有 {name}。", name=name)
        page = studio.draft_page(office, acting(), draft_id)
        return render_template("studio/table.html", page=page, line=page.line, row=page.line.row, file=file)

    @pages.get("/studio/drafts/<uuid:draft_id>/tables/<name>/findings", endpoint="draft_table_findings")
    def findings(draft_id: UUID, name: str) -> Response:
        file = studio.draft_file(office, acting(), draft_id, name)
        found = findings_of(studio.check_draft(office, acting(), draft_id), file=name) if file.own else []
        return jsonify(findings=found)

    @pages.post("/studio/drafts/<uuid:draft_id>/tables/<name>/try", endpoint="try_draft_table")
    def attempt(draft_id: UUID, name: str) -> Response | tuple[Response, int]:
        sent = request.files.get("content")
        given = {key.removeprefix(VALUE): text for key, text in request.form.items() if key.startswith(VALUE)}
        try:
            trial = studio.try_table(
                office,
                acting(),
                draft_id,
                name,
                sent.read() if sent is not None else b"",
                request.form.get("decision", ""),
                given if request.form.get("act") == "decide" else None,
            )
        except Refusal as refusal:
            return jsonify(code=refusal.code, sentence=say(refusal)), status_of(refusal)
        return jsonify(
            asks=[{"name": one.name, "label": one.label, "kind": one.kind, "values": one.values} for one in trial.asks],
            problem=trial.problem.words(gettext) if trial.problem is not None else "",
            rows=trial.rows,
            value=trial.value,
        )
