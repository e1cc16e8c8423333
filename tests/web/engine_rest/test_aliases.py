"""An account's other name: for Basic credentials, for giving tasks, and for asking after them."""

from __future__ import annotations

import pytest
from flask import Flask

from service.casework import Office
from service.web.app import create_app
from tests.web.pages.conftest import Visitor
from tests.web.rest import LINEAR, Client


@pytest.fixture
def app(any_demo_office: Office) -> Flask:
    """The whole web application over the demo city."""
    return create_app(any_demo_office)


def test_who_signs_in_by_alias_is_the_person(app: Flask) -> None:
    assert Client(app, "/engine-rest", "104-a").get("/task").status_code == 200
    assert Client(app, "/engine-rest", "104-a", "wrong").get("/task").status_code == 401
    assert "张伟" in Visitor(app).sign_in("104-a").get("/inbox").text


def test_a_task_claimed_for_an_alias_is_found_under_both_names_and_completed_by_the_person(app: Flask) -> None:
    engine = Client(app, "/engine-rest", "engine")
    engine.deploy(LINEAR)
    case_id = engine.start()
    task = engine.only_task(case_id)
    assert engine.post(f"/task/{task['id']}/claim", {"userId": "104-a"}).status_code == 204
    assert engine.get(f"/task/{task['id']}").json["assignee"] == "zhangwei"
    for name in ("104-a", "zhangwei"):
        assert [one["id"] for one in engine.get(f"/task?assignee={name}").json] == [task["id"]]
        assert engine.post("/task/count", {"assigneeIn": [name, "nobody"]}).json == {"count": 1}
        assert engine.get(f"/task/count?involvedUser={name}").json == {"count": 1}
    assert engine.get("/task?assignee=104-b").json == []
    assert Client(app, "/engine-rest", "104-a").post(f"/task/{task['id']}/complete", {}).status_code == 204
    [done] = engine.get("/history/task?taskAssignee=104-a&finished=true").json
    assert (done["id"], done["assignee"]) == (task["id"], "zhangwei")
