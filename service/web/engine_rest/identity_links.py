"""Identity links of tasks: assignee, owner, candidates."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from service.casework import assign_task, offer_task, update_task
from service.casework.listing import CANDIDATES, TASKS, Inquiry, TaskRow, list_rows, one_row
from service.rules.refusals import Invalid
from service.web.bodies import Body, read_body
from service.web.engine_rest.answers import answer, done
from service.web.engine_rest.door import door, task_id, this_office, who
from service.web.engine_rest.tasks import MISSING


def _task(text: str) -> TaskRow:
    return one_row(this_office(), who(), TASKS, "TASK_NOT_FOUND", MISSING, task_id=task_id(text), open=True)


@door.get("/task/<text>/identity-links")
def identity_links(text: str) -> Response:
    row = _task(text)
    links: list[dict[str, Any]] = [
        {"userId": user, "groupId": None, "type": kind}
        for kind, user in (("assignee", row.assignee), ("owner", row.owner))
        if user
    ]
    for candidate in list_rows(this_office(), who(), CANDIDATES, Inquiry(filters={"task_id": row.id})):
        user = candidate.value if candidate.kind == "user" else None
        links.append({"userId": user, "groupId": None if user else candidate.value, "type": "candidate"})
    wanted = request.args.get("type")
    return answer([link for link in links if wanted in (None, link["type"])])


@door.post("/task/<text>/identity-links")
def add_identity_link(text: str) -> Response:
    return _change(text, read_body(), adding=True)


@door.post("/task/<text>/identity-links/delete")
def delete_identity_link(text: str) -> Response:
    return _change(text, read_body(), adding=False)


def _change(text: str, body: Body, *, adding: bool) -> Response:
    kind = body.needed_text("type")
    user, group = body.text("userId", longest=60), body.text("groupId", longest=100)
    if (user is None) == (group is None):
        raise Invalid("LINK_UNCLEAR", "userId 和 groupId 必须给出且只能给出一个。")
    found = task_id(text)
    if kind == "assignee" and user:
        assign_task(this_office(), who(), found, user if adding else None)
    elif kind == "owner" and user:
        update_task(this_office(), who(), found, {"owner": user if adding else None})
    elif kind == "candidate":
        sort = "user" if user else "group"
        offer_task(this_office(), who(), found, kind=sort, value=user or group or "", offered=adding)
    else:
        raise Invalid("LINK_UNKNOWN", "不支持类型为 {kind} 的身份关联。", kind=kind)
    return done()
