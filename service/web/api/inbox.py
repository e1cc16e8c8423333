"""The lists of work for programs: the same filter and counts as the pages, followed cases, and one act over many tasks."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from flask import Response, request

from service.casework.bulk import BulkView, begin_bulk, bulk_view, go_on
from service.casework.following import follow_case, unfollow_case
from service.casework.workbench import WorkItem, inbox
from service.rules.bulk import LONGEST_OPINION, BulkAct
from service.rules.work_filters import LIGHTS, LONGEST, OPEN_TABS, SORTS, STAGES, WorkFilter, read_filter
from service.web.api.door import answer, case_id, door, identify, this_office, who
from service.web.api.paging import day_parameter, only_parameters, page_and_size, parameter
from service.web.bodies import field_refused, read_body
from service.web.instants import iso_instant
from service.web.once import HEADER

CLOSED = {"tab": OPEN_TABS, "view": LIGHTS, "sort": SORTS, "stage": STAGES, "corrected": ("true", "false")}
TEXTS = ("q", "item", "department", "applicant", "project")
DAYS = ("due_from", "due_to", "arrived_from", "arrived_to")
ACTS = tuple(BulkAct)
NO_RUN = "没有编号为 {id} 的批量办理。"


def item_of_work(item: WorkItem) -> dict[str, Any]:
    """One task of a list."""
    row = item.row
    return {
        "id": str(row.id),
        "name": row.name,
        "case": {"id": str(row.case_id), "title": row.title, "businessKey": row.business_key, "state": row.state},
        "process": row.process_name,
        "assignee": row.assignee,
        "actingFor": row.acting_for,
        "stage": row.stage,
        "department": row.department,
        "light": item.light.value.upper(),
        "createdAt": iso_instant(row.created_at),
        "dueAt": iso_instant(row.due_at),
        "escalatedAt": iso_instant(row.escalated_at),
    }


def run(view: BulkView) -> dict[str, Any]:
    """A run with the outcome of every task."""
    return {
        "id": str(view.id),
        "act": view.act.value,
        "to": view.to.username if view.to else None,
        "begunAt": iso_instant(view.begun_at),
        "waiting": view.of("WAITING"),
        "done": view.of("DONE"),
        "submitted": view.of("SUBMITTED"),
        "refused": view.of("REFUSED"),
        "items": [
            {
                "taskId": str(one.task_id),
                "name": one.name,
                "state": one.state,
                "code": one.code,
                "sentence": one.sentence.format(**(one.params or {})) if one.sentence else None,
            }
            for one in view.items
        ],
    }


@door.get("/inbox")
def list_inbox() -> Response:
    """One page of open work, and how much has which light."""
    only_parameters(*CLOSED, *TEXTS, *DAYS)
    page, size = page_and_size()
    work = inbox(this_office(), who(), _wanted(), page=page, size=size)
    found = [item_of_work(one) for one in work.items]
    return answer({"items": found, "total": work.total, "page": work.page, "size": size, "counts": dict(work.counts)})


@door.put("/cases/<text>/following")
def follow(text: str) -> Response:
    read_body().only()
    follow_case(this_office(), who(), case_id(text))
    return answer({"following": True})


@door.delete("/cases/<text>/following")
def unfollow(text: str) -> Response:
    unfollow_case(this_office(), who(), case_id(text))
    return answer({"following": False})


@door.post("/bulk-runs")
def begin() -> Response:
    """Begin a run over at most 200 tasks; nothing is carried out before the first `go-on`."""
    body = read_body()
    body.only("act", "tasks", "opinion", "to")
    act = body.needed_text("act")
    if act not in ACTS:
        raise field_refused("act", f" {'、'.join(ACTS)} 之一")
    common = body.text("opinion", longest=LONGEST_OPINION) or ""
    tasks: dict[UUID, str] = {}
    seen: dict[UUID, int] = {}
    for part in body.parts("tasks"):
        part.only("id", "opinion", "seen")
        one = identify(part.needed_text("id"), "TASK_NOT_FOUND", "没有编号为 {id} 的任务。")
        tasks[one] = part.text("opinion", longest=LONGEST_OPINION) or common
        version = part.whole("seen", least=0)
        if version is not None:
            seen[one] = version
    key = request.headers.get(HEADER) or uuid4().hex
    begun = begin_bulk(this_office(), who(), BulkAct(act), tasks, key=f"api:{key}"[:100], to=body.text("to"), seen=seen)
    return answer(run(bulk_view(this_office(), who(), begun)), 201, f"/api/v1/bulk-runs/{begun}")


@door.get("/bulk-runs/<text>")
def get_run(text: str) -> Response:
    only_parameters()
    return answer(run(bulk_view(this_office(), who(), _run_id(text))))


@door.post("/bulk-runs/<text>/go-on")
def continue_run(text: str) -> Response:
    """Carry out the next twenty tasks of a run."""
    read_body().only()
    return answer(run(go_on(this_office(), who(), _run_id(text))))


def _run_id(text: str) -> UUID:
    return identify(text, "BULK_NOT_FOUND", NO_RUN)


def _wanted() -> WorkFilter:
    said: dict[str, str] = {}
    for name, choices in CLOSED.items():
        said[name] = parameter(name, choices) or ""
    for name in TEXTS:
        said[name] = parameter(name) or ""
        if len(said[name]) > LONGEST:
            raise field_refused(name, f"不超过 {LONGEST} 个字的文本")
    said |= {name: day_parameter(name) for name in DAYS}
    return read_filter({name: text for name, text in said.items() if text})
