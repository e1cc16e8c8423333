"""LB31x: cycles that would run for ever."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from service.engine.lint.catalog import error, warning
from service.engine.lint.diagram import Diagram, Flow, Node, Scope, text_of
from service.engine.lint.report import Pen

ENDLESS = error(
    "LB310",
    "自动环路：{nodes} 之间没有人工或等待环节，也没有出口，会永远循环",
    "an automatic cycle without wait state or exit: {nodes}",
    "在环路中加入人工环节、等待事件或带条件的出口",
)
BUSY = warning(
    "LB311",
    "自动环路：{nodes} 之间没有人工或等待环节，能否结束取决于条件",
    "an automatic cycle that ends only by a condition: {nodes}",
    "确认条件一定会满足",
)
INCLUSIVE_JOINS = error(
    "LB312",
    "同一环路中有多个包容汇聚网关（{nodes}），会互相等待",
    "several inclusive joins in one cycle wait for each other: {nodes}",
    "改用排他或并行网关",
)

WAITING = frozenset(
    "userTask manualTask receiveTask serviceTask sendTask intermediateCatchEvent eventBasedGateway callActivity adHocSubProcess".split()
)


def check_cycles(diagram: Diagram, pen: Pen) -> None:
    """Cycles of every scope of the executable processes."""
    for process in diagram.processes:
        if not process.executable:
            continue
        waiting_scopes = {scope for scope in process.scope.everything() if has_wait(scope)}
        for scope in process.scope.everything():
            nodes = list(scope.nodes.values())
            waits = {
                n
                for n in nodes
                if n.kind in WAITING
                and n.event != "link"
                or any(i.node is n and i in waiting_scopes for i in scope.inner)
            }
            waits |= {n for n in nodes if n.kind == "boundaryEvent" and n.event in ("timer", "message", "signal")}
            for cycle in cycles(nodes, lambda n, waits=waits: () if n in waits else followers(n)):  # type: ignore[misc]
                if not waits.intersection(cycle):
                    say_automatic(cycle, pen)
            for cycle in cycles(nodes, followers):
                say_inclusive(cycle, pen)


def has_wait(scope: Scope) -> bool:
    """Whether something in the scope, however deep, waits."""
    return any(
        node.kind in WAITING and node.event != "link" for inner in scope.everything() for node in inner.nodes.values()
    )


def followers(node: Node) -> list[Node]:
    """Where a token can be next."""
    return [flow.target for flow in node.outgoing if flow.target is not None] + node.boundaries + node.linked


def say_automatic(cycle: list[Node], pen: Pen) -> None:
    """An automatic cycle: an error unless something in it decides whether to go on."""
    names = "、".join(node.id for node in cycle[:6])
    inside = set(cycle)
    ends = any(
        is_choice(flow) and (flow.target not in inside or conditional(flow)) for n in cycle for flow in n.outgoing
    )
    ends = ends or any(b not in inside for n in cycle for b in n.boundaries)
    pen.say(BUSY if ends else ENDLESS, cycle[0].element, nodes=names)


def conditional(flow: Flow) -> bool:
    """Whether a condition stands on the flow."""
    return flow.condition is not None and bool(text_of(flow.condition))


def is_choice(flow: Flow) -> bool:
    """Whether the flow is taken instead of others."""
    source = flow.source
    if source is None or len(source.outgoing) < 2:
        return False
    return source.kind == "exclusiveGateway" or conditional(flow) or flow.is_default


def say_inclusive(cycle: list[Node], pen: Pen) -> None:
    """Two inclusive joins in one cycle."""
    joins = [node for node in cycle if node.kind == "inclusiveGateway" and len(node.incoming) > 1]
    if len(joins) > 1:
        pen.say(INCLUSIVE_JOINS, joins[0].element, nodes="、".join(node.id for node in joins[:6]))


def cycles(nodes: Iterable[Node], next_of: Callable[[Node], Iterable[Node]]) -> list[list[Node]]:
    """The strongly connected parts that hold a cycle, in document order (Tarjan, without recursion)."""
    order: dict[Node, int] = {}
    low: dict[Node, int] = {}
    stack: list[Node] = []
    on_stack: set[Node] = set()
    found: list[list[Node]] = []
    all_nodes = list(nodes)
    for root in all_nodes:
        if root in order:
            continue
        work = [(root, iter(next_of(root)))]
        order[root] = low[root] = len(order)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, rest = work[-1]
            following = next(rest, None)
            if following is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == order[node]:
                    part = stack[stack.index(node) :]
                    del stack[len(stack) - len(part) :]
                    on_stack.difference_update(part)
                    if len(part) > 1 or node in next_of(node):
                        found.append(part)
            elif following not in order:
                order[following] = low[following] = len(order)
                stack.append(following)
                on_stack.add(following)
                work.append((following, iter(next_of(following))))
            elif following in on_stack:
                low[node] = min(low[node], order[following])
    position = {node: index for index, node in enumerate(all_nodes)}
    return [sorted(part, key=position.__getitem__) for part in found]
