"""流程: the library of deployed versions, their diagrams and files."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, render_template, request

from service.casework.workbench import diagram_source, process_acts, process_list, process_page
from service.web.pages.sign_in import acting


def register(pages: Blueprint, office: Any) -> None:
    """Adds the list of processes, one process with its versions, and the diagram files."""

    @pages.get("/processes")
    def processes() -> str:
        search = request.args.get("q", "").strip()[:100]
        return render_template("processes.html", lines=process_list(office, acting(), search=search), search=search)

    @pages.get("/processes/<key>")
    def process(key: str) -> str:
        page = process_page(office, acting(), key)
        wanted = request.args.get("version", "")
        shown = next((one for one in page.versions if str(one.version) == wanted), page.versions[0])
        acts = process_acts(office, acting(), shown.id)
        return render_template("process.html", page=page, versions=page.versions, shown=shown, acts=acts)

    @pages.get("/definitions/<uuid:definition_id>.bpmn")
    def diagram(definition_id: UUID) -> Response:
        version, content = diagram_source(office, acting(), definition_id)
        response = Response(content, mimetype="application/xml")
        response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
        if request.args.get("download"):
            response.headers.set("Content-Disposition", "attachment", filename=f"{version.key}.v{version.version}.bpmn")
        return response
