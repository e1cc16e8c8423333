"""The demo clock over `/api/v1`: set to an instant, also back; moved on; every wrong body refused with a code."""

from __future__ import annotations

from typing import Any

import pytest

from service.casework import Office
from service.web.app import create_app
from tests.web.rest import Client

BEGINS = "2026-03-16T09:00:00+08:00"


@pytest.fixture
def api(any_demo_office: Office) -> Client:
    """`/api/v1` of a demo as the clerk of the general window."""
    return Client(create_app(any_demo_office), "/api/v1", "wangfang")


def test_outside_demo_mode_there_is_no_clock_for_anybody(office: Office) -> None:
    for username in (None, "wangfang"):
        client = Client(create_app(office), "/api/v1", username)
        assert client.get("/demo/clock").status_code == 404
        answer = client.put("/demo/clock", {"now": BEGINS})
        assert (answer.status_code, answer.json["code"]) == (404, "NOT_FOUND")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "CLOCK_MOVE_INVALID"),
        ({"now": None}, "CLOCK_MOVE_INVALID"),
        ({"now": BEGINS, "advance": "PT1H"}, "CLOCK_MOVE_INVALID"),
        ({"now": "1999-01-01T00:00:00Z"}, "CLOCK_MOVE_INVALID"),
        ({"now": "tomorrow"}, "FIELD_INVALID"),
        ({"now": 20260316}, "FIELD_INVALID"),
        ({"advance": 36}, "FIELD_INVALID"),
        ({"advance": "36 hours"}, "DURATION_UNREADABLE"),
        ({"advance": ""}, "DURATION_UNREADABLE"),
        ({"frozen": "yes"}, "FIELD_INVALID"),
        ({"frozen": None}, "CLOCK_MOVE_INVALID"),
        ({"time": BEGINS}, "FIELD_UNKNOWN"),
        ([BEGINS], "MALFORMED_JSON"),
        (None, "CLOCK_MOVE_INVALID"),
    ],
)
def test_a_wrong_body_is_refused_with_a_code(api: Client, body: Any, code: str) -> None:
    answer = api.put("/demo/clock", body)
    assert (answer.status_code, answer.json["code"]) == (400, code)
    assert api.get("/demo/clock").json["now"] == BEGINS


def test_the_clock_is_set_moved_and_set_back(api: Client) -> None:
    for body, shown in (
        ({"now": "2026-11-21T23:00:00+08:00"}, "2026-11-21T23:00:00+08:00"),
        ({"now": BEGINS}, BEGINS),
        ({"advance": "PT36H"}, "2026-03-17T21:00:00+08:00"),
        ({"now": BEGINS}, BEGINS),
        ({"advance": "P3WD"}, "2026-03-19T17:00:00+08:00"),
    ):
        answer = api.put("/demo/clock", body)
        assert (answer.status_code, answer.json["now"]) == (200, shown)
        assert api.get("/demo/clock").json["now"] == shown


def test_the_clock_is_frozen_and_thawed(api: Client) -> None:
    for body, frozen in (
        ({"frozen": True}, True),
        ({"advance": "PT1H"}, True),
        ({"now": BEGINS, "frozen": False}, False),
    ):
        assert api.put("/demo/clock", body).json["frozen"] is frozen
        assert api.get("/demo/clock").json["frozen"] is frozen
