"""Windows for queueing machines: which of them take an item, and what still waits for an outcome."""

from __future__ import annotations

from typing import Any

from flask import Response

from service.casework.window.desks import window_list
from service.casework.window.waiting import PAGE, WaitingLine, waiting
from service.rules.windows import Window
from service.web.api.door import answer, door, this_office, who
from service.web.api.paging import only_parameters, parameter
from service.web.bodies import field_refused
from service.web.instants import iso_instant


def window(one: Window) -> dict[str, Any]:
    """One window for programs."""
    return {
        "code": one.code,
        "name": one.name,
        "board": one.board,
        "general": one.general,
        "items": list(one.items),
        "active": one.active,
    }


@door.get("/windows")
def list_windows() -> Response:
    """Every window; with `item` those whose tickets may be called for it (SM-06)."""
    only_parameters("item")
    found = window_list(this_office(), who(), item=parameter("item") or "")
    return answer({"items": [window(one) for one in found]})


@door.get("/intakes/waiting")
def list_waiting() -> Response:
    """Applications without an outcome, those silence accepts first at the top."""
    only_parameters("window", "text", "page")
    text = parameter("page") or "1"
    if not (text.isascii() and text.isdigit() and 0 < len(text) < 7 and int(text)):
        raise field_refused("page", "从 1 起的整数")
    found = waiting(
        this_office(), who(), at=(parameter("window") or "")[:10], search=(parameter("text") or "")[:60], page=int(text)
    )
    rows = [_line(one) for one in found.items]
    return answer({"items": rows, "total": found.total, "page": found.page, "size": PAGE})


def _line(one: WaitingLine) -> dict[str, Any]:
    row = one.row
    return {
        "caseId": str(row.case_id),
        "taskId": str(row.task_id),
        "number": row.business_key,
        "title": row.title,
        "process": row.process_name,
        "stage": row.stage,
        "window": row.window or None,
        "ticket": row.ticket or None,
        "receivedAt": iso_instant(row.received_at),
        "deemedAt": iso_instant(row.deemed_at),
    }
