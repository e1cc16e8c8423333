"""Idempotency-Key: once, however often it arrives."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from flask import Flask

from tests.web.rest import LINEAR, Client, diagram

KEY = {"Idempotency-Key": "k-1"}
START = "/process-definition/key/p/start"


def test_the_same_key_for_another_request_is_refused(rest: Client) -> None:
    rest.deploy(LINEAR)
    assert rest.post(START, {"businessKey": "a"}, headers=KEY).status_code == 200
    answer = rest.post(START, {"businessKey": "b"}, headers=KEY)
    assert (answer.status_code, answer.json["reason"]) == (409, "IDEMPOTENCY_KEY_REUSED")
    assert rest.get("/process-instance/count").json == {"count": 1}


def test_a_key_that_is_no_key_is_refused(rest: Client) -> None:
    for key in ("", "x" * 201, "schlüssel"):
        assert rest.post(START, {}, headers={"Idempotency-Key": key}).status_code == 400


def test_the_same_request_is_carried_out_once_and_answered_again(rest: Client) -> None:
    rest.deploy(LINEAR)
    first, second = rest.post(START, {}, headers=KEY), rest.post(START, {}, headers=KEY)
    assert first.json == second.json
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"
    assert rest.get("/process-instance/count").json == {"count": 1}
    task = rest.only_task(first.json["id"])
    path = f"/task/{task['id']}/complete"
    answers = [rest.post(path, {}, headers={"Idempotency-Key": "k-2"}) for _ in range(2)]
    assert [one.status_code for one in answers] == [204, 204]


def test_a_refused_request_may_be_sent_again_with_its_key(rest: Client) -> None:
    assert rest.post(START, {}, headers=KEY).status_code == 404
    rest.deploy(LINEAR)
    assert rest.post(START, {}, headers=KEY).status_code == 200


def test_an_upload_with_another_boundary_is_the_same_request(rest: Client) -> None:
    import io

    def send() -> Any:
        data = {"deployment-name": "p", "p.bpmn": (io.BytesIO(diagram(LINEAR)), "p.bpmn", "text/xml")}
        return rest.send("POST", "/deployment/create", data=data, content_type="multipart/form-data", headers=KEY)

    assert send().json["id"] == send().json["id"]
    assert rest.get("/process-definition/count").json == {"count": 1}


def test_two_at_the_same_time_have_one_effect(app: Flask, rest: Client) -> None:
    rest.deploy(LINEAR)
    answers: list[int] = []

    def send() -> None:
        answers.append(Client(app, "/engine-rest", "engine").post(START, {}, headers=KEY).status_code)

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert rest.get("/process-instance/count").json == {"count": 1}
    assert 200 in answers
    assert set(answers) <= {200, 409}


def test_a_lost_answer_is_not_a_second_effect(rest: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from service.web import once

    rest.deploy(LINEAR)
    monkeypatch.setattr(once, "end_once", lambda *_: None)
    rest.post(START, {}, headers=KEY)
    monkeypatch.undo()
    answer = rest.post(START, {}, headers=KEY)
    assert (answer.status_code, answer.json["reason"]) == (409, "IDEMPOTENCY_UNANSWERED")
    assert rest.get("/process-instance/count").json == {"count": 1}
