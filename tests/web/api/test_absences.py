"""Absences and supervision events over `/api/v1`."""

from __future__ import annotations

from uuid import uuid4

import pytest
from flask import Flask

from service.casework import Office, attend_due, start_case
from tests.casework.desk import CLERK, deploy_text
from tests.casework.test_supervising import card
from tests.conftest import Clock
from tests.web.rest import Client, hire

REVIEW = '<startEvent id="S"/><userTask id="R" name="审核" zw:role="reviewer_a" zw:dept="104"/><endEvent id="E"/>\nS -> R\nR -> E\n'


@pytest.fixture
def desks(app: Flask, office: Office) -> dict[str, Client]:
    """A, B, the chief of department 104, a stranger and supervision before the door."""
    with office.transaction() as records:
        from service.store.people import Department

        records.people.put_departments(
            Department(code=code, name=code, short=code, window_kind="常设") for code in ("104", "199")
        )
    people = {
        "a": ("reviewer_a", "104"),
        "b": ("reviewer_b", "104"),
        "rep": ("chief_rep", "104"),
        "other": ("chief_rep", "199"),
        "watch": ("supervisor", None),
    }
    for name, (role, department) in people.items():
        hire(office, f"x-{name}", [role], department=department)
    deploy_text(office, REVIEW)
    return {name: Client(app, "/api/v1", f"x-{name}") for name in people}


def test_what_is_not_said_or_not_granted_is_refused(desks: dict[str, Client]) -> None:
    for body, field in (
        ({}, "kind"),
        ({"kind": "HOLIDAY"}, "kind"),
        ({"kind": "LEAVE", "reason": "年休"}, "since"),
        ({"kind": "LEAVE", "since": "2026-03-17T09:00:00+08:00", "reason": "年休"}, "until"),
        ({"kind": "SUDDEN", "whatever": 1}, "whatever"),
    ):
        answer = desks["a"].post("/absences", body)
        assert answer.status_code == 400 and [one["field"] for one in answer.json["fields"]] == [field], body
    assert desks["other"].post("/absences", {"kind": "SUDDEN", "person": "x-a"}).status_code == 403
    assert desks["a"].get(f"/absences/{uuid4()}").status_code == 404
    assert desks["a"].get("/absences?since=1").status_code == 400


def test_an_absence_is_recorded_listed_and_ended(desks: dict[str, Client], office: Office, clock: Clock) -> None:
    made = desks["a"].post("/absences", {"kind": "SUDDEN", "reason": "就医"})
    assert made.status_code == 201 and made.headers["Location"].endswith(made.json["id"])
    assert desks["a"].post("/absences", {"kind": "SUDDEN"}).json["code"] == "ABSENCE_OVERLAPS"
    case_id = start_case(office, CLERK, key="p").id
    attend_due(office)
    [task] = desks["b"].get(f"/tasks?case={case_id}").json["items"]
    assert (task["assignee"], task["actingFor"]) == ("x-b", "x-a")
    assert [one["person"] for one in desks["rep"].get("/absences?state=away").json["items"]] == ["x-a"]
    assert desks["other"].get("/absences").json["total"] == 0
    assert desks["watch"].get("/absences?department=104").json["total"] == 1
    clock.advance(hours=1)
    ended = desks["rep"].post(f"/absences/{made.json['id']}/end", {})
    assert ended.status_code == 200 and ended.json["until"] is not None
    assert desks["rep"].get("/absences").json["total"] == 0
    while attend_due(office):
        pass
    assert desks["a"].get(f"/tasks?case={case_id}").json["total"] == 1


def test_a_card_is_read_signed_answered_and_closed(desks: dict[str, Client], office: Office) -> None:
    case_id = start_case(office, CLERK, key="p").id
    row = card(office, case_id, to="x-a")
    assert row is not None
    for name in ("b", "other"):
        assert desks[name].get(f"/supervision-events/{row.id}").status_code == 404
    assert desks["a"].get("/supervision-events").json["total"] == 1
    assert desks["watch"].get(f"/supervision-events?case={case_id}&level=YELLOW&state=OPEN").json["total"] == 1
    address = f"/supervision-events/{row.id}/acts"
    assert desks["a"].post(address, {"act": "shout"}).status_code == 400
    assert desks["a"].post(address, {"act": "reply"}).json["fields"][0]["field"] == "text"
    assert desks["a"].post(address, {"act": "close"}).json["code"] == "CARD_FORBIDDEN"
    assert desks["a"].post(address, {"act": "sign"}).json["state"] == "SIGNED"
    assert desks["a"].post(address, {"act": "reply", "text": "已补办"}).json["state"] == "REPLIED"
    assert desks["watch"].post(address, {"act": "accept"}).json["state"] == "ACCEPTED"
    closed = desks["watch"].post(address, {"act": "close"}).json
    assert closed["state"] == "CLOSED" and [one["act"] for one in closed["acts"]] == [
        "sign",
        "reply",
        "accept",
        "close",
    ]
    assert desks["a"].post(address, {"act": "appeal", "text": "不服"}).json["code"] == "CARD_STATE"
