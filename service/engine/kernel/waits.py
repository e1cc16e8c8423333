"""Wait points as the outside sees them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from service.engine.facts import Wait, WaitKind
from service.engine.kernel.token import Token, outside, public_id


def wait_of(token: Token, kind: WaitKind) -> Wait:
    """The wait point of a token. The same before saving and after loading."""
    element, scope, data = token.task_spec, token.workflow, token.internal_data
    entered = data.get("at")
    facts: dict[str, Any] = {
        "id": public_id(token.id),
        "kind": kind,
        "element": element.name,
        "name": element.label,
        "activity_type": element.activity_type,
        "process": element.process,
        "scope": outside(scope.parent_task_id),
        "variable_scope": outside(scope.owner.parent_task_id),
        "entered_at": datetime.fromisoformat(entered) if entered else None,
        "lane": element.details.lane,
        "zw": element.details.zw,
        "properties": element.details.properties,
        "local": {**data.get("snap", {}), **token.data},
        "loop": token.data.get("loopCounter"),
        "error": data.get("err"),
        "returned_to": data.get("who"),
    }
    facts.update(element.describe(token))
    return Wait(**facts)
