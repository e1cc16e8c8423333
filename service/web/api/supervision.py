"""Hints, cards and orders of supervision: lists, one of them, and what is done about it."""

from __future__ import annotations

from typing import Any

from flask import Response

from service.casework import handle_card
from service.casework.listing import SUPERVISION, SupervisionListRow, one_row
from service.rules.cards import CardAct, CardLevel, CardState, Violation
from service.web.api.door import answer, case_id, door, identify, this_office, who
from service.web.api.paging import only_parameters, parameter, serve_page
from service.web.bodies import field_refused, read_body
from service.web.instants import iso_instant

STATES = tuple(CardState)
LEVELS = tuple(CardLevel)
VIOLATIONS = tuple(Violation)
ACTS = tuple(CardAct)
MISSING = "没有编号为 {supervision_id} 的监察事项。"


def event(row: SupervisionListRow) -> dict[str, Any]:
    """One of them for programs."""
    return {
        "id": str(row.id),
        "caseId": None if row.case_id is None else str(row.case_id),
        "scope": None if row.scope_id is None else str(row.scope_id),
        "taskId": None if row.task_id is None else str(row.task_id),
        "violation": row.violation,
        "level": row.level,
        "addressee": row.addressee,
        "department": row.department,
        "number": row.detail.get("number"),
        "at": row.detail["at"],
        "raisedAt": iso_instant(row.raised_at),
        "feedbackBy": iso_instant(row.feedback_due_at),
        "state": row.state,
        "upgraded": row.upgraded,
        "fault": row.fault,
        "acts": list(row.detail.get("acts", ())),
    }


def _one(text: str) -> SupervisionListRow:
    found = identify(text, "CARD_NOT_FOUND", "没有编号为 {id} 的监察事项。")
    return one_row(this_office(), who(), SUPERVISION, "CARD_NOT_FOUND", MISSING, supervision_id=found)


@door.get("/supervision-events")
def list_events() -> Response:
    """One's own, a head's department's, everything for supervision; the latest first."""
    only_parameters("state", "level", "violation", "department", "case")
    case_text = parameter("case")
    filters: dict[str, Any] = {
        "state": parameter("state", STATES),
        "level": parameter("level", LEVELS),
        "violation": parameter("violation", VIOLATIONS),
        "department": parameter("department"),
        "case_id": case_id(case_text) if case_text is not None else None,
    }
    return serve_page(SUPERVISION, event, {name: value for name, value in filters.items() if value is not None})


@door.get("/supervision-events/<text>")
def get_event(text: str) -> Response:
    only_parameters()
    return answer(event(_one(text)))


@door.post("/supervision-events/<text>/acts")
def act_on_event(text: str) -> Response:
    """sign, reply, appeal by its addressee; accept, reject, uphold, dismiss, close by supervision. `text`: what is said."""
    only_parameters()
    body = read_body()
    body.only("act", "text")
    act = body.needed_text("act")
    if act not in ACTS:
        raise field_refused("act", f" {'、'.join(ACTS)} 之一")
    row = _one(text)
    handle_card(this_office(), who(), row.id, CardAct(act), body.text("text", longest=2000) or "")
    return answer(event(_one(text)))
