"""The addresses of 内部备注 and 内部查询, and what they take and give."""

from __future__ import annotations

from typing import Any

from service.web.api.operations import ID_PART, KEY, content, operation
from service.web.api.schemas import (
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

NOTE_PART = {**ID_PART, "name": "note"}
QUERY_PART = {**ID_PART, "name": "query"}
TAG = "备注与查询"

SCHEMAS: dict[str, Schema] = {
    "Note": shape(
        id=ID, author=TEXT, writtenAt=INSTANT, text=TEXT, mentions=listed(TEXT), editedAt=MAYBE_INSTANT, deletedAt=MAYBE_INSTANT,
        files=listed(shape(id=ID, name=TEXT, size=WHOLE)), mayEdit=FLAG,
    ),
    "NoteList": shape(items=listed(ref("Note"))),
    "NoteText": asked(("text",), text=text_up_to(2000, 1)),
    "InternalQuery": shape(
        id=ID, askedBy=TEXT, department=MAYBE_TEXT, askedAt=INSTANT, question=TEXT, state={"enum": ["OPEN", "ANSWERED", "WITHDRAWN"]},
        closedBy=MAYBE_TEXT, closedAt=MAYBE_INSTANT, answer=MAYBE_TEXT,
    ),
    "InternalQueryList": shape(items=listed(ref("InternalQuery"))),
    "QueryQuestion": asked(("question",), question=text_up_to(500, 1)),
    "QueryAnswer": asked(("answer",), answer=text_up_to(500, 1)),
}  # fmt: skip

PATHS: dict[str, dict[str, Any]] = {
    "/cases/{id}/notes": {
        "get": operation("listNotes", "内部备注，最近的在前；申请人看不到", TAG, {200: ref("NoteList")}, parameters=(ID_PART,)),
        "post": operation(
            "writeNote", "写备注，用 @姓名 提醒同事", TAG, {201: ref("Note")}, parameters=(ID_PART, KEY), body=content(ref("NoteText")),
        ),
    },
    "/cases/{id}/notes/{note}": {
        "put": operation(
            "changeNote", "10 分钟内修改自己的备注", TAG, {200: ref("Note")}, parameters=(ID_PART, NOTE_PART), body=content(ref("NoteText")),
        ),
        "delete": operation("removeNote", "删除自己的备注，留下痕迹", TAG, {200: ref("Note")}, parameters=(ID_PART, NOTE_PART)),
    },
    "/cases/{id}/queries": {
        "get": operation("listQueries", "内部查询，最近的在前", TAG, {200: ref("InternalQueryList")}, parameters=(ID_PART,)),
        "post": operation(
            "askApplicant", "请综合窗口向申请人了解", TAG, {201: ref("InternalQuery")},
            parameters=(ID_PART, KEY), body=content(ref("QueryQuestion")),
        ),
    },
    "/cases/{id}/queries/{query}/answer": {
        "post": operation(
            "answerQuery", "综合窗口写明申请人的答复", TAG, {200: ref("InternalQuery")},
            parameters=(ID_PART, QUERY_PART, KEY), body=content(ref("QueryAnswer")),
        )
    },
    "/cases/{id}/queries/{query}/withdraw": {
        "post": operation(
            "withdrawQuery", "撤回尚未答复的内部查询", TAG, {200: ref("InternalQuery")}, parameters=(ID_PART, QUERY_PART, KEY),
        )
    },
}  # fmt: skip
