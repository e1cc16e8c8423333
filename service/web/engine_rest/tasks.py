"""User tasks: lists, single tasks, who holds them, completing."""

from __future__ import annotations

from typing import Any

from flask import Response

from service.casework import (
    assign_task,
    claim_task,
    complete_task,
    delegate_task,
    release_task,
    resolve_task,
    task_form,
    update_task,
)
from service.casework.listing import TASKS, TaskRow, one_row
from service.casework.signing_in import find_actor
from service.rules.refusals import Invalid, Missing
from service.web.bodies import Body, read_body
from service.web.engine_rest.answers import answer, done
from service.web.engine_rest.door import door, task_id, this_office, who
from service.web.engine_rest.inquiries import serve_count, serve_list
from service.web.engine_rest.variables import read_variables, variables
from service.web.instants import camunda_instant

MISSING = "没有编号为 {task_id} 的待办任务。"
OPEN = {"open": True}
CANDIDATE_FILTERS = (
    "candidate_user",
    "candidate_group",
    "candidate_group_like",
    "candidate_groups",
    "with_candidate_groups",
    "without_candidate_groups",
    "with_candidate_users",
    "without_candidate_users",
)
UPDATES = {"name": 255, "description": 4000, "assignee": 60, "owner": 60}


def task(row: TaskRow) -> dict[str, Any]:
    """One open task as Camunda writes it."""
    return {
        "id": str(row.id),
        "name": row.name,
        "assignee": row.assignee,
        "created": camunda_instant(row.created_at),
        "due": camunda_instant(row.due_at),
        "followUp": camunda_instant(row.follow_up_at),
        "lastUpdated": None,
        "delegationState": row.delegation,
        "description": row.description,
        "executionId": str(row.id),
        "owner": row.owner,
        "parentTaskId": None,
        "priority": row.priority,
        "processDefinitionId": str(row.definition_id),
        "processInstanceId": str(row.case_id),
        "caseDefinitionId": None,
        "caseInstanceId": None,
        "caseExecutionId": None,
        "taskDefinitionKey": row.element,
        "suspended": row.case_state == "SUSPENDED",
        "formKey": row.form_key,
        "camundaFormRef": None,
        "tenantId": None,
        "taskState": "Created" if row.ended_at is None else "Completed",
    }


def offered(filters: dict[str, Any]) -> None:
    """Candidate filters mean the person with all their groups, and unassigned tasks unless others are asked for."""
    everybody = filters.pop("include_assigned_tasks", False)
    asks = any(filters.get(name) for name in CANDIDATE_FILTERS)
    if user := filters.pop("candidate_user", None):
        person = find_actor(this_office(), user)
        filters["candidate_of"] = [user, *sorted(person.groups if person else ())]
    if asks and not everybody:
        filters["unassigned"] = True


@door.route("/task", methods=["GET", "POST"])
def list_tasks() -> Response:
    return serve_list(TASKS, task, fixed=OPEN, adapt=offered)


@door.route("/task/count", methods=["GET", "POST"])
def count_tasks() -> Response:
    return serve_count(TASKS, fixed=OPEN, adapt=offered)


@door.get("/task/<text>")
def get_task(text: str) -> Response:
    row = one_row(this_office(), who(), TASKS, "TASK_NOT_FOUND", MISSING, task_id=task_id(text), open=True)
    return answer(task(row))


@door.put("/task/<text>")
def put_task(text: str) -> Response:
    """Sets what is given; a field that is null is emptied, a field that is missing stays."""
    body = read_body()
    changes: dict[str, Any] = {
        name: body.text(name, longest=longest) for name, longest in UPDATES.items() if name in body
    }
    if "priority" in body:
        changes["priority"] = body.whole("priority") or 0
    if "delegationState" in body:
        changes["delegation"] = body.text("delegationState")
    if "due" in body:
        changes["due_at"] = body.instant("due")
    if "followUp" in body:
        changes["follow_up_at"] = body.instant("followUp")
    update_task(this_office(), who(), task_id(text), changes)
    return done()


@door.post("/task/<text>/claim")
def claim(text: str) -> Response:
    claim_task(this_office(), who(), task_id(text), read_body().text("userId", longest=60))
    return done()


@door.post("/task/<text>/unclaim")
def unclaim(text: str) -> Response:
    release_task(this_office(), who(), task_id(text))
    return done()


@door.post("/task/<text>/assignee")
def assign(text: str) -> Response:
    assign_task(this_office(), who(), task_id(text), read_body().text("userId", longest=60) or None)
    return done()


@door.post("/task/<text>/delegate")
def delegate(text: str) -> Response:
    delegate_task(this_office(), who(), task_id(text), read_body().needed_text("userId", longest=60))
    return done()


@door.post("/task/<text>/resolve")
def resolve(text: str) -> Response:
    given = read_variables(read_body())
    resolve_task(this_office(), who(), task_id(text), given.values, given.types)
    return done()


@door.post("/task/<text>/complete")
@door.post("/task/<text>/submit-form")
def complete(text: str) -> Response:
    """204, or 200 with the variables afterwards when `withVariablesInReturn` asks for them."""
    return _complete(text, read_body())


@door.post("/task/<text>/bpmnError")
@door.post("/task/<text>/bpmnEscalation")
def throw(text: str) -> Response:
    task_id(text)
    raise Invalid("TASK_THROW_UNSUPPORTED", "暂不支持从用户任务抛出错误或升级。")


@door.get("/task/<text>/form")
def form(text: str) -> Response:
    row = one_row(this_office(), who(), TASKS, "TASK_NOT_FOUND", MISSING, task_id=task_id(text), open=True)
    return answer({"key": row.form_key, "camundaFormRef": None, "contextPath": None})


@door.get("/task/<text>/deployed-form")
def deployed_form(text: str) -> Response:
    found = task_form(this_office(), who(), task_id(text))
    if found.schema is None:
        raise Missing("FORM_NOT_FOUND", "任务 {name} 没有表单。", name=found.task.name)
    return answer(found.schema)


def _complete(text: str, body: Body) -> Response:
    given = read_variables(body)
    completion = complete_task(this_office(), who(), task_id(text), variables=given.values, types=given.types)
    return answer(variables(completion.variables)) if body.flag("withVariablesInReturn") else done()
