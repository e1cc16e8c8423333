"""How `/engine-rest` answers: exactly `application/json`, Camunda's error objects."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Response, g, request

from service.rules.refusals import Refusal
from service.web.credentials import CHALLENGE

TYPES = {
    400: "InvalidRequestException",
    401: "AuthenticationException",
    403: "AuthorizationException",
    404: "InvalidRequestException",
    409: "OptimisticLockingException",
}
PARSE_FAILURE = "ENGINE-09005 Could not parse BPMN process."


def answer(data: Any, status: int = 200) -> Response:
    """JSON whose Content-Type carries no charset: one published client compares it letter by letter."""
    return Response(orjson.dumps(data), status, content_type="application/json")


def done() -> Response:
    """204: done, nothing to say."""
    return Response(status=204)


def counted(number: int) -> Response:
    """The answer of every `/count`."""
    return answer({"count": number})


def refused(status: int, code: str, sentence: str, refusal: Refusal | None) -> Response:
    """Camunda's error object; `reason` is our stable code, `code` 1 says a concurrent change won and trying again is safe."""
    body: dict[str, Any] = {
        "type": TYPES.get(status, "RestException"),
        "message": sentence,
        "code": 1 if status == 409 else None,
        "reason": code,
    }
    if refusal is not None and refusal.fields:
        body["fields"] = [{"field": p.field, "code": p.code, "message": p.sentence()} for p in refusal.fields]
    if refusal is not None and isinstance(refusal.details, dict):
        body["details"] = refusal.details
    if status == 403:
        body.update(_missing_permission(code))
    if code == "DEPLOYMENT_REFUSED" and refusal is not None:
        body.update(type="ParseException", code=0, details=_findings(refusal))
        body["message"] = f"{PARSE_FAILURE} {sentence}"
    response = answer(body, status)
    if status == 401:
        response.headers["WWW-Authenticate"] = CHALLENGE
    return response


def _missing_permission(code: str) -> dict[str, Any]:
    """What Camunda says of a missing permission: which act on which resource."""
    segments = request.path.strip("/").split("/")
    words = "".join(word.capitalize() for word in (segments[1] if len(segments) > 1 else "").split("-"))
    permission = {"GET": "READ", "DELETE": "DELETE"}.get(request.method, "UPDATE")
    missing = {
        "permissionName": permission,
        "resourceName": words,
        "resourceId": segments[2] if len(segments) > 2 else None,
    }
    actor = g.get("actor")
    return {**missing, "userId": actor.username if actor else None, "missingAuthorizations": [missing]}


def _findings(refusal: Refusal) -> dict[str, Any]:
    """Findings by file as Camunda's modelling tools show them."""
    files: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for finding in refusal.details or ():
        problem = {
            "message": finding.text,
            "line": finding.line,
            "column": finding.column,
            "mainElementId": finding.element,
            "elementIds": [finding.element] if finding.element else [],
            "code": finding.code,
        }
        kind = "errors" if finding.severity == "error" else "warnings"
        files.setdefault(finding.file, {"errors": [], "warnings": []})[kind].append(problem)
    return files
