"""History: what ran, who did it, with which values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from flask import Response

from service.casework.listing import (
    ACTIVITIES,
    CASES,
    INCIDENTS,
    OPERATIONS,
    TASKS,
    VARIABLES,
    ActivityRow,
    CaseRow,
    IncidentRow,
    TaskRow,
    VariableRow,
    element_names,
    list_rows,
    one_row,
)
from service.web.engine_rest.answers import answer
from service.web.engine_rest.door import case_id, door, identify, this_office, who
from service.web.engine_rest.inquiries import read_inquiry, serve_count, serve_list
from service.web.engine_rest.operations import adapt_operations, operation
from service.web.engine_rest.variables import variable
from service.web.instants import camunda_instant

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
STATES = {"TERMINATED": "EXTERNALLY_TERMINATED"}


def _lasted(began: datetime, ended: datetime | None) -> int | None:
    """Milliseconds between what is shown as beginning and as end."""
    return None if ended is None else (ended - EPOCH) // MILLISECOND - (began - EPOCH) // MILLISECOND


def instance(row: CaseRow) -> dict[str, Any]:
    """One case as Camunda's history writes it."""
    return {
        "id": str(row.id),
        "businessKey": row.business_key,
        "processDefinitionId": str(row.definition_id),
        "processDefinitionKey": row.definition_key,
        "processDefinitionName": row.definition_name or None,
        "processDefinitionVersion": row.definition_version,
        "startTime": camunda_instant(row.started_at),
        "endTime": camunda_instant(row.ended_at),
        "removalTime": None,
        "durationInMillis": _lasted(row.started_at, row.ended_at),
        "startUserId": row.started_by,
        "startActivityId": None,
        "deleteReason": row.reason,
        "rootProcessInstanceId": str(row.id),
        "superProcessInstanceId": None,
        "superCaseInstanceId": None,
        "caseInstanceId": None,
        "tenantId": None,
        "state": STATES.get(row.state, row.state),
        "restartedProcessInstanceId": None,
    }


def activity(row: ActivityRow, names: Mapping[tuple[UUID, str], str]) -> dict[str, Any]:
    """One element instance as Camunda's history writes it."""
    return {
        "id": str(row.id),
        "parentActivityInstanceId": str(row.scope_id or row.case_id),
        "activityId": row.element,
        "activityName": row.name or names.get((row.definition_id, row.element)) or None,
        "activityType": row.kind,
        "processDefinitionKey": row.definition_key,
        "processDefinitionId": str(row.definition_id),
        "processInstanceId": str(row.case_id),
        "executionId": str(row.id),
        "taskId": str(row.task_id) if row.task_id else None,
        "calledProcessInstanceId": None,
        "calledCaseInstanceId": None,
        "assignee": row.assignee,
        "startTime": camunda_instant(row.started_at),
        "endTime": camunda_instant(row.ended_at),
        "durationInMillis": _lasted(row.started_at, row.ended_at),
        "canceled": row.outcome == "CANCELLED",
        "completeScope": row.kind.endswith("EndEvent"),
        "tenantId": None,
        "removalTime": None,
        "rootProcessInstanceId": str(row.case_id),
    }


def task(row: TaskRow) -> dict[str, Any]:
    """One task as Camunda's history writes it."""
    reasons = {"COMPLETED": "completed", "CANCELLED": "deleted", "TACIT": "tacit"}
    return {
        "id": str(row.id),
        "processDefinitionKey": row.definition_key,
        "processDefinitionId": str(row.definition_id),
        "processInstanceId": str(row.case_id),
        "executionId": str(row.id),
        "caseDefinitionKey": None,
        "caseDefinitionId": None,
        "caseInstanceId": None,
        "caseExecutionId": None,
        "activityInstanceId": str(row.id),
        "name": row.name,
        "description": row.description,
        "deleteReason": reasons.get(row.outcome or ""),
        "owner": row.owner,
        "assignee": row.assignee or row.ended_by,
        "startTime": camunda_instant(row.created_at),
        "endTime": camunda_instant(row.ended_at),
        "duration": _lasted(row.created_at, row.ended_at),
        "taskDefinitionKey": row.element,
        "priority": row.priority,
        "due": camunda_instant(row.due_at),
        "parentTaskId": None,
        "followUp": camunda_instant(row.follow_up_at),
        "tenantId": None,
        "removalTime": None,
        "rootProcessInstanceId": str(row.case_id),
    }


def value(row: VariableRow) -> dict[str, Any]:
    """One variable as Camunda's history writes it; its id is made of scope and name."""
    return {
        "id": str(uuid5(NAMESPACE_URL, f"{row.case_id}/{row.scope_id}/{row.name}")),
        "name": row.name,
        **variable(row.type, row.value),
        "processDefinitionKey": row.definition_key,
        "processDefinitionId": str(row.definition_id),
        "processInstanceId": str(row.case_id),
        "executionId": str(row.scope_id),
        "activityInstanceId": str(row.scope_id),
        "caseDefinitionKey": None,
        "caseDefinitionId": None,
        "caseInstanceId": None,
        "caseExecutionId": None,
        "taskId": None,
        "tenantId": None,
        "errorMessage": None,
        "state": "CREATED",
        "createTime": camunda_instant(row.started_at),
        "removalTime": None,
        "rootProcessInstanceId": str(row.case_id),
    }


def incident(row: IncidentRow) -> dict[str, Any]:
    """One incident as Camunda's history writes it."""
    return {
        "id": str(row.id),
        "processDefinitionKey": row.definition_key,
        "processDefinitionId": str(row.definition_id) if row.definition_id else None,
        "processInstanceId": str(row.case_id) if row.case_id else None,
        "executionId": str(row.token_id) if row.token_id else None,
        "rootProcessInstanceId": str(row.case_id) if row.case_id else None,
        "createTime": camunda_instant(row.opened_at),
        "endTime": camunda_instant(row.closed_at),
        "removalTime": None,
        "incidentType": row.kind,
        "activityId": row.element,
        "failedActivityId": row.element,
        "causeIncidentId": str(row.id),
        "rootCauseIncidentId": str(row.id),
        "configuration": str(row.token_id) if row.token_id else None,
        "historyConfiguration": None,
        "incidentMessage": row.message,
        "tenantId": None,
        "jobDefinitionId": None,
        "open": row.closed_at is None,
        "deleted": False,
        "resolved": row.closed_at is not None,
        "annotation": None,
    }


@door.route("/history/process-instance", methods=["GET", "POST"])
def list_history_instances() -> Response:
    return serve_list(CASES, instance)


@door.route("/history/process-instance/count", methods=["GET", "POST"])
def count_history_instances() -> Response:
    return serve_count(CASES)


@door.get("/history/process-instance/<text>")
def get_history_instance(text: str) -> Response:
    found = case_id(text)
    missing = "没有编号为 {process_instance_id} 的办件。"
    return answer(instance(one_row(this_office(), who(), CASES, "CASE_NOT_FOUND", missing, process_instance_id=found)))


@door.route("/history/activity-instance", methods=["GET", "POST"])
def list_history_activities() -> Response:
    rows = list_rows(this_office(), who(), ACTIVITIES, read_inquiry(ACTIVITIES))
    names = element_names(this_office(), {row.case_id for row in rows if row.name is None})
    return answer([activity(row, names) for row in rows])


@door.route("/history/activity-instance/count", methods=["GET", "POST"])
def count_history_activities() -> Response:
    return serve_count(ACTIVITIES)


@door.get("/history/activity-instance/<text>")
def get_history_activity(text: str) -> Response:
    found = identify(text, "ACTIVITY_NOT_FOUND", "没有编号为 {id} 的环节记录。")
    missing = "没有编号为 {activity_instance_id} 的环节记录。"
    row = one_row(this_office(), who(), ACTIVITIES, "ACTIVITY_NOT_FOUND", missing, activity_instance_id=found)
    return answer(activity(row, element_names(this_office(), {row.case_id})))


@door.route("/history/task", methods=["GET", "POST"])
def list_history_tasks() -> Response:
    return serve_list(TASKS, task)


@door.route("/history/task/count", methods=["GET", "POST"])
def count_history_tasks() -> Response:
    return serve_count(TASKS)


@door.route("/history/variable-instance", methods=["GET", "POST"])
def list_history_variables() -> Response:
    return serve_list(VARIABLES, value)


@door.route("/history/variable-instance/count", methods=["GET", "POST"])
def count_history_variables() -> Response:
    return serve_count(VARIABLES)


@door.get("/history/user-operation")
def list_operations() -> Response:
    return serve_list(OPERATIONS, operation, adapt=adapt_operations)


@door.get("/history/user-operation/count")
def count_operations() -> Response:
    return serve_count(OPERATIONS, adapt=adapt_operations)


@door.get("/history/incident")
def list_history_incidents() -> Response:
    return serve_list(INCIDENTS, incident)


@door.get("/history/incident/count")
def count_history_incidents() -> Response:
    return serve_count(INCIDENTS)
