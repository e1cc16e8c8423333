"""Cases: list, read, start."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from service.casework import case_journal, case_variables, start_case, start_form
from service.casework.listing import CASES, DEFINITIONS, TASKS, CaseRow, Inquiry, list_rows, one_row
from service.casework.variables import set_variables, variable_names
from service.casework.workbench import feel
from service.rules.forms import judge
from service.rules.refusals import Invalid, Missing
from service.web.api.door import answer, case_id, door, process_id, this_office, who
from service.web.api.paging import instant_parameter, only_parameters, parameter, serve_page
from service.web.api.tasks import task
from service.web.bodies import Body, read_body
from service.web.instants import iso_instant

STATES = ("ACTIVE", "SUSPENDED", "COMPLETED", "TERMINATED")
MISSING = "没有编号为 {process_instance_id} 的办件。"


def case(row: CaseRow) -> dict[str, Any]:
    """One case for programs."""
    return {
        "id": str(row.id),
        "businessKey": row.business_key,
        "title": row.title,
        "process": {
            "id": str(row.definition_id),
            "key": row.definition_key,
            "name": row.definition_name,
            "version": row.definition_version,
        },
        "state": row.state,
        "version": row.version,
        "startedAt": iso_instant(row.started_at),
        "startedBy": row.started_by,
        "endedAt": iso_instant(row.ended_at),
        "endElement": row.end_element,
        "reason": row.reason,
    }


def _one(found: UUID) -> CaseRow:
    return one_row(this_office(), who(), CASES, "CASE_NOT_FOUND", MISSING, process_instance_id=found)


@door.get("/cases")
def list_cases() -> Response:
    """The cases the actor may see, the latest first."""
    only_parameters("process", "state", "businessKey", "title", "startedBy", "startedAfter", "startedBefore")
    title = parameter("title")
    filters = {
        "process_definition_key": parameter("process"),
        "state": parameter("state", STATES),
        "business_key": parameter("businessKey"),
        "title_like": f"%{title}%" if title else None,
        "started_by": parameter("startedBy"),
        "started_after": instant_parameter("startedAfter"),
        "started_before": instant_parameter("startedBefore"),
    }
    return serve_page(CASES, case, {name: value for name, value in filters.items() if value is not None})


@door.get("/cases/<text>")
def get_case(text: str) -> Response:
    """One case with its open tasks and its variables."""
    only_parameters()
    row = _one(case_id(text))
    filters = {"process_instance_id": row.id, "open": True}
    open_tasks = list_rows(this_office(), who(), TASKS, Inquiry(filters=filters))
    stored = case_variables(this_office(), who(), row.id)
    return answer(
        {
            **case(row),
            "openTasks": [task(one) for one in open_tasks],
            "variables": {name: one.value for name, one in stored.items()},
        }
    )


@door.get("/cases/<text>/variables")
def list_variable_names(text: str) -> Response:
    """Names and types of the variables of a case, for who may see where it stands."""
    only_parameters()
    found = variable_names(this_office(), who(), case_id(text))
    items = [{"scope": str(one.scope) if one.scope else None, "name": one.name, "type": one.type} for one in found]
    return answer({"items": items})


@door.post("/cases/<text>/variables")
def repair_variables(text: str) -> Response:
    """Writes and removes variables, with a reason that stands in the journal."""
    body = read_body()
    body.only("variables", "remove", "scope", "reason")
    scope = body.text("scope")
    set_variables(
        this_office(),
        who(),
        case_id(text),
        _values(body, "variables"),
        remove=body.texts("remove") or [],
        scope=case_id(scope) if scope else None,
        reason=body.needed_text("reason", longest=500),
    )
    return list_variable_names(text)


@door.get("/cases/<text>/journal")
def get_journal(text: str) -> Response:
    """What happened, line by line."""
    only_parameters()
    lines = case_journal(this_office(), who(), case_id(text))
    return answer(
        {
            "items": [
                {
                    "line": line.line,
                    "at": iso_instant(line.written_at),
                    "action": line.action,
                    "actor": line.actor,
                    "element": line.element,
                    "taskId": str(line.task_id) if line.task_id else None,
                    "detail": line.detail or {},
                }
                for line in lines
            ]
        }
    )


@door.post("/cases")
def create_case() -> Response:
    """Starts a case: `answers` to the start form are checked by it, `variables` go beside them."""
    body = read_body()
    body.only("process", "processId", "businessKey", "title", "answers", "variables")
    key, definition = _process(body)
    values = _values(body, "variables")
    given = body.part("answers")
    form = start_form(this_office(), who(), key)
    if form.schema is not None and form.definition_id == definition:
        judged = judge(form.schema, given.fields if given else {}, data=values, evaluate=feel)
        if judged.problems:
            raise Invalid("ANSWERS_REFUSED", "表单填写有误。", fields=judged.problems)
        values = {**values, **judged.answers}
    elif given and given.fields:
        raise Invalid("NO_START_FORM", "流程 {key} 启动时没有表单，不接受 answers。", key=key)
    made = start_case(
        this_office(),
        who(),
        definition_id=definition,
        business_key=body.text("businessKey") or None,
        variables=values,
        title=body.text("title", longest=200) or None,
    )
    return answer(case(_one(made.id)), 201, f"/api/v1/cases/{made.id}")


def _process(body: Body) -> tuple[str, UUID]:
    """Key and version: of `processId`, or the newest of `process`."""
    key, text = body.text("process"), body.text("processId")
    if (key is None) == (text is None):
        raise Invalid("PROCESS_UNCLEAR", "process 和 processId 必须给出且只能给出一个。")
    filters: dict[str, Any] = {"key": key, "latest_version": True}
    if text is not None:
        filters = {"process_definition_id": process_id(text)}
    rows = list_rows(this_office(), who(), DEFINITIONS, Inquiry(filters=filters, size=1))
    if not rows:
        raise Missing("DEFINITION_NOT_FOUND", "没有流程 {process}。", process=key or text)
    return rows[0].key, rows[0].id


def _values(body: Body, name: str) -> dict[str, Any]:
    part = body.part(name)
    return values_of(part) if part is not None else {}


def values_of(part: Body) -> dict[str, Any]:
    """Plain variables: names of 1 to 255 characters without NUL, any JSON as values."""
    for variable in part.fields:
        if not variable or len(variable) > 255 or "\0" in variable:
            raise Invalid("VARIABLE_NAME_INVALID", "变量名应为 1 到 255 个字的文本。")
    return dict(part.fields)
