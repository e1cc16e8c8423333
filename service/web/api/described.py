"""Every address of `/api/v1` with its parameters, bodies and answers."""

from __future__ import annotations

from typing import Any

from service.web.api import (
    calendars_described,
    clocks_described,
    duties_described,
    handing_described,
    inbox_described,
    notes_described,
    records_described,
    returning_described,
    silence_described,
    windows_described,
)
from service.web.api.cases import STATES
from service.web.api.incidents import KINDS
from service.web.api.incidents import STATES as INCIDENT_STATES
from service.web.api.operations import ID_PART, KEY, PAGING, TEXT_255, content, operation, query
from service.web.api.schemas import INSTANT, SCHEMAS, ref
from service.web.api.tasks import VIEWS

PATHS: dict[str, dict[str, Any]] = {
    "/cases": {
        "get": operation(
            "listCases",
            "办件列表，最近的在前",
            "办件",
            {200: ref("CasePage")},
            parameters=(
                query("process", TEXT_255, "流程标识"),
                query("state", {"enum": list(STATES)}),
                query("businessKey", TEXT_255, "业务编号"),
                query("title", TEXT_255, "标题中的文字"),
                query("startedBy", TEXT_255),
                query("startedAfter", INSTANT),
                query("startedBefore", INSTANT),
                *PAGING,
            ),
        ),
        "post": operation(
            "startCase", "发起办件", "办件", {201: ref("Case")}, parameters=(KEY,), body=content(ref("NewCase"))
        ),
    },
    "/cases/{id}": {
        "get": operation("getCase", "一个办件", "办件", {200: ref("CaseDetail")}, parameters=(ID_PART,)),
    },
    "/cases/{id}/journal": {
        "get": operation("getJournal", "办件的经过", "办件", {200: ref("Journal")}, parameters=(ID_PART,)),
    },
    "/tasks": {
        "get": operation(
            "listTasks",
            "任务列表，先到期的在前",
            "任务",
            {200: ref("TaskPage")},
            parameters=(
                query(
                    "view", {"enum": list(VIEWS), "default": "open"}, "open 我的和可认领的，mine 我的，queue 可认领的"
                ),
                query("case", {"type": "string", "format": "uuid"}),
                query("process", TEXT_255, "流程标识"),
                query("element", TEXT_255, "环节标识"),
                query("dueBefore", INSTANT),
                query("dueAfter", INSTANT),
                *PAGING,
            ),
        )
    },
    "/tasks/{id}": {"get": operation("getTask", "一个任务", "任务", {200: ref("Task")}, parameters=(ID_PART,))},
    "/tasks/{id}/form": {
        "get": operation("getTaskForm", "任务的表单", "任务", {200: ref("TaskForm")}, parameters=(ID_PART,))
    },
    "/tasks/{id}/claim": {
        "post": operation("claimTask", "认领任务", "任务", {200: ref("Task")}, parameters=(ID_PART, KEY))
    },
    "/tasks/{id}/release": {
        "post": operation("releaseTask", "退回任务", "任务", {200: ref("Task")}, parameters=(ID_PART, KEY))
    },
    "/tasks/{id}/complete": {
        "post": operation(
            "completeTask",
            "完成任务",
            "任务",
            {200: ref("Completed")},
            parameters=(ID_PART, KEY),
            body=content(ref("TaskCompletion")),
            needed=False,
        )
    },
    "/processes": {
        "get": operation(
            "listProcesses",
            "流程列表",
            "流程",
            {200: ref("ProcessPage")},
            parameters=(
                query("key", TEXT_255, "流程标识"),
                query("kind", {"enum": ["CHAIN", "ITEM", "SUPPORT"]}),
                query("versions", {"enum": ["newest", "all"], "default": "newest"}),
                *PAGING,
            ),
        ),
        "post": operation(
            "deployProcesses",
            "部署流程文件",
            "流程",
            {200: ref("Deployed"), 201: ref("Deployed")},
            parameters=(KEY,),
            body={**content(ref("Upload")), **content(ref("UploadedFiles"), "multipart/form-data")},
        ),
    },
    "/processes/lint": {
        "post": operation(
            "lintProcesses",
            "检查流程文件，不部署",
            "流程",
            {200: ref("Examined")},
            body={**content(ref("Upload")), **content(ref("UploadedFiles"), "multipart/form-data")},
        )
    },
    "/processes/{id}": {
        "get": operation("getProcess", "一个流程版本", "流程", {200: ref("Process")}, parameters=(ID_PART,))
    },
    "/processes/{id}/xml": {
        "get": {
            **operation("getDiagram", "流程图文件", "流程", {}, parameters=(ID_PART,)),
        }
    },
    "/incidents": {
        "get": operation(
            "listIncidents",
            "故障列表，最早的在前",
            "故障",
            {200: ref("IncidentPage")},
            parameters=(
                query("state", {"enum": list(INCIDENT_STATES), "default": "open"}),
                query("kind", {"enum": list(KINDS)}),
                query("case", {"type": "string", "format": "uuid"}),
                query("process", TEXT_255, "流程标识"),
                *PAGING,
            ),
        )
    },
    "/incidents/{id}": {
        "get": operation("getIncident", "一个故障", "故障", {200: ref("Incident")}, parameters=(ID_PART,))
    },
    "/incidents/{id}/retry": {
        "post": operation(
            "retryIncident", "重新执行失败的步骤", "故障", {200: ref("Incident")}, parameters=(ID_PART, KEY)
        )
    },
    "/incidents/{id}/close": {
        "post": operation("closeIncident", "关闭故障", "故障", {200: ref("Incident")}, parameters=(ID_PART, KEY))
    },
    "/time-limit/preview": {
        "post": {
            **operation(
                "previewTimeLimit",
                "时限试算：到期日、灯和逐日说明；不必登录，不保存",
                "时限",
                {200: ref("LimitPreview")},
                body=content(ref("LimitQuestion")),
            ),
            "security": [],
        }
    },
    **returning_described.PATHS,
    **silence_described.PATHS,
    **calendars_described.PATHS,
    "/demo/clock": {
        "get": operation("readDemoClock", "演示时钟（仅演示模式）", "演示", {200: ref("Clock")}),
        "put": operation(
            "moveDemoClock", "调整演示时钟（仅演示模式）", "演示", {200: ref("Clock")}, body=content(ref("ClockMove"))
        ),
    },
}
PATHS.update(clocks_described.PATHS)
PATHS.update(duties_described.PATHS)
PATHS.update(handing_described.PATHS)
PATHS.update(notes_described.PATHS)
SCHEMAS.update(notes_described.SCHEMAS)
PATHS.update(records_described.PATHS)
SCHEMAS.update(records_described.SCHEMAS)
PATHS.update(inbox_described.PATHS)
PATHS.update(windows_described.PATHS)
PATHS["/processes/{id}/xml"]["get"]["responses"]["200"] = {
    "description": "BPMN 2.0",
    "content": content({"type": "string"}, "application/xml"),
}
