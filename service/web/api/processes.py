"""Processes: versions, diagrams, deploying, and what the linter would say."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, request

from service.casework import DefinitionView, Resource, deploy, examine_upload
from service.casework.listing import DEFINITIONS, DefinitionRow, one_row, resource_file
from service.casework.rights import require_library_reader
from service.rules.refusals import Invalid
from service.web.api.door import answer, door, process_id, this_office, who
from service.web.api.paging import only_parameters, parameter, serve_page
from service.web.api.problems import findings
from service.web.bodies import field_refused, read_body
from service.web.instants import iso_instant

MISSING = "没有编号为 {process_definition_id} 的流程版本。"
LARGEST_FILE = 4_000_000  # characters of one file in a JSON body
MOST_FILES = 200


def process(row: DefinitionRow) -> dict[str, Any]:
    """One version of a process for programs."""
    return {
        "id": str(row.id),
        "key": row.key,
        "name": row.name,
        "version": row.version,
        "versionTag": row.version_tag,
        "kind": row.zw_kind,
        "suspended": row.suspended,
        "deploymentId": str(row.deployment_id),
        "deployedAt": iso_instant(row.deployed_at),
        "resource": row.resource,
        "calls": list(row.called),
        "starts": [{"kind": one.get("kind"), "name": one.get("name") or None} for one in row.starts],
    }


def _made(view: DefinitionView) -> dict[str, Any]:
    return {"id": str(view.id), "key": view.key, "name": view.name, "version": view.version}


def _one(found: UUID) -> DefinitionRow:
    return one_row(this_office(), who(), DEFINITIONS, "DEFINITION_NOT_FOUND", MISSING, process_definition_id=found)


@door.get("/processes")
def list_processes() -> Response:
    """The newest version of every process, or with `versions=all` every version."""
    only_parameters("key", "kind", "versions")
    filters = {"key": parameter("key"), "zw_kind": parameter("kind", ("CHAIN", "ITEM", "SUPPORT"))}
    chosen: dict[str, Any] = {name: value for name, value in filters.items() if value is not None}
    if parameter("versions", ("newest", "all")) != "all":
        chosen["latest_version"] = True
    return serve_page(DEFINITIONS, process, chosen)


@door.get("/processes/<text>")
def get_process(text: str) -> Response:
    only_parameters()
    return answer(process(_one(process_id(text))))


@door.get("/processes/<text>/xml")
def get_diagram(text: str) -> Response:
    """The BPMN file, byte for byte as uploaded."""
    only_parameters()
    require_library_reader(who())
    row = _one(process_id(text))
    file = resource_file(this_office(), who(), definition_id=row.id)
    return Response(file.content, content_type="application/xml")


@door.post("/processes")
def deploy_processes() -> Response:
    """Deploys files. 201 with the versions made, 200 when everything was there already."""
    name, note, resources = _uploaded()
    view = deploy(this_office(), who(), name or resources[0].name, resources, source="api", note=note)
    body = {
        "deploymentId": str(view.id),
        "unchanged": view.unchanged,
        "processes": [_made(one) for one in view.definitions],
        "findings": findings(view.findings),
    }
    return answer(body, 200 if view.unchanged else 201)


@door.post("/processes/lint")
def lint_processes() -> Response:
    """What deploying these files would be told, without deploying."""
    _, _, resources = _uploaded()
    examination = examine_upload(this_office(), resources)
    return answer(
        {
            "acceptable": not examination.errors,
            "findings": findings(examination.findings),
            "processes": [
                {"key": draft.key, "name": draft.name, "file": draft.resource, "calls": list(draft.called)}
                for draft in examination.drafts
            ],
        }
    )


def _uploaded() -> tuple[str, str | None, list[Resource]]:
    """Name, note and files of a multipart or JSON body."""
    if request.mimetype == "multipart/form-data":
        name, note = request.form.get("name", ""), request.form.get("note") or None
        resources = [
            Resource(name=_file_name(part.filename or field), content=part.read())
            for field, part in request.files.items(multi=True)
        ]
    else:
        body = read_body()
        body.only("name", "note", "files")
        name, note = body.text("name", longest=200) or "", body.text("note", longest=4000)
        resources = [
            Resource(
                name=_file_name(part.needed_text("name")),
                content=part.needed_text("content", longest=LARGEST_FILE).encode("utf-8", "replace"),
            )
            for part in body.parts("files")
        ]
    if not resources:
        raise Invalid("NO_RESOURCES", "没有要部署的文件。")
    if len(resources) > MOST_FILES:
        raise Invalid("TOO_MANY_FILES", "一次最多上传 {most} 个文件。", most=MOST_FILES)
    if "\0" in name or len(name) > 200 or "\0" in (note or ""):
        raise field_refused("name", "不超过 200 个字的文本")
    return name, note, resources


def _file_name(text: str) -> str:
    name = text.replace("\\", "/").rsplit("/", 1)[-1]
    if not name or "\0" in name or len(name) > 255:
        raise field_refused("files.name", " 1 到 255 个字的文件名")
    return name
