"""Somebody outside: an account, an address, HTTP and nothing else; and diagrams as a designer's tool writes them."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import requests

PASSWORD = "Yunxi-2026!"
NAMESPACES = (
    'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
)
DECLARED = (
    '<error id="Error_1" name="补正" errorCode="E-1"/><error id="Error_2" name="其他" errorCode="E-2"/>'
    '<escalation id="Escalation_1" name="超期" escalationCode="ESC-1"/>'
    '<message id="Message_1" name="MSG"/><message id="Message_2" name="MSG-2"/><signal id="Signal_1" name="SIG"/>'
)
_FLOW = re.compile(r"^([\w.-]+) -> ([\w.-]+)(?: : (.+))?$", re.MULTILINE)


def flows(text: str) -> str:
    """Lines `a -> b : condition` as sequence flows without ids; everything else stays."""

    def flow(match: re.Match[str]) -> str:
        condition = match[3]
        inner = (
            f'<conditionExpression xsi:type="tFormalExpression"><![CDATA[{condition}]]></conditionExpression>'
            if condition
            else ""
        )
        return f'<sequenceFlow sourceRef="{match[1]}" targetRef="{match[2]}">{inner}</sequenceFlow>'

    return _FLOW.sub(flow, text)


def diagram(content: str, key: str, declared: str = DECLARED) -> bytes:
    """A BPMN file with one process, or with several when the text has <process>."""
    body = content if "<process" in content else f'<process id="{key}" isExecutable="true">{content}</process>'
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<definitions {NAMESPACES} id="Definitions_1" '
        f'targetNamespace="http://bpmn.io/schema/bpmn">\n{declared}{flows(body)}</definitions>'
    ).encode()


class Visitor:
    """One account at one served installation."""

    def __init__(self, address: str, username: str | None = "engine", password: str = PASSWORD) -> None:
        self.address = address
        self.session = requests.Session()
        self.session.trust_env = False
        if username is not None:
            self.session.auth = (username, password)

    def call(self, method: str, path: str, body: Any = None, **more: Any) -> requests.Response:
        """One request below `/engine-rest`, or anywhere when the path begins with `//`."""
        url = self.address + (path[1:] if path.startswith("//") else f"/engine-rest{path}")
        if body is not None:
            more["json"] = body
        return self.session.request(method, url, timeout=240, **more)

    def get(self, path: str, **more: Any) -> Any:
        """The JSON of a GET that succeeds."""
        answer = self.call("GET", path, **more)
        assert answer.status_code == 200, f"GET {path}: {answer.status_code} {answer.text}"
        return answer.json()

    def post(self, path: str, body: Any = None, status: int = 204, **more: Any) -> Any:
        """A POST that answers `status`; its JSON if it has any."""
        return self._expect("POST", path, {} if body is None else body, status, **more)

    def put(self, path: str, body: Any = None, status: int = 204, **more: Any) -> Any:
        """A PUT that answers `status`; its JSON if it has any."""
        return self._expect("PUT", path, {} if body is None else body, status, **more)

    def delete(self, path: str, status: int = 204) -> Any:
        """A DELETE that answers `status`."""
        return self._expect("DELETE", path, None, status)

    def _expect(self, method: str, path: str, body: Any, status: int, **more: Any) -> Any:
        answer = self.call(method, path, body, **more)
        assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def upload(self, *files: tuple[str, bytes], duplicates: bool = True, name: str = "acceptance") -> requests.Response:
        """A deployment exactly as the desktop modeler sends it."""
        parts: list[tuple[str, Any]] = [
            ("deployment-name", (None, name)),
            ("deployment-source", (None, "Camunda Modeler")),
            ("enable-duplicate-filtering", (None, "true" if duplicates else "false")),
        ]
        for file, content in files:
            kind = "text/xml" if file.endswith((".bpmn", ".xml")) else "application/octet-stream"
            parts.append((file, (file, content, kind)))
        return self.session.post(f"{self.address}/engine-rest/deployment/create", files=parts, timeout=240)

    def deploy(self, content: str, key: str | None = None, **more: Any) -> str:
        """Deploys one diagram; the key of its process."""
        key = key or f"p_{uuid4().hex[:10]}"
        answer = self.upload((f"{key}.bpmn", diagram(content, key, **more)))
        assert answer.status_code == 200, answer.text
        return key

    def start(self, key: str, business_key: str | None = None, **variables: Any) -> str:
        """Starts an instance with plain values; its id."""
        body = {"businessKey": business_key, "variables": {name: {"value": v} for name, v in variables.items()}}
        return str(self.post(f"/process-definition/key/{key}/start", body, 200)["id"])

    def run(self, content: str, business_key: str | None = None, **variables: Any) -> str:
        """Deploys and starts; the id of the instance."""
        return self.start(self.deploy(content), business_key, **variables)

    def tasks(self, case: str) -> list[str]:
        """Keys of the open tasks, sorted."""
        return sorted(one["taskDefinitionKey"] for one in self.get(f"/task?processInstanceId={case}"))

    def task(self, case: str, key: str | None = None) -> dict[str, Any]:
        """The one open task (with this key)."""
        found = self.get(f"/task?processInstanceId={case}" + (f"&taskDefinitionKey={key}" if key else ""))
        assert len(found) == 1, (self.tasks(case), key)
        return dict(found[0])

    def complete(self, case: str, key: str | None = None, **variables: Any) -> None:
        """Completes the one open task (with this key)."""
        body = {"variables": {name: {"value": value} for name, value in variables.items()}}
        self.post(f"/task/{self.task(case, key)['id']}/complete", body)

    def values(self, case: str) -> dict[str, Any]:
        """Plain values of the variables of a running instance."""
        return {name: one["value"] for name, one in self.get(f"/process-instance/{case}/variables").items()}

    def past_values(self, case: str) -> dict[str, Any]:
        """Plain values of the variables in the history."""
        rows = self.get(f"/history/variable-instance?processInstanceId={case}")
        return {one["name"]: one["value"] for one in rows}

    def history(self, case: str) -> dict[str, Any]:
        """The instance in the history."""
        return dict(self.get(f"/history/process-instance/{case}"))

    def ended(self, case: str) -> bool:
        """Whether the instance is over and gone from the running ones."""
        gone = self.call("GET", f"/process-instance/{case}").status_code == 404
        assert gone == (self.history(case)["state"] not in ("ACTIVE", "SUSPENDED"))
        return gone

    def activities(self, case: str) -> list[dict[str, Any]]:
        """History of activities in order of their beginning."""
        query = f"/history/activity-instance?processInstanceId={case}&sortBy=startTime&sortOrder=asc"
        return list(self.get(query))

    def passed(self, case: str) -> list[str]:
        """Ids of finished activities that were not cancelled, sorted."""
        return sorted(one["activityId"] for one in self.activities(case) if one["endTime"] and not one["canceled"])

    def advance(self, by: str) -> dict[str, Any]:
        """Moves the demo clock."""
        return dict(self.put("//api/v1/demo/clock", {"advance": by}, 200))

    def lock(self, topic: str, worker: str = "w1", most: int = 10, duration: int = 60_000, **more: Any) -> list[Any]:
        """Fetches and locks external tasks of one topic."""
        body = {
            "workerId": worker,
            "maxTasks": most,
            "topics": [{"topicName": topic, "lockDuration": duration}],
            **more,
        }
        return list(self.post("/external-task/fetchAndLock", body, 200))

    def __repr__(self) -> str:
        return f"Visitor({self.address})"
