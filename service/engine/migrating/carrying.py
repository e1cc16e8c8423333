"""Carrying an instance over: its judged state is loaded in the new version, and what differs is armed, counted or fired."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from SpiffWorkflow.util.task import TaskState as S

from service.engine.facts import WaitKind
from service.engine.kernel import codec
from service.engine.kernel.elements.subscriptions import Listens
from service.engine.kernel.faults import StepFailure
from service.engine.kernel.instance import ProcessInstance
from service.engine.kernel.token import Token
from service.engine.program import Program
from service.engine.run import Run
from service.engine.timekeeping import Timekeeper


@dataclass(frozen=True, kw_only=True)
class Carried:
    """A judged state. `errands`: what is left to do (what, token or host of a scope, element); `answers`: by process, user tasks
    that go on under another id."""

    state: bytes
    errands: tuple[tuple[str, str | None, str], ...]
    answers: Mapping[str, Mapping[str, str]]


def carry(
    program: Program,
    carried: Carried,
    *,
    case_id: UUID,
    now: datetime,
    calendar: Any,
    keeper: Timekeeper | None,
    told: Mapping[UUID, WaitKind],
) -> Run:
    """Load it and do the errands. What cannot be armed becomes its incident, as everywhere."""
    instance = codec.load(carried.state, program.models, program.key, now=now, calendar=calendar, keeper=keeper)
    for what, id, name in carried.errands:
        _do(instance, what, id, name)
    for scope in instance.scopes():
        if scope.called:
            renamed = carried.answers.get(scope.spec.key, {})
            data = scope.data
            scope.assign({new: data[old] for old, new in renamed.items() if old in data and new not in data})
    return _known(Run(program, instance, case_id), told)


def taken_back(
    program: Program,
    blob: bytes,
    *,
    case_id: UUID,
    now: datetime,
    calendar: Any,
    keeper: Timekeeper | None = None,
    told: Mapping[UUID, WaitKind],
) -> Run:
    """The instance as it was stored before it was carried over, for an outside that knows it as it is now."""
    instance = codec.load(blob, program.models, program.key, now=now, calendar=calendar, keeper=keeper)
    for id, token in instance.index.items():
        if "due" in token.internal_data:  # it may have been counted anew in between
            instance.touched[id] = None
    return _known(Run(program, instance, case_id), told)


def _known(run: Run, told: Mapping[UUID, WaitKind]) -> Run:
    run.known_as({str(id): kind for id, kind in told.items()})
    return run


def _do(instance: ProcessInstance, what: str, id: str | None, name: str) -> None:
    if what == "listen":
        scope = instance if id is None else instance.subprocesses[id]
        scope.spawn(scope.spec.task_specs[name])
        return
    token = instance.index[id or ""]
    element = token.workflow.spec.task_specs[name]
    if what == "again":
        _listen_again(instance, token, element)
    elif what == "attach":
        element.attach(token)
    elif what == "compete":
        token.workflow.spawn(element, parent=token)
    elif what == "join":
        if token._state == S.ERROR:
            element.resume(token)
        element.arrived(token)


def _listen_again(instance: ProcessInstance, token: Token, element: Any) -> None:
    token.touch()
    if isinstance(element, Listens):
        element.listen(token)
        return

    def arm() -> None:
        if not element.subscribe(token):
            label = element.label or element.name
            raise StepFailure(f"“{label}”的定时应有到期时间,但时限太短,没有这一时点")

    if token._state == S.STARTED:
        instance.guard(token, arm)
