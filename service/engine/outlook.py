"""What comes next on a diagram: the flows from where tokens stand, as far as the model and the variables decide.

A gateway after work that may still change what it asks for is not decided: its ways are possible, and nothing beyond them is
said. So nothing is promised that an opinion given tomorrow could turn round.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from service.engine.feel import FeelError, compile_expression, evaluate
from service.engine.lint.diagram import CAMUNDA, Flow, Node, Scope, read_diagram, text_of
from service.engine.lint.xml import read_xml

CHOOSING = frozenset({"exclusiveGateway", "inclusiveGateway", "complexGateway", "eventBasedGateway"})
EVERYTHING = frozenset({"*"})  # work after which no variable is what it was
Asked = Callable[[str], Collection[str]]


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """Elements and flows ahead. `planned`: what surely comes; `possible`: the ways of the first gateways nobody can decide yet."""

    planned: frozenset[str] = frozenset()
    possible: frozenset[str] = frozenset()


def outlook(content: bytes, active: Collection[str], variables: Mapping[str, Any], asked: Asked) -> Outlook:
    """The ways on from the active elements of a deployed diagram. `asked`: the fields of a form by its key."""
    nodes = _nodes(content)
    here = [nodes[element] for element in active if element in nodes]
    known = _known(here, variables, asked)
    planned: set[str] = set()
    possible: set[str] = set()
    for node, written in known.items():
        sure, perhaps = _ways(node, written, variables)
        planned.update(end for flow in sure for end in _ends(flow))
        possible.update(end for flow in perhaps for end in _ends(flow))
    own = {node.id for node in here}
    return Outlook(planned=frozenset(planned - own), possible=frozenset(possible - planned - own))


def reachable(content: bytes, active: Collection[str]) -> frozenset[str]:
    """Every node of a deployed diagram that some flow leads to from the active elements, whatever conditions say."""
    nodes = _nodes(content)
    waiting, found = [nodes[element] for element in active if element in nodes], set[str]()
    while waiting:
        node = waiting.pop()
        after = [flow.target for one in (node, *node.boundaries) for flow in one.outgoing if flow.target is not None]
        if node.scope.node is not None:
            after.append(node.scope.node)
        fresh = [one for one in after if one.id not in found]
        found.update(one.id for one in fresh)
        waiting += fresh
    return frozenset(found)


@lru_cache(maxsize=64)
def _nodes(content: bytes) -> Mapping[str, Node]:
    """Every node of the diagrams of a file."""
    processes = read_diagram("", read_xml(content)).processes
    return {node.id: node for process in processes for node in process.nodes()}


def _known(active: Sequence[Node], variables: Mapping[str, Any], asked: Asked) -> dict[Node, frozenset[str]]:
    """Every node that will be left, with what may have been written until then by any way to it."""
    known: dict[Node, frozenset[str]] = {}
    waiting = [(node, _written(node, asked)) for node in active]
    while waiting:
        node, written = waiting.pop()
        if node in known and written <= known[node]:
            continue
        known[node] = written = known.get(node, frozenset()) | written
        sure, perhaps = _ways(node, written, variables)
        for flow in sure:
            if flow.target is not None:
                waiting.append((flow.target, written | _written(flow.target, asked)))
        if not sure and not perhaps and node.kind == "endEvent" and node.scope.node is not None:
            waiting.append((node.scope.node, written))  # the sub-process ends with it
    return known


def _ends(flow: Flow) -> Iterator[str]:
    if flow.id is not None:
        yield flow.id
    if flow.target is not None:
        yield flow.target.id


def _ways(node: Node, written: frozenset[str], variables: Mapping[str, Any]) -> tuple[list[Flow], list[Flow]]:
    """(flows that will be taken, flows that may be)."""
    flows = node.outgoing
    if node.kind not in CHOOSING and all(flow.condition is None for flow in flows):
        return list(flows), []
    if len(flows) == 1 and flows[0].condition is None:
        return list(flows), []
    if node.kind in ("eventBasedGateway", "complexGateway"):
        return [], list(flows)
    sure: list[Flow] = []
    for flow in flows:
        if flow.is_default or flow.condition is None:
            continue
        said = _decided(text_of(flow.condition), written, variables)
        if said is None:
            return [], list(flows)
        if said:
            sure.append(flow)
            if node.kind == "exclusiveGateway":
                return sure, []
    return (sure or [flow for flow in flows if flow.is_default or flow.condition is None]), []


def _decided(text: str, written: frozenset[str], variables: Mapping[str, Any]) -> bool | None:
    """What a condition will say; None when what it asks for is missing or may still change."""
    try:
        names = compile_expression(text, context=dict(variables)).names
        if EVERYTHING <= written or not names or not written.isdisjoint(names):
            return None
        if any(variables.get(name) is None for name in names):
            return None
        said = evaluate(text, dict(variables))
    except FeelError:
        return None
    return said if isinstance(said, bool) else None


def _written(node: Node, asked: Asked) -> frozenset[str]:
    """The variables a node may change until it has ended."""
    found: set[str] = {node.id}
    if node.form_key is not None:
        found.update(asked(node.form_key))
    for element in node.extensions():
        if element.tag == f"{CAMUNDA}inputOutput":
            found.update(one.get("name") or "" for one in element.iterchildren(f"{CAMUNDA}outputParameter"))
        elif element.tag == f"{CAMUNDA}out":
            if element.get("variables") == "all":
                return EVERYTHING
            found.add(element.get("target") or "")
    if (result := node.camunda("resultVariable")) is not None:
        found.add(result)
    if node.kind == "callActivity" and not any(
        one.tag in (f"{CAMUNDA}in", f"{CAMUNDA}out") for one in node.extensions()
    ):
        return EVERYTHING
    if node.kind in ("serviceTask", "sendTask", "receiveTask") and node.camunda("resultVariable") is None:
        return frozenset(found) if node.zw.get("action") else EVERYTHING
    for scope in (one for one in node.scope.inner if one.node is node):
        found |= _written_inside(scope, asked)
    return EVERYTHING if "*" in found else frozenset(found)


def _written_inside(scope: Scope, asked: Asked) -> set[str]:
    return {name for each in scope.everything() for node in each.nodes.values() for name in _written(node, asked)}
