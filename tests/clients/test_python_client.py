"""The published Python worker package, unmodified, works fifty external tasks."""

from __future__ import annotations

import warnings
from base64 import b64decode
from collections import Counter
from typing import Any

import pytest

from tests.clients.conftest import KINDS, Served, assert_all_done
from tests.web.rest import EXTERNAL, PASSWORD

with warnings.catch_warnings():  # the package still declares its credentials the old way of pydantic
    warnings.simplefilter("ignore", DeprecationWarning)
    from camunda.client.engine_client import EngineClient
    from camunda.external_task.external_task import ExternalTask
    from camunda.external_task.external_task_worker import ExternalTaskWorker, NoExternalTaskFound

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

WAITS = (
    '<startEvent id="S"/><receiveTask id="W" messageRef="M1"/><userTask id="A"/><endEvent id="E"/>'
    "\nS -> W\nW -> A\nA -> E\n"
)
CONFIG = {
    "auth_basic": {"username": "engine", "password": PASSWORD},
    "maxTasks": 8,
    "lockDuration": 60_000,
    "asyncResponseTimeout": 300,
    "sleepSeconds": 1,
}


def test_fifty_tasks_are_completed_failed_and_raised_as_errors(served: Served, fifty: list[str]) -> None:
    done: Counter[str] = Counter()

    def work(task: ExternalTask) -> Any:
        assert task.get_business_key().startswith("BJ-")
        assert task.get_extension_property("box") == "7"
        what = task.get_variable("what")
        done[what] += 1
        if what == "failure":
            return task.failure("boom", "stack", max_retries=2, retry_timeout=0)
        if what == "bpmnError":
            return task.bpmn_error("e1", "no such folder", {"number": 7})
        return task.complete({"number": 7, "folder": {"shelf": [1]}}, {"own": True})

    worker = ExternalTaskWorker("py1", base_url=served.url, config=CONFIG)
    while True:
        try:
            worker.fetch_and_execute(["archive"], work)
        except NoExternalTaskFound:
            break
    assert done == {"complete": 40, "failure": 15, "bpmnError": 5}
    assert_all_done(served.rest, fifty)
    stored = served.rest.get(f"/history/variable-instance?processInstanceId={fifty[0]}").json
    values = {one["name"]: one["value"] for one in stored}
    assert values["number"] == 7
    assert len(fifty) == len(KINDS)


def test_the_engine_client_starts_and_finds(served: Served) -> None:
    served.rest.deploy(EXTERNAL)
    client = EngineClient(served.url, config=CONFIG)
    started = client.start_process("p", {"what": "complete", "amount": 5}, business_key="BJ-1")
    assert started["businessKey"] == "BJ-1"
    found = client.get_process_instance("p", ["amount_eq_5"])
    assert [one["id"] for one in found] == [started["id"]]
    assert client.get_process_instance("p", ["amount_eq_6"]) == []
    assert b64decode(client.get_process_instance_variable(started["id"], "amount")) == b"5"
    assert client.get_jobs(0, 10, with_failure=True) == []


def test_the_engine_client_correlates_a_message(served: Served) -> None:
    served.rest.deploy(WAITS)
    case_id = served.rest.start(businessKey="BJ-1")
    client = EngineClient(served.url, config=CONFIG)
    (told,) = client.correlate_message("m1", business_key="BJ-1", process_variables={"x": 1})
    assert told["execution"]["processInstanceId"] == case_id
    assert served.rest.only_task(case_id)["taskDefinitionKey"] == "A"
