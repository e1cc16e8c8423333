"""A keep-alive HTTP client of `/engine-rest`, thin enough to measure with."""

from __future__ import annotations

import base64
import json
from http.client import HTTPConnection, HTTPException
from typing import Any

from scripts.campaigns.diagrams import Drawing

PASSWORD = "Yunxi-2026!"  # of every demo account


class Client:
    """One connection and one account. Lost connections are raised: a campaign must know that an outcome is unknown."""

    def __init__(self, port: int, username: str = "engine", *, timeout: float = 30) -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=timeout)
        self.calls = 0
        token = base64.b64encode(f"{username}:{PASSWORD}".encode()).decode()
        self.headers = {"Authorization": f"Basic {token}", "Content-Type": "application/json"}

    def close(self) -> None:
        """Give the connection back."""
        self.connection.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def call(self, method: str, path: str, body: Any = None, *, key: str | None = None) -> tuple[int, Any]:
        """Status and parsed answer (None when empty). `key` is sent as Idempotency-Key. ConnectionError when lost."""
        self.calls += 1
        headers = self.headers if key is None else {**self.headers, "Idempotency-Key": key}
        try:
            self.connection.request(method, path, None if body is None else json.dumps(body), headers)
            answer = self.connection.getresponse()
            content = answer.read()
        except (OSError, HTTPException) as error:
            self.connection.close()
            raise ConnectionError(str(error)) from error
        is_json = answer.getheader("Content-Type", "").startswith("application/json")
        return answer.status, json.loads(content) if content and is_json else content.decode() or None

    def ask(self, method: str, path: str, body: Any = None, *, key: str | None = None) -> Any:
        """The parsed answer of a call that must succeed."""
        status, document = self.call(method, path, body, key=key)
        if status >= 400:
            raise AssertionError(f"expected {method} {path} to succeed but got {status}: {document}")
        return document

    def deploy(self, drawing: Drawing) -> None:
        """Deploy a diagram with its forms as the Modeler does."""
        boundary = "lianban-campaign"
        parts = [(b"deployment-name", b"", drawing.key.encode()), (b"enable-duplicate-filtering", b"", b"true")]
        parts += [(name.encode(), f'; filename="{name}"'.encode(), content) for name, content in drawing.files]
        body = b"".join(
            b'--%s\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n'
            % (boundary.encode(), field, extra, value)
            for field, extra, value in parts
        )
        headers = {**self.headers, "Content-Type": f"multipart/form-data; boundary={boundary}"}
        self.connection.request(
            "POST", "/engine-rest/deployment/create", body + f"--{boundary}--\r\n".encode(), headers
        )
        answer = self.connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise AssertionError(f"expected {drawing.key} to be deployed but got {answer.status}: {content.decode()}")

    def start(self, key: str, business_key: str | None = None, variables: dict[str, Any] | None = None) -> str:
        """Start an instance; its id."""
        body = {"businessKey": business_key, "variables": {name: {"value": v} for name, v in (variables or {}).items()}}
        return str(self.ask("POST", f"/engine-rest/process-definition/key/{key}/start", body)["id"])

    def tasks(self, case_id: str) -> list[dict[str, Any]]:
        """Open tasks of a case."""
        return list(self.ask("GET", f"/engine-rest/task?processInstanceId={case_id}"))
