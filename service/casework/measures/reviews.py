"""事项清理 (SP-13): the list of the register goes through its desks; lines are answered and published in `casework/register`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.casework.acts.request import Request
from service.casework.journalling import CaseFile
from service.casework.office import Office
from service.casework.register.reviews import note_check, note_publication, note_return, note_sum, require_answered
from service.casework.support_cases import Desk, doer_of, subject_id, text_of
from service.rules.refusals import Conflict, Forbidden, Missing, Refusal
from service.store.records import Records
from service.store.reviews import CHECKED, OPENED, PUBLISHED, SUMMED


def review(office: Office, records: Records, file: CaseFile, request: Request) -> Mapping[str, Any]:
    """Sum up, check, give back or publish, as the desk before has said. What its page has done already stays."""
    id, deed = subject_id(request.values, "review"), request.inputs.get("deed", "")
    found = records.reviews.find(id)
    if found is None:
        raise Missing("REVIEW_MISSING", "没有这份清理名单，或者其中没有这个事项。")
    if deed == "sum" and found.state == OPENED:
        note_sum(records, doer_of(records, file, "Task_Sum"), id)
    elif deed == "check" and found.state == SUMMED:
        note_check(records, doer_of(records, file, "Task_Legal"), id)
    elif deed == "revise" and found.state == SUMMED:
        note_return(records, doer_of(records, file, "Task_Legal"), id, _objection(request))
    elif deed == "publish":
        return _publish(records, file, request, found.state)
    return {}


def check_answered(office: Office, records: Records, desk: Desk) -> None:
    """A department is done when all its items are answered. Refused: Conflict REVIEW_INCOMPLETE."""
    department = desk.row.department if desk.row.element == "Task_File" else ""
    require_answered(records, subject_id(desk.values, "review"), department or "")


def _publish(records: Records, file: CaseFile, request: Request, state: str) -> dict[str, Any]:
    if state == PUBLISHED:
        return {"published": True}
    if state != CHECKED or request.values.get("decision") != "agree":
        return {"published": False, "review_problem": "未决定公布"}
    note = text_of(request.values.get("Task_Answer") or {}, "answer")
    try:
        note_publication(
            records, doer_of(records, file, "Task_Answer"), subject_id(request.values, "review"), note=note
        )
    except (Conflict, Forbidden) as refusal:
        return _unpublished(refusal)
    return {"published": True}


def _objection(request: Request) -> str:
    """What 法制 wants changed."""
    return text_of(request.values.get("Task_Legal") or {}, "answer")


def _unpublished(refusal: Refusal) -> dict[str, Any]:
    return {"published": False, "review_problem": refusal.sentence()}
