"""The addresses of 补正 and 超时默许, and what they answer."""

from __future__ import annotations

from typing import Any

from service.web.api.operations import ID_PART, KEY, content, operation
from service.web.api.schemas import ref

PATHS: dict[str, dict[str, Any]] = {
    "/cases/{id}/silence": {
        "get": operation("getSilence", "补正告知和超时默许", "时限", {200: ref("Silence")}, parameters=(ID_PART,))
    },
    "/cases/{id}/notice-release": {
        "post": operation(
            "releaseNotice", "首席代表放行再次补正", "时限", {200: ref("Silence")},
            parameters=(ID_PART, KEY), body=content(ref("SilenceReason")),
        )
    },
    "/cases/{id}/tacit-holds": {
        "post": operation(
            "holdTacit", "督查暂缓超时默许（一次，三个工作日）", "时限", {201: ref("TacitHold")},
            parameters=(ID_PART, KEY), body=content(ref("NewTacitHold")),
        )
    },
    "/tasks/{id}/late-opinion": {
        "post": operation(
            "fileLateOpinion", "默许之后补交意见，存档，不改变结果", "时限", {200: ref("Silence")},
            parameters=(ID_PART, KEY), body=content(ref("LateOpinion")),
        )
    },
}  # fmt: skip
