"""`/api/v1`: problems, paging, cases, tasks with forms, processes, the demo clock."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from service.casework import Office
from service.web.app import create_app
from tests.conftest import Clock
from tests.web.rest import LINEAR, PASSWORD, Client, diagram, hire

FORM = """{"type":"default","id":"opinion","components":[
 {"type":"textfield","key":"remark","label":"意见","validate":{"required":true}},
 {"type":"number","key":"floors","label":"层数","validate":{"min":1,"max":99}}]}"""
WITH_FORM = LINEAR.replace('id="A"', 'id="A" camunda:formKey="opinion"').replace(
    '<startEvent id="S"/>', '<startEvent id="S" camunda:formKey="opinion"/>'
)


def deploy(api: Client, content: str = LINEAR, **forms: str) -> dict[str, Any]:
    """Deploys one process; its version."""
    files = [{"name": "p.bpmn", "content": diagram(content).decode()}]
    files += [{"name": f"{key}.form", "content": schema} for key, schema in forms.items()]
    answer = api.post("/processes", {"name": "p", "files": files})
    assert answer.status_code == 201, answer.text
    return dict(answer.json["processes"][0])


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("GET", "/nonsense", None, 404, "NOT_FOUND"),
        ("DELETE", "/cases", None, 405, "METHOD_NOT_ALLOWED"),
        ("GET", "/cases/no-uuid", None, 404, "CASE_NOT_FOUND"),
        ("GET", "/cases?page=0", None, 400, "FIELD_INVALID"),
        ("GET", "/cases?size=201", None, 400, "FIELD_INVALID"),
        ("GET", "/cases?stat=ACTIVE", None, 400, "FIELD_UNKNOWN"),
        ("GET", "/cases?state=BUSY", None, 400, "FIELD_INVALID"),
        ("GET", "/cases?startedAfter=yesterday", None, 400, "FIELD_INVALID"),
        ("GET", "/tasks?view=theirs", None, 400, "FIELD_INVALID"),
        ("POST", "/cases", {}, 400, "PROCESS_UNCLEAR"),
        ("POST", "/cases", {"process": "p", "processId": "x"}, 400, "PROCESS_UNCLEAR"),
        ("POST", "/cases", {"process": "none"}, 404, "DEFINITION_NOT_FOUND"),
        ("POST", "/cases", {"process": "p", "surprise": 1}, 400, "FIELD_UNKNOWN"),
        ("POST", "/cases", {"process": 7}, 400, "FIELD_INVALID"),
        ("POST", "/processes", {"files": []}, 400, "NO_RESOURCES"),
        ("POST", "/processes", {"files": [{"name": "p.bpmn"}]}, 400, "FIELD_REQUIRED"),
        ("GET", "/demo/clock", None, 404, "NOT_FOUND"),
        ("PUT", "/demo/clock", {"advance": "PT1H"}, 404, "NOT_FOUND"),
    ],
)
def test_refusals_are_problem_details(api: Client, method: str, path: str, body: Any, status: int, code: str) -> None:
    answer = api.send(method, path, body)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (answer.status_code, answer.json["status"], answer.json["code"]) == (status, status, code)
    assert answer.json["type"] == f"urn:lianban:problem:{code}"
    assert answer.json["requestId"] == answer.headers["X-Request-ID"]


def test_nobody_gets_in_without_credentials(app: Flask) -> None:
    answer = Client(app, "/api/v1", None).get("/cases")
    assert (answer.status_code, answer.json["code"]) == (401, "CREDENTIALS_REQUIRED")
    assert answer.headers["WWW-Authenticate"].startswith("Basic")


def test_a_bad_diagram_is_refused_with_findings(api: Client) -> None:
    files = [{"name": "p.bpmn", "content": diagram('<startEvent id="S"/><serviceTask id="G"/>\nS -> G\n').decode()}]
    answer = api.post("/processes", {"files": files})
    assert (answer.status_code, answer.json["code"]) == (400, "DEPLOYMENT_REFUSED")
    assert any(one["element"] == "G" and one["line"] >= 1 and one["message"] for one in answer.json["findings"])
    examined = api.post("/processes/lint", {"files": files})
    assert (examined.status_code, examined.json["acceptable"]) == (200, False)
    assert api.get("/processes").json["total"] == 0


def test_processes_are_deployed_listed_and_read(api: Client) -> None:
    made = deploy(api)
    again = api.post("/processes", {"files": [{"name": "p.bpmn", "content": diagram(LINEAR).decode()}]})
    assert (again.status_code, again.json["unchanged"]) == (200, True)
    upload = {"name": "p", "p.bpmn": (io.BytesIO(diagram(LINEAR + " ")), "p.bpmn", "text/xml")}
    second = api.send("POST", "/processes", data=upload, content_type="multipart/form-data")
    assert second.json["processes"][0]["version"] == 2
    listed = api.get("/processes").json
    assert [(one["key"], one["version"]) for one in listed["items"]] == [("p", 2)]
    assert api.get("/processes?versions=all&key=p").json["total"] == 2
    assert api.get(f"/processes/{made['id']}").json["version"] == 1
    assert api.get(f"/processes/{made['id']}/xml").data == diagram(LINEAR)


def test_cases_are_started_listed_in_pages_and_read(api: Client) -> None:
    deploy(api)
    for number in range(3):
        made = api.post("/cases", {"process": "p", "title": f"标题{number}", "variables": {"no": number}})
        assert (made.status_code, made.json["state"]) == (201, "ACTIVE")
        assert api.client.get(made.headers["Location"], headers=api.headers).json["variables"] == {"no": number}
    page = api.get("/cases?size=2&page=2").json
    assert (page["total"], page["page"], page["size"], len(page["items"])) == (3, 2, 2, 1)
    found = api.get("/cases?title=题1&state=ACTIVE&process=p").json
    assert [one["title"] for one in found["items"]] == ["标题1"]
    case = api.get(f"/cases/{found['items'][0]['id']}").json
    assert [one["name"] for one in case["openTasks"]] == ["甲"]
    journal = api.get(f"/cases/{case['id']}/journal").json["items"]
    assert [(one["line"], one["action"]) for one in journal] == [(1, "case:started")]


def test_answers_are_judged_by_the_form(api: Client) -> None:
    deploy(api, WITH_FORM, opinion=FORM)
    refused = api.post("/cases", {"process": "p", "answers": {"floors": 100}})
    assert (refused.status_code, refused.json["code"]) == (400, "ANSWERS_REFUSED")
    assert {one["field"] for one in refused.json["fields"]} == {"remark", "floors"}
    api.post("/cases", {"process": "p", "answers": {"remark": "同意", "floors": 3}})
    (task,) = api.get("/tasks?view=all").json["items"]
    form = api.get(f"/tasks/{task['id']}/form").json
    assert (form["schema"]["id"], form["mayComplete"], form["seen"]) == ("opinion", True, task["seen"])
    path = f"/tasks/{task['id']}/complete"
    assert api.post(path, {"answers": {"remark": ""}}).json["code"] == "ANSWERS_REFUSED"
    assert api.post(path, {"answers": {"remark": "同意"}, "seen": task["seen"] + 1}).json["code"] == "TASK_CHANGED"
    done = api.post(path, {"answers": {"remark": "同意", "floors": 5}, "seen": task["seen"]})
    assert (done.status_code, done.json["caseEnded"]) == (200, False)
    values = api.get(f"/cases/{done.json['caseId']}").json["variables"]
    assert values["A"] == {"remark": "同意", "floors": 5}
    late = api.post(path, {"answers": {"remark": "同意"}})
    assert (late.status_code, late.json["code"]) == (409, "TASK_ALREADY_COMPLETED")


def test_a_form_that_does_not_exist_takes_no_answers(api: Client) -> None:
    deploy(api)
    assert api.post("/cases", {"process": "p", "answers": {"x": 1}}).json["code"] == "NO_START_FORM"
    api.post("/cases", {"process": "p"})
    (task,) = api.get("/tasks").json["items"] or api.get("/tasks?view=all").json["items"]
    assert api.post(f"/tasks/{task['id']}/complete", {"answers": {"x": 1}}).json["code"] == "NO_FORM"


def test_queues_are_offered_to_candidates_and_kept_from_strangers(app: Flask, api: Client) -> None:
    office = app.extensions["office"]
    for name, role in (("clerk", "counter_clerk"), ("guest", "applicant")):
        hire(office, name, [role])
    deploy(api, LINEAR.replace("clerks", "counter_clerk"))
    api.post("/cases", {"process": "p"})
    clerk, guest = Client(app, "/api/v1", "clerk"), Client(app, "/api/v1", "guest")
    assert guest.get("/tasks?view=all").json["items"] == []
    assert guest.get("/cases").json["total"] == 0
    (task,) = clerk.get("/tasks?view=queue").json["items"]
    assert guest.get(f"/tasks/{task['id']}").status_code == 404
    assert guest.post(f"/tasks/{task['id']}/claim").status_code in (403, 404)
    assert clerk.get("/tasks?view=mine").json["total"] == 0
    assert clerk.post(f"/tasks/{task['id']}/claim").json["assignee"] == "clerk"
    assert clerk.get("/tasks?view=mine").json["total"] == 1
    assert clerk.get("/tasks?view=queue").json["total"] == 0
    assert clerk.post(f"/tasks/{task['id']}/release").json["assignee"] is None
    assert clerk.post(f"/tasks/{task['id']}/complete", {}).status_code == 200
    assert [one["id"] for one in clerk.get("/tasks?view=done").json["items"]] == [task["id"]]


def test_a_key_makes_a_start_happen_once(api: Client) -> None:
    deploy(api)
    key = {"Idempotency-Key": "k"}
    first, second = (api.post("/cases", {"process": "p"}, headers=key) for _ in range(2))
    assert (first.json, second.status_code) == (second.json, 201)
    assert api.post("/cases", {"process": "p", "title": "x"}, headers=key).json["code"] == "IDEMPOTENCY_KEY_REUSED"
    assert api.get("/cases").json["total"] == 1


def test_a_signed_in_page_needs_its_token_to_change_something(app: Flask, api: Client) -> None:
    hire(app.extensions["office"], "clerk", ["counter_clerk"])
    deploy(api)
    browser = app.test_client()
    page = browser.get("/login").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token is not None
    signed = browser.post("/login", data={"username": "clerk", "password": PASSWORD, "csrf_token": token[1]})
    assert signed.status_code == 302
    assert browser.get("/api/v1/cases").status_code == 200
    refused = browser.post("/api/v1/cases", json={"process": "p"})
    assert (refused.status_code, refused.json["code"]) == (403, "CSRF_FAILED")
    fresh = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', browser.get("/", follow_redirects=True).text)
    assert fresh is not None
    made = browser.post("/api/v1/cases", json={"process": "p"}, headers={"X-CSRFToken": fresh[1]})
    assert (made.status_code, made.json["startedBy"]) == (201, "clerk")


@pytest.fixture
def demo(demo_office: Office) -> Iterator[Client]:
    """`/api/v1` of a demo installation as its service account."""
    yield Client(create_app(demo_office), "/api/v1", "engine")


def test_the_demo_clock_is_moved(demo: Client, clock: Clock) -> None:
    assert demo.get("/demo/clock").json["now"] == "2026-03-16T09:00:00+08:00"
    assert demo.put("/demo/clock", {"advance": "PT36H"}).json["now"] == "2026-03-17T21:00:00+08:00"
    assert demo.put("/demo/clock", {"now": "2026-03-18T09:00:00+08:00"}).json["now"] == "2026-03-18T09:00:00+08:00"
    for body in ({}, {"now": "soon"}, {"advance": "P"}, {"advance": "PT1H", "now": "2026-04-01T00:00:00+08:00"}):
        assert demo.put("/demo/clock", body).status_code == 400, body
    assert demo.get("/demo/clock").json["now"] == "2026-03-18T09:00:00+08:00"


def test_an_unknown_task_is_not_found(api: Client) -> None:
    for path in ("", "/form"):
        assert api.get(f"/tasks/{uuid4()}{path}").json["code"] == "TASK_NOT_FOUND"
    for act in ("claim", "release", "complete"):
        assert api.post(f"/tasks/{uuid4()}/{act}").json["code"] == "TASK_NOT_FOUND"


BREAKS = (
    '<startEvent id="S"/><exclusiveGateway id="G"/><userTask id="A" name="甲"/><endEvent id="E"/>'
    "\nS -> G\nG -> A : =amount > 5\nA -> E\n"
)


def test_a_failed_step_is_tried_again_after_repair(app: Flask, api: Client) -> None:
    hire(app.extensions["office"], "guest", ["applicant"])
    deploy(api, BREAKS)
    case = api.post("/cases", {"process": "p", "variables": {"amount": 1}}).json
    (trouble,) = api.get(f"/incidents?case={case['id']}").json["items"]
    assert (trouble["kind"], trouble["element"], trouble["closedAt"]) == ("engineFailure", "G", None)
    guest = Client(app, "/api/v1", "guest")
    assert guest.get("/incidents").json["total"] == 0
    assert guest.post(f"/incidents/{trouble['id']}/retry").status_code == 404
    api.post(f"/incidents/{trouble['id']}/retry")
    assert api.get("/tasks?view=all").json["total"] == 0
    rest = Client(app, "/engine-rest", "engine")
    rest.put(f"/process-instance/{case['id']}/variables/amount", {"value": 9})
    (again,) = api.get("/incidents").json["items"]
    assert api.post(f"/incidents/{again['id']}/retry").json["closedAt"] is not None
    assert [one["name"] for one in api.get("/tasks?view=all").json["items"]] == ["甲"]
    assert api.get("/incidents").json["total"] == 0
    assert api.get("/incidents?state=closed").json["total"] >= 1


def test_data_of_a_step_that_is_not_there_are_not_repaired(api: Client) -> None:
    deploy(api)
    case = api.post("/cases", {"process": "p"}).json["id"]
    said = {"variables": {"note": "x"}, "scope": str(uuid4()), "reason": "核实情况"}
    answer = api.post(f"/cases/{case}/variables", said)
    assert (answer.status_code, answer.json["code"]) == (404, "SCOPE_NOT_FOUND")


def test_what_ended_a_case_is_answered_as_described(api: Client) -> None:
    deploy(api)
    case = api.post("/cases", {"process": "p"}).json["id"]
    answer = api.post(f"/cases/{case}/end", {"ground": "LAPSED", "reason": "核实情况"})
    assert (answer.status_code, answer.json) == (200, {"caseId": case, "caseEnded": True})
