"""Process definitions: lists, diagrams, figures, starting."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from service.casework import case_variables, resume_definition, start_case, start_form, suspend_definition
from service.casework.listing import (
    DEFINITIONS,
    DefinitionRow,
    Inquiry,
    definition_statistics,
    list_rows,
    one_row,
    resource_file,
)
from service.rules.refusals import Invalid, Missing
from service.web.bodies import Body, read_body
from service.web.engine_rest.answers import answer, done
from service.web.engine_rest.door import definition_id, door, this_office, who
from service.web.engine_rest.inquiries import serve_count, serve_list
from service.web.engine_rest.suspension import read_suspension
from service.web.engine_rest.variables import read_variables, variables

MISSING = "没有编号为 {process_definition_id} 的流程定义。"
NEEDLESS = ("DEFINITION_NOT_FOUND", "没有标识为 {key} 的流程定义。")


def definition(row: DefinitionRow) -> dict[str, Any]:
    """One definition as Camunda writes it."""
    return {
        "id": str(row.id),
        "key": row.key,
        "category": None,
        "description": None,
        "name": row.name or None,
        "version": row.version,
        "resource": row.resource,
        "deploymentId": str(row.deployment_id),
        "diagram": None,
        "suspended": row.suspended,
        "tenantId": None,
        "versionTag": row.version_tag,
        "historyTimeToLive": None,
        "startableInTasklist": True,
    }


def by_id(text: str) -> DefinitionRow:
    """The definition with this id."""
    found = definition_id(text)
    return one_row(this_office(), who(), DEFINITIONS, "DEFINITION_NOT_FOUND", MISSING, process_definition_id=found)


def by_key(key: str) -> DefinitionRow:
    """The newest version of a process."""
    rows = list_rows(this_office(), who(), DEFINITIONS, Inquiry(filters={"key": key, "latest_version": True}, size=1))
    if not rows:
        raise Missing(*NEEDLESS, key=key)
    return rows[0]


@door.get("/process-definition")
def list_definitions() -> Response:
    return serve_list(DEFINITIONS, definition)


@door.get("/process-definition/count")
def count_definitions() -> Response:
    return serve_count(DEFINITIONS)


@door.get("/process-definition/statistics")
def definition_figures() -> Response:
    """Running instances, failed jobs and incidents of every version."""
    wanted_type = request.args.get("incidentsForType")
    return answer(
        [
            {
                "class": "org.camunda.bpm.engine.rest.dto.repository.ProcessDefinitionStatisticsResultDto",
                "id": str(one.definition.id),
                "instances": one.figures.instances,
                "failedJobs": one.figures.failed_jobs,
                "incidents": [
                    {"incidentType": kind, "incidentCount": number}
                    for kind, number in sorted(one.figures.incidents.items())
                    if wanted_type in (None, kind)
                ],
                "definition": definition(one.definition),
            }
            for one in definition_statistics(this_office(), who())
        ]
    )


@door.get("/process-definition/<text>")
def get_definition(text: str) -> Response:
    return answer(definition(by_id(text)))


@door.get("/process-definition/key/<key>")
@door.get("/process-definition/key/<key>/tenant-id/<tenant>")
def get_definition_by_key(key: str, tenant: str = "") -> Response:
    return answer(definition(by_key(key)))


@door.get("/process-definition/<text>/xml")
def definition_xml(text: str) -> Response:
    return _xml(by_id(text))


@door.get("/process-definition/key/<key>/xml")
def definition_xml_by_key(key: str) -> Response:
    return _xml(by_key(key))


@door.get("/process-definition/<text>/startForm")
def definition_start_form(text: str) -> Response:
    return _start_form(by_id(text))


@door.get("/process-definition/key/<key>/startForm")
def definition_start_form_by_key(key: str) -> Response:
    return _start_form(by_key(key))


@door.get("/process-definition/<text>/deployed-start-form")
def definition_deployed_start_form(text: str) -> Response:
    return _deployed_start_form(by_id(text))


@door.get("/process-definition/key/<key>/deployed-start-form")
def definition_deployed_start_form_by_key(key: str) -> Response:
    return _deployed_start_form(by_key(key))


@door.get("/process-definition/<text>/form-variables")
def definition_form_variables(text: str) -> Response:
    by_id(text)
    return answer({})


@door.get("/process-definition/key/<key>/form-variables")
def definition_form_variables_by_key(key: str) -> Response:
    by_key(key)
    return answer({})


@door.get("/process-definition/<text>/static-called-process-definitions")
def called_definitions(text: str) -> Response:
    """The newest versions of the processes this one calls."""
    called = by_id(text).called
    filters = {"keys_in": list(called), "latest_version": True}
    rows = list_rows(this_office(), who(), DEFINITIONS, Inquiry(filters=filters)) if called else ()
    return answer([{**definition(row), "callActivityIds": [], "calledFromActivityIds": []} for row in rows])


@door.post("/process-definition/<text>/start")
def start(text: str) -> Response:
    return _start(by_id(text), read_body())


@door.post("/process-definition/key/<key>/start")
@door.post("/process-definition/key/<key>/tenant-id/<tenant>/start")
def start_by_key(key: str, tenant: str = "") -> Response:
    return _start(by_key(key), read_body())


@door.post("/process-definition/<text>/submit-form")
def submit_start_form(text: str) -> Response:
    return _start(by_id(text), read_body())


@door.post("/process-definition/key/<key>/submit-form")
def submit_start_form_by_key(key: str) -> Response:
    return _start(by_key(key), read_body())


@door.put("/process-definition/<text>/suspended")
def suspend_by_id(text: str) -> Response:
    return _suspend(by_id(text))


@door.put("/process-definition/key/<key>/suspended")
def suspend_by_key(key: str) -> Response:
    return _suspend(by_key(key))


def _xml(row: DefinitionRow) -> Response:
    file = resource_file(this_office(), who(), definition_id=row.id)
    return answer({"id": str(row.id), "bpmn20Xml": file.content.decode("utf-8", "replace")})


def _start_form(row: DefinitionRow) -> Response:
    form = start_form(this_office(), who(), row.key)
    reference = {"key": form.form_key, "binding": "deployment", "version": None} if form.form_key else None
    return answer({"key": form.form_key, "camundaFormRef": reference, "contextPath": None})


def _deployed_start_form(row: DefinitionRow) -> Response:
    form = start_form(this_office(), who(), row.key)
    if form.schema is None:
        raise Missing("FORM_NOT_FOUND", "流程 {key} 启动时没有表单。", key=row.key)
    return answer(form.schema)


def _start(row: DefinitionRow, body: Body) -> Response:
    """Starts one instance, answers it with its links."""
    if body.raw("startInstructions"):
        raise Invalid("START_INSTRUCTIONS_UNSUPPORTED", "暂不支持 startInstructions：只能从开始事件启动流程。")
    given = read_variables(body)
    case = start_case(
        this_office(),
        who(),
        definition_id=row.id,
        business_key=body.text("businessKey") or None,
        variables=given.values,
        types=given.types,
    )
    started: dict[str, Any] = {
        "links": [
            {"method": "GET", "href": f"{request.host_url}engine-rest/process-instance/{case.id}", "rel": "self"}
        ],
        "id": str(case.id),
        "definitionId": str(row.id),
        "definitionKey": row.key,
        "businessKey": case.business_key,
        "caseInstanceId": None,
        "ended": case.ended,
        "suspended": case.suspended,
        "tenantId": None,
    }
    if body.flag("withVariablesInReturn"):
        started["variables"] = variables(case_variables(this_office(), who(), case.id))
    return answer(started)


def _suspend(row: DefinitionRow) -> Response:
    wanted = read_suspension(read_body())
    act = suspend_definition if wanted.suspended else resume_definition
    act(this_office(), who(), row.id, cases=wanted.cases)
    return done()
