"""A whole installation on a free port: web, worker, demo city, every shipped process; time begins on a Monday morning."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from waitress.server import create_server

from service.casework import Office, load_demo_city, open_office, upgrade
from service.cli.deploy import deploy_paths
from service.settings import Settings, real_time
from service.web.app import create_app
from service.worker.runner import Worker
from tests.serving import stop_serving

REPOSITORY = Path(__file__).resolve().parents[2]
MONDAY = datetime(2026, 3, 16, 1, 0, tzinfo=UTC)  # 09:00 in China


@dataclass(frozen=True)
class Installation:
    """A running service."""

    office: Office
    address: str


class Serving:
    """Starts and stops an installation."""

    def __init__(
        self, data: Path, *, deploy: Sequence[Path] = (REPOSITORY / "processes", REPOSITORY / "forms")
    ) -> None:
        self._begun = real_time()
        settings = Settings(data_dir=data, demo=True, secret="journey", argon2=(1, 8, 1), port=0)
        office = open_office(settings, clock=lambda: MONDAY + (real_time() - self._begun))
        upgrade(office)
        load_demo_city(office)
        paths = [path for path in deploy if path.exists()]
        if paths:
            deploy_paths(office, paths, "processes")
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
