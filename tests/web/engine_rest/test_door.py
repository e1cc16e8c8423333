"""Credentials, content types, sizes, error objects."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from service.web.app import create_app
from tests.web.rest import LINEAR, Client


def test_no_route_answers_without_credentials(app: Flask) -> None:
    nobody = Client(app, "", None)
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/engine-rest"):
            path = rule.rule
            for argument in rule.arguments:
                path = path.replace(f"<{argument}>", "x")
            path = path.replace("<any(variables, localVariables):room>", "variables")
            for method in rule.methods - {"OPTIONS", "HEAD"}:
                answer = nobody.send(method, path)
                assert answer.status_code == 401, (method, path)
                assert answer.headers["WWW-Authenticate"].startswith("Basic realm=")


def test_a_wrong_password_is_refused(app: Flask) -> None:
    answer = Client(app, "/engine-rest", "engine", "wrong").get("/version")
    assert (answer.status_code, answer.json["reason"]) == (401, "SIGN_IN_FAILED")


def test_a_page_of_another_site_cannot_use_remembered_credentials(rest: Client) -> None:
    answer = rest.post("/task/x/unclaim", headers={"Sec-Fetch-Site": "cross-site"})
    assert (answer.status_code, answer.json["reason"]) == (403, "CROSS_SITE")


def test_malformed_json_is_a_wrong_request(rest: Client) -> None:
    for data in ("{", "[1]", '"x"', '{"a":}', '{"a":' * 5000):
        answer = rest.send("POST", "/task", data=data, content_type="application/json")
        assert (answer.status_code, answer.json["type"]) == (400, "InvalidRequestException"), data[:10]


def test_another_content_type_is_unsupported(rest: Client) -> None:
    answer = rest.send("POST", "/message", data="a=1", content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 415
    assert rest.send("POST", "/deployment/create", data="{}", content_type="application/json").status_code == 415


def test_more_than_8_mb_is_too_large(rest: Client) -> None:
    answer = rest.send("POST", "/message", data=b" " * (8 * 1024 * 1024 + 1), content_type="application/json")
    assert (answer.status_code, answer.json["reason"]) == (413, "BODY_TOO_LARGE")


def test_an_unknown_address_and_a_wrong_method_are_told_as_json(rest: Client) -> None:
    assert rest.get("/nonsense").json["type"] == "InvalidRequestException"
    assert rest.get("/nonsense").status_code == 404
    assert rest.delete("/version").status_code == 405


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/task/{id}"),
        ("GET", "/process-instance/{id}"),
        ("GET", "/process-instance/{id}/variables"),
        ("GET", "/process-instance/{id}/activity-instances"),
        ("GET", "/process-definition/{id}"),
        ("GET", "/process-definition/{id}/xml"),
        ("GET", "/process-definition/key/{id}"),
        ("POST", "/process-definition/{id}/start"),
        ("POST", "/process-definition/key/{id}/start"),
        ("GET", "/deployment/{id}"),
        ("GET", "/deployment/{id}/resources"),
        ("GET", "/deployment/{id}/resources/{id}/data"),
        ("DELETE", "/deployment/{id}"),
        ("DELETE", "/process-instance/{id}"),
        ("POST", "/task/{id}/complete"),
        ("POST", "/task/{id}/claim"),
        ("POST", "/task/{id}/unclaim"),
        ("GET", "/task/{id}/variables"),
        ("GET", "/task/{id}/identity-links"),
        ("GET", "/task/{id}/comment"),
        ("GET", "/external-task/{id}"),
        ("POST", "/external-task/{id}/unlock"),
        ("GET", "/job/{id}"),
        ("POST", "/job/{id}/execute"),
        ("GET", "/incident/{id}"),
        ("GET", "/execution/{id}"),
        ("GET", "/execution/{id}/localVariables"),
        ("GET", "/history/process-instance/{id}"),
        ("GET", "/history/activity-instance/{id}"),
    ],
)
def test_an_unknown_id_is_not_found_however_it_is_spelled(rest: Client, method: str, path: str) -> None:
    for spelled in (str(uuid4()), "no-uuid", "ä", "00000000-0000-0000-0000-000000000000"):
        answer = rest.send(method, path.replace("{id}", spelled), {} if method == "POST" else None)
        assert answer.status_code == 404, (spelled, answer.text)
        assert answer.json["type"] == "InvalidRequestException"
        assert answer.json["message"]


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/message", {"messageName": 1}, "messageName"),
        ("/message", {}, "messageName"),
        ("/message", {"messageName": "m", "all": "yes"}, "all"),
        ("/message", {"messageName": "m", "processVariables": []}, "processVariables"),
        ("/message", {"messageName": "m", "processVariables": {"a": 1}}, "processVariables.a"),
        ("/message", {"messageName": "m", "correlationKeys": {"a": {"type": 7}}}, "correlationKeys.a.type"),
        ("/signal", {"name": "x" * 300}, "name"),
        ("/signal", {"name": "a\0b"}, "name"),
        ("/external-task/fetchAndLock", {"workerId": "w", "maxTasks": "1"}, "maxTasks"),
        ("/external-task/fetchAndLock", {"workerId": "w", "maxTasks": 1, "topics": {}}, "topics"),
        (
            "/external-task/fetchAndLock",
            {"workerId": "w", "maxTasks": 1, "topics": [{"topicName": "t"}]},
            "lockDuration",
        ),
        ("/task", {"taskIdIn": "x"}, "taskIdIn"),
        ("/task", {"priority": 1.5}, "priority"),
        ("/task", {"dueBefore": "yesterday"}, "dueBefore"),
        ("/task", {"processVariables": [{"name": "a", "operator": "is"}]}, "operator"),
        ("/task", {"sorting": [{"sortBy": "created", "sortOrder": "up"}]}, "sortOrder"),
    ],
)
def test_a_wrong_type_is_refused_naming_the_field(rest: Client, path: str, body: dict[str, Any], field: str) -> None:
    answer = rest.post(path, body)
    assert answer.status_code == 400
    assert field in answer.json["message"]


@pytest.mark.parametrize(
    "query",
    [
        "maxResults=-1",
        "maxResults=x",
        "firstResult=1.5",
        "sortBy=created",
        "sortOrder=asc",
        "sortBy=nonsense&sortOrder=asc",
        "sortBy=created&sortOrder=upwards",
        "priority=high",
        "dueBefore=tomorrow",
        "unassigned=maybe",
        "processVariables=a",
        "name=%00",
    ],
)
def test_a_wrong_parameter_is_refused(rest: Client, query: str) -> None:
    answer = rest.get(f"/task?{query}")
    assert (answer.status_code, answer.json["type"]) == (400, "InvalidRequestException"), answer.text


def test_a_fault_answers_500_without_details(app: Flask, rest: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from service.web.engine_rest import tasks

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(tasks, "complete_task", broken)
    answer = rest.post(f"/task/{uuid4()}/complete", {})
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert answer.headers["X-Request-ID"] in answer.json["message"]


def test_answers_are_exactly_application_json(rest: Client) -> None:
    for path in ("/version", "/task", "/task/count", "/process-definition", "/nonsense"):
        assert rest.get(path).headers["Content-Type"] == "application/json"


def test_unknown_json_fields_are_ignored(rest: Client) -> None:
    rest.deploy(LINEAR)
    assert rest.post("/task", {"somethingNew": {"deep": [1]}, "unassigned": True}).status_code == 200


def test_the_engine_can_be_named_in_the_address(rest: Client) -> None:
    assert rest.get("/engine").json == [{"name": "default"}]
    assert rest.get("/engine/default/version").json == rest.get("/version").json


def test_modelling_tools_find_the_pages(app: Flask) -> None:
    answer = Client(app, "", None).get("/.well-known/camunda-automation-platform/webapps")
    assert set(answer.json) == {"adminUrl", "cockpitUrl", "tasklistUrl"}


def test_the_request_id_of_the_caller_is_kept_when_it_is_harmless(rest: Client) -> None:
    assert rest.get("/version", headers={"X-Request-ID": "abc-12345"}).headers["X-Request-ID"] == "abc-12345"
    assert rest.get("/version", headers={"X-Request-ID": "a b"}).headers["X-Request-ID"] != "a b"


def test_health_is_told_to_everybody(office: Any) -> None:
    client = create_app(office).test_client()
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
