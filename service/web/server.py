"""The HTTP server: waitress with a thread pool, on a socket that is bound already."""

from __future__ import annotations

import socket
from typing import Any

from flask import Flask
from waitress.channel import HTTPChannel
from waitress.server import create_server
from waitress.task import WSGITask

IDLE_SECONDS = 300  # a connection nobody uses is closed after this
FORWARDED = {"x-forwarded-for", "x-forwarded-proto"}
FRAMING = 65_536  # bytes around a body of the largest size: the door refuses with words before waitress does


class KeepAliveTask(WSGITask):  # type: ignore[misc]
    """One request. Waitress 3.0 closes the connection after every answer without a length, also where a length is
    forbidden (204, 304): each completed task would cost its client a new connection."""

    def build_response_header(self) -> bytes:
        """The head of the answer; an answer that cannot have a body keeps the connection."""
        self.complete_without_length = not self.has_body and self.version == "1.1" and not self._client_closes()
        head: bytes = super().build_response_header()
        return head

    def set_close_on_finish(self) -> None:
        """Close after this answer, unless the only reason is a length that must not be there."""
        if not getattr(self, "complete_without_length", False):
            super().set_close_on_finish()

    def _client_closes(self) -> bool:
        return bool(self.request.headers.get("CONNECTION", "").lower() == "close")


class KeepAliveChannel(HTTPChannel):  # type: ignore[misc]
    """One connection."""

    task_class = KeepAliveTask


def build_server(app: Flask, listener: socket.socket, *, threads: int, trusted_proxy: str = "") -> Any:
    """A server ready for `run()`, which returns when SystemExit or KeyboardInterrupt is raised in its thread.

    Behind the proxy at `trusted_proxy` the last entry of X-Forwarded-For is who asks; from elsewhere it is not believed.
    """
    proxied = {"trusted_proxy": trusted_proxy, "trusted_proxy_headers": FORWARDED} if trusted_proxy else {}
    server = create_server(
        app,
        sockets=[listener],
        threads=threads,
        ident="lianban",
        asyncore_use_poll=True,
        clear_untrusted_proxy_headers=True,
        **proxied,
        channel_timeout=IDLE_SECONDS,
        max_request_body_size=app.config["MAX_CONTENT_LENGTH"] + FRAMING,
    )
    server.channel_class = KeepAliveChannel
    return server
