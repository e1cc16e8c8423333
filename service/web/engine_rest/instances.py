"""Process instances: lists, variables, suspension, deletion, comments."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from service.casework import (
    TypedValue,
    case_comments,
    case_scopes,
    case_variables,
    case_waits,
    get_case,
    resume_case,
    set_variables,
    suspend_case,
    terminate_case,
)
from service.casework.listing import ACTIVITIES, CASES, INCIDENTS, CaseRow, Inquiry, list_rows, one_row
from service.rules.refusals import Invalid, Missing
from service.web.bodies import read_body
from service.web.engine_rest.activity_tree import activity_tree
from service.web.engine_rest.answers import answer, done
from service.web.engine_rest.comments import comment
from service.web.engine_rest.door import case_id, door, this_office, who
from service.web.engine_rest.inquiries import serve_count, serve_list
from service.web.engine_rest.suspension import read_suspension
from service.web.engine_rest.variables import (
    read_value,
    read_variables,
    upload_refused,
    value_bytes,
    variable,
    variables,
)

RUNNING = {"running": True}
MISSING = "没有编号为 {process_instance_id} 的在办流程实例。"


def instance(row: CaseRow) -> dict[str, Any]:
    """One process instance as Camunda writes it."""
    return {
        "links": [],
        "id": str(row.id),
        "definitionId": str(row.definition_id),
        "definitionKey": row.definition_key,
        "businessKey": row.business_key,
        "caseInstanceId": None,
        "ended": row.ended_at is not None,
        "suspended": row.state == "SUSPENDED",
        "tenantId": None,
    }


def _running(text: str) -> CaseRow:
    found = case_id(text)
    return one_row(this_office(), who(), CASES, "CASE_NOT_FOUND", MISSING, process_instance_id=found, running=True)


def _variable(text: str, name: str) -> TypedValue:
    stored = case_variables(this_office(), who(), case_id(text)).get(name)
    if stored is None:
        raise Missing("VARIABLE_NOT_FOUND", "没有名为 {name} 的变量。", name=name)
    return stored


@door.route("/process-instance", methods=["GET", "POST"])
def list_instances() -> Response:
    return serve_list(CASES, instance, fixed=RUNNING)


@door.route("/process-instance/count", methods=["GET", "POST"])
def count_instances() -> Response:
    return serve_count(CASES, fixed=RUNNING)


@door.get("/process-instance/<text>")
def get_instance(text: str) -> Response:
    return answer(instance(_running(text)))


@door.delete("/process-instance/<text>")
def delete_instance(text: str) -> Response:
    """Ends the instance; its history stays."""
    row = _running(text)
    terminate_case(this_office(), who(), row.id, request.args.get("deleteReason") or None)
    return done()


@door.put("/process-instance/<text>/suspended")
def suspend_instance(text: str) -> Response:
    act = suspend_case if read_suspension(read_body()).suspended else resume_case
    act(this_office(), who(), case_id(text))
    return done()


@door.get("/process-instance/<text>/activity-instances")
def activity_instances(text: str) -> Response:
    """What the instance is doing, scope within scope."""
    row = _running(text)
    filters = {"process_instance_id": row.id}
    activities = list_rows(this_office(), who(), ACTIVITIES, Inquiry(filters={**filters, "unfinished": True}))
    incidents = list_rows(this_office(), who(), INCIDENTS, Inquiry(filters={**filters, "open": True}))
    scopes = case_scopes(this_office(), who(), row.id)
    waits = case_waits(this_office(), who(), row.id)
    definitions = {one.definition_key: one.definition_id for one in activities}
    return answer(activity_tree(row, scopes, waits, incidents, definitions))


def _reason() -> str | None:
    """Why a person changes what is in a case; programs need none."""
    return request.args.get("reason")


@door.get("/process-instance/<text>/variables")
def instance_variables(text: str) -> Response:
    return answer(variables(case_variables(this_office(), who(), case_id(text))))


@door.post("/process-instance/<text>/variables")
def modify_instance_variables(text: str) -> Response:
    """Writes `modifications` and removes `deletions` in one transaction."""
    body = read_body()
    given = read_variables(body, "modifications")
    remove = body.texts("deletions") or []
    set_variables(this_office(), who(), case_id(text), given.values, given.types, remove, reason=_reason())
    return done()


@door.get("/process-instance/<text>/variables/<name>")
def instance_variable(text: str, name: str) -> Response:
    stored = _variable(text, name)
    return answer(variable(stored.type, stored.value))


@door.put("/process-instance/<text>/variables/<name>")
def put_instance_variable(text: str, name: str) -> Response:
    kind, value = read_value(read_body())
    set_variables(this_office(), who(), case_id(text), {name: value}, {name: kind} if kind else {}, reason=_reason())
    return done()


@door.delete("/process-instance/<text>/variables/<name>")
def delete_instance_variable(text: str, name: str) -> Response:
    set_variables(this_office(), who(), case_id(text), {}, {}, [name], reason=_reason())
    return done()


@door.get("/process-instance/<text>/variables/<name>/data")
def instance_variable_data(text: str, name: str) -> Response:
    return value_bytes(_variable(text, name))


@door.post("/process-instance/<text>/variables/<name>/data")
def upload_instance_variable(text: str, name: str) -> Response:
    get_case(this_office(), who(), case_id(text))
    raise upload_refused(name)


@door.get("/process-instance/<text>/comment")
def instance_comments(text: str) -> Response:
    return answer([comment(one) for one in case_comments(this_office(), who(), case_id(text))])


@door.post("/process-instance/<text>/modification-async")
def modify_instance_later(text: str) -> Response:
    get_case(this_office(), who(), case_id(text))
    raise Invalid("MODIFICATION_UNSUPPORTED", "暂不支持改变流程实例的运行位置。")
