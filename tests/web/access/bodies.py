"""What is sent where an empty form or object would be refused before anybody is asked who sends it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

BODIES: Mapping[str, Any] = {
    "reason": {"reason": "核实情况"},
    "people": {"people": ["wangfang"], "note": "请知悉"},
    "end": {"ground": "WITHDRAWN", "reason": "核实情况"},
    "extension": {"amount": 1, "reason": "核实情况"},
    "grant": {"grant": True, "reason": "核实情况"},
    "text": {"text": "核实情况"},
    "question": {"question": "面积是多少？"},
    "answer": {"answer": "500平方米"},
    "suspension": {"kind": "HEARING", "reason": "核实情况", "notice": "通1", "expectedDays": 3},
    "proceeding": {"kind": "FEE", "reason": "核实情况"},
    "move": {"element": "Task_Accept", "reason": "核实情况"},
    "repair": {"variables": {"note": "x"}, "reason": "核实情况"},
    "successor": {"successor": "{person}", "reason": "核实情况"},
    "card": {"act": "sign"},
    "reply": {"act": "reply", "text": "已处理"},
    "opinion": {"opinion": "同意"},
    "transfer": {"to": "wangfang", "reason": "核实情况"},
    "delegate": {"to": "wangfang", "question": "可否？"},
    "instance": {"item": {"department": "101"}, "reason": "核实情况"},
    "signers": {"people": ["wangfang"], "place": "PARALLEL", "question": "可否？"},
    "vote": {"vote": "agree", "opinion": "同意"},
    "worker": {"workerId": "w1"},
    "worker_error": {"workerId": "w1", "errorCode": "E1", "escalationCode": "E1"},
    "worker_lock": {"workerId": "w1", "newDuration": 1000, "lockDuration": 1000},
    "retries": {"retries": 2, "priority": 2},
    "many_retries": {"retries": 2, "externalTaskIds": ["{external}"]},
    "user": {"userId": "wangfang"},
    "link": {"type": "candidate", "userId": "wangfang"},
    "message": {"message": "已阅"},
    "modification": {"instructions": [{"type": "startBeforeActivity", "activityId": "Task_Accept"}], "annotation": "核实情况"},
    "code": {"errorCode": "E1", "escalationCode": "E1"},
    "value": {"value": "x", "type": "String"},
    "values": {"modifications": {"note": {"value": "x"}}},
    "variables": {"variables": {}},
    "correlate": {"messageName": "MSG", "processInstanceId": "{case}"},
    "signal": {"name": "SIG"},
    "fetch": {"workerId": "w1", "maxTasks": 1, "topics": [{"topicName": "archive", "lockDuration": 9}]},
    "case": {"process": "{key}", "answers": {}},
    "absence": {"person": "{person}", "kind": "SUDDEN"},
    "outage": {"down": "2026-03-17T09:00:00+08:00", "up": "2026-03-17T10:00:00+08:00", "reason": "停电"},
    "letter": {
        "department": "{department}", "grantor": "罗明", "grantee": "{person}", "items": ["*"], "powers": ["REVIEW"],
        "validFrom": "2026-03-18", "validTo": "2026-12-31",
    },
    "bulk": {"act": "complete", "tasks": [{"task": "{task}"}], "opinion": "同意"},
    "year": {"days": [], "document": "通知", "reason": "核实情况"},
    "suspended": {"suspended": True},
    "advance": {"advance": "PT1S"},
}  # fmt: skip


def body(name: str, objects: Mapping[str, Any]) -> Any:
    """What a line sends, with its objects."""
    return filled(BODIES[name], objects) if name else None


def filled(value: Any, objects: Mapping[str, Any]) -> Any:
    """The same with `{name}` replaced by the object."""
    if isinstance(value, str):
        return value.format_map(objects) if "{" in value else value
    if isinstance(value, Mapping):
        return {name: filled(one, objects) for name, one in value.items()}
    return [filled(one, objects) for one in value] if isinstance(value, list) else value
