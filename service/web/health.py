"""Two questions of a supervisor of processes: do you live, and can you work?"""

from __future__ import annotations

from typing import Any

import orjson
from flask import Flask, Response


def register(app: Flask, office: Any) -> None:
    """Adds `/healthz` (200 while the process lives) and `/readyz` (200 only with a migrated database and a live worker)."""

    @app.get("/healthz")
    def healthz() -> Response:
        return Response(b'{"status":"ok"}', mimetype="application/json")

    @app.get("/readyz")
    def readyz() -> Response:
        from service.casework import is_ready

        readiness = is_ready(office)
        body = orjson.dumps(readiness, default=str)
        return Response(body, 200 if readiness.ready else 503, mimetype="application/json")
