"""User operations: journal lines in Camunda's words."""

from __future__ import annotations

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from service.casework.listing import OperationRow
from service.rules.vocabulary import JournalAction
from service.web.instants import camunda_instant

WORDS: dict[str, tuple[str, str, str]] = {  # journal action -> entity, operation, category
    JournalAction.CASE_STARTED: ("ProcessInstance", "Create", "Operator"),
    JournalAction.CASE_TERMINATED: ("ProcessInstance", "Delete", "Operator"),
    JournalAction.CASE_SUSPENDED: ("ProcessInstance", "Suspend", "Operator"),
    JournalAction.CASE_RESUMED: ("ProcessInstance", "Activate", "Operator"),
    JournalAction.CASE_MIGRATED: ("ProcessInstance", "Migrate", "Operator"),
    JournalAction.CASE_VARIABLES_SET: ("Variable", "SetVariables", "Operator"),
    JournalAction.TASK_CLAIMED: ("Task", "Claim", "TaskWorker"),
    JournalAction.TASK_RELEASED: ("Task", "Assign", "TaskWorker"),
    JournalAction.TASK_ASSIGNED: ("Task", "Assign", "TaskWorker"),
    JournalAction.TASK_DELEGATED: ("Task", "Delegate", "TaskWorker"),
    JournalAction.TASK_RESOLVED: ("Task", "Resolve", "TaskWorker"),
    JournalAction.TASK_COMPLETED: ("Task", "Complete", "TaskWorker"),
    JournalAction.TASK_UPDATED: ("Task", "Update", "TaskWorker"),
    JournalAction.TASK_COMMENTED: ("Comment", "Create", "TaskWorker"),
    JournalAction.JOB_RETRIES_SET: ("Job", "SetJobRetries", "Operator"),
    JournalAction.JOB_DUE_SET: ("Job", "SetDueDate", "Operator"),
    JournalAction.INCIDENT_RESOLVED: ("Incident", "Resolve", "Operator"),
}


def words_of(action: str) -> tuple[str, str, str]:
    """Entity, operation and category; actions Camunda does not know keep their own name."""
    if action in WORDS:
        return WORDS[action]
    subject, _, act = action.partition(":")
    words = "".join(word.capitalize() for word in act.split("_"))
    return {"external": "ExternalTask"}.get(subject, subject.capitalize()), words, "Operator"


def operation(row: OperationRow) -> dict[str, Any]:
    """One journal line as Camunda's history writes it."""
    entity, act, category = words_of(row.action)
    made = str(uuid5(NAMESPACE_URL, f"{row.case_id}/{row.line}"))
    return {
        "id": made,
        "deploymentId": None,
        "processDefinitionId": str(row.definition_id),
        "processDefinitionKey": row.definition_key,
        "processInstanceId": str(row.case_id),
        "executionId": str(row.task_id or row.case_id),
        "caseDefinitionId": None,
        "caseInstanceId": None,
        "caseExecutionId": None,
        "taskId": str(row.task_id) if row.task_id else None,
        "externalTaskId": None,
        "batchId": None,
        "jobId": None,
        "jobDefinitionId": None,
        "userId": row.actor,
        "timestamp": camunda_instant(row.written_at),
        "operationId": made,
        "operationType": act,
        "entityType": entity,
        "category": category,
        "annotation": None,
        "property": None,
        "orgValue": None,
        "newValue": None,
        "removalTime": None,
        "rootProcessInstanceId": str(row.case_id),
    }


def adapt_operations(filters: dict[str, Any]) -> None:
    """Turns Camunda's entity and operation filters into journal actions."""
    tests: list[tuple[int, set[str]]] = []
    for name, place in (("entity_type", 0), ("operation_type", 1), ("category", 2)):
        if value := filters.pop(name, None):
            tests.append((place, {value}))
        if values := filters.pop(f"{name}_in", None):
            tests.append((place, set(values)))
    if tests:
        filters["actions"] = [
            action.value
            for action in JournalAction
            if all(words_of(action)[place] in wanted for place, wanted in tests)
        ]
