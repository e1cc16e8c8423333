"""补正 and 超时默许 for programs: what came of silence in a case, and what people may do about it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from service.casework import Notice, Silent, get_task, hold_tacit, late_opinion, release_notice, silence_file
from service.web.api.door import answer, case_id, door, identify, task_id, this_office, who
from service.web.api.paging import only_parameters
from service.web.bodies import Body, read_body
from service.web.instants import iso_instant

LONGEST = 2000


@door.get("/cases/<text>/silence")
def get_silence(text: str) -> Response:
    only_parameters()
    return answer(_file(case_id(text)))


@door.post("/cases/<text>/notice-release")
def release_for_correction(text: str) -> Response:
    """By the chief representative: the window may ask for a correction a second time."""
    body = read_body()
    body.only("scope", "reason")
    found = case_id(text)
    reason = body.needed_text("reason", longest=LONGEST)
    release_notice(this_office(), who(), found, scope=_scope(body), reason=reason)
    return answer(_file(found))


@door.post("/cases/<text>/tacit-holds")
def hold(text: str) -> Response:
    """Supervision keeps silence from counting, once and for three working days."""
    body = read_body()
    body.only("scope", "reason")
    reason = body.needed_text("reason", longest=500)
    until = hold_tacit(this_office(), who(), case_id(text), scope=_scope(body), reason=reason)
    return answer({"until": until.isoformat()}, 201)


@door.post("/tasks/<text>/late-opinion")
def file_late_opinion(text: str) -> Response:
    """After silence has passed a task: kept with the case, without effect."""
    body = read_body()
    body.only("text")
    found = task_id(text)
    late_opinion(this_office(), who(), found, body.needed_text("text", longest=LONGEST))
    return answer(_file(get_task(this_office(), who(), found).case.id))


def _scope(body: Body) -> UUID | None:
    text = body.text("scope")
    return None if text is None else identify(text, "ITEM_NOT_FOUND", "办件中没有编号为 {id} 的事项。")


def _file(case: UUID) -> dict[str, Any]:
    found = silence_file(this_office(), who(), case)
    return {"silences": [_silent(one) for one in found.silences], "notices": [_notice(one) for one in found.notices]}


def _silent(one: Silent) -> dict[str, Any]:
    return {
        "level": one.level.value,
        "passed": one.passed,
        "at": iso_instant(one.at),
        "scope": None if one.scope is None else str(one.scope),
        "element": one.element,
        "taskId": None if one.task is None else str(one.task),
        "silent": one.silent,
        "department": one.department,
        "document": one.document,
        "certificateBy": iso_instant(one.certificate_by),
        "holds": [hold.value for hold in one.holds],
        "again": iso_instant(one.again),
        "late": [{"author": author, "text": text} for author, text in one.late],
    }


def _notice(one: Notice) -> dict[str, Any]:
    return {
        "number": one.number,
        "scope": None if one.scope is None else str(one.scope),
        "issuedOn": one.issued_on.isoformat(),
        "replyBy": one.reply_by.isoformat(),
        "reminders": [day.isoformat() for day in one.reminders],
        "gaps": [{"material": g.material, "since": g.since.isoformat(), "reason": g.reason} for g in one.gaps],
        "notes": one.notes,
        "state": one.state,
        "completeOn": None if one.complete_on is None else one.complete_on.isoformat(),
    }
