"""Every address of `/api/v1` with its parameters, bodies and answers."""

from __future__ import annotations

from typing import Any

from service.web.api.cases import STATES
from service.web.api.incidents import KINDS
from service.web.api.incidents import STATES as INCIDENT_STATES
from service.web.api.schemas import INSTANT, WHOLE, Schema, ref, text_up_to
from service.web.api.tasks import VIEWS

Operation = dict[str, Any]

EVERYWHERE = (400, 401, 403, 404, 409, 413, 415, 500, 503)  # refusals any operation may answer with


def _content(schema: Schema, kind: str = "application/json") -> dict[str, Any]:
    return {kind: {"schema": schema}}


def _operation(
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
        str(status): {"description": "成功", "content": _content(schema)} for status, schema in answers.items()
    }
    for status in EVERYWHERE:
        responses.setdefault(
            str(status), {"description": "拒绝", "content": _content(ref("Problem"), "application/problem+json")}
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


def _query(name: str, schema: Schema, description: str = "") -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": description}


TEXT_255 = text_up_to(255)
ID_PART: dict[str, Any] = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
KEY: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[A-Za-z0-9._:-]+$"},
    "description": "同一个键的同一请求只办理一次，再次发送得到同样的答复。",
}
PAGING = (
    _query("page", {**WHOLE, "minimum": 1, "maximum": 100_000, "default": 1}),
    _query("size", {**WHOLE, "minimum": 1, "maximum": 200, "default": 20}),
)
CALENDAR_PARTS: tuple[dict[str, Any], ...] = (
    {
        "name": "region",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "pattern": "^(CN|[0-9]{6})$"},
        "description": "CN 全国，或六位行政区划代码。",
    },
    {"name": "year", "in": "path", "required": True, "schema": {**WHOLE, "minimum": 2000, "maximum": 2200}},
)

PATHS: dict[str, dict[str, Any]] = {
    "/cases": {
        "get": _operation(
            "listCases",
            "办件列表，最近的在前",
            "办件",
            {200: ref("CasePage")},
            parameters=(
                _query("process", TEXT_255, "流程标识"),
                _query("state", {"enum": list(STATES)}),
                _query("businessKey", TEXT_255, "业务编号"),
                _query("title", TEXT_255, "标题中的文字"),
                _query("startedBy", TEXT_255),
                _query("startedAfter", INSTANT),
                _query("startedBefore", INSTANT),
                *PAGING,
            ),
        ),
        "post": _operation(
            "startCase", "发起办件", "办件", {201: ref("Case")}, parameters=(KEY,), body=_content(ref("NewCase"))
        ),
    },
    "/cases/{id}": {
        "get": _operation("getCase", "一个办件", "办件", {200: ref("CaseDetail")}, parameters=(ID_PART,)),
    },
    "/cases/{id}/journal": {
        "get": _operation("getJournal", "办件的经过", "办件", {200: ref("Journal")}, parameters=(ID_PART,)),
    },
    "/tasks": {
        "get": _operation(
            "listTasks",
            "任务列表，先到期的在前",
            "任务",
            {200: ref("TaskPage")},
            parameters=(
                _query(
                    "view", {"enum": list(VIEWS), "default": "open"}, "open 我的和可认领的，mine 我的，queue 可认领的"
                ),
                _query("case", {"type": "string", "format": "uuid"}),
                _query("process", TEXT_255, "流程标识"),
                _query("element", TEXT_255, "环节标识"),
                _query("dueBefore", INSTANT),
                _query("dueAfter", INSTANT),
                *PAGING,
            ),
        )
    },
    "/tasks/{id}": {"get": _operation("getTask", "一个任务", "任务", {200: ref("Task")}, parameters=(ID_PART,))},
    "/tasks/{id}/form": {
        "get": _operation("getTaskForm", "任务的表单", "任务", {200: ref("TaskForm")}, parameters=(ID_PART,))
    },
    "/tasks/{id}/claim": {
        "post": _operation("claimTask", "认领任务", "任务", {200: ref("Task")}, parameters=(ID_PART, KEY))
    },
    "/tasks/{id}/release": {
        "post": _operation("releaseTask", "退回任务", "任务", {200: ref("Task")}, parameters=(ID_PART, KEY))
    },
    "/tasks/{id}/complete": {
        "post": _operation(
            "completeTask",
            "完成任务",
            "任务",
            {200: ref("Completed")},
            parameters=(ID_PART, KEY),
            body=_content(ref("TaskCompletion")),
            needed=False,
        )
    },
    "/processes": {
        "get": _operation(
            "listProcesses",
            "流程列表",
            "流程",
            {200: ref("ProcessPage")},
            parameters=(
                _query("key", TEXT_255, "流程标识"),
                _query("kind", {"enum": ["CHAIN", "ITEM", "SUPPORT"]}),
                _query("versions", {"enum": ["newest", "all"], "default": "newest"}),
                *PAGING,
            ),
        ),
        "post": _operation(
            "deployProcesses",
            "部署流程文件",
            "流程",
            {200: ref("Deployed"), 201: ref("Deployed")},
            parameters=(KEY,),
            body={**_content(ref("Upload")), **_content(ref("UploadedFiles"), "multipart/form-data")},
        ),
    },
    "/processes/lint": {
        "post": _operation(
            "lintProcesses",
            "检查流程文件，不部署",
            "流程",
            {200: ref("Examined")},
            body={**_content(ref("Upload")), **_content(ref("UploadedFiles"), "multipart/form-data")},
        )
    },
    "/processes/{id}": {
        "get": _operation("getProcess", "一个流程版本", "流程", {200: ref("Process")}, parameters=(ID_PART,))
    },
    "/processes/{id}/xml": {
        "get": {
            **_operation("getDiagram", "流程图文件", "流程", {}, parameters=(ID_PART,)),
        }
    },
    "/incidents": {
        "get": _operation(
            "listIncidents",
            "故障列表，最早的在前",
            "故障",
            {200: ref("IncidentPage")},
            parameters=(
                _query("state", {"enum": list(INCIDENT_STATES), "default": "open"}),
                _query("kind", {"enum": list(KINDS)}),
                _query("case", {"type": "string", "format": "uuid"}),
                _query("process", TEXT_255, "流程标识"),
                *PAGING,
            ),
        )
    },
    "/incidents/{id}": {
        "get": _operation("getIncident", "一个故障", "故障", {200: ref("Incident")}, parameters=(ID_PART,))
    },
    "/incidents/{id}/retry": {
        "post": _operation(
            "retryIncident", "重新执行失败的步骤", "故障", {200: ref("Incident")}, parameters=(ID_PART, KEY)
        )
    },
    "/incidents/{id}/close": {
        "post": _operation("closeIncident", "关闭故障", "故障", {200: ref("Incident")}, parameters=(ID_PART, KEY))
    },
    "/time-limit/preview": {
        "post": {
            **_operation(
                "previewTimeLimit",
                "时限试算：到期日、灯和逐日说明；不必登录，不保存",
                "时限",
                {200: ref("LimitPreview")},
                body=_content(ref("LimitQuestion")),
            ),
            "security": [],
        }
    },
    "/calendars": {
        "get": _operation("listCalendars", "已录入的工作日历", "时限", {200: ref("CalendarList")}),
    },
    "/calendars/{region}/{year}": {
        "get": _operation(
            "getCalendar", "一个地区一年的工作日历，每天一行", "时限", {200: ref("Calendar")}, parameters=CALENDAR_PARTS
        ),
        "put": _operation(
            "putCalendar",
            "录入一年的工作日历并重新计算在办时限；preview=true 只预览，不保存",
            "时限",
            {200: ref("CalendarChange")},
            parameters=(*CALENDAR_PARTS, _query("preview", {"enum": ["true", "false"], "default": "false"})),
            body=_content(ref("NewCalendar")),
        ),
    },
    "/demo/clock": {
        "get": _operation("readDemoClock", "演示时钟（仅演示模式）", "演示", {200: ref("Clock")}),
        "put": _operation(
            "moveDemoClock", "调整演示时钟（仅演示模式）", "演示", {200: ref("Clock")}, body=_content(ref("ClockMove"))
        ),
    },
}
PATHS["/processes/{id}/xml"]["get"]["responses"]["200"] = {
    "description": "BPMN 2.0",
    "content": _content({"type": "string"}, "application/xml"),
}
