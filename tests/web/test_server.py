"""The HTTP server keeps connections, also after answers that have no body."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from http.client import HTTPConnection

import pytest
from flask import Flask, Response

from service.web.server import build_server
from tests.serving import stop_serving


@pytest.fixture
def connection() -> Iterator[HTTPConnection]:
    """A client of a tiny application on the real server."""
    app = Flask("tiny")
    app.config["MAX_CONTENT_LENGTH"] = 1000
    app.add_url_rule("/done", "done", lambda: Response(status=204), methods=["GET", "POST"])
    app.add_url_rule("/same", "same", lambda: Response(status=304))
    app.add_url_rule("/text", "text", lambda: Response("text"))
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = build_server(app, listener, threads=2)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    connection = HTTPConnection("127.0.0.1", listener.getsockname()[1], timeout=5)
    yield connection
    connection.close()
    stop_serving(server, thread)


@pytest.mark.parametrize("path", ["/done", "/same", "/text"])
def test_a_connection_serves_many_requests(connection: HTTPConnection, path: str) -> None:
    for _ in range(3):
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        assert answer.getheader("Connection") is None
        assert connection.sock is not None
    connection.request("POST", "/done", b"{}")
    assert connection.getresponse().read() == b""


def test_a_client_that_closes_is_obeyed(connection: HTTPConnection) -> None:
    connection.request("GET", "/done", headers={"Connection": "close"})
    answer = connection.getresponse()
    answer.read()
    assert answer.getheader("Connection") == "close"
