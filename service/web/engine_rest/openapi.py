"""The description of `/engine-rest` in OpenAPI 3.1: its addresses as they are routed, with what `described.py` says of them."""

from __future__ import annotations

import re
from typing import Any

from flask import Response, current_app
from werkzeug.routing import Rule

from service import __version__
from service.casework.listing import Kind
from service.web.engine_rest.answers import answer
from service.web.engine_rest.described import DESCRIBED, FILE, NOTHING, TEXT, Said
from service.web.engine_rest.door import door
from service.web.engine_rest.openapi_schemas import reference, schemas
from service.web.once import KEY as ONE_KEY

PLACE = re.compile(r"<(?:any\(([^)]*)\):)?(\w+)>")
SPELLED = {Kind.FLAG: {"type": "boolean"}, Kind.WHOLE: {"type": "integer"}}  # everything else is a text
REFUSALS = {
    400: "wrong request",
    401: "no credentials",
    403: "not granted",
    404: "not there",
    409: "somebody was faster; safe to try again",
    413: "more than 8 MB",
    429: "asked too often; Retry-After says when to come back",
    503: "cannot now; Retry-After says when to try again",
}
ONCE = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": ONE_KEY},
    "description": "The same request with the same key is carried out once.",
}


@door.get("/openapi.json")
def openapi() -> Response:
    """The description, for who may use what it describes."""
    return answer(
        document([rule for rule in current_app.url_map.iter_rules() if rule.endpoint.startswith("engine_rest.")])
    )


def document(rules: list[Rule]) -> dict[str, Any]:
    """The whole description of these routes."""
    paths: dict[str, dict[str, Any]] = {}
    for rule in sorted(rules, key=lambda one: one.rule):
        path = PLACE.sub(r"{\2}", rule.rule.removeprefix("/engine-rest"))
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            paths.setdefault(path, {})[method.lower()] = _operation(rule, path, method)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "联办 Lianban /engine-rest",
            "version": __version__,
            "summary": "The REST interface that modellers, workers and consoles of Camunda 7 know",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/engine-rest"}],
        "security": [{"basic": []}, {"token": []}],
        "paths": paths,
        "components": {
            "schemas": schemas(),
            "securitySchemes": {
                "basic": {"type": "http", "scheme": "basic"},
                "token": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def _operation(rule: Rule, path: str, method: str) -> dict[str, Any]:
    name = rule.endpoint.removeprefix("engine_rest.")
    said = DESCRIBED[name]
    described: dict[str, Any] = {
        "operationId": "_".join([method.lower(), *re.findall(r"\w+", path)]),
        "summary": said.summary,
        "tags": [path.split("/")[1]],
        "parameters": [
            *_places(rule),
            *(_filters(said) if method == "GET" else []),
            *([ONCE] if method == "POST" else []),
        ],
        "responses": _responses(said),
    }
    body = said.body or ("Anything" if said.listing is not None else None)
    if method in ("POST", "PUT") and body is not None:
        kind = "multipart/form-data" if body == "Files" else "application/json"
        described["requestBody"] = {"required": body == "Files", "content": {kind: {"schema": reference(body)}}}
    return described


def _places(rule: Rule) -> list[dict[str, Any]]:
    """What stands in the address."""
    found = []
    for choices, name in PLACE.findall(rule.rule):
        schema: dict[str, Any] = {"type": "string"}
        if choices:
            schema["enum"] = [one.strip() for one in choices.split(",")]
        found.append({"name": name, "in": "path", "required": True, "schema": schema})
    return found


def _filters(said: Said) -> list[dict[str, Any]]:
    """The filters of a list, its sorts and pages."""
    if said.listing is None:
        return []
    found = [
        {"name": camel(name), "in": "query", "required": False, "schema": SPELLED.get(one.kind, {"type": "string"})}
        for name, one in said.listing.criteria.items()
    ]
    if said.answer == "Count":
        return found
    sorts = sorted(camel(one) for one in said.listing.sorts)
    return [
        *found,
        {"name": "sortBy", "in": "query", "required": False, "schema": {"enum": sorts}},
        {"name": "sortOrder", "in": "query", "required": False, "schema": {"enum": ["asc", "desc"]}},
        *(
            {"name": name, "in": "query", "required": False, "schema": {"type": "integer", "minimum": 0}}
            for name in ("firstResult", "maxResults")
        ),
    ]


def _responses(said: Said) -> dict[str, Any]:
    if said.answer == NOTHING:
        good: dict[str, Any] = {"204": {"description": "done"}}
        if said.wished:
            content = {"application/json": {"schema": reference(said.wished)}}
            good["200"] = {"description": "done, with what was wished", "content": content}
    elif said.answer == TEXT:
        good = {"200": {"description": "a text", "content": {"text/plain": {"schema": {"type": "string"}}}}}
    elif said.answer == FILE:
        good = {"200": {"description": "bytes", "content": {"application/octet-stream": {}}}}
    else:
        good = {"200": {"description": "found", "content": {"application/json": {"schema": reference(said.answer)}}}}
    error = {"application/json": {"schema": reference("Error")}}
    refusals = REFUSALS | ({415: "not multipart/form-data"} if said.body == "Files" else {})
    return good | {str(status): {"description": text, "content": error} for status, text in refusals.items()}


def camel(name: str) -> str:
    """`due_before` → `dueBefore`."""
    return re.sub(r"_([a-z])", lambda match: match[1].upper(), name)
