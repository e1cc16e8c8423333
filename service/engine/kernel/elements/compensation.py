"""Compensation (BPMN 2.0.2, 13.5.5). A scope keeps `undo`: what has completed in it and can be undone, in order.

A record is {"a": id of the activity, "d": its locals as they were (loop item, input parameters), "in": records of a
completed sub-process, "up": how many scopes outwards it belongs}. Process variables are read as they are now, as Camunda users know it. Whoever undoes takes
records from the end, one at a time: `todo` in the internal data of its token. A handler's token says in `for` whose
records it works on. Completed sub-processes are opened again to unwind what is inside.
"""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.util.task import TaskState as S

from service.engine.kernel.token import Token


def remember(token: Token) -> None:
    """An activity has completed: note what would undo it."""
    data, element = token.internal_data, token.task_spec
    inner = data.pop("inner", None)
    if "for" in data or element.handler is None and not inner:
        return
    scope = token.workflow
    record: dict[str, Any] = {"a": element.name}
    if token.data:
        record["d"] = dict(token.data)
    if element.handler is None:
        record["in"] = inner
    scope.undo.append(record)


def adopt(token: Token, scope: Any) -> None:
    """A completed sub-process keeps its records."""
    if scope.spec.undoable and (scope.undo or scope.spec.undoing is not None):
        token.internal_data["inner"] = scope.undo or [{}]


def undo(thrower: Token, activity: str | None = None, *, waits: bool = True) -> bool:
    """Take what is to be undone and begin with it. True when nothing is left to wait for."""
    chosen: list[dict[str, Any]] = []
    for up, scope in reversed([*enumerate(undone(thrower))]):
        picked = [record for record in scope.undo if activity in (None, record["a"])]
        scope.undo = [record for record in scope.undo if record not in picked]
        chosen += [{**record, "up": up} for record in picked] if up else picked
    if not chosen:
        return True
    if not waits:
        watcher = Token(thrower.workflow, thrower.task_spec, thrower.workflow.task_tree, S.STARTED)
        watcher.internal_data.update(background=True, todo=chosen)
        advance(watcher)
        return True
    thrower.internal_data["todo"] = chosen
    return advance(thrower)


def undone(thrower: Token) -> list[Any]:
    """The scopes that are undone: that of the thrower; inside an event sub-process also the one it guards."""
    if thrower.internal_data.get("reopened"):
        return [thrower.hosted]
    scopes = [thrower.workflow]
    while scopes[-1].host is not None and scopes[-1].host.task_spec.guards:
        scopes.append(scopes[-1].host.workflow)
    return scopes


def advance(thrower: Token) -> bool:
    """Begin to undo the last record. True: all is done."""
    todo = thrower.internal_data["todo"]
    if not todo:
        del thrower.internal_data["todo"]
        return True
    record = todo.pop()
    scope = undone(thrower)[record.get("up", 0)]
    element = scope.spec.task_specs[record["a"]]
    about = {"for": thrower.id, **({"snap": record["d"]} if "d" in record else {})}
    if "in" in record:
        reopen(scope, element, record["in"], about)
    else:
        scope.spawn(element.handler, internal=about)
    return False


def reopen(scope: Any, element: Any, records: list[Any], about: dict[str, Any]) -> None:
    """A completed sub-process is opened to unwind it: by its compensation event sub-process, else in reverse order."""
    top = scope.top_workflow
    host = Token(scope, element, scope.task_tree, S.STARTED)
    host.internal_data.update(about, reopened=True, todo=[])
    top.emit("entered", host)
    inner = top.open_scope(host, element.inner, called=False)
    records = [record for record in records if record]
    if element.inner.undoing is not None:
        inner.undo = records
        inner.spawn(element.inner.undoing, internal={"run": True})
    else:
        host.internal_data["todo"] = records
        advance(host)


def handled(token: Token) -> None:
    """A handler, or a sub-process opened again, is through: whoever undoes goes on."""
    thrower = token.workflow.top_workflow.index.get(token.internal_data["for"])
    if thrower is None or "todo" not in thrower.internal_data or not advance(thrower):
        return
    if thrower.internal_data.get("reopened"):
        return  # its scope is empty now and completes
    thrower.task_spec.finish(thrower)
