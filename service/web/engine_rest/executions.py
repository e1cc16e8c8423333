"""Executions: one for each live token, and the case itself under its own id."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, request

from service.casework import TypedValue, case_variables, deliver_to, set_variables
from service.casework.listing import EXECUTIONS, ExecutionRow, one_row
from service.rules.refusals import Missing
from service.web.bodies import read_body
from service.web.engine_rest.answers import answer, done
from service.web.engine_rest.door import door, identify, this_office, who
from service.web.engine_rest.inquiries import serve_count, serve_list
from service.web.engine_rest.variables import (
    read_value,
    read_variables,
    upload_refused,
    value_bytes,
    variable,
    variables,
)

MISSING = "没有编号为 {id} 的执行。"


def execution(row: ExecutionRow) -> dict[str, Any]:
    """One execution as Camunda writes it."""
    return {"id": str(row.id), "processInstanceId": str(row.case_id), "ended": False, "tenantId": None}


def _one(text: str) -> ExecutionRow:
    found = identify(text, "EXECUTION_NOT_FOUND", MISSING)
    return one_row(
        this_office(),
        who(),
        EXECUTIONS,
        "EXECUTION_NOT_FOUND",
        "没有编号为 {execution_id} 的执行。",
        execution_id=found,
    )


def _local(row: ExecutionRow) -> dict[str, TypedValue]:
    if row.id == row.case_id:
        return case_variables(this_office(), who(), row.case_id)
    return case_variables(this_office(), who(), row.case_id, row.id)


def _variable(text: str, name: str) -> TypedValue:
    stored = _local(_one(text)).get(name)
    if stored is None:
        raise Missing("VARIABLE_NOT_FOUND", "没有名为 {name} 的变量。", name=name)
    return stored


def _write(row: ExecutionRow, values: dict[str, Any], types: dict[str, str], remove: list[str]) -> None:
    scope: UUID | None = None if row.id == row.case_id else row.id
    set_variables(this_office(), who(), row.case_id, values, types, remove, scope, reason=request.args.get("reason"))


@door.route("/execution", methods=["GET", "POST"])
def list_executions() -> Response:
    return serve_list(EXECUTIONS, execution)


@door.route("/execution/count", methods=["GET", "POST"])
def count_executions() -> Response:
    return serve_count(EXECUTIONS)


@door.get("/execution/<text>")
def get_execution(text: str) -> Response:
    return answer(execution(_one(text)))


@door.get("/execution/<text>/localVariables")
def execution_variables(text: str) -> Response:
    return answer(variables(_local(_one(text))))


@door.post("/execution/<text>/localVariables")
def modify_execution_variables(text: str) -> Response:
    body = read_body()
    given = read_variables(body, "modifications")
    _write(_one(text), given.values, given.types, body.texts("deletions") or [])
    return done()


@door.get("/execution/<text>/localVariables/<name>")
def execution_variable(text: str, name: str) -> Response:
    stored = _variable(text, name)
    return answer(variable(stored.type, stored.value))


@door.put("/execution/<text>/localVariables/<name>")
def put_execution_variable(text: str, name: str) -> Response:
    kind, value = read_value(read_body())
    _write(_one(text), {name: value}, {name: kind} if kind else {}, [])
    return done()


@door.delete("/execution/<text>/localVariables/<name>")
def delete_execution_variable(text: str, name: str) -> Response:
    _write(_one(text), {}, {}, [name])
    return done()


@door.get("/execution/<text>/localVariables/<name>/data")
def execution_variable_data(text: str, name: str) -> Response:
    return value_bytes(_variable(text, name))


@door.post("/execution/<text>/localVariables/<name>/data")
def upload_execution_variable(text: str, name: str) -> Response:
    _one(text)
    raise upload_refused(name)


@door.post("/execution/<text>/signal")
def signal_execution(text: str) -> Response:
    """Lets a waiting token go on."""
    given = read_variables(read_body())
    deliver_to(this_office(), who(), _one(text).id, None, given.values, given.types)
    return done()


@door.get("/execution/<text>/messageSubscriptions/<message>")
def message_subscription(text: str, message: str) -> Response:
    row = _one(text)
    return answer(
        {
            "id": str(row.id),
            "eventType": "message",
            "eventName": message,
            "executionId": str(row.id),
            "processInstanceId": str(row.case_id),
            "activityId": row.element,
            "createdDate": None,
            "tenantId": None,
        }
    )


@door.post("/execution/<text>/messageSubscriptions/<message>/trigger")
def trigger_message(text: str, message: str) -> Response:
    """Delivers a message to one waiting token."""
    given = read_variables(read_body())
    deliver_to(this_office(), who(), _one(text).id, message, given.values, given.types)
    return done()
