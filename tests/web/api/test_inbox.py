"""`/api/v1/inbox`, followed cases and bulk runs: the same lists, rights and outcomes as the pages."""

from __future__ import annotations

from uuid import uuid4

import pytest
from flask import Flask

from tests.web.rest import LINEAR, Client, diagram, hire


@pytest.fixture
def clerk(app: Flask, api: Client) -> Client:
    """A clerk with three tasks in the queue of their post."""
    hire(app.extensions["office"], "clerk", ["counter_clerk"])
    drawn = diagram(LINEAR).decode().replace('candidateGroups="clerks"', 'candidateGroups="counter_clerk"')
    deployed = api.post("/processes", {"name": "p", "files": [{"name": "p.bpmn", "content": drawn}]})
    assert deployed.status_code == 201, deployed.text
    for number in range(3):
        api.post("/cases", {"process": "p", "title": f"云溪{number}号", "variables": {"applicant": f"申请人{number}"}})
    return Client(app, "/api/v1", "clerk")


def test_a_misspelt_filter_or_an_impossible_day_is_refused(clerk: Client) -> None:
    for query in ("tap=mine", "tab=nowhere", "due_from=tomorrow", "view=blue", "size=500"):
        assert clerk.get(f"/inbox?{query}").status_code == 400, query


def test_the_counts_are_those_of_the_list(clerk: Client) -> None:
    found = clerk.get("/inbox?tab=post").json
    assert (found["total"], found["counts"]["all"], len(found["items"])) == (3, 3, 3)
    assert clerk.get("/inbox?applicant=申请人1").json["total"] == 1
    assert clerk.get("/inbox?tab=mine").json["total"] == 0
    pages = [clerk.get(f"/inbox?size=2&page={number}").json["items"] for number in (1, 2)]
    assert [len(page) for page in pages] == [2, 1]
    assert {item["case"]["title"] for page in pages for item in page} == {"云溪0号", "云溪1号", "云溪2号"}


def test_a_case_one_may_not_read_is_not_followed(app: Flask, clerk: Client) -> None:
    case = clerk.get("/inbox").json["items"][0]["case"]["id"]
    hire(app.extensions["office"], "guest", ["applicant"])
    assert Client(app, "/api/v1", "guest").put(f"/cases/{case}/following").status_code == 404
    assert clerk.put(f"/cases/{case}/following").json == {"following": True}
    assert clerk.delete(f"/cases/{case}/following").json == {"following": False}


def test_a_run_is_begun_once_carried_out_and_shown_to_its_owner_only(app: Flask, clerk: Client, api: Client) -> None:
    ids = [item["id"] for item in clerk.get("/inbox").json["items"]]
    wanted = {"act": "claim", "tasks": [{"id": one} for one in (*ids, str(uuid4()))]}
    key = {"Idempotency-Key": "k"}
    first, second = (clerk.post("/bulk-runs", wanted, headers=key) for _ in range(2))
    assert first.status_code == second.status_code == 201 and first.json["id"] == second.json["id"]
    assert (first.json["waiting"], clerk.get("/inbox?tab=mine").json["total"]) == (4, 0)
    run = clerk.post(f"/bulk-runs/{first.json['id']}/go-on").json
    assert (run["done"], run["refused"], run["waiting"]) == (3, 1, 0)
    assert run["items"][3]["code"] == "TASK_NOT_FOUND"
    assert clerk.get(f"/bulk-runs/{first.json['id']}").json["done"] == 3
    assert api.get(f"/bulk-runs/{first.json['id']}").status_code == 404
    assert clerk.post("/bulk-runs", {"act": "burn", "tasks": wanted["tasks"]}).status_code == 400
    assert clerk.post("/bulk-runs", {"act": "claim", "tasks": []}).json["code"] == "BULK_EMPTY"
    assert clerk.post("/bulk-runs", {"act": "assign", "tasks": wanted["tasks"], "to": "clerk"}).status_code == 403
