"""退回, 撤回, 跳转, 终止 and 重新启动 for programs: what would happen, then the act with what was seen."""

from __future__ import annotations

from typing import Any

from flask import Response

from service.casework.returning import (
    EndPreview,
    Ground,
    Place,
    Way,
    end_case,
    end_preview,
    move_places,
    move_token,
    reopen_case,
    reopen_preview,
    return_preview,
    return_task,
    take_back_preview,
    take_back_task,
)
from service.web.api.door import answer, case_id, door, identify, task_id, this_office, who
from service.web.api.paging import only_parameters
from service.web.bodies import field_refused, read_body
from service.web.instants import iso_instant

LONGEST = 500


def place(one: Place) -> dict[str, Any]:
    """One place, what moving there ends, and why it is refused."""
    return {
        "element": one.element,
        "scope": None if one.scope is None else str(one.scope),
        "name": one.name,
        "process": one.process,
        "person": one.person,
        "doneAt": iso_instant(one.done_at),
        "ends": [{"element": end.element, "name": end.name, "kind": end.kind} for end in (*one.beside, *one.others)],
        "timers": one.timers,
        "joins": list(one.joins),
        "straight": one.straight,
        "refused": None if one.refused is None else {"code": one.refused.code, "message": one.refused.sentence()},
    }


@door.get("/tasks/<text>/return")
def get_return(text: str) -> Response:
    """Where the task may be returned to. `seen` goes back with the act."""
    only_parameters()
    shown = return_preview(this_office(), who(), task_id(text))
    return answer({"places": [place(one) for one in shown.places], "seen": shown.mark})


@door.post("/tasks/<text>/return")
def post_return(text: str) -> Response:
    """`way`: again (the default) or straight."""
    body = read_body()
    body.only("element", "scope", "reason", "way", "seen")
    done = return_task(
        this_office(),
        who(),
        task_id(text),
        element=body.needed_text("element"),
        scope=body.identity("scope"),
        reason=body.needed_text("reason", longest=LONGEST),
        way=body.text("way") or Way.AGAIN,
        seen=body.text("seen"),
    )
    return answer({"caseId": str(done.case_id), "caseEnded": done.ended})


@door.get("/tasks/<text>/recall")
def get_take_back(text: str) -> Response:
    only_parameters()
    shown = take_back_preview(this_office(), who(), task_id(text))
    return answer({"places": [place(shown.place)], "seen": shown.mark})


@door.post("/tasks/<text>/recall")
def post_take_back(text: str) -> Response:
    body = read_body()
    body.only("reason", "seen")
    reason = body.needed_text("reason", longest=LONGEST)
    done = take_back_task(this_office(), who(), task_id(text), reason=reason, seen=body.text("seen"))
    return answer({"caseId": str(done.case_id), "caseEnded": done.ended})


@door.get("/cases/<text>/tokens/<token>/move")
def get_move(text: str, token: str) -> Response:
    """Where a waiting token may be moved to by who answers for the case."""
    only_parameters()
    shown = move_places(this_office(), who(), case_id(text), _token(token))
    return answer({"places": [place(one) for one in shown.places], "seen": shown.mark})


@door.post("/cases/<text>/tokens/<token>/move")
def post_move(text: str, token: str) -> Response:
    body = read_body()
    body.only("element", "scope", "reason", "seen")
    moved = move_token(
        this_office(),
        who(),
        case_id(text),
        _token(token),
        body.needed_text("element"),
        body.needed_text("reason", longest=LONGEST),
        scope=body.identity("scope"),
        seen=body.text("seen"),
    )
    return answer({"caseId": str(moved.id), "caseEnded": moved.ended_at is not None})


@door.get("/cases/<text>/end")
def get_end(text: str) -> Response:
    """The tasks that would end."""
    only_parameters()
    return _ending(end_preview(this_office(), who(), case_id(text)))


@door.post("/cases/<text>/end")
def post_end(text: str) -> Response:
    """`ground`: GONE, LAPSED, FALSE or MISFILED."""
    body = read_body()
    body.only("ground", "reason", "seen")
    ground, reason = body.needed_text("ground"), body.needed_text("reason", longest=LONGEST)
    if ground not in set(Ground):
        raise field_refused("ground", f" {'、'.join(Ground)} 之一")
    ended = end_case(this_office(), who(), case_id(text), ground=ground, reason=reason, seen=body.text("seen"))
    return answer({"caseId": str(ended.id), "caseEnded": ended.ended})


@door.get("/cases/<text>/reopen")
def get_reopen(text: str) -> Response:
    """The desk the case would go on at."""
    only_parameters()
    return _ending(reopen_preview(this_office(), who(), case_id(text)))


@door.post("/cases/<text>/reopen")
def post_reopen(text: str) -> Response:
    body = read_body()
    body.only("reason", "seen")
    reason = body.needed_text("reason", longest=LONGEST)
    again = reopen_case(this_office(), who(), case_id(text), reason=reason, seen=body.text("seen"))
    return answer({"caseId": str(again.id), "caseEnded": again.ended})


def _ending(shown: EndPreview) -> Response:
    return answer({"tasks": list(shown.tasks), "seen": shown.mark})


def _token(text: str) -> Any:
    return identify(text, "TOKEN_NOT_FOUND", "这里没有等待中的环节，可能已经办理")
