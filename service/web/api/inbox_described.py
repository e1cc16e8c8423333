"""The addresses and objects of the lists of work."""

from __future__ import annotations

from typing import Any

from service.rules.bulk import LONGEST_OPINION, MOST
from service.rules.work_filters import LIGHTS
from service.web.api import inbox
from service.web.api.operations import ID_PART, KEY, PAGING, content, operation, query
from service.web.api.schemas import (
    DAY,
    FLAG,
    ID,
    INSTANT,
    MAYBE_INSTANT,
    MAYBE_TEXT,
    TEXT,
    WHOLE,
    Schema,
    asked,
    listed,
    ref,
    shape,
    text_up_to,
)

SCHEMAS: dict[str, Schema] = {
    "WorkItem": shape(
        id=ID,
        name=TEXT,
        case=shape(id=ID, title=MAYBE_TEXT, businessKey=MAYBE_TEXT, state=TEXT),
        process=TEXT,
        assignee=MAYBE_TEXT,
        actingFor=MAYBE_TEXT,
        stage=MAYBE_TEXT,
        department=MAYBE_TEXT,
        light={"enum": ["RED", "YELLOW", "GREEN", "STOPPED", "NONE", "DONE"]},
        createdAt=INSTANT,
        dueAt=MAYBE_INSTANT,
        escalatedAt=MAYBE_INSTANT,
    ),
    "Inbox": shape(
        items=listed(ref("WorkItem")),
        total=WHOLE,
        page=WHOLE,
        size=WHOLE,
        counts={**shape(**dict.fromkeys(LIGHTS, WHOLE)), "description": "同一条件下各种灯的任务数，与列表一致。"},
    ),
    "Following": shape(following=FLAG),
    "BulkRun": shape(
        id=ID,
        act={"enum": list(inbox.ACTS)},
        to=MAYBE_TEXT,
        begunAt=INSTANT,
        waiting=WHOLE,
        done=WHOLE,
        submitted={**WHOLE, "description": "已提交、等待会签意见的任务数。"},
        refused=WHOLE,
        items=listed(
            shape(
                taskId=ID,
                name={**TEXT, "description": "无权查看的任务为空。"},
                state={"enum": ["WAITING", "DONE", "SUBMITTED", "REFUSED"]},
                code=MAYBE_TEXT,
                sentence=MAYBE_TEXT,
            )
        ),
    ),
    "NewBulkRun": asked(
        ("act", "tasks"),
        act={"enum": list(inbox.ACTS)},
        tasks={
            "type": "array",
            "minItems": 1,
            "maxItems": MOST,
            "items": asked(
                ("id",),
                id=ID,
                opinion=text_up_to(LONGEST_OPINION),
                seen={**WHOLE, "description": "意见所针对的任务版本；任务此后有变化的不办结。"},
            ),
        },
        opinion={**text_up_to(LONGEST_OPINION), "description": "没有单独意见的任务用这一意见。"},
        to={**text_up_to(255), "description": "指派给谁（用户名）。"},
    ),
}
PATHS: dict[str, dict[str, Any]] = {
    "/inbox": {
        "get": operation(
            "listInbox",
            "待办：与网页相同的位置、筛选、排序和计数",
            "任务",
            {200: ref("Inbox")},
            parameters=(
                *(query(name, {"enum": list(choices)}) for name, choices in inbox.CLOSED.items()),
                *(query(name, text_up_to(100)) for name in inbox.TEXTS),
                *(query(name, DAY) for name in inbox.DAYS),
                *PAGING,
            ),
        )
    },
    "/cases/{id}/following": {
        "put": operation("followCase", "关注办件", "办件", {200: ref("Following")}, parameters=(ID_PART,)),
        "delete": operation("unfollowCase", "取消关注", "办件", {200: ref("Following")}, parameters=(ID_PART,)),
    },
    "/bulk-runs": {
        "post": operation(
            "beginBulkRun",
            "批量认领、退回、指派、填意见办结；先登记，再逐次继续",
            "任务",
            {201: ref("BulkRun")},
            parameters=(KEY,),
            body=content(ref("NewBulkRun")),
        )
    },
    "/bulk-runs/{id}": {
        "get": operation("getBulkRun", "一次批量办理的结果", "任务", {200: ref("BulkRun")}, parameters=(ID_PART,))
    },
    "/bulk-runs/{id}/go-on": {
        "post": operation(
            "continueBulkRun", "办理其后的二十项", "任务", {200: ref("BulkRun")}, parameters=(ID_PART, KEY)
        )
    },
}
