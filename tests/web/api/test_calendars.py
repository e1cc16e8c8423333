"""`/api/v1/calendars`: who may, what is refused beside which field, and that a preview changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from service.casework import Office
from service.store.calendar_seeds import seeds
from tests.web.rest import Client, hire

LOCAL = {"date": "2026-04-22", "workday": False, "name": "建市纪念日"}
HALF = {"date": "2026-03-20", "workday": True, "name": "学习日", "closed": ["PM"]}


def days(*more: dict[str, Any]) -> list[dict[str, Any]]:
    """The days of 2026 as a request sends them."""
    year = list(seeds())[-1]
    sent = [{"date": one.day.isoformat(), "workday": one.workday, "name": one.name} for one in year.days]
    return [*sent, *more]


def asked(*more: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A request for a region's year."""
    return {"status": "ACTIVE", "notice": "云府办〔2026〕3号", "days": list(more), **changes}


@pytest.fixture
def keeper(app: Flask, office: Office) -> Client:
    """A system administrator."""
    hire(office, "guotao", ["system_admin"])
    return Client(app, "/api/v1", "guotao")


def due(client: Client) -> str:
    """When a limit ends that runs over 2026-04-22."""
    body = {"start": "2026-04-20T10:00:00+08:00", "limit": {"amount": 3, "unit": "WORKDAY"}}
    return client.post("/time-limit/preview", body).json["due"]


def test_nobody_reads_a_calendar_without_an_account(app: Flask) -> None:
    assert Client(app, "/api/v1", None).get("/calendars").status_code == 401


@pytest.mark.parametrize(("role", "reads", "writes"), [
    ("reviewer_a", 403, 403),
    ("supervisor", 200, 403),
    ("audit_admin", 200, 403),
    ("business_office", 200, 200),
    ("system_admin", 200, 200),
])  # fmt: skip
def test_the_permission_matrix_is_kept(app: Flask, office: Office, role: str, reads: int, writes: int) -> None:
    hire(office, "somebody", [role])
    client = Client(app, "/api/v1", "somebody")
    assert client.get("/calendars").status_code == client.get("/calendars/CN/2026").status_code == reads
    assert client.put("/calendars/990100/2026", asked(LOCAL)).status_code == writes


def test_a_year_nobody_entered_is_not_there(keeper: Client) -> None:
    answer = keeper.get("/calendars/CN/2027")
    assert (answer.status_code, answer.json["code"]) == (404, "CALENDAR_MISSING")
    assert "2027" in answer.json["detail"]
    assert keeper.get("/calendars/XX/2026").json["code"] == "REGION_INVALID"


@pytest.mark.parametrize(
    ("region", "body", "field", "code"),
    [
        ("CN", asked(status="DRAFT"), "status", "FIELD_INVALID"),
        ("CN", asked(notice=""), "notice", "NOTICE_REQUIRED"),
        ("CN", {"status": "ACTIVE", "notice": "x", "days": [{"workday": True}]}, "days[0].date", "FIELD_REQUIRED"),
        ("CN", asked({"date": "2026-02-30", "workday": True}), "days[0].date", "FIELD_INVALID"),
        ("CN", asked(*days({"date": "2026-03-16", "workday": True})), "days[39].date", "MAKEUP_ON_A_WEEKDAY"),
        ("990100", asked({**LOCAL, "name": ""}), "days[0].name", "NAME_REQUIRED"),
        ("990100", asked({**HALF, "closed": ["NIGHT"]}), "days[0].closed", "FIELD_INVALID"),
        ("990100", asked(LOCAL, LOCAL), "days[1].date", "DAY_TWICE"),
        ("990100", asked({**LOCAL, "colour": 1}), "days[0].colour", "FIELD_UNKNOWN"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field(keeper: Client, region: str, body: Any, field: str, code: Any) -> None:
    answer = keeper.put(f"/calendars/{region}/2026", body)
    assert answer.status_code == 400
    assert (answer.json["fields"][0]["field"], answer.json["fields"][0]["code"]) == (field, code)


def test_a_preview_changes_nothing(keeper: Client) -> None:
    before = keeper.get("/calendars").json
    answer = keeper.put(
        "/calendars/CN/2026?preview=true", asked(*days({"date": "2026-04-21", "workday": False, "name": "哀悼日"}))
    )
    assert (answer.status_code, answer.json["preview"], answer.json["moved"]) == (200, True, [])
    assert keeper.get("/calendars").json == before and due(keeper) == "2026-04-23"


def test_who_was_overtaken_is_refused(keeper: Client) -> None:
    seen = keeper.get("/calendars/CN/2026").json["version"]
    assert keeper.put("/calendars/990100/2026", asked(LOCAL, seen=seen)).status_code == 200
    answer = keeper.put("/calendars/990100/2026", asked(LOCAL, seen=seen))
    assert (answer.status_code, answer.json["code"]) == (409, "CALENDAR_CHANGED")


def test_a_confirmed_year_is_not_made_provisional_again(keeper: Client) -> None:
    answer = keeper.put("/calendars/CN/2026", asked(*days(), status="PROVISIONAL"))
    assert (answer.status_code, answer.json["code"]) == (409, "CALENDAR_CONFIRMED")


def test_every_day_of_a_year_is_told(keeper: Client) -> None:
    found = keeper.get("/calendars/CN/2026").json
    assert (found["workdays"], len(found["days"]), found["notice"]) == (
        248,
        365,
        "国办发明电〔2025〕7号（2025年11月4日）",
    )
    by_day = {one["date"]: one for one in found["days"]}
    assert by_day["2026-09-20"] == {
        "date": "2026-09-20",
        "workday": True,
        "kind": "MAKEUP",
        "name": "国庆节",
        "closed": [],
    }
    assert (by_day["2026-10-05"]["kind"], by_day["2026-03-21"]["kind"]) == ("HOLIDAY", "REST")
    assert not found["provisional"] and not found["inherited"]


def test_a_region_inherits_and_adds_its_own_days(keeper: Client) -> None:
    assert keeper.get("/calendars/990100/2026").json["inherited"]
    assert keeper.put("/calendars/990100/2026", asked(LOCAL, HALF)).json["notice"] == "云府办〔2026〕3号"
    found = keeper.get("/calendars/990100/2026").json
    assert (found["workdays"], found["inherited"], found["enteredBy"]) == (247, False, "guotao")
    half = next(one for one in found["days"] if one["date"] == "2026-03-20")
    assert (half["kind"], half["closed"], half["workday"]) == ("LOCAL", ["PM"], True)
    assert [one["region"] for one in keeper.get("/calendars").json["items"]] == ["CN"] * 3 + ["990100"]


def test_the_limit_preview_counts_by_the_calendar_of_the_installation(keeper: Client) -> None:
    keeper.put("/calendars/990100/2026", asked(LOCAL))
    assert due(keeper) == "2026-04-23"  # this installation counts by the country's
    keeper.put("/calendars/CN/2026", asked(*days({"date": "2026-04-22", "workday": False, "name": "哀悼日"})))
    assert due(keeper) == "2026-04-24"
    keeper.put("/calendars/CN/2026", asked(*days()))
    assert due(keeper) == "2026-04-23"


def test_a_provisional_year_is_counted_by_and_can_be_confirmed(keeper: Client) -> None:
    next_year = [{**one, "date": one["date"].replace("2026", "2027")} for one in days() if not one["workday"]]
    body = {"status": "PROVISIONAL", "notice": "", "days": next_year}
    assert keeper.put("/calendars/CN/2027", body).status_code == 200
    assert keeper.get("/calendars/CN/2027").json["provisional"]
    ask = {"start": "2026-12-31T10:00:00+08:00", "limit": {"amount": 1, "unit": "WORKDAY"}}
    assert keeper.post("/time-limit/preview", ask).json["due"] == "2027-01-04"
    assert (
        keeper.put("/calendars/CN/2027", {**body, "status": "ACTIVE", "notice": "国办发明电〔2026〕9号"}).status_code
        == 200
    )
    assert not keeper.get("/calendars/CN/2027").json["provisional"]
