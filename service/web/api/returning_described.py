"""The addresses of 退回, 撤回, 跳转, 终止 and 重新启动, and what they ask."""

from __future__ import annotations

from typing import Any

from service.web.api.operations import ID_PART, KEY, content, operation
from service.web.api.schemas import ref

TOKEN_PART: dict[str, Any] = {
    "name": "token",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "format": "uuid"},
}
PATHS: dict[str, dict[str, Any]] = {
    "/tasks/{id}/return": {
        "get": operation("getReturn", "可以退回的环节和影响", "任务", {200: ref("MovePlaces")}, parameters=(ID_PART,)),
        "post": operation(
            "returnTask", "退回任务", "任务", {200: ref("Settled")},
            parameters=(ID_PART, KEY), body=content(ref("TaskReturn")),
        ),
    },
    "/tasks/{id}/recall": {
        "get": operation("getTakeBack", "撤回的影响", "任务", {200: ref("MovePlaces")}, parameters=(ID_PART,)),
        "post": operation(
            "takeBackTask", "撤回自己办完的任务", "任务", {200: ref("Settled")},
            parameters=(ID_PART, KEY), body=content(ref("TakeBack")),
        ),
    },
    "/cases/{id}/tokens/{token}/move": {
        "get": operation(
            "getMove", "可以跳转的环节和影响", "办件", {200: ref("MovePlaces")}, parameters=(ID_PART, TOKEN_PART)
        ),
        "post": operation(
            "moveToken", "跳转环节", "办件", {200: ref("Settled")},
            parameters=(ID_PART, TOKEN_PART, KEY), body=content(ref("TokenMove")),
        ),
    },
    "/cases/{id}/end": {
        "get": operation("getEnd", "终止的影响", "办件", {200: ref("EndPreview")}, parameters=(ID_PART,)),
        "post": operation(
            "endCase", "终止办件", "办件", {200: ref("Settled")},
            parameters=(ID_PART, KEY), body=content(ref("CaseEnd")),
        ),
    },
    "/cases/{id}/reopen": {
        "get": operation("getReopen", "重新启动的环节", "办件", {200: ref("EndPreview")}, parameters=(ID_PART,)),
        "post": operation(
            "reopenCase", "重新启动误退、误撤的办件", "办件", {200: ref("Settled")},
            parameters=(ID_PART, KEY), body=content(ref("CaseReopen")),
        ),
    },
}  # fmt: skip
