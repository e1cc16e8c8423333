"""`POST /callbacks/sms`: what became of a message, said by an SMS gateway."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, request

from service.casework.messages.channels import receive_sms_report
from service.rules.refusals import TooLarge

LARGEST = 16_384  # bytes of a report


def register(app: Flask, office: Any) -> None:
    """Adds the address. The path is taken as it was sent: it is signed."""

    @app.post("/callbacks/sms")
    def sms_report() -> Response:
        if (request.content_length or 0) > LARGEST:
            raise TooLarge("BODY_TOO_LARGE", "请求内容过大。")
        path = request.environ.get("REQUEST_URI") or request.full_path.rstrip("?")
        receive_sms_report(office, request.method, path, dict(request.headers), request.get_data())
        return Response(status=204)
