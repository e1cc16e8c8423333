"""Where what comes from outside is filed: answers under the element's id, variables where they are seen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.engine.kernel.elements.loops import Loop, MultiInstance
from service.engine.kernel.scope import write
from service.engine.kernel.token import Token


def file_answers(token: Token, answers: dict[str, Any]) -> None:
    """As variable <element id> of the process scope.

    Inside a multi-instance loop several would overwrite each other: there the variable is a list with one entry per
    completed instance of this round, and what was answered is also a local of the instance.
    """
    name: str = token.task_spec.name
    instance = _instance_around(token)
    if instance is None:
        token.workflow.assign({name: answers})
        return
    loop = instance.parent
    assert loop is not None
    instance.data[name] = answers
    filed = loop.internal_data.setdefault("filed", [])
    before = token.workflow.variables.get(name) if name in filed else None
    if name not in filed:
        filed.append(name)
    token.workflow.assign({name: [*(before if isinstance(before, list) else []), answers]})


def set_by_caller(token: Token, variables: Mapping[str, Any] | None, types: Mapping[str, str] | None) -> None:
    """Variables given from outside go where they are seen; what comes with an event is never its host's own."""
    if not variables:
        return
    own = {name: value for name, value in variables.items() if name in token.data}
    token.data.update(own)
    rest = {name: value for name, value in variables.items() if name not in own}
    host = token.parent
    subscribed = host is not None and not token.free and not isinstance(host.task_spec, Loop)
    write(host if subscribed and host is not None else token, rest, types, beyond=True)


def _instance_around(token: Token) -> Token | None:
    """The nearest loop instance around the token, within its process scope."""
    current = token
    while True:
        parent = current.parent
        if parent is not None and isinstance(parent.task_spec, MultiInstance):
            return current
        scope = current.workflow
        if scope.called:
            return None
        host = scope.host
        assert host is not None
        current = host
