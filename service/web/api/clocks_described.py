"""The addresses of clocks: what runs, what stands still and why, and the proof of every day."""

from __future__ import annotations

from typing import Any

from service.web.api.operations import ID_PART, KEY, content, operation, query
from service.web.api.schemas import ref

SCOPE = query("scope", {"type": "string", "format": "uuid"}, "联办链中的一个事项；不给则为办件本身")
PDF: dict[str, Any] = {"application/pdf": {"schema": {"type": "string", "contentMediaType": "application/pdf"}}}

KIND_PART: dict[str, Any] = {
    "name": "kind",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "minLength": 1, "maxLength": 40, "examples": ["HEARING", "EXPERT"]},
}
PROCEEDING_PART: dict[str, Any] = {**ID_PART, "name": "proceeding"}

PATHS: dict[str, dict[str, Any]] = {
    "/cases/{id}/clocks": {
        "get": operation("getClocks", "办件的全部时限和灯", "时限", {200: ref("ClockBook")}, parameters=(ID_PART,))
    },
    "/cases/{id}/suspensions": {
        "post": operation(
            "suspendClocks",
            "暂停计时（特别程序等，行政许可法第四十五条）",
            "时限",
            {201: ref("ClockBook")},
            parameters=(ID_PART, KEY),
            body=content(ref("NewSuspension")),
        )
    },
    "/cases/{id}/suspensions/{kind}/end": {
        "post": operation(
            "resumeClocks",
            "恢复计时",
            "时限",
            {200: ref("ClockBook")},
            parameters=(ID_PART, KIND_PART, KEY),
            body=content(ref("SuspensionEnd")),
            needed=False,
        )
    },
    "/cases/{id}/extensions": {
        "post": operation(
            "askExtension",
            "承办部门申请延期（行政许可法第四十二条）",
            "时限",
            {201: ref("Proceeding")},
            parameters=(ID_PART, KEY),
            body=content(ref("NewExtension")),
        )
    },
    "/cases/{id}/extensions/{proceeding}": {
        "put": operation(
            "decideExtension",
            "批准或不批准延期",
            "时限",
            {200: ref("ClockBook")},
            parameters=(ID_PART, PROCEEDING_PART),
            body=content(ref("ExtensionDecision")),
        )
    },
    "/cases/{id}/proceedings": {
        "get": operation(
            "listProceedings",
            "登记的事项：延期申请、异议、听证申请、调查等",
            "时限",
            {200: ref("Proceedings")},
            parameters=(ID_PART,),
        ),
        "post": operation(
            "openProceeding",
            "登记异议、听证申请或调查：了结之前不适用超时默许",
            "时限",
            {201: ref("Proceeding")},
            parameters=(ID_PART, KEY),
            body=content(ref("NewProceeding")),
        ),
    },
    "/cases/{id}/proceedings/{proceeding}": {
        "put": operation(
            "closeProceeding",
            "了结登记的事项",
            "时限",
            {200: ref("Proceeding")},
            parameters=(ID_PART, PROCEEDING_PART),
            body=content(ref("ProceedingEnd")),
            needed=False,
        )
    },
    "/outages": {
        "post": operation(
            "declareOutage",
            "认定系统故障：停用满 60 分钟的半日不计入所有运行中的时限",
            "时限",
            {201: ref("Outage")},
            parameters=(KEY,),
            body=content(ref("NewOutage")),
        )
    },
    "/cases/{id}/time-proof": {
        "get": operation(
            "getTimeProof",
            "时限证明单：逐日说明是否计入、由谁占用；按 Accept 给 JSON 或 PDF",
            "时限",
            {200: ref("TimeProof")},
            parameters=(ID_PART, SCOPE),
        )
    },
}
PATHS["/cases/{id}/time-proof"]["get"]["responses"]["200"]["content"].update(PDF)
