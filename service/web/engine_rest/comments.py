"""Comments of tasks."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from service.casework import CommentView, comment_task, task_comments
from service.rules.refusals import Missing
from service.web.bodies import read_body
from service.web.engine_rest.answers import answer
from service.web.engine_rest.door import door, task_id, this_office, who
from service.web.instants import camunda_instant


def comment(view: CommentView) -> dict[str, Any]:
    """One comment as Camunda writes it."""
    own = f"{request.host_url}engine-rest/task/{view.task_id}/comment/{view.id}"
    return {
        "links": [{"method": "GET", "href": own, "rel": "self"}] if view.task_id else [],
        "id": str(view.id),
        "userId": view.author,
        "taskId": str(view.task_id) if view.task_id else None,
        "processInstanceId": str(view.case_id),
        "rootProcessInstanceId": str(view.case_id),
        "time": camunda_instant(view.written_at),
        "message": view.message,
        "removalTime": None,
    }


@door.get("/task/<text>/comment")
def list_task_comments(text: str) -> Response:
    return answer([comment(one) for one in task_comments(this_office(), who(), task_id(text))])


@door.post("/task/<text>/comment/create")
def create_task_comment(text: str) -> Response:
    message = read_body().text("message", longest=4000) or ""
    return answer(comment(comment_task(this_office(), who(), task_id(text), message)))


@door.get("/task/<text>/comment/<comment_id>")
def get_task_comment(text: str, comment_id: str) -> Response:
    for one in task_comments(this_office(), who(), task_id(text)):
        if str(one.id) == comment_id.lower():
            return answer(comment(one))
    raise Missing("COMMENT_NOT_FOUND", "没有编号为 {id} 的意见。", id=comment_id)
