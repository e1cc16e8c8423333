"""The naive way, for comparison: stock SpiffWorkflow parser and serializer, the whole state as JSON in one row per request.

It has no accounts, journal, agenda, forms, history tables or locks beyond the row's: what is measured against it is
only what it shares with Lianban, a durable start and a durable completion.
"""

from __future__ import annotations

import json
import logging
import os
import socket
import sqlite3
import sys
import uuid
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.specs.mixins import NoneTaskMixin, UserTaskMixin
from SpiffWorkflow.util.task import TaskState

from scripts.campaigns.diagrams import Drawing


class Naive:
    """Start and complete on one table."""

    def __init__(self, url: str, drawings: Sequence[Drawing]) -> None:
        parser = BpmnParser()
        for drawing in drawings:
            # elements called Start or End collide with specs the stock library adds under these names
            text = drawing.xml().replace(b'"Start"', b'"Begin"').replace(b'"End"', b'"Finish"')
            text = text.replace(b">P3D<", b">'P3D'<")  # a Python expression there
            parser.add_bpmn_xml(etree.fromstring(text), filename=drawing.key)
        self.key = drawings[-1].key
        self.spec = parser.get_spec(self.key)
        self.subprocesses = parser.get_subprocess_specs(self.key)
        self.serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())
        self.connect = _connector(url)
        self.connection = self.connect()
        self.mark = "?" if url.startswith("sqlite") else "%s"
        with self.connection:
            self.connection.execute(
                "CREATE TABLE IF NOT EXISTS naive (id VARCHAR(36) PRIMARY KEY, state TEXT NOT NULL)"
            )

    def start(self, variables: dict[str, Any] | None = None) -> tuple[str, list[str]]:
        """A new instance; its id and open tasks."""
        workflow = BpmnWorkflow(self.spec, self.subprocesses)
        workflow.data.update(variables or {})
        open_tasks = _advance(workflow)
        case_id = str(uuid.uuid4())
        with self.connection:
            self.connection.execute(
                f"INSERT INTO naive VALUES ({self.mark}, {self.mark})",
                (case_id, self.serializer.serialize_json(workflow)),
            )
        return case_id, open_tasks

    def complete(self, case_id: str, task_id: str, variables: dict[str, Any] | None = None) -> list[str]:
        """Load, complete, store; the tasks open now."""
        with self.connection:
            row = self.connection.execute(f"SELECT state FROM naive WHERE id = {self.mark}", (case_id,)).fetchone()
            state, open_tasks = self.step(row[0], task_id, variables)
            self.connection.execute(f"UPDATE naive SET state = {self.mark} WHERE id = {self.mark}", (state, case_id))
        return open_tasks

    def step(self, state: str, task_id: str, variables: dict[str, Any] | None = None) -> tuple[str, list[str]]:
        """One completion without the table: the new state and the tasks open now."""
        workflow = self.serializer.deserialize_json(state)
        task = workflow.get_task_from_id(uuid.UUID(task_id))
        task.data.update(variables or {})
        task.run()
        open_tasks = _advance(workflow)
        return self.serializer.serialize_json(workflow), open_tasks

    def stored_bytes(self) -> float:
        """Average bytes of a stored state."""
        with self.connection:
            return float(self.connection.execute("SELECT avg(length(state)) FROM naive").fetchone()[0])


def _advance(workflow: BpmnWorkflow) -> list[str]:
    workflow.do_engine_steps()
    ready = workflow.get_tasks(state=TaskState.READY)
    return [str(task.id) for task in ready if isinstance(task.task_spec, (UserTaskMixin, NoneTaskMixin))]


def _connector(url: str) -> Callable[[], Any]:
    if url.startswith("sqlite:///"):

        def connect() -> Any:
            connection = sqlite3.connect(url.removeprefix("sqlite:///"), timeout=30, check_same_thread=False)
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
            return connection

        return connect
    import psycopg

    return lambda: _Psycopg(psycopg.connect(url.replace("+psycopg", "")))


class _Psycopg:
    """`with connection` commits but keeps the connection, as sqlite3 does."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def __enter__(self) -> _Psycopg:
        return self

    def __exit__(self, kind: Any, *_: Any) -> None:
        self.connection.rollback() if kind else self.connection.commit()

    def execute(self, statement: str, values: Sequence[Any] = ()) -> Any:
        return self.connection.execute(statement, values)


def application(naive: Naive) -> Callable[..., Iterable[bytes]]:
    """The least a server can be: POST /start and POST /complete, JSON in and out."""

    def answer(environ: dict[str, Any], begin: Callable[..., Any]) -> Iterable[bytes]:
        body = json.loads(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)) or b"{}")
        if environ["PATH_INFO"] == "/start":
            case_id, tasks = naive.start(body.get("variables"))
        else:
            case_id = body["case"]
            tasks = naive.complete(case_id, body["task"], body.get("variables"))
        content = json.dumps({"id": case_id, "tasks": tasks}).encode()
        begin("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(content)))])
        return [content]

    return answer


def serve(url: str, drawings: Sequence[Drawing], port: int) -> None:
    """Serve until killed, with the same server and one thread: the stock objects are not shared between threads."""
    from waitress.server import create_server

    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    create_server(application(Naive(url, drawings)), sockets=[listener], threads=1).run()


if __name__ == "__main__":
    from scripts.campaigns.diagrams import chain_drawings, linear_drawing

    serve(os.environ["NAIVE_URL"], chain_drawings() if sys.argv[2] == "chain" else [linear_drawing()], int(sys.argv[1]))
