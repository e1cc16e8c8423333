"""Moving tokens: some are cancelled and one is put on the target; what has happened stays as it was told.

Going back cancels everything that would begin again; leaving a block cancels its other branches and forgets what has
arrived at its join. A token is never put where a join would wait for ever, nor before another one on the same way.
Compensation records stay: a round that was returned has happened, as a round of a loop has (BPMN 2.0.2, 13.5.5).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from SpiffWorkflow.util.task import TaskState as S

from service.engine.kernel.elements import (
    AdHocSubProcess,
    BoundaryEvent,
    CallActivity,
    EventSubProcess,
    ScopeRoot,
    StartEvent,
    SubProcess,
)
from service.engine.kernel.elements.events import Part
from service.engine.kernel.elements.loops import Loop
from service.engine.kernel.moving_graph import Graph, entry_of, graph_of
from service.engine.kernel.token import Token
from service.rules.refusals import Conflict

UNDOING = frozenset({"todo", "for", "reopened", "background"})  # marks of tokens a compensation runs with
Path = tuple[Any, ...]  # elements from that of the open scope inwards; embedded sub-processes before the last


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What moving to a target does within one scope. `cancelled`: free tokens, the moved ones first."""

    scope: Any
    path: Path
    moved: tuple[Token, ...]
    cancelled: tuple[Token, ...]
    backwards: bool
    again: frozenset[str] = field(default_factory=frozenset)


def anchor_of(scope: Any, token: Token) -> Token | None:
    """The free token of a scope that a token is, hangs on, or runs inside of."""
    current: Token | None = token
    while current is not None:
        while current is not None and not current.free:
            current = current.parent
        if current is None or current.workflow is scope:
            return current
        current = current.workflow.host
    return None


def scopes_around(token: Token) -> Iterator[Any]:
    """The open scopes a token stands in, the innermost first."""
    scope: Any = token.workflow
    while scope is not None:
        yield scope
        host = scope.host
        scope = None if host is None else host.workflow


def path_to(model: Any, element: str) -> Path | None:
    """The way to an element from the model of an open scope, through embedded sub-processes that are to be opened."""
    if element in model.task_specs:
        return (entry_of(model, element),)
    for one in model.task_specs.values():
        if isinstance(one, SubProcess) and not isinstance(one, CallActivity) and one.inner is not None:
            inner = path_to(one.inner, element)
            if inner is not None:
                return (entry_of(model, one.name), *inner)
    return None


def paths_of(model: Any) -> Iterator[Path]:
    """Every element of a scope and of the embedded sub-processes in it, in the order of the diagram."""
    for name, one in model.task_specs.items():
        if "#" in name:
            continue
        entry = entry_of(model, name)
        yield (entry,)
        if isinstance(one, SubProcess) and not isinstance(one, CallActivity) and one.inner is not None:
            yield from ((entry, *inner) for inner in paths_of(one.inner))


def element_of(path: Path) -> Any:
    """The element that is meant: of a loop its body."""
    last = path[-1]
    return last.body if isinstance(last, Loop) else last


def planned(scope: Any, path: Path, sources: Sequence[Token]) -> Plan:
    """What it would do. Refused: Conflict MOVE_INTO_PARALLEL, MOVE_INTO_INSTANCE, MOVE_INTO_CALL, MOVE_TARGET_UNFIT,
    MOVE_ON_THE_WAY, MOVE_FROM_SIDE, MOVE_UNDOING, MOVE_ELSEWHERE."""
    moved = tuple(dict.fromkeys(anchor for one in sources if (anchor := anchor_of(scope, one)) is not None))
    if len(moved) == 0 or any(anchor_of(scope, one) is None for one in sources):
        raise Conflict("MOVE_ELSEWHERE", "要移动的环节应都在目标所在的流程里，但有的不在。")
    graph = graph_of(scope.spec)
    _require_fit(path)
    target = path[0].name
    _require_inside(graph, path, {one.task_spec.name for one in moved})
    begins = graph.reach(target)
    backwards = any(one.task_spec.name in begins for one in moved)
    closed = {block.join.name for block in graph.around(target)}
    left = [
        block for block in graph.blocks if target not in block and any(one.task_spec.name in block for one in moved)
    ]
    others = [one for one in scope.tokens() if one not in moved and one.task_spec.holds(one)]
    going = [
        one
        for one in others
        if (backwards and one.task_spec.name in begins and one.task_spec.name not in closed)
        or any(one.task_spec.name in block or one.task_spec is block.join for block in left)
    ]
    cancelled = (*moved, *going)
    for one in cancelled:
        _require_movable(one)
    for one in others:
        if one in going:
            continue
        if one.task_spec.name in closed and "arrived" in one.internal_data:
            block = next(block for block in graph.around(target) if block.join is one.task_spec)
            if any(moving.task_spec.name in block for moving in moved):
                continue
        elif one.task_spec.name not in begins and target not in graph.reach(one.task_spec.name):
            continue
        raise Conflict(
            "MOVE_ON_THE_WAY",
            "“{other}”还在同一条路上办理，再从“{target}”开始会办两遍",
            other=_label(one.task_spec),
            target=_label(path[0]),
        )
    again = begins.union(*(_inner(graph.model.task_specs[name]) for name in begins), (one.name for one in path))
    return Plan(scope=scope, path=path, moved=moved, cancelled=cancelled, backwards=backwards, again=frozenset(again))


def perform(plan: Plan, marks: dict[str, Any]) -> Token:
    """Cancel and begin. `marks` go to the token that stands on the target in the end."""
    scope = plan.scope
    interrupted = any(one.task_spec.guards and one.task_spec.interrupting for one in plan.moved)
    for one in plan.cancelled:
        one.cancel()
    token = begin(scope, plan.path, marks)
    if interrupted:  # what an interrupting event sub-process has silenced listens again
        listening = {one.task_spec for one in scope.tokens()}
        for element in scope.spec.event_subprocesses:
            if element not in listening:
                scope.spawn(element)
    return token


def begin(scope: Any, path: Path, marks: dict[str, Any]) -> Token:
    """Put a token on the first element of a path; sub-processes on the way open at the next one."""
    first, *rest = path
    inside = {"into": [[one.name for one in rest], marks]} if rest else marks
    token: Token = scope.spawn(first, internal=inside)
    return token


def reopened(scope: Any, path: Path, marks: dict[str, Any]) -> Token:
    """Begin a scope that has no tokens at an element further on. Refused: Conflict as `planned`."""
    _require_fit(path)
    _require_inside(graph_of(scope.spec), path, ())
    scope.arm()
    return begin(scope, path, marks)


def arrival_of(scope: Any, path: Path) -> tuple[Token, str] | None:
    """The join at which the branch of an element waits for others, and the flow it came over; None: it is elsewhere."""
    if len(path) > 1:
        return None
    graph, name = graph_of(scope.spec), path[0].name
    ahead = graph.reach(name)
    if any(one.task_spec.name in ahead and one.task_spec.holds(one) for one in scope.tokens()):
        return None
    for block in graph.around(name):
        if any(inner.needs_all and inner.join.name in block for inner in graph.around(name)):
            continue  # it has been joined with others on the way
        for token in scope.tokens():
            arrived = token.internal_data.get("arrived", {})
            if token.task_spec is block.join and "fired" not in token.internal_data:
                for flow in sorted(block.branches[name] & arrived.keys()):
                    return token, flow
    return None


def retract(scope: Any, path: Path, arrival: tuple[Token, str], marks: dict[str, Any]) -> Token:
    """Forget one arrival at a join and begin at an element of its branch again."""
    join, flow = arrival
    arrived = join.internal_data["arrived"]
    arrived[flow] -= 1
    if not arrived[flow]:
        del arrived[flow]
    if not arrived:
        join.cancel()
    elif not join._state & S.WAITING:
        join.task_spec.resume(join)
    return begin(scope, path, marks)


def straight_path(path: Path, scope: Any, source: Token) -> Path | None:
    """The way straight back from a target to the element of `source`; None when there is none."""
    if len(path) > 1:
        return None
    anchor = anchor_of(scope, source)
    names: list[Any] = []
    current: Token | None = source
    while current is not None and current.workflow is not scope:
        if not current.free or current.workflow.called or current.task_spec.guards:
            return None
        names.insert(0, current.task_spec)
        current = current.workflow.host
    if current is None or anchor is None or not current.free or current.task_spec.guards:
        return None
    way = (current.task_spec, *names)
    try:
        _require_fit(way)
        _require_inside(graph_of(scope.spec), way, {path[0].name}, strict=True)
    except Conflict:
        return None
    return None if any(isinstance(one, Loop) for one in way) else way


def _require_fit(path: Path) -> None:
    for number, one in enumerate(path):
        last = number == len(path) - 1
        if isinstance(one, (ScopeRoot, Part, EventSubProcess, BoundaryEvent)) or (
            isinstance(one, StartEvent) and not last
        ):
            raise _unfit(path)
        if getattr(one, "is_handler", False):
            raise _unfit(path)
        if last:
            continue
        if isinstance(one, Loop):
            raise Conflict(
                "MOVE_INTO_INSTANCE",
                "“{around}”分多份办理，不能只进入其中一份；可以整个重新办理",
                around=_label(one),
                target=_label(path[-1]),
            )
        if isinstance(one, AdHocSubProcess):
            raise _unfit(path)


def _unfit(path: Path) -> Conflict:
    return Conflict(
        "MOVE_TARGET_UNFIT", "不能从“{target}”开始：它不是流程里可以单独开始的环节", target=_label(path[-1])
    )


def _require_inside(graph: Graph, path: Path, sources: Collection[str], *, strict: bool = False) -> None:
    """No join may be left waiting for branches that have no token, nor get two of one branch.

    A branch of an inclusive block may be begun from outside, unless `strict`: its join waits for no others.
    """
    for number, one in enumerate(path):
        here = graph if number == 0 else graph_of(path[number - 1].inner)
        for block in here.around(one.name):
            come = [block.branches[name] for name in sources if name in block] if number == 0 else []
            if not block.needs_all and not come and not strict:
                continue
            if not any(block.branches[one.name] & flows for flows in come):
                split = here.model.task_specs.get(block.split)
                raise Conflict(
                    "MOVE_INTO_PARALLEL",
                    "“{target}”在“{split}”之后的并行分支里，其他分支不会再到达汇聚；只能退到分支以前",
                    target=_label(path[-1]),
                    split=_label(split) if split is not None else "",
                    element=block.split,
                )


def _require_movable(token: Token) -> None:
    inside = [token, *token.children]
    if any(not UNDOING.isdisjoint(one.internal_data) for one in inside):
        raise Conflict(
            "MOVE_UNDOING", "“{element}”正在撤销已办的工作，撤销完成后才能移动", element=_label(token.task_spec)
        )
    if token.task_spec.guards and not token.task_spec.interrupting:
        raise Conflict("MOVE_FROM_SIDE", "“{element}”是附带进行的处理，不能移到主流程", element=_label(token.task_spec))


def _inner(element: Any) -> Iterator[str]:
    """Names of what is inside an embedded sub-process, and of a loop's body."""
    body = element.body if isinstance(element, Loop) else element
    if body is not element:
        yield body.name
    if isinstance(body, SubProcess) and not isinstance(body, CallActivity) and body.inner is not None:
        for one in body.inner.task_specs.values():
            yield one.name
            yield from _inner(one)


def _label(element: Any) -> str:
    body = element.body if isinstance(element, Loop) else element
    return str(body.label or body.name)
