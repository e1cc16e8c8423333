"""Stopping a waitress server that runs in a thread."""

from __future__ import annotations

import threading
from typing import Any

from waitress import wasyncore


def stop_serving(server: Any, thread: threading.Thread) -> None:
    """End the loop from inside it: a socket closed by another thread would break the select it is waiting in."""
    server.task_dispatcher.shutdown()
    server.trigger.pull_trigger(lambda: wasyncore.close_all(server._map, ignore_all=True))
    thread.join(timeout=10)
    assert not thread.is_alive()
