"""External tasks: the whole set a worker needs."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app

from service.casework import (
    LockedTask,
    complete_external,
    extend_lock,
    fail_external,
    lock_external,
    set_external_priority,
    set_external_retries,
    throw_external_error,
    throw_external_escalation,
    unlock_external,
)
from service.casework.listing import EXTERNAL_TASKS, ExternalTaskRow, Inquiry, list_rows, one_row
from service.rules.refusals import Invalid
from service.web.bodies import read_body
from service.web.engine_rest.answers import answer, done
from service.web.engine_rest.door import door, external_task_id, this_office, who
from service.web.engine_rest.fetching import fetch, read_fetch
from service.web.engine_rest.inquiries import serve_count, serve_list
from service.web.engine_rest.variables import read_variables, variables
from service.web.instants import camunda_instant

MISSING = "没有编号为 {external_task_id} 的外部任务。"
LONGEST_MS = 366 * 86_400_000


def external_task(row: ExternalTaskRow | LockedTask) -> dict[str, Any]:
    """One external task as Camunda writes it, without what only lists or only workers get."""
    return {
        "activityId": row.element,
        "activityInstanceId": str(row.id),
        "createTime": camunda_instant(row.created_at),
        "errorMessage": row.error_message,
        "executionId": str(row.id),
        "id": str(row.id),
        "lockExpirationTime": camunda_instant(row.locked_until),
        "processDefinitionId": str(row.definition_id),
        "processDefinitionKey": row.definition_key,
        "processDefinitionVersionTag": row.version_tag,
        "processInstanceId": str(row.case_id),
        "retries": row.retries,
        "workerId": row.worker,
        "topicName": row.topic,
        "tenantId": None,
        "priority": row.priority,
        "businessKey": row.business_key,
        "suspended": isinstance(row, ExternalTaskRow) and row.case_state == "SUSPENDED",
    }


def locked_task(task: LockedTask) -> dict[str, Any]:
    """One task as the worker that locked it gets it: every variable with its type."""
    return {
        **external_task(task),
        "errorDetails": task.error_details,
        "variables": variables(task.variables),
        "extensionProperties": dict(task.properties),
    }


@door.post("/external-task/fetchAndLock")
def fetch_and_lock_tasks() -> Response:
    """Locks free tasks for a worker; waits up to `asyncResponseTimeout` milliseconds for the first one."""
    found = fetch(this_office(), who(), read_fetch(read_body()), current_app.extensions["patience"])
    return answer([locked_task(task) for task in found])


@door.route("/external-task", methods=["GET", "POST"])
def list_external_tasks() -> Response:
    return serve_list(EXTERNAL_TASKS, external_task)


@door.route("/external-task/count", methods=["GET", "POST"])
def count_external_tasks() -> Response:
    return serve_count(EXTERNAL_TASKS)


@door.get("/external-task/topic-names")
def topic_names() -> Response:
    rows = list_rows(this_office(), who(), EXTERNAL_TASKS, Inquiry())
    return answer(sorted({row.topic for row in rows}))


@door.get("/external-task/<text>")
def get_external_task(text: str) -> Response:
    return answer(external_task(_one(text)))


@door.get("/external-task/<text>/errorDetails")
def error_details(text: str) -> Response:
    return Response(_one(text).error_details or "", content_type="text/plain; charset=utf-8")


@door.post("/external-task/<text>/complete")
def complete_external_task(text: str) -> Response:
    body = read_body()
    given, local = read_variables(body), read_variables(body, "localVariables")
    complete_external(
        this_office(),
        who(),
        external_task_id(text),
        body.needed_text("workerId"),
        given.values,
        {**given.types, **local.types},
        local.values,
    )
    return done()


@door.post("/external-task/<text>/failure")
def fail_external_task(text: str) -> Response:
    body = read_body()
    given = read_variables(body)
    fail_external(
        this_office(),
        who(),
        external_task_id(text),
        body.needed_text("workerId"),
        message=body.text("errorMessage", longest=4000),
        details=body.text("errorDetails", longest=100_000),
        retries=body.whole("retries", least=0) or 0,
        retry_ms=body.whole("retryTimeout", least=0, most=LONGEST_MS) or 0,
        variables=given.values,
        types=given.types,
    )
    return done()


@door.post("/external-task/<text>/bpmnError")
def external_bpmn_error(text: str) -> Response:
    body = read_body()
    given = read_variables(body)
    throw_external_error(
        this_office(),
        who(),
        external_task_id(text),
        body.needed_text("workerId"),
        body.needed_text("errorCode"),
        body.text("errorMessage", longest=4000),
        given.values,
        given.types,
    )
    return done()


@door.post("/external-task/<text>/bpmnEscalation")
def external_bpmn_escalation(text: str) -> Response:
    body = read_body()
    given = read_variables(body)
    throw_external_escalation(
        this_office(),
        who(),
        external_task_id(text),
        body.needed_text("workerId"),
        body.needed_text("escalationCode"),
        given.values,
        given.types,
    )
    return done()


@door.post("/external-task/<text>/extendLock")
def extend_external_lock(text: str) -> Response:
    body = read_body()
    duration = body.needed_whole("newDuration", least=1, most=LONGEST_MS)
    extend_lock(this_office(), who(), external_task_id(text), body.needed_text("workerId"), duration)
    return done()


@door.post("/external-task/<text>/lock")
def lock_external_task(text: str) -> Response:
    body = read_body()
    duration = body.needed_whole("lockDuration", least=1, most=LONGEST_MS)
    lock_external(this_office(), who(), external_task_id(text), body.needed_text("workerId"), duration)
    return done()


@door.post("/external-task/<text>/unlock")
def unlock_external_task(text: str) -> Response:
    unlock_external(this_office(), who(), external_task_id(text))
    return done()


@door.put("/external-task/<text>/retries")
def put_external_retries(text: str) -> Response:
    retries = read_body().needed_whole("retries", least=0)
    set_external_retries(this_office(), who(), external_task_id(text), retries)
    return done()


@door.put("/external-task/retries")
def put_many_external_retries() -> Response:
    """Each task in its own transaction, in the order given."""
    body = read_body()
    retries = body.needed_whole("retries", least=0)
    ids = body.texts("externalTaskIds") or []
    if not ids:
        raise Invalid("NO_EXTERNAL_TASKS", "externalTaskIds 不能为空。")
    for text in ids:
        set_external_retries(this_office(), who(), external_task_id(text), retries)
    return done()


@door.put("/external-task/<text>/priority")
def put_external_priority(text: str) -> Response:
    priority = read_body().needed_whole("priority")
    set_external_priority(this_office(), who(), external_task_id(text), priority)
    return done()


def _one(text: str) -> ExternalTaskRow:
    found = external_task_id(text)
    return one_row(this_office(), who(), EXTERNAL_TASKS, "EXTERNAL_TASK_NOT_FOUND", MISSING, external_task_id=found)
