"""Where tokens of an instance may be moved to, told with everything that ends on the way."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from service.engine.facts import Wait, WaitKind
from service.engine.kernel.instance import ProcessInstance
from service.engine.kernel.moving import (
    Path,
    Plan,
    anchor_of,
    arrival_of,
    element_of,
    path_to,
    paths_of,
    planned,
    scopes_around,
    straight_path,
)
from service.engine.kernel.moving_graph import entry_of, graph_of
from service.engine.kernel.token import Token, outside, public_id
from service.engine.kernel.waits import wait_of
from service.engine.moves import ForgottenJoin, Spot, Target
from service.rules.refusals import Conflict

OFFERED = frozenset(  # what a person may be shown as a place to go on from
    {"userTask", "manualTask", "subProcess", "transaction", "callActivity", "serviceTask", "sendTask", "receiveTask"}
    | {"businessRuleTask"}
)
Waiting = Mapping[str, WaitKind]


def earlier(
    instance: ProcessInstance, waiting: Waiting, token: Token, passed: Collection[tuple[UUID | None, str]]
) -> Iterator[Target]:
    """The user tasks the case has passed on its way to this token, innermost scope first; refused ones with the reason.

    `passed`: (called process by its host, element) of user tasks that were completed.
    """
    for scope in scopes_around(token):
        owner = outside(scope.owner.parent_task_id)
        for path in paths_of(scope.spec):
            element = element_of(path)
            if (owner, element.name) not in passed or _inside_open(scope, path, token):
                continue
            told = told_of(instance, waiting, scope, path, (token,))
            if told.refused is not None or told.backwards:
                if not _is_itself(scope, path, token):
                    yield told


def everywhere(instance: ProcessInstance, waiting: Waiting, token: Token) -> Iterator[Target]:
    """Every activity a token may be moved to, in its own scope and in those around it; what is refused is left out."""
    for scope in scopes_around(token):
        for path in paths_of(scope.spec):
            if element_of(path).activity_type not in OFFERED or _inside_open(scope, path, token):
                continue
            told = told_of(instance, waiting, scope, path, (token,))
            if told.refused is None:
                yield told


def waiting_at_joins(instance: ProcessInstance, waiting: Waiting, owner: UUID | None, element: str) -> Iterator[Target]:
    """The same place, when its branch has been through and only waits for others: what beginning there again forgets."""
    for scope in instance.scopes():
        if outside(scope.owner.parent_task_id) != owner or element not in scope.spec.task_specs:
            continue
        path = (entry_of(scope.spec, element),)
        arrival = arrival_of(scope, path)
        if arrival is not None:
            token, join = arrival[0], arrival[0].task_spec
            yield Target(
                **_about(scope, path),
                cancelled=(wait_of(token, waiting[token.id]),) if token.id in waiting else (),
                backwards=True,
                again=graph_of(scope.spec).reach(path[0].name),
                forgotten=(ForgottenJoin(element=join.name, name=join.label or join.name, flows=1),),
            )


def place_of(instance: ProcessInstance, spot: Spot) -> tuple[Any, Path]:
    """The open scope of a spot and the way to its element. Refused: Conflict MOVE_TARGET_UNKNOWN, MOVE_ELSEWHERE."""
    scope = instance if spot.scope is None else instance.subprocesses.get(str(spot.scope))
    if scope is None:
        raise Conflict("MOVE_ELSEWHERE", "要退到的流程已经结束，不能再进入")
    path = path_to(scope.spec, spot.element)
    if path is None or path[-1] is None:
        raise Conflict("MOVE_TARGET_UNKNOWN", "流程里没有环节“{element}”", element=spot.element)
    return scope, path


def spot_of(token: Token, element: str, *, after: bool) -> Spot:
    """Where an element stands, seen from a token: in its own scope or the nearest around it; `after`: what follows it.

    Refused: Conflict MOVE_TARGET_UNKNOWN, MOVE_AFTER_UNCLEAR.
    """
    for scope in scopes_around(token):
        path = path_to(scope.spec, element)
        if path is None:
            continue
        if after:
            flows = path[-1].outgoing
            if len(flows) != 1:
                raise Conflict(
                    "MOVE_AFTER_UNCLEAR", "“{element}”之后应恰好有一条流向，才能从它之后开始", element=element
                )
            path = (*path[:-1], flows[0].target)
        return Spot(element=element_of(path).name, scope=outside(scope.parent_task_id))
    raise Conflict("MOVE_TARGET_UNKNOWN", "流程里没有环节“{element}”", element=element)


def told_of(instance: ProcessInstance, waiting: Waiting, scope: Any, path: Path, sources: Sequence[Token]) -> Target:
    """One target with its effect, or with why it is refused."""
    about = _about(scope, path)
    try:
        plan = planned(scope, path, sources)
    except Conflict as refusal:
        return Target(**about, refused=refusal)
    return Target(
        **about,
        backwards=plan.backwards,
        again=plan.again,
        straight=len(sources) == 1 and straight_path(path, scope, sources[0]) is not None,
        **_ended(instance, waiting, plan),
    )


def _about(scope: Any, path: Path) -> dict[str, Any]:
    element = element_of(path)
    return {
        "spot": Spot(element=element.name, scope=outside(scope.parent_task_id)),
        "name": element.label or element.name,
        "activity_type": element.activity_type,
        "process": element.process,
        "variable_scope": outside(scope.owner.parent_task_id),
    }


def _ended(instance: ProcessInstance, waiting: Waiting, plan: Plan) -> dict[str, Any]:
    waits: list[Wait] = []
    scopes: set[UUID] = set()
    joins: list[ForgottenJoin] = []
    stack = list(reversed(plan.cancelled))
    while stack:
        token = stack.pop()
        if token.id in waiting:
            waits.append(wait_of(token, waiting[token.id]))
        arrived = token.internal_data.get("arrived")
        if arrived:
            element = token.task_spec
            name = element.label or element.name
            joins.append(ForgottenJoin(element=element.name, name=name, flows=sum(arrived.values())))
        stack.extend(reversed(token.children))
        inside = token.hosted
        if inside is not None:
            scopes.add(public_id(token.id))
            stack.extend(reversed(inside.tokens()))
    return {"cancelled": tuple(waits), "scopes": frozenset(scopes), "forgotten": tuple(joins)}


def _inside_open(scope: Any, path: Path, token: Token) -> bool:
    """Whether the way leads into a sub-process the token stands in: its elements are told with that scope."""
    anchor = anchor_of(scope, token)
    return len(path) > 1 and anchor is not None and anchor.task_spec is path[0] and anchor is not token


def _is_itself(scope: Any, path: Path, token: Token) -> bool:
    anchor = anchor_of(scope, token)
    return len(path) == 1 and anchor is not None and anchor.task_spec is path[0]
