"""终止 and 重新启动 for programs and scripts of people: what was shown, then the act, once."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask

from service.casework import Office
from service.web.app import create_app
from tests.casework.clocks.items import lines_of
from tests.casework.returning.test_ending import returned
from tests.casework.returning.test_returning import at_approval
from tests.web.rest import Client


@pytest.fixture
def site(demo_office: Office) -> Flask:
    return create_app(demo_office)


def test_a_keeper_ends_what_was_shown_on_a_ground_and_only_once(site: Flask, demo_office: Office) -> None:
    case = at_approval(demo_office)
    keeper, clerk = Client(site, "/api/v1", "guotao"), Client(site, "/api/v1", "zhangwei")
    refused = clerk.get(f"/cases/{case}/end")
    assert (refused.status_code, refused.json["code"]) == (403, "KEEPER_ONLY")
    shown = keeper.get(f"/cases/{case}/end").json
    assert shown["tasks"] == ["批准"]
    for body, code in (
        ({"reason": "企业已注销"}, "FIELD_REQUIRED"),
        ({"ground": "WHIM", "reason": "企业已注销"}, "FIELD_INVALID"),
        ({"ground": "GONE", "reason": "字" * 501}, "FIELD_INVALID"),
        ({"ground": "GONE", "reason": "  "}, "REASON_MISSING"),
        ({"ground": "GONE", "reason": "企业已注销", "other": 1}, "FIELD_UNKNOWN"),
    ):
        answer = keeper.post(f"/cases/{case}/end", body)
        assert (answer.status_code, answer.json["code"]) == (400, code)
    given = {"ground": "GONE", "reason": "企业已注销", "seen": shown["seen"]}
    stale = keeper.post(f"/cases/{case}/end", {**given, "seen": "0"})
    assert (stale.status_code, stale.json["code"]) == (409, "MOVE_CHANGED")
    assert keeper.post(f"/cases/{case}/end", given).json == {"caseId": str(case), "caseEnded": True}
    again = keeper.post(f"/cases/{case}/end", given)
    assert (again.status_code, again.json["code"]) == (409, "CASE_ENDED")
    assert len(lines_of(demo_office, case, "case:terminated")) == 1
    assert keeper.get("/cases/none/end").status_code == 404
    assert keeper.get(f"/cases/{UUID(int=1)}/reopen").json["code"] == "CASE_NOT_FOUND"


def test_the_chief_lets_go_on_what_was_given_back_by_mistake(site: Flask, demo_office: Office) -> None:
    case = returned(demo_office)
    chief, keeper = Client(site, "/api/v1", "chengang"), Client(site, "/api/v1", "guotao")
    assert keeper.post(f"/cases/{case}/reopen", {"reason": "误退"}).json["code"] == "REOPEN_FORBIDDEN"
    shown = chief.get(f"/cases/{case}/reopen").json
    assert shown["tasks"] == ["审核"]
    done = chief.post(f"/cases/{case}/reopen", {"reason": "误退", "seen": shown["seen"]})
    assert done.json == {"caseId": str(case), "caseEnded": False}
    assert chief.post(f"/cases/{case}/reopen", {"reason": "误退"}).json["code"] == "REOPEN_RUNNING"
