"""Tasks: mine and the queues open to me, their forms, claiming and completing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from service.casework import Asked, claim_task, complete_task, release_task, task_form
from service.casework.listing import TASKS, TaskRow, one_row
from service.casework.workbench import feel
from service.rules.forms import judge
from service.rules.refusals import Invalid
from service.web.api.door import answer, case_id, door, task_id, this_office, who
from service.web.api.paging import instant_parameter, only_parameters, parameter, serve_page
from service.web.bodies import LARGEST, read_body
from service.web.instants import iso_instant

VIEWS = ("open", "mine", "queue", "done", "all")
MISSING = "没有编号为 {task_id} 的任务。"


def task(row: TaskRow) -> dict[str, Any]:
    """One task for programs. `seen` goes back with the completion, so that nobody overwrites what they did not see."""
    return {
        "id": str(row.id),
        "name": row.name,
        "element": row.element,
        "description": row.description,
        "case": {"id": str(row.case_id), "title": row.title, "businessKey": row.business_key, "state": row.case_state},
        "process": {"id": str(row.definition_id), "key": row.definition_key, "name": row.definition_name},
        "assignee": row.assignee,
        "actingFor": row.acting_for,
        "priority": row.priority,
        "stage": row.stage,
        "department": row.department,
        "role": row.role,
        "formKey": row.form_key,
        "seen": row.seen,
        "createdAt": iso_instant(row.created_at),
        "dueAt": iso_instant(row.due_at),
        "followUpAt": iso_instant(row.follow_up_at),
        "escalatedAt": iso_instant(row.escalated_at),
        "endedAt": iso_instant(row.ended_at),
        "endedBy": row.ended_by,
        "outcome": row.outcome,
    }


def _one(found: UUID) -> TaskRow:
    return one_row(this_office(), who(), TASKS, "TASK_NOT_FOUND", MISSING, task_id=found)


@door.get("/tasks")
def list_tasks() -> Response:
    """`open` (mine and my queues, the default), `mine`, `queue`, `done` by me, `all` open ones the actor may see."""
    only_parameters("view", "case", "process", "element", "dueBefore", "dueAfter")
    case_text = parameter("case")
    me = who()
    filters: dict[str, Any] = {
        "process_instance_id": case_id(case_text) if case_text is not None else None,
        "process_definition_key": parameter("process"),
        "task_definition_key": parameter("element"),
        "due_before": instant_parameter("dueBefore"),
        "due_after": instant_parameter("dueAfter"),
    }
    mine = [me.username, *sorted(me.groups)]
    views: dict[str, dict[str, Any]] = {
        "open": {"open": True, "workable_by": mine},
        "mine": {"open": True, "assignee": me.username},
        "queue": {"open": True, "unassigned": True, "candidate_of": mine},
        "done": {"finished": True, "task_involved_user": me.username},
        "all": {"open": True},
    }
    filters.update(views[parameter("view", VIEWS) or "open"])
    chosen = {name: value for name, value in filters.items() if value is not None}
    return serve_page(TASKS, task, chosen, (("due_date", False), ("created", False)))


@door.get("/tasks/<text>")
def get_task(text: str) -> Response:
    only_parameters()
    return answer(task(_one(task_id(text))))


@door.get("/tasks/<text>/form")
def get_form(text: str) -> Response:
    """The form-js schema of the task, null when it asks nothing, and the values to begin with."""
    only_parameters()
    form = task_form(this_office(), who(), task_id(text))
    return answer(
        {"schema": form.schema, "data": form.data, "seen": form.seen, "mayComplete": form.may_complete},
    )


@door.post("/tasks/<text>/claim")
def claim(text: str) -> Response:
    read_body().only()
    found = task_id(text)
    claim_task(this_office(), who(), found)
    return answer(task(_one(found)))


@door.post("/tasks/<text>/release")
def release(text: str) -> Response:
    read_body().only()
    found = task_id(text)
    release_task(this_office(), who(), found)
    return answer(task(_one(found)))


@door.post("/tasks/<text>/complete")
def complete(text: str) -> Response:
    """Checks the answers with the task's form, then completes. `seen` from the form says what was known."""
    body = read_body()
    body.only("answers", "seen")
    found = task_id(text)
    given = body.part("answers")
    seen = body.whole("seen", least=0, most=LARGEST)

    def fill(form: Asked) -> dict[str, Any] | None:
        if form.schema is None:
            if given and given.fields:
                raise Invalid("NO_FORM", "任务 {name} 没有表单，不接受 answers。", name=form.name)
            return None
        judged = judge(form.schema, given.fields if given else {}, data=form.data, evaluate=feel)
        if judged.problems:
            raise Invalid("ANSWERS_REFUSED", "表单填写有误。", fields=judged.problems)
        return dict(judged.answers)

    completion = complete_task(this_office(), who(), found, fill=fill, seen=seen)
    return answer({"caseId": str(completion.case_id), "caseEnded": completion.ended, "held": completion.held})
