"""BV-12: whatever leads back is counted, or waits for somebody outside; nothing else goes round.

A loop is closed by an exclusive gateway whose way back a counter (`returns <= 3`) or a mark (`extended != true`) shuts;
in items and chains it passes a flow named 退回. What the applicant, another system or a granted procedure must do first
(`zw:pause`, messages, waiting timers, supporting processes) paces itself, and a desk may be asked again by itself.
"""

from __future__ import annotations

import re

from service.engine.lint.catalog import error
from service.engine.lint.diagram import Flow, Node, Process, Scope, text_of
from service.engine.lint.formulas import mapping_places, script_lines
from service.engine.lint.report import Pen
from service.engine.lint.rules.cycles import cycles, followers
from service.engine.lint.rules.procedures import HUMAN
from service.rules.acts import act_of

LOOP = error(
    "BV-12",
    "环路（{nodes}）{problem}",
    "the loop {nodes} {english}",
    "退回的连线名称含“退回”，排他网关上写条件 变量 <= 3（最多 3 次）或 变量 != true（一次），并在环路中让变量加 1 或改为 true",
)

RETURN = "退回"
MOST = 3
NAME = r"([^\W\d]\w*)"
BOUND = re.compile(NAME + r"\s*(<=?|=)\s*(\d{1,3})(?!\d)")
ONCE = re.compile(NAME + r"\s*(?:!=\s*true|=\s*false|=\s*null)\b")
OUTSIDE = frozenset({"message", "signal", "timer"})


def check_returns(process: Process, pen: Pen) -> None:
    """Every scope of a procedure."""
    counters, marks = written(process)
    for scope in process.scope.everything():
        nodes = [node for node in scope.nodes.values() if not paces(node, scope)]
        for cycle in loops([node for node in nodes if not closes(node, counters, marks)]):
            if not is_one_desk(cycle):
                say(cycle, "没有经过按次数限制的连线", "passes no flow that a counter closes", pen)
        for cycle in loops(nodes) if process.kind in ("ITEM", "CHAIN") else ():
            if not is_one_desk(cycle) and not any(is_return(flow, cycle) for node in cycle for flow in node.outgoing):
                say(cycle, "没有经过名为“退回”的连线", "passes no flow that is called a return", pen)


def loops(nodes: list[Node]) -> list[list[Node]]:
    """The loops among the nodes."""
    kept = set(nodes)
    return cycles(nodes, lambda node: [one for one in followers(node) if one in kept])


def say(cycle: list[Node], problem: str, english: str, pen: Pen) -> None:
    """One loop."""
    names = "、".join(node.name or node.id for node in cycle[:6])
    pen.say(LOOP, cycle[0].element, nodes=names, problem=problem, english=english)


def written(process: Process) -> tuple[frozenset[str], frozenset[str]]:
    """Variables that something in the process increases, and those it sets to true. Acts count as both."""
    assigned, acts = [], set()
    for node in process.nodes():
        if node.kind == "scriptTask":
            assigned += [(line.variable, line.source) for line in script_lines(node) if line.variable]
        assigned += [(place.detail, place.text) for place in mapping_places(node)]
        if (card := act_of(node.zw)) is not None:
            acts |= {one.name for one in card.outputs}
    counters = {name for name, text in assigned if re.search(rf"\b{re.escape(name)}\b\s*\+\s*1\b", text)}
    marks = {name for name, text in assigned if re.search(r"(?<![\w.])(?:true|not\()", text)}
    return frozenset(counters | acts), frozenset(marks | acts)


def closes(node: Node, counters: frozenset[str], marks: frozenset[str]) -> bool:
    """Whether an exclusive gateway lets back so many times and no more."""
    if node.kind != "exclusiveGateway":
        return False
    text = " ; ".join(text_of(flow.condition) for flow in node.outgoing if flow.condition is not None)
    counted = [name for name, sign, number in BOUND.findall(text) if int(number) - (sign == "<") <= MOST]
    return not counters.isdisjoint(counted) or not marks.isdisjoint(ONCE.findall(text))


def is_return(flow: Flow, cycle: list[Node]) -> bool:
    """Whether a flow of the loop says that it sends back."""
    return flow.target in cycle and RETURN in (flow.element.get("name") or "")


def is_one_desk(cycle: list[Node]) -> bool:
    """Whether one desk is asked again by itself, because its answer decided nothing."""
    desks = [node for node in cycle if node.kind in HUMAN]
    return len(desks) == 1 and all(
        node.kind.endswith("Gateway") or node.kind == "scriptTask" for node in cycle if node not in desks
    )


def paces(node: Node, scope: Scope) -> bool:
    """Whether somebody outside must do something before the token goes on."""
    if node.zw.get("pause") or node.kind == "receiveTask":
        return True
    if node.kind == "intermediateCatchEvent":
        return node.event in OUTSIDE
    if node.kind == "boundaryEvent":
        return node.event in ("message", "signal")
    if node.kind == "callActivity":
        return (node.element.get("calledElement") or "").startswith("support_")
    inner = [one for one in scope.inner if one.node is node]
    return any(other.zw.get("pause") for one in inner for deep in one.everything() for other in deep.nodes.values())
