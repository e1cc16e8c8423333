"""The description of `/api/v1` in OpenAPI 3.1, put together from what the resources say of themselves."""

from __future__ import annotations

from functools import cache
from typing import Any

from flask import Response

from service import __version__
from service.web.api.described import PATHS
from service.web.api.door import answer, door
from service.web.api.inbox_described import SCHEMAS as OF_INBOX
from service.web.api.schemas import SCHEMAS

SCHEMAS.update(OF_INBOX)


@door.get("/openapi.json")
def openapi() -> Response:
    return answer(document())


@cache
def document() -> dict[str, Any]:
    """The whole description; the same object every time."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "联办 Lianban",
            "version": __version__,
            "summary": "政务服务办件、任务与流程接口",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/api/v1"}],
        "security": [{"basic": []}, {"token": []}, {"session": []}],
        "paths": PATHS,
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {
                "basic": {"type": "http", "scheme": "basic"},
                "token": {"type": "http", "scheme": "bearer"},
                "session": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "session",
                    "description": "网页会话；改变数据的请求另须带请求头 X-CSRFToken。",
                },
            },
        },
    }
