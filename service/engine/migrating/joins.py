"""Whether what lives in a scope can come to its end in the new diagram: no join may wait for ever, nothing be done twice.

Structural, by the blocks of `moving_graph`. What the old diagram allowed already is not held against the new one; in a
diagram that is not drawn in blocks more is refused, never less.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.engine.kernel.elements import ComplexGateway, EndEvent
from service.engine.kernel.moving_graph import Graph, graph_of
from service.engine.migrating.likeness import Match, label_of

Arrivals = Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Live:
    """One free token that keeps its scope open: where it stands in both versions, what has arrived at it."""

    old: str
    new: str
    before: Arrivals  # by flow of the old version
    arrived: Arrivals  # by flow of the new version
    fired: frozenset[str] = frozenset()  # flows of the new version a complex gateway has been activated by


def origins(flow: Any, known: Mapping[str, Any]) -> frozenset[str]:
    """The elements both versions have from which a flow comes, through elements only its own version has."""
    found: set[str] = set()
    seen: set[str] = set()
    stack = [flow.source]
    while stack:
        element = stack.pop()
        if element.name in seen:
            continue
        seen.add(element.name)
        base = element.name.partition("#")[0]
        if base in known:
            found.add(base)
            continue
        stack.extend(one.source for one in element.incoming)
        if element.host is not None:
            stack.append(element.host)
    return frozenset(found)


def flows_of(match: Match, old_join: Any, new_join: Any) -> dict[str, str]:
    """Which flow into the new join stands for which flow into the old one; what is not clear is left out."""
    theirs = {flow.id: flow for flow in new_join.incoming}
    found = {flow.id: flow.id for flow in old_join.incoming if flow.id in theirs}
    free = [flow for flow in new_join.incoming if flow.id not in found]
    come = {flow.id: {match.source[name] for name in origins(flow, match.source)} for flow in free}
    wanted: dict[str, list[str]] = {}
    for flow in old_join.incoming:
        if flow.id not in found:
            from_here = origins(flow, match.target)
            wanted[flow.id] = [id for id, names in come.items() if names and not names.isdisjoint(from_here)]
    for id, candidates in wanted.items():
        claimed = [one for one in wanted if one != id and set(wanted[one]) & set(candidates)]
        if len(candidates) == 1 and not claimed:
            found[id] = candidates[0]
    return found


def stuck(match: Match, tokens: Sequence[Live]) -> Iterator[tuple[str, str, dict[str, str]]]:
    """What could not end: (code, element of the old version, parameters of the sentence)."""
    old, new = graph_of(match.old), graph_of(match.new)
    yield from _starving(match, old, new, tokens)
    for number, one in enumerate(tokens):
        for other in tokens[number + 1 :]:
            if _meet(new, one.new, other.new) and not _meet(old, one.old, other.old):
                mine = label_of(match.old.task_specs[one.old])
                yield "WAYS_CONVERGE", one.old, {"name": mine, "other": label_of(match.old.task_specs[other.old])}


def _starving(
    match: Match, old: Graph, new: Graph, tokens: Sequence[Live]
) -> Iterator[tuple[str, str, dict[str, str]]]:
    for block in new.blocks:
        if not block.needs_all:
            continue
        join = block.join
        parked = next((one for one in tokens if one.new == join.name and (one.arrived or one.fired)), None)
        arrived = frozenset(parked.arrived) if parked is not None else frozenset()
        inside = [one for one in tokens if one.new in block]
        if parked is None and not inside or parked is not None and parked.fired and isinstance(join, ComplexGateway):
            continue
        covered = arrived.union(*(block.branches[one.new] for one in inside))
        where = parked.old if parked is not None else inside[0].old
        missing = next((flow for flow in join.incoming if flow.id not in covered), None)
        if missing is not None:
            yield "JOIN_STARVES", where, {"join": label_of(join), "branch": label_of(missing.source)}
        for one in inside:
            if parked is not None and block.branches[one.new] <= arrived and not _surplus(old, one, parked):
                yield "JOIN_SURPLUS", one.old, {"join": label_of(join), "name": label_of(match.old.task_specs[one.old])}


def _surplus(graph: Graph, one: Live, parked: Live) -> bool:
    """Whether its branch had delivered before it came, in the old version already."""
    for block in graph.around(one.old):
        if block.join.name == parked.old and block.branches[one.old] <= parked.before.keys():
            return True
    return False


def _meet(graph: Graph, one: str, other: str) -> bool:
    """Whether two tokens can come to the same element without being joined; ends that say nothing do not count."""
    specs = graph.model.task_specs
    return any(
        not (isinstance(specs[name], EndEvent) and specs[name].kind is None)
        for name in graph.reach(one) & graph.reach(other)
    )
