"""Clocks for programs: the proof of every day as JSON and as a PDF."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from service.casework import Office
from tests.casework import clock_rows
from tests.casework.clock_rows import EXPERT, row
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
