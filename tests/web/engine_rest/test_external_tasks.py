"""External tasks: what workers do, and what they may not."""

from __future__ import annotations

import threading
import time
from typing import Any

from flask import Flask

from tests.conftest import Clock
from tests.web.rest import EXTERNAL, Client, hire


def test_only_the_worker_that_holds_the_lock_may_report(rest: Client) -> None:
    rest.deploy(EXTERNAL)
    rest.start()
    (task,) = rest.lock(worker="w1")
    for act, more in (("complete", {}), ("failure", {"retries": 1}), ("bpmnError", {"errorCode": "e1"})):
        answer = rest.post(f"/external-task/{task['id']}/{act}", {"workerId": "w2", **more})
        assert answer.status_code in (400, 409), act
        assert rest.post(f"/external-task/{task['id']}/{act}", more).status_code == 400
    assert rest.post(f"/external-task/{task['id']}/complete", {"workerId": "w1"}).status_code == 204
    assert rest.post(f"/external-task/{task['id']}/complete", {"workerId": "w1"}).status_code == 404


def test_a_clerk_gets_no_external_tasks(app: Flask, rest: Client) -> None:
    hire(app.extensions["office"], "clerk", ["counter_clerk"])
    rest.deploy(EXTERNAL)
    rest.start()
    body = {"workerId": "w", "maxTasks": 1, "topics": [{"topicName": "archive", "lockDuration": 1000}]}
    answer = Client(app, "/engine-rest", "clerk").post("/external-task/fetchAndLock", body)
    assert answer.status_code == 403
    assert rest.get("/external-task/count?notLocked=true").json == {"count": 1}


def test_a_locked_task_has_everything_a_worker_asks_for(rest: Client) -> None:
    rest.deploy(EXTERNAL)
    case_id = rest.start(businessKey="BJ-1", variables={"a": {"value": 1}, "j": {"value": {"x": 1}}})
    topic = {"includeExtensionProperties": True, "deserializeValues": True, "variables": None, "processVariables": None}
    (task,) = rest.lock(**topic)
    assert {"id", "workerId", "topicName", "activityId", "processInstanceId", "retries", "variables"} <= set(task)
    assert (task["workerId"], task["topicName"], task["activityId"]) == ("w1", "archive", "X")
    assert (task["processInstanceId"], task["businessKey"], task["retries"]) == (case_id, "BJ-1", None)
    assert task["tenantId"] is None
    assert task["extensionProperties"] == {"box": "7"}
    assert task["lockExpirationTime"] == "2026-03-16T09:01:00.000+0800"
    assert task["variables"]["a"] == {"type": "Integer", "value": 1, "valueInfo": {}}
    assert task["variables"]["j"]["value"] == '{"x":1}'
    assert rest.lock() == []


def test_topics_narrow_what_is_fetched(rest: Client) -> None:
    definition = rest.deploy(EXTERNAL)
    rest.start(businessKey="BJ-1", variables={"region": {"value": "310000"}, "other": {"value": 1}})
    assert rest.lock(topic="nothing") == []
    assert rest.lock(processVariables={"region": "320000"}) == []
    assert rest.lock(businessKey="BJ-2") == []
    assert rest.lock(processDefinitionKeyIn=["q"]) == []
    (task,) = rest.lock(
        processVariables={"region": "310000"}, processDefinitionId=definition["id"], variables=["other"]
    )
    assert set(task["variables"]) == {"other"}


def test_completing_moves_on_with_variables(rest: Client) -> None:
    rest.deploy(EXTERNAL)
    case_id = rest.start()
    (task,) = rest.lock()
    body = {"workerId": "w1", "variables": {"r": {"value": 1}}, "localVariables": {"l": {"value": 2}}}
    assert rest.post(f"/external-task/{task['id']}/complete", body).status_code == 204
    assert rest.get(f"/history/process-instance/{case_id}").json["state"] == "COMPLETED"
    stored = rest.get(f"/history/variable-instance?processInstanceId={case_id}&variableName=r").json
    assert [one["value"] for one in stored] == [1]


def test_a_failure_waits_and_the_last_one_is_an_incident(rest: Client, clock: Clock) -> None:
    rest.deploy(EXTERNAL)
    case_id = rest.start()
    (task,) = rest.lock()
    path = f"/external-task/{task['id']}"
    failed = {"workerId": "w1", "errorMessage": "boom", "errorDetails": "stack", "retries": 3, "retryTimeout": 5000}
    assert rest.post(f"{path}/failure", failed).status_code == 204
    assert rest.lock() == []
    clock.advance(seconds=6)
    (again,) = rest.lock()
    assert (again["retries"], again["errorMessage"]) == (3, "boom")
    assert rest.get(f"{path}/errorDetails").text == "stack"
    rest.post(f"{path}/failure", {**failed, "retries": 0})
    clock.advance(hours=1)
    assert rest.lock() == []
    (incident,) = rest.get(f"/incident?processInstanceId={case_id}").json
    assert (incident["incidentType"], incident["activityId"]) == ("failedExternalTask", "X")
    assert rest.get("/external-task/count?noRetriesLeft=true").json == {"count": 1}
    assert rest.put("/external-task/retries", {"externalTaskIds": [task["id"]], "retries": 2}).status_code == 204
    assert rest.get("/incident/count").json == {"count": 0}
    assert len(rest.lock()) == 1


def test_an_error_is_caught_by_the_boundary_event(rest: Client) -> None:
    rest.deploy(EXTERNAL)
    case_id = rest.start()
    (task,) = rest.lock()
    body = {"workerId": "w1", "errorCode": "e1", "errorMessage": "m", "variables": {"z": {"value": 1}}}
    assert rest.post(f"/external-task/{task['id']}/bpmnError", body).status_code == 204
    assert rest.only_task(case_id)["taskDefinitionKey"] == "R"
    assert rest.get(f"/process-instance/{case_id}/variables/z").json["value"] == 1


def test_an_error_nobody_catches_is_an_incident(rest: Client) -> None:
    rest.deploy(EXTERNAL)
    case_id = rest.start()
    (task,) = rest.lock()
    rest.post(f"/external-task/{task['id']}/bpmnError", {"workerId": "w1", "errorCode": "unknown"})
    assert rest.get(f"/incident/count?processInstanceId={case_id}").json == {"count": 1}


def test_a_lock_is_extended_given_and_taken_back(rest: Client, clock: Clock) -> None:
    rest.deploy(EXTERNAL)
    rest.start()
    (task,) = rest.lock()
    path = f"/external-task/{task['id']}"
    assert rest.post(f"{path}/extendLock", {"workerId": "w1", "newDuration": 7_200_000}).status_code == 204
    assert rest.get(path).json["lockExpirationTime"] == "2026-03-16T11:00:00.000+0800"
    assert rest.post(f"{path}/extendLock", {"workerId": "w1", "newDuration": 0}).status_code == 400
    assert rest.post(f"{path}/lock", {"workerId": "w2", "lockDuration": 1000}).status_code in (400, 409)
    assert rest.send("POST", f"{path}/unlock").status_code == 204
    assert rest.post(f"{path}/lock", {"workerId": "w2", "lockDuration": 1000}).status_code == 204
    clock.advance(seconds=2)
    assert [one["id"] for one in rest.lock(worker="w3")] == [task["id"]]


def test_external_tasks_are_listed(rest: Client) -> None:
    rest.deploy(EXTERNAL)
    one = rest.start()
    rest.start()
    (task,) = rest.lock(most=1)
    assert rest.get("/external-task/count?locked=true").json == {"count": 1}
    assert rest.get("/external-task?workerId=w1").json[0]["id"] == task["id"]
    assert rest.get(f"/external-task/count?processInstanceId={one}").json == {"count": 1}
    assert rest.post("/external-task", {"topicName": "archive", "notLocked": True}).json[0]["topicName"] == "archive"
    assert rest.get("/external-task/topic-names").json == ["archive"]
    assert rest.put(f"/external-task/{task['id']}/priority", {"priority": 5}).status_code == 204
    assert rest.get("/external-task/count?priorityHigherThanOrEquals=5").json == {"count": 1}


def test_two_workers_never_get_the_same_task(rest: Client) -> None:
    rest.deploy(EXTERNAL)
    for _ in range(4):
        rest.start()
    first, second = rest.lock(worker="w1", most=3), rest.lock(worker="w2", most=3)
    assert (len(first), len(second)) == (3, 1)
    assert not {one["id"] for one in first} & {one["id"] for one in second}


def test_a_patient_worker_gets_work_as_soon_as_there_is_some(app: Flask, rest: Client) -> None:
    rest.deploy(EXTERNAL)
    found: list[Any] = []
    body = {
        "workerId": "w1",
        "maxTasks": 1,
        "asyncResponseTimeout": 10_000,
        "topics": [{"topicName": "archive", "lockDuration": 1000}],
    }
    worker = Client(app, "/engine-rest", "engine")
    thread = threading.Thread(target=lambda: found.append(worker.post("/external-task/fetchAndLock", body).json))
    began = time.monotonic()
    thread.start()
    time.sleep(0.3)
    rest.start()
    thread.join(timeout=5)
    assert len(found[0]) == 1
    assert time.monotonic() - began < 3


def test_a_patient_worker_gives_up_in_time(rest: Client) -> None:
    body = {
        "workerId": "w1",
        "maxTasks": 1,
        "asyncResponseTimeout": 300,
        "topics": [{"topicName": "archive", "lockDuration": 1000}],
    }
    began = time.monotonic()
    assert rest.post("/external-task/fetchAndLock", body).json == []
    assert 0.25 < time.monotonic() - began < 2
    assert rest.post("/external-task/fetchAndLock", {**body, "asyncResponseTimeout": 10**7}).status_code == 400
