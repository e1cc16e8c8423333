"""流程: the library of deployed versions, their diagrams and files."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, render_template, request
from markupsafe import Markup

from service.casework.measures.releases import scheduled_releases
from service.casework.workbench import (
    diagram_source,
    gallery,
    process_acts,
    process_list,
    process_page,
    process_picture,
    process_pictures,
)
from service.web.pages.sign_in import acting


def register(pages: Blueprint, office: Any) -> None:
    """Adds the list of processes, the gallery, one process with its versions, and the diagram files."""

    @pages.get("/processes")
    def processes() -> str:
        search = request.args.get("q", "").strip()[:100]
        return render_template("processes.html", lines=process_list(office, acting(), search=search), search=search)

    @pages.get("/processes/gallery", endpoint="gallery")
    def show_gallery() -> str:
        search = request.args.get("q", "").strip()[:100]
        groups = gallery(office, acting(), search=search)
        paper = request.args.get("print") == "1"
        drawn = process_pictures(office, acting(), groups) if paper else {}
        pictures = {id: Markup(svg) for id, svg in drawn.items() if svg}
        return render_template("gallery.html", groups=groups, search=search, paper=paper, pictures=pictures)

    @pages.get("/processes/<key>")
    def process(key: str) -> str:
        page = process_page(office, acting(), key)
        wanted = request.args.get("version", "")
        shown = next((one for one in page.versions if str(one.version) == wanted), page.versions[0])
        acts = process_acts(office, acting(), shown.id)
        ahead = scheduled_releases(office, acting(), key)
        return render_template("process.html", page=page, versions=page.versions, shown=shown, acts=acts, ahead=ahead)

    @pages.get("/definitions/<uuid:definition_id>.svg")
    def diagram_picture(definition_id: UUID) -> Response:
        response = Response(process_picture(office, acting(), definition_id), mimetype="image/svg+xml")
        response.headers["Cache-Control"] = "private, max-age=3600"
        return response

    @pages.get("/definitions/<uuid:definition_id>.bpmn")
    def diagram(definition_id: UUID) -> Response:
        version, content = diagram_source(office, acting(), definition_id)
        response = Response(content, mimetype="application/xml")
        response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
        if request.args.get("download"):
            response.headers.set("Content-Disposition", "attachment", filename=f"{version.key}.v{version.version}.bpmn")
        return response
