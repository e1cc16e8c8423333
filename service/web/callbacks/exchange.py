"""`POST /callbacks/exchange/<name>`: what another system answers or pushes, to our inbox."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Flask, Response, request

from service.casework.exchange import receive_exchange
from service.rules.refusals import TooLarge

LARGEST = 262_144  # bytes of a message


def register(app: Flask, office: Any) -> None:
    """Adds the address. The path is taken as it was sent: it is signed."""

    @app.post("/callbacks/exchange/<name>")
    def exchange_message(name: str) -> Response:
        if (request.content_length or 0) > LARGEST:
            raise TooLarge("BODY_TOO_LARGE", "请求内容过大。")
        path = request.environ.get("REQUEST_URI") or request.full_path.rstrip("?")
        ref = receive_exchange(office, name, request.method, path, dict(request.headers), request.get_data())
        return Response(orjson.dumps({"ref": ref}), 200, mimetype="application/json")
