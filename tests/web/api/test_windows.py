"""Windows over `/api/v1`: what a queueing machine asks, and what waits for an outcome."""

from __future__ import annotations

import pytest
from flask import Flask

from service.casework.office import Office
from tests.casework.window.hall import open_hall, taken
from tests.web.rest import Client

PASSWORD = "Yunxi-2026!"


@pytest.fixture
def hall(demo_office: Office) -> Office:
    return open_hall(demo_office)


@pytest.fixture
def site(hall: Office) -> Flask:
    from service.web.app import create_app

    return create_app(hall)


def test_who_has_nothing_to_do_with_windows_is_refused(site: Flask) -> None:
    assert Client(site, "/api/v1", "lizhao", PASSWORD).get("/windows").status_code == 403
    assert Client(site, "/api/v1", "zhangwei", PASSWORD).get("/intakes/waiting").status_code == 403
    clerk = Client(site, "/api/v1", "wangfang", PASSWORD)
    assert clerk.get("/windows?item=999-XX-001").status_code == 404
    assert clerk.get("/windows?board=1").status_code == 400
    assert clerk.get("/intakes/waiting?page=0").status_code == 400


def test_a_queueing_machine_learns_who_may_call_a_ticket(site: Flask) -> None:
    clerk = Client(site, "/api/v1", "wangfang", PASSWORD)
    assert len(clerk.get("/windows").json["items"]) == 69
    found = [one["code"] for one in clerk.get("/windows?item=104-XK-001").json["items"]]
    assert found == [f"W{number:03d}" for number in range(1, 17)]


def test_what_waits_says_until_when_it_may(site: Flask, hall: Office) -> None:
    case = taken(hall, None, ticket="A7")
    clerk = Client(site, "/api/v1", "wangfang", PASSWORD)
    (line,) = clerk.get("/intakes/waiting?window=W012").json["items"]
    assert (line["caseId"], line["ticket"], line["stage"]) == (str(case), "A7", "ACCEPT")
    assert line["deemedAt"] == "2026-03-23T17:00:00+08:00"
    assert clerk.get("/intakes/waiting?window=online").json["total"] == 0
