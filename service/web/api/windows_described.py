"""The addresses of windows."""

from __future__ import annotations

from typing import Any

from service.web.api.operations import TEXT_255, operation, query
from service.web.api.schemas import WHOLE, ref

PATHS: dict[str, dict[str, Any]] = {
    "/windows": {
        "get": operation(
            "listWindows",
            "窗口；给出事项编码时，为可以受理它的窗口（排队机按此叫号）",
            "窗口",
            {200: ref("WindowList")},
            parameters=(query("item", TEXT_255, "事项编码"),),
        )
    },
    "/intakes/waiting": {
        "get": operation(
            "listWaitingIntakes",
            "还没有受理结论的申请，先到视为受理时间的在前",
            "窗口",
            {200: ref("WaitingPage")},
            parameters=(
                query("window", TEXT_255, "窗口编号；online 为网上申报"),
                query("text", TEXT_255, "项目、编号、事项或排队号中的文字"),
                query("page", {**WHOLE, "minimum": 1}),
            ),
        )
    },
}
