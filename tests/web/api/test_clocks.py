"""Clocks for programs: reading, pausing and extending them, outages, the proof of every day as JSON and as a PDF."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from service.casework import Office
from service.store.people import Department
from tests.casework import clock_rows
from tests.casework.clock_rows import EXPERT, row
from tests.casework.clocks.conftest import small_procedures  # noqa: F401
from tests.casework.clocks.items import ITEM_BODY, do, item
from tests.casework.desk import CHIEF, REVIEWER, STRANGER, SUPERVISOR, Actor, deploy_text
from tests.conftest import Clock
from tests.web.rest import LINEAR, Client, diagram, hire

NOWHERE = "00000000-0000-4000-8000-000000000001"


@pytest.fixture
def case_id(office: Office, api: Client) -> str:
    """A running case with a promise that stood still for three days and a stopped stage."""
    api.post("/processes", {"files": [{"name": "p.bpmn", "content": diagram(LINEAR).decode()}]})
    made = str(api.post("/cases", {"process": "p", "businessKey": "K-1"}).json["id"])
    held = {**EXPERT, "after": "2026-03-11", "through": "2026-03-13"}
    clock_rows.put(
        office,
        row(UUID(made), "CASE", 7, started="2026-03-09T10:00", pauses=[held]),
        row(UUID(made), "STAGE", 4, unit="HALFDAY", started="2026-03-09T10:00", stopped="2026-03-10T10:00"),
    )
    return made


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        (f"/cases/{NOWHERE}/time-proof", 404, "CASE_NOT_FOUND"),
        ("/cases/none/time-proof", 404, "CASE_NOT_FOUND"),
        ("/cases/{id}/time-proof?scope=none", 404, "ITEM_NOT_FOUND"),
        (f"/cases/{{id}}/time-proof?scope={NOWHERE}", 404, "ITEM_NOT_FOUND"),
        ("/cases/{id}/time-proof?day=1", 400, "FIELD_UNKNOWN"),
    ],
)
def test_what_is_not_there_is_refused(api: Client, case_id: str, path: str, status: int, code: str) -> None:
    answer = api.get(path.replace("{id}", case_id))
    assert (answer.status_code, answer.json["code"]) == (status, code)


def test_a_stranger_does_not_learn_that_there_is_a_case(app: Flask, office: Office, case_id: str) -> None:
    hire(office, "stranger", ["reviewer_a"])
    answer = Client(app, "/api/v1", "stranger").get(f"/cases/{case_id}/time-proof")
    assert (answer.status_code, answer.json["code"]) == (404, "CASE_NOT_FOUND")


def test_the_days_of_every_clock_add_up_to_what_it_has_used(api: Client, case_id: str) -> None:
    proof: dict[str, Any] = api.get(f"/cases/{case_id}/time-proof").json
    assert [clock["kind"] for clock in proof["clocks"]] == ["CASE", "STAGE"]
    for clock in proof["clocks"]:
        assert sum(day["used"] for day in clock["days"]) == clock["used"] > 0
    promise = proof["clocks"][0]
    assert (proof["binding"], promise["used"], promise["remaining"]) == (promise["id"], 3, 4)
    assert [pause["kind"] for pause in proof["pauses"]] == ["EXPERT"]
    assert sum(proof["shares"].values()) == proof["elapsedDays"]


def test_who_asks_for_paper_gets_paper(api: Client, case_id: str) -> None:
    answer = api.get(f"/cases/{case_id}/time-proof", headers={"Accept": "application/pdf"})
    assert answer.mimetype == "application/pdf" and answer.data.startswith(b"%PDF")
    assert api.get(f"/cases/{case_id}/time-proof", headers={"Accept": "*/*"}).mimetype == "application/json"


# -- acts ---------------------------------------------------------------------------------------------------------

HEAD = Actor(username="luoming", name="罗明", department="104", roles=frozenset({"dept_head"}))
REVIEW = {"kind": "EXPERT", "notice": "特告〔2026〕3号", "expectedDays": 20}


@pytest.fixture
def people(app: Flask, office: Office) -> dict[str, Client]:
    """Reviewer, chief representative and head of 104, supervision and a stranger, as programs."""
    cast = (REVIEWER, CHIEF, HEAD, SUPERVISOR, STRANGER)
    with office.transaction() as records:
        records.people.put_departments(
            Department(code=code, name=code, short=code, window_kind="常设") for code in ("104", "199")
        )
    for one in cast:
        hire(office, one.username, sorted(one.roles), one.department)
    return {one.username: Client(app, "/api/v1", one.username) for one in cast}


@pytest.fixture
def licence(office: Office, api: Client, people: dict[str, Client], clock: Clock) -> str:
    """An accepted licence of 104 with a promise of five working days and a statutory limit of twenty."""
    deploy_text(office, item(ITEM_BODY, limit="5wd", statutory="20wd"))
    made = str(api.post("/cases", {"process": "item"}).json["id"])
    do(office, UUID(made), "Accept")
    clock.set("2026-03-17T10:00")
    return made


def of_kind(book: dict[str, Any], kind: str) -> dict[str, Any]:
    """One clock of a book."""
    return next(clock for clock in book["clocks"] if clock["kind"] == kind)


def test_every_clock_is_told_with_what_it_says_and_which_binds(api: Client, licence: str) -> None:
    book = api.get(f"/cases/{licence}/clocks").json
    promise = of_kind(book, "CASE")
    assert (promise["used"], promise["remaining"], promise["light"], promise["binds"]) == (1, 4, "GREEN", True)
    assert promise["dueAt"].startswith("2026-03-23T17:00")
    assert not of_kind(book, "STATUTORY")["binds"] and of_kind(book, "RECEIPT")["state"] == "STOPPED"


@pytest.mark.parametrize(
    ("who", "method", "path", "body", "status", "code"),
    [
        ("zhangwei", "POST", "suspensions", REVIEW, 403, "PAUSE_NOT_GRANTED"),
        ("chengang", "POST", "suspensions", {"kind": "EXPERT"}, 400, "PAUSE_WITHOUT_NOTICE"),
        ("chengang", "POST", "suspensions", {"kind": "TEA"}, 400, "PAUSE_KIND_UNKNOWN"),
        ("chengang", "POST", "suspensions", {**REVIEW, "days": 1}, 400, "FIELD_UNKNOWN"),
        ("chengang", "POST", "suspensions", {**REVIEW, "scope": NOWHERE}, 409, "CLOCK_NOT_RUNNING"),
        ("chengang", "POST", "suspensions/EXPERT/end", None, 409, "PAUSE_NOT_OPEN"),
        ("zhangwei", "POST", "extensions", {"amount": 11, "reason": "案情复杂"}, 400, "EXTENSION_TOO_LONG"),
        ("zhangwei", "POST", "extensions", {"amount": 5}, 400, "FIELD_REQUIRED"),
        ("luoming", "PUT", f"extensions/{NOWHERE}", {"grant": True, "notice": "1"}, 404, "PROCEEDING_NOT_FOUND"),
        ("luoming", "PUT", f"extensions/{NOWHERE}", {"grant": "yes"}, 400, "FIELD_REQUIRED"),
        ("zhangwei", "POST", "proceedings", {"kind": "INVESTIGATION"}, 403, "PROCEEDING_FORBIDDEN"),
        ("zhangwei", "POST", "tacit-holds", {"reason": "x"}, 403, "HOLD_FORBIDDEN"),
        ("sunli", "POST", "tacit-holds", {"reason": "x"}, 409, "HOLD_NOTHING"),
        ("stranger", "GET", "clocks", None, 404, "CASE_NOT_FOUND"),
        ("stranger", "GET", "proceedings", None, 404, "CASE_NOT_FOUND"),
        ("stranger", "POST", "proceedings", {"kind": "OBJECTION"}, 404, "CASE_NOT_FOUND"),
    ],
)
def test_acts_on_clocks_are_refused_with_a_code(
    people: dict[str, Client], licence: str, who: str, method: str, path: str, body: Any, status: int, code: str
) -> None:
    answer = people[who].send(method, f"/cases/{licence}/{path}", body)
    assert (answer.status_code, answer.json["code"]) == (status, code)


def test_a_pause_holds_the_due_instant_until_it_ends(people: dict[str, Client], licence: str, clock: Clock) -> None:
    chief = people["chengang"]
    answer = chief.post(f"/cases/{licence}/suspensions", REVIEW)
    held = of_kind(answer.json, "CASE")
    assert (answer.status_code, held["state"], held["dueAt"]) == (201, "PAUSED", None)
    assert held["suspensions"][0] | {"beganAt": None} == {
        "kind": "EXPERT",
        "name": "专家评审",
        "after": "2026-03-17",
        "through": None,
        "beganAt": None,
        "endedAt": None,
        "basis": "《行政许可法》第四十五条",
        "approvedBy": "chengang",
        "notice": "特告〔2026〕3号",
        "expectedDays": 20,
    }
    clock.set("2026-03-20T10:00")
    ended = of_kind(chief.post(f"/cases/{licence}/suspensions/EXPERT/end", {"document": "1号"}).json, "CASE")
    assert (ended["state"], ended["dueAt"][:16], ended["used"]) == ("RUNNING", "2026-03-26T17:00", 1)


def test_an_extension_is_asked_for_and_granted_once(people: dict[str, Client], licence: str) -> None:
    asked = people["zhangwei"].post(f"/cases/{licence}/extensions", {"amount": 5, "reason": "案情复杂"})
    assert (asked.status_code, asked.json["state"]) == (201, "OPEN")
    path = f"/cases/{licence}/extensions/{asked.json['id']}"
    assert people["chengang"].put(path, {"grant": True, "notice": "延1"}).json["code"] == "EXTENSION_NOT_GRANTED"
    granted = of_kind(people["luoming"].put(path, {"grant": True, "notice": "延1"}).json, "CASE")
    assert (granted["total"], granted["dueAt"][:10], granted["extensions"][0]["amount"]) == (10, "2026-03-30", 5)
    assert people["luoming"].put(path, {"grant": False, "reason": "x"}).json["code"] == "PROCEEDING_CLOSED"
    listed = people["zhangwei"].get(f"/cases/{licence}/proceedings").json["items"]
    assert [(one["kind"], one["state"]) for one in listed] == [("EXTENSION", "GRANTED")]


def test_an_objection_is_opened_and_closed(people: dict[str, Client], licence: str) -> None:
    noted = people["zhangwei"].post(f"/cases/{licence}/proceedings", {"kind": "OBJECTION", "reason": "采光"})
    assert noted.status_code == 201
    closed = people["zhangwei"].put(f"/cases/{licence}/proceedings/{noted.json['id']}", {"reason": "已核实"})
    assert (closed.json["state"], closed.json["detail"]["answer"]) == ("CLOSED", "已核实")


def test_an_outage_moves_every_clock_and_is_declared_by_who_may(
    app: Flask, office: Office, people: dict[str, Client], licence: str, clock: Clock
) -> None:
    down = {"down": "2026-03-17T13:30:00+08:00", "up": "2026-03-18T17:30:00+08:00", "reason": "机房断电"}
    clock.set("2026-03-19T09:00")
    assert people["zhangwei"].post("/outages", down).json["code"] == "OUTAGE_FORBIDDEN"
    assert people["sunli"].post("/outages", {**down, "up": down["down"]}).json["code"] == "OUTAGE_INVALID"
    assert people["sunli"].post("/outages", {"down": down["down"], "reason": "x"}).json["code"] == "FIELD_REQUIRED"
    moved = people["sunli"].post("/outages", down)
    assert moved.status_code == 201 and {one["caseId"] for one in moved.json["moved"]} == {licence}
    assert of_kind(people["sunli"].get(f"/cases/{licence}/clocks").json, "CASE")["dueAt"][:10] == "2026-03-24"
