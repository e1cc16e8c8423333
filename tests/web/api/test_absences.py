"""Absences over `/api/v1`, and silence that supervision holds back."""

from __future__ import annotations

from typing import Any

import pytest

from service.casework import Office
from service.web.app import create_app
from tests.web.rest import Client

NOWHERE = "00000000-0000-4000-8000-000000000001"
LEAVE = {
    "username": "zhangwei",
    "kind": "LEAVE",
    "since": "2026-03-17T09:00:00+08:00",
    "until": "2026-03-18T17:00:00+08:00",
    "reason": "年休假",
}


@pytest.fixture
def chief(demo_office: Office) -> Client:
    """`/api/v1` of the demo city as the 首席代表 of department 104."""
    return Client(create_app(demo_office), "/api/v1", "chengang")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"kind": "HOLIDAY"}, "FIELD_INVALID"),
        ({"username": "nobody"}, "PERSON_UNKNOWN"),
        ({"until": "2026-03-17T08:00:00+08:00"}, "ABSENCE_TIMES"),
        ({"days": 3}, "FIELD_UNKNOWN"),
    ],
)
def test_a_wrong_absence_is_refused_with_a_code(chief: Client, change: dict[str, Any], code: str) -> None:
    answer = chief.post("/absences", LEAVE | change)
    assert (answer.status_code, answer.json["code"]) == (400, code)


def test_nobody_records_an_absence_of_another_department(demo_office: Office) -> None:
    other = Client(create_app(demo_office), "/api/v1", "103-rep")
    answer = other.post("/absences", LEAVE)
    assert (answer.status_code, answer.json["code"]) == (403, "ABSENCE_FORBIDDEN")


def test_an_absence_is_recorded_and_withdrawn(chief: Client) -> None:
    noted = chief.post("/absences", LEAVE)
    assert noted.status_code == 201 and noted.json["state"] == "PLANNED"
    assert chief.post("/absences", LEAVE).json["code"] == "ABSENCE_OVERLAPS"
    assert chief.post(f"/absences/{noted.json['id']}/end", {}).json["state"] == "WITHDRAWN"
    assert chief.post(f"/absences/{NOWHERE}/end", {}).status_code == 404


def test_only_supervision_holds_silence_back(demo_office: Office, chief: Client) -> None:
    assert chief.post(f"/cases/{NOWHERE}/tacit-holds", {"reason": "正在了解"}).json["code"] == "HOLD_FORBIDDEN"
    supervisor = Client(create_app(demo_office), "/api/v1", "sunli")
    assert supervisor.post(f"/cases/{NOWHERE}/tacit-holds", {"reason": "正在了解"}).status_code == 404
