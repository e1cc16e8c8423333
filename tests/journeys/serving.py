"""A whole installation on a free port: web, worker, demo city, every shipped process; time begins on a Monday morning."""

from __future__ import annotations

import atexit
import shutil
import sqlite3
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from waitress.server import create_server

from service.casework import Office, load_demo_city, open_office, upgrade
from service.cli.deploy import deploy_paths
from service.settings import Settings, real_time
from service.web.app import create_app
from service.worker.runner import Worker
from tests.serving import stop_serving

REPOSITORY = Path(__file__).resolve().parents[2]
MONDAY = datetime(2026, 3, 16, 1, 0, tzinfo=UTC)  # 09:00 in China
DATABASE = "lianban.db"


@dataclass(frozen=True)
class Installation:
    """A running service."""

    office: Office
    address: str


def _settings(data: Path) -> Settings:
    return Settings(data_dir=data, demo=True, secret="journey", argon2=(1, 8, 1), port=0)


@cache
def _prepared(deploy: tuple[Path, ...]) -> Path:
    """A database with the demo city and these paths deployed an hour before time begins: made once, copied often."""
    data = Path(mkdtemp(prefix="lianban-prepared-"))
    atexit.register(shutil.rmtree, data, ignore_errors=True)
    office = open_office(_settings(data), clock=lambda: MONDAY - timedelta(hours=1))
    upgrade(office)
    load_demo_city(office)
    if deploy:
        deploy_paths(office, list(deploy), "processes")
    office.close()
    with sqlite3.connect(data / DATABASE) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return data / DATABASE


class Serving:
    """Starts and stops an installation."""

    def __init__(
        self, data: Path, *, deploy: Sequence[Path] = (REPOSITORY / "processes", REPOSITORY / "forms")
    ) -> None:
        shutil.copyfile(_prepared(tuple(deploy)), data / DATABASE)
        self._begun = real_time()
        office = open_office(_settings(data), clock=lambda: MONDAY + (real_time() - self._begun))
        self._worker = Worker(office)
        self._worker.start()
        self._server = create_server(create_app(office), host="127.0.0.1", port=0, threads=8)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        self.installation = Installation(office=office, address=f"http://127.0.0.1:{self._server.effective_port}")

    def stop(self) -> None:
        """Everything down, in order."""
        stop_serving(self._server, self._thread)
        self._worker.stop()
        self.installation.office.close()
