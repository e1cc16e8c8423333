"""Whatever is sent: a refusal in JSON with type and message, never a fault."""

from __future__ import annotations

import socket
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
import requests

from tests.acceptance.visitor import PASSWORD, Visitor

pytestmark = pytest.mark.slow  # several thousand requests
TASK = '<startEvent id="S"/><userTask id="A"/><endEvent id="E"/>\nS -> A\nA -> E\n'
NOWHERE = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(scope="module")
def case(engine: Visitor) -> str:
    return engine.run(TASK, "BAD-1", a=1)


@pytest.fixture(scope="module")
def task(engine: Visitor, case: str) -> str:
    return str(engine.task(case)["id"])


def refused(answer: requests.Response, *statuses: int) -> dict[str, Any]:
    """The refusal; any 4xx unless statuses are named."""
    told = f"{answer.request.method} {answer.request.path_url[:200]}: {answer.status_code} {answer.text[:300]}"
    assert answer.status_code in (statuses or range(400, 500)), told
    assert answer.headers["Content-Type"] in ("application/json", "application/problem+json"), told
    body = answer.json()
    if "/engine-rest" in answer.url:
        assert body["type"], told
        assert body["message"], told
    assert "Traceback" not in answer.text
    return dict(body)


WRITES = [
    "/process-definition/key/{key}/start",
    "/message",
    "/signal",
    "/task",
    "/task/count",
    "/task/{task}/claim",
    "/task/{task}/complete",
    "/task/{task}/assignee",
    "/task/{task}/delegate",
    "/task/{task}/resolve",
    "/task/{task}/submit-form",
    "/task/{task}/variables",
    "/task/{task}/localVariables",
    "/task/{task}/comment/create",
    "/process-instance",
    "/process-instance/count",
    "/process-instance/{case}/variables",
    "/external-task",
    "/external-task/fetchAndLock",
    "/external-task/" + NOWHERE + "/complete",
    "/external-task/" + NOWHERE + "/failure",
    "/external-task/" + NOWHERE + "/bpmnError",
    "/external-task/" + NOWHERE + "/extendLock",
    "/execution",
    "/execution/{case}/localVariables",
    "/execution/{case}/signal",
    "/job",
    "/history/process-instance",
    "/history/activity-instance",
    "/history/task",
    "/history/variable-instance",
]
BROKEN = [
    b"{", b"[]", b'"x"', b"1", b"\xff\xfe{}", b'{"a":', b"{'a':1}", b'{"a":NaN}', b"null", b"[" * 5000,
    b'{"a":' * 5000, b'{"variables":1e999}', "{“a”:1}".encode(),
]  # fmt: skip


@pytest.mark.parametrize("path", WRITES)
def test_broken_json_is_refused(engine: Visitor, case: str, task: str, path: str) -> None:
    key = engine.get(f"/process-instance/{case}")["definitionKey"]
    url = path.format(key=key, task=task, case=case)
    for text in BROKEN:
        answer = engine.call("POST", url, data=text, headers={"Content-Type": "application/json"})
        refused(answer, 400)


@pytest.mark.parametrize("path", WRITES)
def test_other_contents_than_json_are_refused(engine: Visitor, case: str, task: str, path: str) -> None:
    key = engine.get(f"/process-instance/{case}")["definitionKey"]
    url = path.format(key=key, task=task, case=case)
    for kind in (
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
    ):
        refused(engine.call("POST", url, data=b"a=1&b=2", headers={"Content-Type": kind}), 400, 415)


FIELDS = {
    "/process-definition/key/{key}/start": ["variables", "businessKey", "withVariablesInReturn", "startInstructions"],
    "/message": ["messageName", "businessKey", "processVariables", "correlationKeys", "processInstanceId", "all", "resultEnabled"],
    "/signal": ["name", "variables", "executionId"],
    "/task": ["assignee", "processInstanceId", "candidateGroups", "dueBefore", "priority", "sorting", "taskVariables", "orQueries", "unassigned", "firstResult", "maxResults"],
    "/task/{task}/complete": ["variables", "withVariablesInReturn"],
    "/task/{task}/claim": ["userId"],
    "/task/{task}/assignee": ["userId"],
    "/task/{task}/variables": ["modifications", "deletions"],
    "/external-task/fetchAndLock": ["workerId", "maxTasks", "topics", "asyncResponseTimeout", "sorting", "usePriority"],
    "/process-instance": ["businessKey", "processInstanceIds", "variables", "sorting", "active", "firstResult", "maxResults"],
    "/job": ["processInstanceId", "dueDates", "sorting", "withException"],
    "/history/process-instance": ["startedBefore", "variables", "sorting", "processInstanceIds"],
}  # fmt: skip
VALUES: list[Any] = [
    10**30, -1, 1.5, True, "\0", "x" * 100_000, [], [1], [None], [[]], {}, {"a": 1}, {"a": {"value": {}}}, {"a": {"type": "Integer", "value": "x"}},
    {"a": {"type": 5}}, {"\0": {"value": 1}}, {"a": {"type": "Integer", "value": 10**12}}, {"a": {"type": "Date", "value": "yesterday"}},
    {"a": {"type": "Date", "value": "9999-12-31T23:59:59.000-1200"}}, {"a": {"type": "Date", "value": "0001-01-01T00:00:00.000+1400"}},
    {"a": {"type": "Json", "value": "{"}}, {"a": {"value": "\ud800"}}, "'; DROP TABLE cases; --", "a%_b", [{"sortBy": 1, "sortOrder": 2}],
    [{"sortBy": "id", "sortOrder": "up"}], [{"topicName": 5, "lockDuration": 1}], [{"topicName": "t", "lockDuration": -5}],
    [{"topicName": "t", "lockDuration": 10**18}], [{"name": "a", "operator": "hack", "value": 1}], [{"name": "a", "operator": "gt", "value": {}}],
    [{"name": "a", "operator": "like", "value": 5}], {"a": {"value": 2**70}}, {"a": {"value": 1e308, "type": "Long"}}, "2026-99-99T00:00:00.000+0800",
    {"a": {"type": "Double", "value": 10**400}}, {"a": {"type": "Date", "value": 10**20}},
]  # fmt: skip


@pytest.mark.parametrize("path", FIELDS)
def test_fields_of_a_wrong_kind_never_become_a_fault(engine: Visitor, path: str) -> None:
    case = engine.run(TASK, a=1)
    task = engine.task(case)["id"]
    key = engine.get(f"/process-instance/{case}")["definitionKey"]
    for field in FIELDS[path]:
        for value in VALUES:
            needed = {"messageName": "M", "name": "N"} if path in ("/message", "/signal") else {}
            if "fetchAndLock" in path:
                needed = {"workerId": "w", "maxTasks": 1, "topics": []}
            answer = engine.call("POST", path.format(key=key, task=task, case=case), needed | {field: value})
            if answer.status_code >= 400:
                refused(answer)


@pytest.mark.parametrize("path", WRITES)
def test_texts_no_database_keeps_are_refused_or_kept(engine: Visitor, case: str, path: str) -> None:
    task = "00000000-0000-4000-8000-000000000000"
    for text in ('{"a\\u0000b": "\\u0000"}', '{"userId": "\\ud800"}', '{"name": "\\ud800", "messageName": "\\udfff"}'):
        answer = engine.call(
            "POST",
            path.format(key="nothing", task=task, case=case),
            data=text,
            headers={"Content-Type": "application/json"},
        )
        assert answer.status_code < 500, (path, text, answer.text)


LISTS = [
    "/task", "/process-instance", "/process-definition", "/deployment", "/execution", "/external-task", "/job", "/incident",
    "/history/process-instance", "/history/activity-instance", "/history/task", "/history/variable-instance",
    "/history/user-operation", "/history/incident",
]  # fmt: skip


@pytest.mark.parametrize("path", LISTS)
def test_lists_answer_bad_questions_with_a_refusal(engine: Visitor, path: str) -> None:
    everything = engine.get(path)
    assert isinstance(everything, list)
    assert engine.get(f"{path}/count")["count"] == len(everything)
    assert engine.get(f"{path}?maxResults=0") == []
    assert engine.get(f"{path}?firstResult=100000") == []
    for query in (
        "firstResult=-1", "maxResults=-1", "maxResults=x", "firstResult=99999999999999999999", "sortBy=id", "sortOrder=asc",
        "sortBy=nothing&sortOrder=asc", "sortBy=processInstanceId;drop&sortOrder=asc",
    ):  # fmt: skip
        refused(engine.call("GET", f"{path}?{query}"), 400)
    for query in (
        "processInstanceId=x",
        "processInstanceId=%00",
        "processDefinitionKey=%27%20OR%201%3D1",
        "unknown=1",
        "a=%ff%fe",
    ):
        answer = engine.call("GET", f"{path}?{query}")
        assert answer.status_code < 500, (path, query, answer.text)


SINGLE = [
    "/task/{}", "/task/{}/variables", "/task/{}/form", "/task/{}/comment", "/task/{}/identity-links", "/process-instance/{}",
    "/process-instance/{}/variables", "/process-instance/{}/activity-instances", "/process-definition/{}", "/process-definition/{}/xml",
    "/process-definition/key/{}", "/process-definition/key/{}/xml", "/process-definition/{}/startForm", "/deployment/{}",
    "/deployment/{}/resources", "/deployment/{}/resources/{}", "/external-task/{}", "/external-task/{}/errorDetails", "/job/{}", "/job/{}/stacktrace",
    "/incident/{}", "/execution/{}", "/execution/{}/localVariables", "/execution/{}/localVariables/x/data", "/history/process-instance/{}",
    "/history/activity-instance/{}", "/history/variable-instance/{}", "/variable-instance/{}", "/nothing/{}",
]  # fmt: skip


@pytest.mark.parametrize("path", SINGLE)
@pytest.mark.parametrize(
    "identity", [NOWHERE, "x", "0", "' OR 1=1 --", "%00", "é" * 300, "\u202e", "{}", "..;", "1" * 4000]
)
def test_what_does_not_exist_is_not_found(engine: Visitor, path: str, identity: str) -> None:
    text = identity if identity == "%00" else quote(identity, safe="")
    refused(engine.call("GET", path.replace("{}", text)), 400, 404)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/task/{}"), ("POST", "/task/{}/complete"), ("POST", "/task/{}/claim"), ("DELETE", "/process-instance/{}"),
        ("PUT", "/process-instance/{}/suspended"), ("DELETE", "/deployment/{}"), ("PUT", "/job/{}/retries"), ("PUT", "/job/{}/duedate"),
        ("POST", "/job/{}/execute"), ("POST", "/external-task/{}/complete"), ("POST", "/external-task/{}/unlock"),
        ("PUT", "/external-task/{}/retries"), ("PUT", "/external-task/{}/priority"), ("POST", "/execution/{}/signal"),
        ("POST", "/execution/{}/messageSubscriptions/M/trigger"), ("POST", "/process-definition/{}/start"),
        ("POST", "/process-definition/key/{}/start"), ("PUT", "/process-instance/{}/variables/x"),
    ],
)  # fmt: skip
def test_acts_on_what_does_not_exist_are_refused(engine: Visitor, method: str, path: str) -> None:
    for identity in (NOWHERE, "x", "%00"):
        body = {"workerId": "w", "retries": 1, "priority": 1, "userId": "engine", "suspended": True, "value": 1}
        refused(engine.call(method, path.replace("{}", identity), body), 400, 404)


def test_wrong_methods_and_addresses_are_refused(engine: Visitor) -> None:
    refused(engine.call("PATCH", "/task"), 405)
    refused(engine.call("DELETE", "/version"), 405)
    refused(engine.call("GET", "/message"), 405)
    refused(engine.call("GET", "/nothing"), 404)
    refused(engine.call("GET", "//api/v1/nothing"), 404)


@pytest.mark.parametrize("path", ["/message", "/task", "//api/v1/cases"])
def test_ten_megabytes_are_too_much(engine: Visitor, path: str) -> None:
    answer = engine.call(
        "POST", path, data=b'{"messageName":"' + b"x" * 10_000_000 + b'"}', headers={"Content-Type": "application/json"}
    )
    refused(answer, 413)


def test_a_large_upload_is_too_much(engine: Visitor) -> None:
    refused(engine.upload(("large.bpmn", b"<a>" * 4_000_000)), 413, 400)


def test_uploads_without_files_or_with_nonsense_are_refused(engine: Visitor) -> None:
    url = f"{engine.address}/engine-rest/deployment/create"
    refused(engine.upload(), 400)
    refused(engine.upload(("a.bpmn", b"")), 400)
    refused(engine.upload(("a.bpmn", b"\0\0\0")), 400)
    refused(engine.upload(("../../etc/passwd.bpmn", b"<x/>")), 400)
    refused(engine.upload(("", b"<x/>")), 400)
    refused(engine.upload(("x" * 5000 + ".bpmn", b"<x/>")), 400)
    refused(
        engine.session.post(url, data=b"nonsense", headers={"Content-Type": "multipart/form-data; boundary=zz"}), 400
    )
    refused(engine.session.post(url, data=b"nonsense", headers={"Content-Type": "multipart/form-data"}), 400)
    refused(engine.session.post(url, json={"deployment-name": "x"}), 400, 415)
    refused(engine.session.post(url), 400, 415)


def test_strange_requests_on_the_wire_get_an_answer(address: str) -> None:
    place = urlsplit(address)
    for head in (
        b"POST /engine-rest/message HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        b"POST /engine-rest/message HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\n",
        b"GET /engine-rest/task?a=\xff\xfe HTTP/1.1\r\nHost: x\r\nAuthorization: Basic \xff\xfe\r\n\r\n",
        b"GET /engine-rest/task HTTP/1.1\r\nHost: x\r\nAuthorization: Basic !!!\r\n\r\n",
        b"GET /engine-rest/task HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer x\r\n\r\n",
        b"GET /%ff%fe/%00 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"nonsense\r\n\r\n",
    ):
        with socket.create_connection((place.hostname, place.port), timeout=5) as wire:
            wire.sendall(head)
            status = wire.recv(64).decode("latin-1")
        assert status[9:10] == "4", (head, status)


def test_credentials_of_any_shape_are_refused(address: str) -> None:
    for user, password in (
        ("engine", ""),
        ("", ""),
        ("engine\0", PASSWORD),
        ("é" * 1000, "x"),
        ("' OR 1=1", "x"),
        ("engine", "x" * 100_000 if False else "x" * 5000),
    ):
        answer = requests.get(f"{address}/engine-rest/task", auth=(user.encode(), password.encode()), timeout=20)
        refused(answer, 401)


@pytest.mark.parametrize("body", [{}, {"now": 5}, {"now": "x"}, {"advance": "x"}, {"advance": ""}, {"advance": "-P1D"}, {"advance": "P99999999Y"},
                                  {"now": "2026-03-16T09:00:00+08:00", "advance": "P1D"}, {"advance": 5}, {"x": 1}, {"now": "9999-12-31T23:59:59+08:00"},
                                  {"now": "0001-01-01T00:00:00+08:00"}, {"now": None}, {"advance": "P3WD2HD"}, {"advance": "P999999WD"},
                                  {"advance": "PT" + "9" * 400 + "H"}])  # fmt: skip
def test_the_demo_clock_refuses_what_it_cannot_read(engine: Visitor, body: dict[str, Any]) -> None:
    before = engine.get("//api/v1/demo/clock")["now"]
    answer = engine.call("PUT", "//api/v1/demo/clock", body)
    refused(answer)
    assert engine.get("//api/v1/demo/clock")["now"][:15] == before[:15]
