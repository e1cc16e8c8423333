"""Work between people: 转办, 委派, 加签, 会签 opinions, 催办, 抄送, and everything of somebody who leaves."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from service.casework import TaskView
from service.casework.countersigning import answer_signing, remove_signer
from service.casework.handing import (
    Left,
    acknowledge_copy,
    answer_delegation,
    copies_of,
    delegate_work,
    hand_over,
    handing_panel,
    send_copy,
    take_back,
    transfer_task,
    urge_task,
    what_is_left,
)
from service.casework.together.asking import Place, ask_signers
from service.casework.together.instances import add_instance, remove_instance
from service.web.api.door import answer, case_id, door, identify, task_id, this_office, who
from service.web.api.paging import only_parameters, parameter
from service.web.bodies import LARGEST, field_refused, read_body
from service.web.instants import iso_instant

PLACES = tuple(Place)


def _handed(view: TaskView) -> Response:
    """Who has a task now."""
    return answer(
        {
            "id": str(view.id),
            "assignee": view.assignee,
            "owner": view.owner,
            "delegated": view.delegation == "PENDING",
            "seen": view.seen,
        }
    )


def _rounds(found: UUID) -> dict[str, Any]:
    """Who is asked what at a task."""
    panel = handing_panel(this_office(), who(), found)
    return {
        "held": panel.held is not None,
        "urged": panel.urged,
        "rounds": [
            {
                "id": str(one.id),
                "place": one.place,
                "policy": one.policy,
                "question": one.question,
                "askedBy": one.asked_by,
                "askedAt": iso_instant(one.asked_at),
                "state": one.state,
                "closedAt": iso_instant(one.closed_at),
                "signers": [
                    {
                        "id": str(seat.id),
                        "person": seat.person,
                        "state": seat.state,
                        "opinion": seat.opinion,
                        "answeredAt": iso_instant(seat.answered_at),
                    }
                    for seat in seats
                ],
            }
            for one, seats in panel.rounds
        ],
    }


def _left(items: tuple[Left, ...]) -> list[dict[str, Any]]:
    return [
        {
            "kind": one.kind.value,
            "id": None if one.id is None else str(one.id),
            "name": one.name,
            "caseId": None if one.case_id is None else str(one.case_id),
            "number": one.number,
            "draft": one.draft,
            "refusal": None if one.refusal is None else {"code": one.refusal.code, "text": one.refusal.sentence()},
        }
        for one in items
    ]


@door.post("/tasks/<text>/transfer")
def transfer_a_task(text: str) -> Response:
    body = read_body()
    body.only("to", "reason", "seen")
    to, reason, seen = (
        body.needed_text("to"),
        body.needed_text("reason", longest=500),
        body.whole("seen", least=0, most=LARGEST),
    )
    return _handed(transfer_task(this_office(), who(), task_id(text), to, reason, seen=seen))


@door.post("/tasks/<text>/delegate")
def delegate_a_task(text: str) -> Response:
    body = read_body()
    body.only("to", "question", "seen")
    to, question = body.needed_text("to"), body.needed_text("question", longest=500)
    seen = body.whole("seen", least=0, most=LARGEST)
    return _handed(delegate_work(this_office(), who(), task_id(text), to, question, seen=seen))


@door.post("/tasks/<text>/answer")
def answer_a_delegation(text: str) -> Response:
    """What a colleague thinks to whom a task was delegated; it goes back to its owner."""
    body = read_body()
    body.only("opinion")
    opinion = body.needed_text("opinion", longest=2000)
    return _handed(answer_delegation(this_office(), who(), task_id(text), opinion))


@door.post("/tasks/<text>/recall")
def recall_a_task(text: str) -> Response:
    read_body().only()
    return _handed(take_back(this_office(), who(), task_id(text)))


@door.post("/tasks/<text>/urge")
def urge_a_task(text: str) -> Response:
    body = read_body()
    body.only("note")
    note = body.text("note", longest=500) or ""
    return answer({"count": urge_task(this_office(), who(), task_id(text), note)})


@door.get("/tasks/<text>/signers")
def list_signers(text: str) -> Response:
    only_parameters()
    return answer(_rounds(task_id(text)))


@door.post("/tasks/<text>/signers")
def ask_for_opinions(text: str) -> Response:
    """加签: `policy` is all, any, ratio:60, sequential or veto."""
    body = read_body()
    body.only("people", "place", "policy", "question")
    place = body.needed_text("place")
    if place not in PLACES:
        raise field_refused("place", f" {'、'.join(PLACES)} 之一")
    found = task_id(text)
    ask_signers(
        this_office(),
        who(),
        found,
        body.texts("people") or [],
        place=Place(place),
        policy=body.text("policy", longest=20) or "all",
        question=body.needed_text("question", longest=500),
    )
    return answer(_rounds(found), 201)


@door.post("/tasks/<text>/signers/<signer>/opinion")
def give_opinion(text: str, signer: str) -> Response:
    """`completed`: the task is completed with what its holder had submitted."""
    body = read_body()
    body.only("vote", "opinion")
    vote, opinion = body.needed_text("vote"), body.text("opinion", longest=2000) or ""
    completed = answer_signing(this_office(), who(), task_id(text), _seat(signer), vote, opinion)
    return answer({"completed": completed})


@door.post("/tasks/<text>/signers/<signer>/remove")
def take_signer_off(text: str, signer: str) -> Response:
    body = read_body()
    body.only("reason")
    reason = body.needed_text("reason", longest=500)
    return answer({"completed": remove_signer(this_office(), who(), task_id(text), _seat(signer), reason)})


@door.post("/tasks/<text>/instances")
def add_loop_instance(text: str) -> Response:
    """One more desk in the multi-instance loop of a task; `item`: a department's code, or what its collection holds."""
    body = read_body()
    body.only("item", "reason")
    add_instance(this_office(), who(), task_id(text), body.raw("item"), body.needed_text("reason", longest=500))
    return answer({"done": True})


@door.post("/tasks/<text>/instances/remove")
def remove_loop_instance(text: str) -> Response:
    """This desk is not asked any more."""
    body = read_body()
    body.only("reason")
    remove_instance(this_office(), who(), task_id(text), body.needed_text("reason", longest=500))
    return answer({"done": True})


@door.get("/cases/<text>/copies")
def list_copies(text: str) -> Response:
    only_parameters()
    rows = copies_of(this_office(), who(), case_id(text))
    return answer(
        {
            "items": [
                {
                    "id": str(one.id),
                    "person": one.person,
                    "sentBy": one.sent_by,
                    "sentAt": iso_instant(one.sent_at),
                    "note": one.note,
                    "readAt": iso_instant(one.read_at),
                }
                for one in rows
            ]
        }
    )


@door.post("/cases/<text>/copies")
def copy_case(text: str) -> Response:
    body = read_body()
    body.only("people", "note")
    people, note = body.texts("people") or [], body.text("note", longest=500) or ""
    return answer({"count": send_copy(this_office(), who(), case_id(text), people, note)}, 201)


@door.post("/copies/<text>/read")
def read_copy(text: str) -> Response:
    """The receipt, by who was sent it."""
    read_body().only()
    found = identify(text, "COPY_NOT_FOUND", "没有编号为 {id} 的抄送。")
    return answer({"caseId": str(acknowledge_copy(this_office(), who(), found))})


@door.get("/people/<username>/hand-over")
def show_left(username: str) -> Response:
    """What somebody has open; with `successor` also what could not go to them, and why."""
    only_parameters("successor")
    left = what_is_left(this_office(), who(), username, parameter("successor"))
    return answer({"person": left.username, "items": _left(left.items)})


@door.post("/people/<username>/hand-over")
def move_everything(username: str) -> Response:
    body = read_body()
    body.only("successor", "reason")
    successor, reason = body.needed_text("successor"), body.needed_text("reason", longest=500)
    return answer({"person": username, "items": _left(hand_over(this_office(), who(), username, successor, reason))})


def _seat(text: str) -> UUID:
    return identify(text, "SIGNER_NOT_FOUND", "没有编号为 {id} 的会签意见。")
