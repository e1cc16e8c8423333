"""The cases of the suite over `/engine-rest`: `python -m tests.bpmn.over_http http://127.0.0.1:8080 USER PASSWORD [GROUP]`.

Timers are fired by executing their jobs in the order of their due dates. What the interface of Camunda 7 cannot say
(order of history within a millisecond, thrown events, ad-hoc sub-processes) is left out, and counted.
"""

from __future__ import annotations

import base64
import json
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from service.engine import Resource, examine
from tests.bpmn.cases import Case, all_cases
from tests.bpmn.player import play

Send = Callable[[str, str, Any], tuple[int, Any]]
Upload = Callable[[dict[str, bytes]], tuple[int, Any]]


class Unplayable(Exception):
    """The interface has no words for this step."""


class OverHttp:
    """A stage on a server. `send` sends JSON, `upload` deploys files; both answer status and JSON."""

    ordered = False

    def __init__(self, case: Case, send: Send, upload: Upload) -> None:
        self.send, self.elapsed = send, timedelta()
        paths = [case.diagram, *case.diagram.parent.glob(f"{case.diagram.stem}.dmn")]
        files = {path.name: path.read_bytes() for path in paths}
        drafts = examine([Resource(name=name, content=content) for name, content in files.items()]).drafts
        self.key, self.starts = drafts[0].key, {start.element: start for start in drafts[0].starts}
        status, answer = upload(files)
        assert status == 200, answer
        self.id = ""
        self.begun = datetime.min

    def ask(self, path: str) -> Any:
        """GET."""
        status, answer = self.send("GET", path, None)
        assert status == 200, (path, status, answer)
        return answer

    def do(self, method: str, path: str, body: Any) -> Any:
        """A request that must succeed."""
        status, answer = self.send(method, path, body)
        assert status in (200, 204), (path, status, answer)
        return answer

    def start(self, element: str | None, variables: dict[str, Any]) -> None:
        """By key, by message or by signal."""
        given, start = typed(variables), self.starts.get(element or "")
        if start is None or start.kind == "none":
            self.id = self.do("POST", f"/process-definition/key/{self.key}/start", {"variables": given})["id"]
        elif start.kind == "message":
            body = {"messageName": start.name, "processVariables": given, "resultEnabled": True}
            self.id = self.do("POST", "/message", body)[0]["processInstance"]["id"]
        elif start.kind == "signal":
            self.do("POST", "/signal", {"name": start.name, "variables": given})
            self.id = self.ask(f"/process-instance?processDefinitionKey={self.key}")[-1]["id"]
        else:
            raise Unplayable("a timer start event waits for the clock")
        self.begun = moment(self.ask(f"/history/process-instance/{self.id}")["startTime"])

    def task(self, element: str, nth: int = 0) -> tuple[str, str]:
        """Path and id of the nth open task on an element."""
        users = self.ask(f"/task?processInstanceId={self.id}&taskDefinitionKey={element}&sortBy=created&sortOrder=asc")
        if users:
            return "task", sorted((task["id"] for task in users), key=self.round)[nth]
        works = [w for w in self.ask(f"/external-task?processInstanceId={self.id}") if w["activityId"] == element]
        assert works, f"no task on {element}; open: {self.open()}"
        self.do("POST", f"/external-task/{works[nth]['id']}/lock", {"workerId": "suite", "lockDuration": 60_000})
        return "external-task", works[nth]["id"]

    def round(self, task: str) -> int:
        """Which instance of a loop a task is."""
        status, answer = self.send("GET", f"/task/{task}/localVariables/loopCounter", None)
        return int(answer["value"]) if status == 200 else 0

    def complete(self, element: str, nth: int, variables: dict[str, Any]) -> None:
        """User tasks and external tasks."""
        kind, id = self.task(element, nth)
        more = {"workerId": "suite"} if kind == "external-task" else {}
        self.do("POST", f"/{kind}/{id}/complete", {"variables": typed(variables), **more})

    def fail(self, element: str, code: str, variables: dict[str, Any]) -> None:
        """A BPMN error."""
        kind, id = self.task(element)
        more = {"workerId": "suite"} if kind == "external-task" else {}
        self.do("POST", f"/{kind}/{id}/bpmnError", {"errorCode": code, "variables": typed(variables), **more})

    def escalate(self, element: str, code: str, variables: dict[str, Any]) -> None:
        """An escalation."""
        kind, id = self.task(element)
        if kind == "task":
            raise Unplayable("escalations of user tasks")
        body = {"escalationCode": code, "variables": typed(variables), "workerId": "suite"}
        self.do("POST", f"/{kind}/{id}/bpmnEscalation", body)

    def message(self, name: str, variables: dict[str, Any]) -> None:
        """To this instance."""
        body = {"messageName": name, "processInstanceId": self.id, "processVariables": typed(variables)}
        status, answer = self.send("POST", "/message", body)
        if status == 400:
            raise Unplayable(f"several wait: {answer}")
        assert status in (200, 204), answer

    def signal(self, name: str, variables: dict[str, Any]) -> None:
        """To everybody."""
        self.do("POST", "/signal", {"name": name, "variables": typed(variables)})

    def advance(self, by: timedelta) -> None:
        """Jobs that are due by then, in their order."""
        self.elapsed += by
        while True:
            jobs = self.ask(f"/job?processInstanceId={self.id}&timers=true&sortBy=jobDueDate&sortOrder=asc")
            due = [job for job in jobs if moment(job["dueDate"]) <= self.begun + self.elapsed + timedelta(seconds=1)]
            if not due:
                return
            self.do("POST", f"/job/{due[0]['id']}/execute", {})

    def set(self, variables: dict[str, Any]) -> None:
        """Variables of the instance."""
        self.do("POST", f"/process-instance/{self.id}/variables", {"modifications": typed(variables)})

    def activate(self, host: str, element: str) -> None:
        """Not in the interface."""
        raise Unplayable("ad-hoc sub-processes")

    def finish(self, host: str) -> None:
        """Not in the interface."""
        raise Unplayable("ad-hoc sub-processes")

    def retry(self, element: str) -> None:
        """Not by element."""
        raise Unplayable("retries of automatic elements")

    def open(self) -> list[str]:
        """Open user and external tasks."""
        users = [task["taskDefinitionKey"] for task in self.ask(f"/task?processInstanceId={self.id}")]
        works = [w["activityId"] for w in self.ask(f"/external-task?processInstanceId={self.id}&withRetriesLeft=true")]
        return users + works

    def listening(self) -> list[str]:
        """Not in the interface."""
        raise Unplayable("subscriptions")

    def timers(self) -> int:
        """Timer jobs."""
        return len(self.ask(f"/job?processInstanceId={self.id}&timers=true"))

    def variables(self) -> dict[str, Any]:
        """Also after the end."""
        rows = self.ask(f"/history/variable-instance?processInstanceId={self.id}")
        own = [row for row in rows if row.get("activityInstanceId") in (None, self.id)]
        texts = ("Json", "Object")
        return {row["name"]: json.loads(row["value"]) if row["type"] in texts else row["value"] for row in own}

    def incidents(self) -> list[str]:
        """Elements with an incident."""
        return [row["activityId"] for row in self.ask(f"/incident?processInstanceId={self.id}")]

    def history(self, what: str) -> list[str]:
        """Elements that completed or were cancelled."""
        rows = self.ask(f"/history/activity-instance?processInstanceId={self.id}&finished=true&maxResults=1000")
        return [row["activityId"] for row in rows if row["canceled"] is (what == "cancelled")]

    def thrown(self, kind: str) -> list[str]:
        """Not in the interface."""
        raise Unplayable("thrown events")

    def ended(self) -> bool:
        """Has the instance ended?"""
        return self.ask(f"/history/process-instance/{self.id}")["endTime"] is not None

    def leave(self) -> None:
        """Delete what is still open, so that signals of later cases do not reach it."""
        if self.id and not self.ended():
            self.send("DELETE", f"/process-instance/{self.id}", None)


def typed(variables: dict[str, Any]) -> dict[str, Any]:
    """Variables as Camunda writes them; lists and objects as JSON texts of type Json."""
    return {
        name: {"value": json.dumps(value), "type": "Json"} if isinstance(value, (list, dict)) else {"value": value}
        for name, value in variables.items()
    }


def moment(text: str) -> datetime:
    """An instant as Camunda writes it."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f%z")


def play_over_http(case: Case, send: Send, upload: Upload) -> str:
    """One case: "played", or why a step could not be said. Raises AssertionError."""
    stage = OverHttp(case, send, upload)
    try:
        play(case, stage)
    except Unplayable as why:
        return str(why)
    finally:
        stage.leave()
    return "played"


def main() -> int:
    """Play everything against a running server."""
    address, user, password = sys.argv[1:4]
    groups = set(sys.argv[4:])
    token = base64.b64encode(f"{user}:{password}".encode()).decode()

    def request(method: str, path: str, data: bytes | None, kind: str) -> tuple[int, Any]:
        made = urllib.request.Request(f"{address.rstrip('/')}/engine-rest{path}", data, method=method)
        made.add_header("Authorization", f"Basic {token}")
        made.add_header("Content-Type", kind)
        try:
            with urllib.request.urlopen(made, timeout=60) as answer:
                return answer.status, json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode(errors="replace")

    def send(method: str, path: str, body: Any) -> tuple[int, Any]:
        return request(method, path, None if body is None else json.dumps(body).encode(), "application/json")

    def upload(files: dict[str, bytes]) -> tuple[int, Any]:
        mark = uuid4().hex.encode()
        body = b""
        for name, content in {"deployment-name": b"suite", **files}.items():
            file = f'; filename="{name}"' if name in files else ""
            body += b"--" + mark + f'\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode()
            body += content + b"\r\n"
        kind = f"multipart/form-data; boundary={mark.decode()}"
        return request("POST", "/deployment/create", body + b"--" + mark + b"--\r\n", kind)

    cases = [case for case in all_cases() if case.refused is None and (not groups or case.group in groups)]
    failed, partly = 0, 0
    for case in cases:
        try:
            told = play_over_http(case, send, upload)
            partly += told != "played"
        except AssertionError as error:
            failed += 1
            print(f"✗ {case.id}\n    {error}")
    print(f"{len(cases)} cases, {failed} failed, {partly} only as far as the interface goes")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
