"""The stored state: live tokens only, no specs. `{"v": 1, …}`; scopes parents first, tokens in the order they were made.

scope: [host id, data, types, written names, business key, tokens], and behind it, only where something can be
compensated, its records; token: [id, parent, element, state, locals, internal]
with parent = row number in the same scope, -1 for the scope itself. `q`: ids of the tokens that want to run.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
from SpiffWorkflow.util.task import TaskState as S

from service.engine.kernel import values
from service.engine.kernel.faults import EngineFault
from service.engine.kernel.instance import ProcessInstance
from service.engine.kernel.scope import SubScope
from service.engine.kernel.token import ROOT, Token
from service.engine.timekeeping import Timekeeper

VERSION = 1


def dump(instance: ProcessInstance) -> bytes:
    """The state as bytes. Raises EngineFault for a value that cannot be kept."""
    scopes = []
    for scope in instance.scopes():
        numbers = {ROOT: -1}
        rows: list[list[Any]] = []
        for id, token in scope.tasks.items():
            if id == ROOT:
                continue
            numbers[id] = len(rows)
            row = [id, numbers[token._parent], token.task_spec.name, token._state]
            if token.internal_data:
                row += (token.data or None, token.internal_data)
            elif token.data:
                row.append(token.data)
            rows.append(row)
        host = scope.parent_task_id
        called = scope.called
        about: list[Any] = [
            host,
            scope.data if called else None,
            scope.types or None if called else None,
            list(scope.written) if called and host is not None else None,
            scope.business_key,
            rows,
        ]
        if scope.spec.undoable:
            about.append(scope.undo)
        scopes.append(about)
    state = {"v": VERSION, "p": instance.spec.key, "scopes": scopes}
    if instance.queue:
        state["q"] = [token.id for token in instance.queue if token._state == S.READY]
    try:
        return values.encode(state)
    except TypeError as error:
        raise EngineFault(f"a value cannot be kept in the state: {error}") from error


def load(
    blob: bytes,
    models: Mapping[str, Any],
    key: str,
    *,
    now: datetime,
    calendar: Any,
    keeper: Timekeeper | None = None,
) -> ProcessInstance:
    """The instance of a state. Raises EngineFault when the state does not fit the program."""
    try:
        state = values.decode(blob)
    except orjson.JSONDecodeError as error:
        raise EngineFault(f"the state is not readable: {error}") from error
    if not isinstance(state, dict) or state.get("v") != VERSION:
        raise EngineFault(
            f"expected a state of version {VERSION}, but got {state.get('v') if isinstance(state, dict) else state!r}"
        )
    if state.get("p") != key:
        raise EngineFault(f"expected a state of process {key}, but it is one of {state.get('p')}")
    instance = ProcessInstance(models, key, now=now, calendar=calendar, keeper=keeper)
    try:
        for host, data, types, written, business_key, rows, *more in state["scopes"]:
            scope = instance if host is None else _scope(instance, host, data is not None)
            scope.open()
            scope.data = data or {}
            scope.types = types or {}
            scope.written = dict.fromkeys(written or ())
            scope.business_key = business_key
            scope.known = set(scope.data)
            scope.undo = more[0] if more else []
            _tokens(scope, rows)
        instance.watch_again([token for token in instance.index.values() if token.task_spec.watches(token)])
        for id in state.get("q", ()):
            instance.schedule(instance.index[id])
        instance.measure()
    except (KeyError, ValueError, IndexError, TypeError) as error:
        raise EngineFault(f"the state does not fit process {key}: {error!r}") from error
    return instance


def _scope(instance: ProcessInstance, id: str, called: bool) -> SubScope:
    host = instance.index[id]
    element = host.task_spec
    model = instance.models[element.called] if called else element.inner
    scope = SubScope(model, host, instance, called=called)
    instance.subprocesses[id] = scope
    return scope


def _tokens(scope: Any, rows: list[list[Any]]) -> None:
    specs, patient = scope.spec.task_specs, scope.top_workflow.patient
    made: list[Token] = []
    for row in rows:
        element = specs.get(row[2])
        if element is None:
            raise EngineFault(f"process {scope.spec.key} has no element {row[2]}")
        token = Token(scope, element, scope.task_tree if row[1] < 0 else made[row[1]], row[3], row[0])
        if len(row) > 4:
            token.data = row[4] or {}
        if len(row) > 5:
            token.internal_data = row[5]
        made.append(token)
        if element.patient and token._state == S.WAITING:
            patient[token.id] = token
