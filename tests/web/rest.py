"""A client of one account for tests of the doors: Basic credentials, JSON in and out."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from service.casework import SYSTEM, Office, add_person
from tests.engine.drive import definitions, process

PASSWORD = "Yunxi-2026!"
LINEAR = (
    '<startEvent id="S"/><userTask id="A" name="甲" camunda:candidateGroups="clerks"/>'
    '<userTask id="B" name="乙" camunda:assignee="bo"/><endEvent id="E"/>'
    "\nS -> A\nA -> B\nB -> E\n"
)
EXTERNAL = (
    '<startEvent id="S"/><serviceTask id="X" name="外部" camunda:type="external" camunda:topic="archive">'
    '<extensionElements><camunda:properties><camunda:property name="box" value="7"/></camunda:properties>'
    '</extensionElements></serviceTask><boundaryEvent id="C" attachedToRef="X"><errorEventDefinition errorRef="E1"/>'
    '</boundaryEvent><endEvent id="E"/><userTask id="R" name="补正"/><endEvent id="F"/>'
    "\nS -> X\nX -> E\nC -> R\nR -> F\n"
)


class Client:
    """Sends requests as one account below one address."""

    def __init__(self, app: Flask, prefix: str, username: str | None, password: str = PASSWORD) -> None:
        self.client = app.test_client()
        self.prefix = prefix
        credentials = base64.b64encode(f"{username}:{password}".encode()).decode()
        self.headers = {} if username is None else {"Authorization": f"Basic {credentials}"}

    def send(self, method: str, path: str, body: Any = None, **more: Any) -> TestResponse:
        """One request; a body that is not None goes as JSON."""
        headers = {**self.headers, **more.pop("headers", {})}
        if body is not None:
            more["json"] = body
        return self.client.open(f"{self.prefix}{path}", method=method, headers=headers, **more)

    def get(self, path: str, **more: Any) -> TestResponse:
        """GET."""
        return self.send("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> TestResponse:
        """POST."""
        return self.send("POST", path, body, **more)

    def put(self, path: str, body: Any = None, **more: Any) -> TestResponse:
        """PUT."""
        return self.send("PUT", path, body, **more)

    def delete(self, path: str, **more: Any) -> TestResponse:
        """DELETE."""
        return self.send("DELETE", path, **more)

    def upload(self, files: dict[str, bytes], **fields: str) -> TestResponse:
        """A deployment as modelling tools send it: file name as field name."""
        data: dict[str, Any] = {name.replace("_", "-"): value for name, value in fields.items()}
        data |= {name: (io.BytesIO(content), name, "text/xml") for name, content in files.items()}
        return self.send("POST", "/deployment/create", data=data, content_type="multipart/form-data")

    def deploy(self, content: str, key: str = "p") -> dict[str, Any]:
        """Deploys a process in shorthand; its newest version as Camunda writes it."""
        answer = self.upload({f"{key}.bpmn": diagram(content, key)}, deployment_name=key)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = next(
            one for one in answer.json["deployedProcessDefinitions"].values() if one["key"] == key
        )
        return found

    def start(self, key: str = "p", **body: Any) -> str:
        """Starts an instance; its id."""
        answer = self.post(f"/process-definition/key/{key}/start", body)
        assert answer.status_code == 200, answer.text
        return str(answer.json["id"])

    def only_task(self, case_id: str, element: str | None = None) -> dict[str, Any]:
        """The only open task of an instance (at an element)."""
        more = f"&taskDefinitionKey={element}" if element else ""
        tasks = self.get(f"/task?processInstanceId={case_id}{more}").json
        assert len(tasks) == 1, tasks
        return dict(tasks[0])

    def lock(self, topic: str = "archive", worker: str = "w1", most: int = 10, **more: Any) -> list[dict[str, Any]]:
        """Fetches and locks external tasks."""
        body = {"workerId": worker, "maxTasks": most, "topics": [{"topicName": topic, "lockDuration": 60_000, **more}]}
        answer = self.post("/external-task/fetchAndLock", body)
        assert answer.status_code == 200, answer.text
        return list(answer.json)


def diagram(content: str, key: str = "p") -> bytes:
    """A BPMN file with one process in shorthand (or several, when the text has <process>)."""
    return definitions(content if "<process" in content else process(content, key))


def hire(office: Office, username: str, roles: Iterable[str], department: str | None = None) -> None:
    """Adds an account."""
    add_person(
        office, SYSTEM, username=username, name=username, password=PASSWORD, department=department, roles=set(roles)
    )
