"""Refusals of `/api/v1` as problem details (RFC 9457) with a stable `code`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson
from flask import Response, g, session

from service.casework import Finding
from service.rules.refusals import Refusal
from service.web.credentials import CHALLENGE

TITLES = {
    400: "请求不正确",
    401: "需要登录",
    403: "没有权限",
    404: "不存在",
    405: "不支持的请求方法",
    409: "状态已经改变",
    413: "内容过大",
    415: "不支持的内容类型",
    429: "请求过于频繁",
    503: "暂时不能服务",
}


def problem(status: int, code: str, sentence: str, refusal: Refusal | None) -> Response:
    """`type` and `code` are stable, `detail` is for people, `fields` says which fields were refused and why."""
    body: dict[str, Any] = {
        "type": f"urn:lianban:problem:{code}",
        "title": TITLES.get(status, "系统故障" if status >= 500 else "请求被拒绝"),
        "status": status,
        "detail": sentence,
        "code": code,
        "fields": [
            {"field": one.field, "code": one.code, "message": one.sentence()}
            for one in (refusal.fields if refusal is not None else ())
        ],
        "requestId": g.get("request_id"),
    }
    if code == "DEPLOYMENT_REFUSED" and refusal is not None:
        body["findings"] = findings(refusal.details or ())
    if refusal is not None and isinstance(refusal.details, dict):
        body["details"] = refusal.details  # of 岗位分离: the rule, and who may act instead
    response = Response(orjson.dumps(body), status, content_type="application/problem+json")
    if status == 401 and "_user_id" not in session:
        response.headers["WWW-Authenticate"] = CHALLENGE
    return response


def findings(found: Iterable[Finding]) -> list[dict[str, Any]]:
    """What the linter says, for programs."""
    return [
        {
            "code": one.code,
            "severity": str(one.severity),
            "file": one.file,
            "line": one.line,
            "column": one.column,
            "element": one.element,
            "message": one.text,
            "english": one.english,
        }
        for one in found
    ]
