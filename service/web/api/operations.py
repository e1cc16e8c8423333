"""How one address of `/api/v1` is described: parameters, bodies, answers and the refusals any of them may have."""

from __future__ import annotations

from typing import Any

from service.web.api.schemas import WHOLE, Schema, ref, text_up_to
from service.web.once import KEY as ONE_KEY

Operation = dict[str, Any]

EVERYWHERE = (400, 401, 403, 404, 409, 413, 415, 429, 500, 503)  # refusals any operation may answer with


def content(schema: Schema, kind: str = "application/json") -> dict[str, Any]:
    return {kind: {"schema": schema}}


def operation(
    name: str,
    summary: str,
    tag: str,
    answers: dict[int, Schema],
    *,
    parameters: tuple[dict[str, Any], ...] = (),
    body: dict[str, Any] | None = None,
    needed: bool = True,
) -> Operation:
    responses: dict[str, Any] = {
        str(status): {"description": "成功", "content": content(schema)} for status, schema in answers.items()
    }
    for status in EVERYWHERE:
        responses.setdefault(
            str(status), {"description": "拒绝", "content": content(ref("Problem"), "application/problem+json")}
        )
    operation: Operation = {
        "operationId": name,
        "summary": summary,
        "tags": [tag],
        "parameters": list(parameters),
        "responses": responses,
    }
    if body is not None:
        operation["requestBody"] = {"required": needed, "content": body}
    return operation


def query(name: str, schema: Schema, description: str = "") -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": description}


TEXT_255 = text_up_to(255)
ID_PART: dict[str, Any] = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
KEY: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": ONE_KEY},
    "description": "同一个键的同一请求只办理一次，再次发送得到同样的答复。",
}
PAGING = (
    query("page", {**WHOLE, "minimum": 1, "maximum": 100_000, "default": 1}),
    query("size", {**WHOLE, "minimum": 1, "maximum": 200, "default": 20}),
)
