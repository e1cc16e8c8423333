"""BV-12: what leads back is a counted return, or a wait for somebody outside; nothing else goes round.

A desk is sent back to over a flow named 退回 that a counter closes after three times at the most. What the applicant,
another system or a granted procedure must do first (`zw:pause`, messages, calls of supporting processes) paces itself.
"""

from __future__ import annotations

import re

from service.engine.lint.catalog import error
from service.engine.lint.diagram import Flow, Node, Process, Scope, text_of
from service.engine.lint.formulas import mapping_places, script_lines
from service.engine.lint.report import Pen
from service.engine.lint.rules.cycles import cycles, followers

LOOP = error(
    "BV-12",
    "环路（{nodes}）没有经过名为“退回”、按次数限制的连线",
    "the loop {nodes} passes no return that a counter closes",
    "连线名称写“退回”，在排他网关上写条件 变量 <= 3（最多 3 次），并在环路中让变量加 1",
)

RETURN = "退回"
MOST = 3
BOUND = re.compile(r"([^\W\d]\w*)\s*(<=?)\s*(\d{1,3})(?!\d)")
OUTSIDE = frozenset({"message", "signal", "timer"})


def check_returns(process: Process, pen: Pen) -> None:
    """Every scope of a procedure."""
    counters = counted_variables(process)
    for scope in process.scope.everything():
        nodes = [node for node in scope.nodes.values() if not paces(node, scope) and not closes(node, counters)]
        kept = set(nodes)
        for cycle in cycles(nodes, lambda node, kept=kept: [n for n in followers(node) if n in kept]):  # type: ignore[misc]
            pen.say(LOOP, cycle[0].element, nodes="、".join(node.name or node.id for node in cycle[:6]))


def counted_variables(process: Process) -> frozenset[str]:
    """Variables that are increased somewhere in the process."""
    assigned = [
        (line.variable, line.source)
        for node in process.nodes()
        if node.kind == "scriptTask"
        for line in script_lines(node)
        if line.variable
    ]
    assigned += [(place.detail, place.text) for node in process.nodes() for place in mapping_places(node)]
    return frozenset(name for name, source in assigned if re.search(rf"\b{re.escape(name)}\b\s*\+\s*1\b", source))


def closes(node: Node, counters: frozenset[str]) -> bool:
    """Whether an exclusive gateway lets back so many times and no more."""
    return node.kind == "exclusiveGateway" and any(is_counted(flow, counters) for flow in node.outgoing)


def is_counted(flow: Flow, counters: frozenset[str]) -> bool:
    """Whether the flow is a return that a counter closes."""
    if RETURN not in (flow.element.get("name") or "") or flow.condition is None:
        return False
    return any(
        name in counters and int(number) - (sign == "<") <= MOST
        for name, sign, number in BOUND.findall(text_of(flow.condition))
    )


def paces(node: Node, scope: Scope) -> bool:
    """Whether somebody outside must do something before the token goes on."""
    if node.zw.get("pause") or node.kind == "receiveTask":
        return True
    if node.kind in ("intermediateCatchEvent", "boundaryEvent") and node.event in OUTSIDE:
        return node.kind == "intermediateCatchEvent" or node.event in ("message", "signal")
    if node.kind == "callActivity":
        return (node.element.get("calledElement") or "").startswith("support_")
    inner = [one for one in scope.inner if one.node is node]
    return any(other.zw.get("pause") for one in inner for deep in one.everything() for other in deep.nodes.values())
