"""Two questions of a supervisor of processes: do you live, and can you work?"""

from __future__ import annotations

import orjson
from flask import Flask, Response

from service.casework import Office, is_ready


def register(app: Flask, office: Office) -> None:
    """Adds `/healthz` (200 while the process lives) and `/readyz` (200 only with a migrated database and a live worker)."""

    @app.get("/healthz")
    def healthz() -> Response:
        return Response(b'{"status":"ok"}', mimetype="application/json")

    @app.get("/readyz")
    def readyz() -> Response:
        readiness = is_ready(office)
        body = orjson.dumps(readiness, default=str)
        return Response(body, 200 if readiness.ready else 503, mimetype="application/json")
