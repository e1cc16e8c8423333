"""Modification of process instances: cancel, then begin before or after an activity."""

from __future__ import annotations

from uuid import UUID

from flask import Response

from service.casework.returning import modify_case
from service.rules.refusals import Invalid
from service.web.bodies import Body, field_refused, read_body
from service.web.engine_rest.answers import done
from service.web.engine_rest.door import case_id, door, this_office, who

STARTS = {"startBeforeActivity": False, "startAfterActivity": True}


@door.post("/process-instance/<text>/modification")
def modify_instance(text: str) -> Response:
    """As many `cancel` as wanted and exactly one start: our diagrams wait for every branch, so no token appears from nothing."""
    body = read_body()
    cancel: list[str | UUID] = []
    starts: list[tuple[str, bool]] = []
    for one in body.parts("instructions"):
        kind = one.needed_text("type")
        if kind == "cancel":
            cancel.append(_cancelled(one))
        elif kind in STARTS:
            starts.append((one.needed_text("activityId"), STARTS[kind]))
        else:
            raise field_refused("instructions.type", "cancel、startBeforeActivity 或 startAfterActivity")
    if len(starts) != 1:
        raise Invalid("MODIFICATION_UNBALANCED", "修改应取消至少一个环节，并从恰好一个环节开始")
    reason = body.text("annotation", longest=500) or ""
    modify_case(
        this_office(), who(), case_id(text), cancel=cancel, begin=starts[0][0], after=starts[0][1], reason=reason
    )
    return done()


def _cancelled(one: Body) -> str | UUID:
    """An activity by its id, or one of its instances."""
    found = one.identity("activityInstanceId") or one.identity("transitionInstanceId")
    return found if found is not None else one.needed_text("activityId")
