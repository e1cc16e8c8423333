"""材料 for programs: the checklist of a case with the files handed in for each line, and the content of a file."""

from __future__ import annotations

from typing import Any

from flask import Response

from service.casework.materials.reading import MaterialFile, MaterialLine, material_line, material_panel, open_file
from service.rules.material_files import MEGABYTE
from service.rules.materials import LineState
from service.web.api.door import answer, case_id, door, identify, this_office, who
from service.web.api.paging import only_parameters, parameter, serve_rows
from service.web.downloads import disposition
from service.web.instants import iso_instant

STATES = tuple(one.value for one in LineState)
MISSING = "没有这份材料，或者您无权查看。"


def material(line: MaterialLine) -> dict[str, Any]:
    """One line of a checklist. `gap`: number of the open correction notice that asks for it."""
    row = line.row
    return {
        "id": str(row.id),
        "caseId": str(row.case_id),
        "scope": str(line.scope) if line.scope else None,
        "process": row.process,
        "position": row.position,
        "name": row.name,
        "kind": row.kind,
        "source": row.source,
        "state": line.state.value,
        "paper": row.paper or None,
        "copies": row.copies,
        "gap": line.gap or None,
        "seenBy": row.seen_by,
        "seenAt": iso_instant(row.seen_at),
        "examinedBy": row.examined_by,
        "examinedAt": iso_instant(row.examined_at),
        "files": [_file(one) for one in line.files],
    }


def _file(one: MaterialFile) -> dict[str, Any]:
    row = one.row
    return {
        "id": str(row.id),
        "version": row.number,
        "name": row.name,
        "mediaType": row.media_type,
        "size": row.size,
        "pages": row.pages,
        "sha256": row.digest,
        "origin": row.origin,
        "verdict": row.verdict,
        "current": one.current,
        "readable": one.readable,
        "uploadedAt": iso_instant(row.uploaded_at),
        "uploadedBy": row.uploaded_by,
        "validTo": row.valid_to.isoformat() if row.valid_to else None,
        "withdrawnAt": iso_instant(row.withdrawn_at),
    }


@door.get("/cases/<text>/materials")
def list_materials(text: str) -> Response:
    """The checklist of a case, item by item."""
    only_parameters("state")
    state = parameter("state", STATES)
    lines = material_panel(this_office(), who(), case_id(text)).lines
    return serve_rows([one for one in lines if state in (None, one.state.value)], material)


@door.get("/materials/<text>")
def get_material(text: str) -> Response:
    only_parameters()
    found = identify(text, "MATERIAL_NOT_FOUND", MISSING)
    return answer(material(material_line(this_office(), who(), found)))


@door.get("/material-files/<text>")
def get_material_file(text: str) -> Response:
    """The content of one file. Refused while the virus check has not let it through."""
    only_parameters()
    row, content = open_file(this_office(), who(), identify(text, "MATERIAL_NOT_FOUND", MISSING))
    response = Response(iter(lambda: content.read(MEGABYTE), b""), mimetype="application/octet-stream")
    response.call_on_close(content.close)
    response.headers["Content-Disposition"] = disposition("attachment", row.name)
    response.headers["Content-Length"] = str(row.size)
    response.headers["Cache-Control"] = "no-store"
    return response
