"""Deployments: files in, versions out."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from werkzeug.exceptions import UnsupportedMediaType

from service.casework import Resource, delete_deployment, deploy
from service.casework.decisions import list_decisions
from service.casework.deploying import DefinitionView, DeploymentView
from service.casework.listing import (
    DEPLOYMENTS,
    RESOURCES,
    DeploymentRow,
    Inquiry,
    ResourceRow,
    list_rows,
    one_row,
    resource_file,
)
from service.rules.refusals import Invalid
from service.web.bodies import field_refused
from service.web.engine_rest.answers import answer, done
from service.web.engine_rest.decision_definitions import described
from service.web.engine_rest.door import door, identify, this_office, who
from service.web.engine_rest.inquiries import serve_count, serve_list
from service.web.instants import camunda_instant

MISSING = "没有编号为 {id} 的部署。"
FIELDS = ("deployment-name", "deployment-source", "tenant-id", "enable-duplicate-filtering", "deploy-changed-only")


def deployment(row: DeploymentRow | DeploymentView) -> dict[str, Any]:
    """One deployment as Camunda writes it."""
    own = [{"method": "GET", "href": f"{request.host_url}engine-rest/deployment/{row.id}", "rel": "self"}]
    return {
        "links": own if row.id else [],
        "id": str(row.id) if row.id else None,
        "name": row.name,
        "source": row.source,
        "deploymentTime": camunda_instant(row.deployed_at),
        "tenantId": None,
    }


def _deployed_definition(view: DefinitionView) -> dict[str, Any]:
    return {
        "id": str(view.id),
        "key": view.key,
        "category": None,
        "description": None,
        "name": view.name,
        "version": view.version,
        "resource": view.resource_name,
        "deploymentId": str(view.deployment_id),
        "diagram": None,
        "suspended": view.suspended,
        "tenantId": None,
        "versionTag": view.version_tag,
        "historyTimeToLive": None,
        "startableInTasklist": True,
    }


def _resource(row: ResourceRow) -> dict[str, Any]:
    return {"id": str(row.id), "name": row.name, "deploymentId": str(row.deployment_id)}


@door.post("/deployment/create")
def create_deployment() -> Response:
    """Multipart as modelling tools send it: fields with fixed names, every other part is a file."""
    if request.mimetype != "multipart/form-data":
        raise UnsupportedMediaType
    resources = [
        Resource(name=(part.filename or field).replace("\\", "/").rsplit("/", 1)[-1], content=part.read())
        for field, part in request.files.items(multi=True)
    ]
    resources += [  # parts without a file name
        Resource(name=field, content=text.encode())
        for field, text in request.form.items(multi=True)
        if field not in FIELDS
    ]
    if not resources:
        raise Invalid("NO_RESOURCES", "没有要部署的文件。")
    wanted = {field: request.form.get(field, "") for field in FIELDS}
    if any("\0" in text or len(text) > 200 for text in wanted.values()):
        raise field_refused("deployment-name", "不超过 200 个字的文本")
    view = deploy(
        this_office(),
        who(),
        wanted["deployment-name"] or resources[0].name,
        resources,
        source=wanted["deployment-source"] or None,
        skip_unchanged="true" in (wanted["enable-duplicate-filtering"], wanted["deploy-changed-only"]),
    )
    definitions = {str(definition.id): _deployed_definition(definition) for definition in view.definitions}
    made = list_decisions(this_office(), who()) if any(one.name.lower().endswith(".dmn") for one in resources) else ()
    decided = {str(one.id): described(one) for one in made if one.deployment_id == view.id}
    return answer(
        {
            **deployment(view),
            "deployedProcessDefinitions": definitions or None,
            "deployedCaseDefinitions": None,
            "deployedDecisionDefinitions": decided or None,
            "deployedDecisionRequirementsDefinitions": None,
        }
    )


@door.get("/deployment")
def list_deployments() -> Response:
    return serve_list(DEPLOYMENTS, deployment)


@door.get("/deployment/count")
def count_deployments() -> Response:
    return serve_count(DEPLOYMENTS)


@door.get("/deployment/<deployment_id>")
def get_deployment(deployment_id: str) -> Response:
    return answer(deployment(_one(deployment_id)))


@door.delete("/deployment/<deployment_id>")
def remove_deployment(deployment_id: str) -> Response:
    found = identify(deployment_id, "DEPLOYMENT_NOT_FOUND", MISSING)
    delete_deployment(this_office(), who(), found, cascade=request.args.get("cascade") == "true")
    return done()


@door.get("/deployment/<deployment_id>/resources")
def list_resources(deployment_id: str) -> Response:
    found = _one(deployment_id)
    rows = list_rows(this_office(), who(), RESOURCES, Inquiry(filters={"deployment_id": found.id}))
    return answer([_resource(row) for row in rows])


@door.get("/deployment/<deployment_id>/resources/<resource_id>")
def get_resource(deployment_id: str, resource_id: str) -> Response:
    wanted = {
        "id": identify(resource_id, "RESOURCE_NOT_FOUND", "没有编号为 {id} 的资源。"),
        "deployment_id": identify(deployment_id, "DEPLOYMENT_NOT_FOUND", MISSING),
    }
    row = one_row(this_office(), who(), RESOURCES, "RESOURCE_NOT_FOUND", "没有编号为 {id} 的资源。", **wanted)
    return answer(_resource(row))


@door.get("/deployment/<deployment_id>/resources/<resource_id>/data")
def read_resource(deployment_id: str, resource_id: str) -> Response:
    file = resource_file(
        this_office(),
        who(),
        resource_id=identify(resource_id, "RESOURCE_NOT_FOUND", "没有编号为 {id} 的资源。"),
        deployment_id=identify(deployment_id, "DEPLOYMENT_NOT_FOUND", MISSING),
    )
    response = Response(file.content, content_type="application/octet-stream")
    response.headers.set("Content-Disposition", "attachment", filename=file.name)
    return response


def _one(deployment_id: str) -> DeploymentRow:
    found = identify(deployment_id, "DEPLOYMENT_NOT_FOUND", MISSING)
    return one_row(this_office(), who(), DEPLOYMENTS, "DEPLOYMENT_NOT_FOUND", MISSING, id=found)
