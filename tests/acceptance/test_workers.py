"""External tasks as workers meet them."""

from __future__ import annotations

import threading
import time
from typing import Any
from uuid import uuid4

import pytest

from tests.acceptance.visitor import Visitor

S, E = '<startEvent id="S"/>', '<endEvent id="E"/>'


@pytest.fixture
def topic() -> str:
    return f"topic-{uuid4().hex[:8]}"


def work(topic: str, *, boundary: str = '<errorEventDefinition errorRef="Error_1"/>', extra: str = "") -> str:
    return (
        S + f'<serviceTask id="X" name="归档" camunda:type="external" camunda:topic="{topic}" {extra}><extensionElements>'
        '<camunda:properties><camunda:property name="box" value="7"/></camunda:properties></extensionElements></serviceTask>'
        f'<boundaryEvent id="B" attachedToRef="X">{boundary}</boundaryEvent><userTask id="R"/><userTask id="Z"/>'
        + E + '<endEvent id="F"/>' + "\nS -> X\nX -> Z\nZ -> E\nB -> R\nR -> F\n"
    )  # fmt: skip


def test_the_python_client_is_understood_word_for_word(engine: Visitor, topic: str) -> None:
    case = engine.run(work(topic), "BJ-1", region="310000", amount=5)
    body = {
        "workerId": "w1", "maxTasks": 1, "asyncResponseTimeout": 1000, "usePriority": False, "sorting": None,
        "topics": [{"topicName": topic, "lockDuration": 300_000, "processVariables": {"region": "310000"},
                    "includeExtensionProperties": True, "deserializeValues": True, "variables": None}],
    }  # fmt: skip
    answer = engine.call("POST", "/external-task/fetchAndLock", body)
    assert answer.headers["Content-Type"] == "application/json"
    [task] = answer.json()
    assert (task["workerId"], task["topicName"], task["activityId"], task["retries"]) == ("w1", topic, "X", None)
    assert (task["processInstanceId"], task["businessKey"], task["tenantId"]) == (case, "BJ-1", None)
    assert task["extensionProperties"] == {"box": "7"}
    assert task["variables"]["amount"] == {"type": "Integer", "value": 5, "valueInfo": {}}
    assert task["lockExpirationTime"]
    assert engine.post("/external-task/fetchAndLock", body | {"asyncResponseTimeout": None}, 200) == []
    done = {"workerId": "w1", "variables": {"r": {"value": 1}}, "localVariables": {"l": {"value": 2}}}
    engine.post(f"/external-task/{task['id']}/complete", done)
    assert engine.tasks(case) == ["Z"]
    assert engine.values(case)["r"] == 1
    assert "l" not in engine.values(case)
    assert engine.call("POST", f"/external-task/{task['id']}/complete", done).status_code == 404


def test_the_javascript_client_is_understood_word_for_word(engine: Visitor, topic: str) -> None:
    case = engine.run(work(topic))
    body = {
        "maxTasks": 10, "usePriority": True, "sorting": [{"sortBy": "createTime", "sortOrder": "desc"}], "workerId": "js1",
        "topics": [{"topicName": topic, "lockDuration": 50_000, "localVariables": False, "withoutTenantId": True}],
    }  # fmt: skip
    [task] = engine.post("/external-task/fetchAndLock", body, 200)
    variables = {
        "i": {"type": "integer", "value": 1, "valueInfo": {}}, "o": {"type": "json", "value": '{"a":1}', "valueInfo": {}},
        "nul": {"type": "null", "value": None, "valueInfo": {}}, "dt": {"type": "date", "value": "1970-01-01T00:00:00.000+0000", "valueInfo": {}},
    }  # fmt: skip
    engine.post(f"/external-task/{task['id']}/extendLock", {"newDuration": 90_000, "workerId": "js1"})
    answer = engine.session.post(f"{engine.address}/engine-rest/external-task/{task['id']}/unlock", timeout=60)
    assert answer.status_code == 204
    engine.post(f"/external-task/{task['id']}/lock", {"lockDuration": 1000, "workerId": "js1"})
    engine.post(f"/external-task/{task['id']}/complete", {"workerId": "js1", "variables": variables})
    seen = engine.get(f"/process-instance/{case}/variables")
    assert seen["i"]["type"] == "Integer" and seen["o"]["value"] == '{"a":1}'
    assert seen["nul"]["type"] == "Null" and seen["dt"]["value"] == "1970-01-01T08:00:00.000+0800"


def test_only_the_worker_that_holds_it_may_finish(engine: Visitor, topic: str) -> None:
    engine.run(work(topic))
    [task] = engine.lock(topic, "w1")
    for act in ("complete", "failure", "bpmnError", "extendLock"):
        body = {"workerId": "w2", "errorCode": "E-1", "newDuration": 1000, "errorMessage": "x"}
        answer = engine.call("POST", f"/external-task/{task['id']}/{act}", body)
        assert answer.status_code in (400, 403, 409), (act, answer.text)
        assert "w1" in answer.json()["message"] or "w2" in answer.json()["message"]
    for act in ("complete", "failure", "bpmnError"):
        assert engine.call("POST", f"/external-task/{task['id']}/{act}", {}).status_code == 400


def test_a_lock_runs_out_and_another_worker_takes_over(engine: Visitor, topic: str) -> None:
    case = engine.run(work(topic))
    [task] = engine.lock(topic, "w1", duration=600_000)
    assert engine.lock(topic, "w2") == []
    engine.advance("PT11M")
    [again] = engine.lock(topic, "w2", duration=600_000)
    assert (again["id"], again["workerId"]) == (task["id"], "w2")
    assert engine.call("POST", f"/external-task/{task['id']}/complete", {"workerId": "w1"}).status_code == 400
    engine.post(f"/external-task/{task['id']}/complete", {"workerId": "w2"})
    assert engine.tasks(case) == ["Z"]


def test_a_short_lock_runs_out_by_itself(engine: Visitor, topic: str) -> None:
    engine.run(work(topic))
    engine.lock(topic, "w1", duration=300)
    assert engine.lock(topic, "w2") == []
    time.sleep(0.5)
    assert len(engine.lock(topic, "w2")) == 1


def test_long_polling_answers_when_work_comes(engine: Visitor, topic: str, address: str) -> None:
    key = engine.deploy(work(topic))
    found: list[Any] = []
    waiting = Visitor(address)
    poll = threading.Thread(target=lambda: found.extend(waiting.lock(topic, asyncResponseTimeout=10_000)))
    poll.start()
    time.sleep(0.5)
    began = time.monotonic()
    engine.start(key)
    poll.join(8)
    assert len(found) == 1
    assert time.monotonic() - began < 3
    began = time.monotonic()
    assert engine.lock(topic, asyncResponseTimeout=700) == []
    assert 0.6 <= time.monotonic() - began < 3
    waiting.session.close()
    assert (
        engine.call(
            "POST",
            "/external-task/fetchAndLock",
            {"workerId": "w", "maxTasks": 1, "asyncResponseTimeout": 10**9, "topics": []},
        ).status_code
        == 400
    )


def test_priorities_decide_who_is_served_first(engine: Visitor, topic: str) -> None:
    key = engine.deploy(work(topic, extra='camunda:taskPriority="${level}"'))
    cases = {level: engine.start(key, level=level) for level in (10, 90, 50)}
    body = {
        "workerId": "w",
        "maxTasks": 1,
        "usePriority": True,
        "topics": [{"topicName": topic, "lockDuration": 60_000}],
    }
    [task] = engine.post("/external-task/fetchAndLock", body, 200)
    assert (task["processInstanceId"], task["priority"]) == (cases[90], 90)
    last = engine.get(f"/external-task?processInstanceId={cases[10]}")[0]
    engine.put(f"/external-task/{last['id']}/priority", {"priority": 99})
    [task] = engine.post("/external-task/fetchAndLock", body, 200)
    assert task["processInstanceId"] == cases[10]


def test_failures_end_in_an_incident_that_more_retries_close(engine: Visitor, topic: str) -> None:
    case = engine.run(work(topic))
    [task] = engine.lock(topic)
    fail = {"workerId": "w1", "errorMessage": "boom", "errorDetails": "a long story", "retryTimeout": 5000}
    engine.post(f"/external-task/{task['id']}/failure", fail | {"retries": 1})
    assert engine.lock(topic) == []
    assert engine.get(f"/external-task/{task['id']}")["retries"] == 1
    engine.advance("PT6S")
    [task] = engine.lock(topic)
    assert (task["retries"], task["errorMessage"]) == (1, "boom")
    engine.post(f"/external-task/{task['id']}/failure", fail | {"retries": 0})
    assert engine.lock(topic) == []
    [incident] = engine.get(f"/incident?processInstanceId={case}")
    assert (incident["incidentType"], incident["activityId"], incident["configuration"]) == (
        "failedExternalTask",
        "X",
        task["id"],
    )
    assert incident["incidentMessage"] == "boom"
    assert engine.call("GET", f"/external-task/{task['id']}/errorDetails").text == "a long story"
    assert engine.get(f"/external-task?processInstanceId={case}&noRetriesLeft=true")[0]["id"] == task["id"]
    engine.put(f"/external-task/{task['id']}/retries", {"retries": 2})
    assert engine.get(f"/incident/count?processInstanceId={case}") == {"count": 0}
    engine.advance("PT6S")
    [task] = engine.lock(topic)
    engine.post(f"/external-task/{task['id']}/complete", {"workerId": "w1"})
    assert engine.tasks(case) == ["Z"]


def test_an_error_of_the_trade_goes_the_drawn_way(engine: Visitor, topic: str) -> None:
    case = engine.run(work(topic))
    [task] = engine.lock(topic)
    body = {"workerId": "w1", "errorCode": "E-1", "errorMessage": "材料不全", "variables": {"z": {"value": 1}}}
    engine.post(f"/external-task/{task['id']}/bpmnError", body)
    assert engine.tasks(case) == ["R"]
    assert engine.values(case)["z"] == 1


def test_an_error_nobody_catches_is_not_lost(engine: Visitor, topic: str) -> None:
    case = engine.run(work(topic))
    [task] = engine.lock(topic)
    engine.post(f"/external-task/{task['id']}/bpmnError", {"workerId": "w1", "errorCode": "E-99", "errorMessage": "?"})
    [incident] = engine.get(f"/incident?processInstanceId={case}")
    assert "E-99" in incident["incidentMessage"]
    assert not engine.ended(case)


def test_external_tasks_are_listed_and_counted(engine: Visitor, topic: str) -> None:
    case = engine.run(work(topic))
    for query, number in (
        ("", 1),
        ("&notLocked=true", 1),
        ("&locked=true", 0),
        ("&withRetriesLeft=true", 1),
        ("&workerId=w1", 0),
        ("&activityId=X", 1),
    ):
        assert len(engine.get(f"/external-task?processInstanceId={case}{query}")) == number, query
        assert engine.get(f"/external-task/count?processInstanceId={case}{query}") == {"count": number}
    engine.lock(topic)
    assert len(engine.get(f"/external-task?topicName={topic}&locked=true&workerId=w1")) == 1
    assert (
        len(
            engine.post(
                "/external-task",
                {"topicName": topic, "sorting": [{"sortBy": "taskPriority", "sortOrder": "desc"}]},
                200,
            )
        )
        == 1
    )
    one = engine.get(f"/external-task?processInstanceId={case}")[0]
    assert {
        "id",
        "topicName",
        "workerId",
        "retries",
        "priority",
        "processDefinitionKey",
        "executionId",
        "suspended",
        "lockExpirationTime",
    } <= set(one)


def test_variables_of_a_topic_are_chosen(engine: Visitor, topic: str) -> None:
    engine.run(work(topic), "BK-9", a=1, b=2)
    assert (
        engine.post(
            "/external-task/fetchAndLock",
            {
                "workerId": "w",
                "maxTasks": 1,
                "topics": [{"topicName": topic, "lockDuration": 1000, "businessKey": "BK-8"}],
            },
            200,
        )
        == []
    )
    [task] = engine.post(
        "/external-task/fetchAndLock",
        {
            "workerId": "w",
            "maxTasks": 1,
            "topics": [
                {"topicName": topic, "lockDuration": 1000, "businessKey": "BK-9", "variables": ["b", "nothing"]}
            ],
        },
        200,
    )
    assert set(task["variables"]) == {"b"}


def test_a_boundary_timer_takes_the_work_from_its_worker(engine: Visitor, topic: str) -> None:
    timer = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
    case = engine.run(work(topic, boundary=timer))
    [task] = engine.lock(topic, duration=86_400_000)
    engine.advance("PT2H")
    assert engine.tasks(case) == ["R"]
    assert engine.call("POST", f"/external-task/{task['id']}/complete", {"workerId": "w1"}).status_code == 404
