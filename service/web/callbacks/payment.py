"""`POST /callbacks/payment`: money came in or went back, said by the payment channel."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, request

from service.casework.money.receiving import receive_callback
from service.rules.refusals import TooLarge

LARGEST = 16_384  # bytes of a notice


def register(app: Flask, office: Any) -> None:
    """Adds the address. The path is taken as it was sent: it is signed."""

    @app.post("/callbacks/payment")
    def payment_notice() -> Response:
        if (request.content_length or 0) > LARGEST:
            raise TooLarge("BODY_TOO_LARGE", "请求内容过大。")
        body = request.get_data(cache=False)
        if len(body) > LARGEST:
            raise TooLarge("BODY_TOO_LARGE", "请求内容过大。")
        path = request.environ.get("REQUEST_URI") or request.full_path.rstrip("?")
        receive_callback(office, request.method, path, dict(request.headers), body)
        return Response(status=204)
