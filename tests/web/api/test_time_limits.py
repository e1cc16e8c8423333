"""`POST /api/v1/time-limit/preview`: open to everybody, exact, and never a guess."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from tests.rules.conftest import VECTORS
from tests.web.rest import Client

ASKED = {
    "start": "2026-03-16T10:00:00+08:00",
    "limit": {"amount": 3, "unit": "WORKDAY"},
    "now": "2026-03-17T10:00:00+08:00",
}


@pytest.fixture
def anybody(app: Flask) -> Client:
    """Somebody without an account."""
    return Client(app, "/api/v1", None)


def ask(client: Client, **more: Any) -> Any:
    return client.post("/time-limit/preview", {**ASKED, **more})


@pytest.mark.parametrize(
    ("more", "field", "code"),
    [
        ({"start": None}, "start", "FIELD_REQUIRED"),
        ({"start": "yesterday"}, "start", "FIELD_INVALID"),
        ({"start": "0001-01-01T00:00:00+08:00"}, "start", "FIELD_INVALID"),
        ({"start": "1812-01-01T00:00:00+08:00"}, "start", "DATE_OUT_OF_RANGE"),
        ({"now": "9998-12-31T23:59:59-12:00"}, "now", None),
        ({"limit": None}, "limit", "FIELD_REQUIRED"),
        ({"limit": {"amount": 3}}, "limit.unit", "FIELD_REQUIRED"),
        ({"limit": {"amount": 3, "unit": "WEEK"}}, "limit.unit", "FIELD_INVALID"),
        ({"limit": {"amount": 1.5, "unit": "WORKDAY"}}, "limit.amount", "FIELD_INVALID"),
        ({"limit": {"amount": -1, "unit": "WORKDAY"}}, "limit.amount", "LIMIT_INVALID"),
        ({"limit": {"amount": 0, "unit": "HALFDAY"}}, "limit.amount", "LIMIT_INVALID"),
        ({"limit": {"amount": 1000, "unit": "HOUR"}}, "limit.amount", "LIMIT_INVALID"),
        ({"limit": {"amount": 3, "unit": "WORKDAY", "x": 1}}, "limit.x", "FIELD_UNKNOWN"),
        ({"colour": "red"}, "colour", "FIELD_UNKNOWN"),
        ({"suspensions": [{"to": "2026-03-18"}]}, "suspensions[0].from", "FIELD_REQUIRED"),
        ({"suspensions": [{"from": "2026-02-30"}]}, "suspensions[0].from", "FIELD_INVALID"),
        ({"suspensions": [{"from": "2026-03-18", "to": "2026-03-17"}]}, "suspensions[0].to", "SUSPENSION_INVALID"),
        ({"suspensions": [{"from": "2026-03-18", "to": "9999-12-31"}]}, "suspensions[0].to", "DATE_OUT_OF_RANGE"),
        ({"suspensions": [{"from": "2026-03-18", "kind": "x" * 41}]}, "suspensions[0].kind", "FIELD_INVALID"),
        ({"suspensions": [{"from": "2026-03-18"}] * 101}, "suspensions", "FIELD_INVALID"),
        ({"suspensions": {"from": "2026-03-18"}}, "suspensions", "FIELD_INVALID"),
        ({"extensions": [{"amount": 0, "unit": "WORKDAY"}]}, "extensions[0].amount", "LIMIT_INVALID"),
        ({"extensions": [{"amount": 3, "unit": "HOUR"}]}, "extensions[0].unit", "EXTENSION_UNIT"),
        ({"extensions": [{"amount": 3, "unit": "WORKDAY"}] * 2}, "extensions[1]", "EXTENSION_ONCE"),
        (
            {"extensions": [{"amount": 3, "unit": "WORKDAY", "approved": "2026-03-20"}]},
            "extensions[0].approved",
            "EXTENSION_LATE",
        ),
    ],
)
def test_what_cannot_be_computed_is_refused_naming_the_field(anybody: Client, more: Any, field: str, code: str) -> None:
    answer = ask(anybody, **more)
    assert answer.status_code == 400 and answer.content_type == "application/problem+json"
    assert [one["field"] for one in answer.json["fields"]] == [field]
    assert code is None or answer.json["code"] == code


@pytest.mark.parametrize(
    "more",
    [
        {"start": "2027-01-04T10:00:00+08:00"},
        {"start": "2023-12-29T10:00:00+08:00"},
        {"limit": {"amount": 400, "unit": "WORKDAY"}},
        {"limit": {"amount": 999, "unit": "CALENDAR"}},
        {"limit": {"amount": 999, "unit": "HALFDAY"}},
        {"suspensions": [{"from": "2026-03-17", "to": "2030-01-01"}]},
        {"now": "2031-01-01T10:00:00+08:00"},
    ],
)
def test_a_year_without_calendar_is_refused_never_guessed(anybody: Client, more: Any) -> None:
    answer = ask(anybody, **more)
    assert (answer.status_code, answer.json["code"]) == (400, "CALENDAR_MISSING")


def test_other_contents_and_large_bodies_are_refused(anybody: Client) -> None:
    path = "/api/v1/time-limit/preview"
    assert anybody.client.post(path, data="start=1").status_code == 415
    assert anybody.client.post(path, data="[1]", content_type="application/json").status_code == 400
    assert anybody.client.post(path, data="{", content_type="application/json").status_code == 400
    assert anybody.client.post(path, data=b" " * 65_537, content_type="application/json").status_code == 413
    assert anybody.post("/time-limit/preview?verbose=1", ASKED).json["code"] == "FIELD_UNKNOWN"
    assert anybody.get("/time-limit/preview").status_code == 405


def test_a_preview_has_exactly_the_promised_shape(anybody: Client) -> None:
    answer = ask(anybody, suspensions=[{"from": "2026-03-17", "to": "2026-03-20", "kind": "EXPERT"}])
    assert answer.status_code == 200
    told = dict(answer.json)
    explanation = told.pop("explanation")
    assert told == {
        "due": "2026-03-24",
        "due_at": "2026-03-24T17:00:00+08:00",
        "used": 1,
        "remaining": 2,
        "light": "GREEN",
        "warn_from": "2026-03-23T09:00:00+08:00",
        "next_turn": "2026-03-18T00:00:00+08:00",
    }
    assert len(explanation) == 9
    assert explanation[2] == "2026-03-18 周三：暂停计时（专家评审），不计入。"


@pytest.mark.parametrize("family", ["add_wd", "suspension", "extension", "chain_freeze"])
def test_every_dated_vector_is_answered_exactly(anybody: Client, family: str) -> None:
    for v in VECTORS[family]:
        pauses = [{"from": a, "to": b, "kind": "EXPERT"} for a, b in v.get("suspensions", v.get("frozen", []))]
        added = [{"amount": v["ext"], "unit": "WORKDAY", "approved": v["start"]}] if "ext" in v else []
        body = {
            "start": f"{v['start']}T09:30:00+08:00",
            "limit": {"amount": v["n"], "unit": "WORKDAY"},
            "suspensions": pauses,
            "extensions": added,
            "now": f"{v['start']}T09:30:00+08:00",
        }
        assert anybody.post("/time-limit/preview", body).json["due"] == v["due"], v["id"]


@pytest.mark.parametrize(
    ("now", "light", "used"),
    [
        ("2026-03-17T10:00", "GREEN", 1),
        ("2026-03-18T09:00", "YELLOW", 2),
        ("2026-03-19T16:59:59", "YELLOW", 3),
        ("2026-03-19T17:00", "RED", 3),
    ],
)
def test_lights_follow_the_instant(anybody: Client, now: str, light: str, used: int) -> None:
    answer = ask(anybody, now=now)
    assert (answer.json["light"], answer.json["used"]) == (light, used)


def test_an_open_pause_stops_the_light(anybody: Client) -> None:
    answer = ask(anybody, suspensions=[{"from": "2026-03-17", "to": None, "kind": "听证"}], now="2026-03-26T10:00")
    assert (answer.json["light"], answer.json["next_turn"], answer.json["due"]) == ("STOPPED", None, "2026-03-30")
    assert any("听证" in line for line in answer.json["explanation"])


@pytest.mark.parametrize(
    ("unit", "amount", "due_at"),
    [("CALENDAR", 7, "2026-03-23T17:00"), ("HALFDAY", 6, "2026-03-19T12:00"), ("HOUR", 8, "2026-03-17T11:30")],
)
def test_every_unit(anybody: Client, unit: str, amount: int, due_at: str) -> None:
    assert ask(anybody, limit={"amount": amount, "unit": unit}).json["due_at"] == f"{due_at}:00+08:00"


def test_without_now_the_service_takes_its_own_time(anybody: Client, office: Any) -> None:
    body = {name: value for name, value in ASKED.items() if name != "now"}
    with office.reading() as records:
        now = records.now
    told, own = ask(anybody, now=now.isoformat()).json, anybody.post("/time-limit/preview", body).json
    assert told == own


def test_a_key_for_sending_twice_is_no_hindrance(anybody: Client, api: Client) -> None:
    for client in (anybody, api):
        assert client.post("/time-limit/preview", ASKED, headers={"Idempotency-Key": "k-1"}).status_code == 200
