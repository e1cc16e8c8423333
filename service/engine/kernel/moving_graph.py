"""The blocks of a diagram: which joins an element stands before, and what can be reached from it without passing them.

Structural, by dominators: the block of a join is everything between it and the nearest element all its branches come
through. In a diagram that is not drawn in blocks more is counted in rather than less.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from service.engine.kernel.elements.activity import Activity
from service.engine.kernel.elements.events import BoundaryEvent
from service.engine.kernel.elements.gateways import InclusiveGateway, Join
from service.engine.kernel.elements.loops import Loop

_ROOT = ""  # stands before every start


class Block:
    """One join with what stands before it. `branches`: for every element inside the flows it can arrive over."""

    def __init__(self, join: Any, split: str, branches: Mapping[str, frozenset[str]]) -> None:
        self.join, self.split, self.branches = join, split, branches

    def __contains__(self, element: str) -> bool:
        return element in self.branches

    @property
    def needs_all(self) -> bool:
        """Whether it waits for branches that have no token at all."""
        return not isinstance(self.join, InclusiveGateway)


class Graph:
    """The elements of one process or sub-process and how they follow each other; boundary events follow their host."""

    def __init__(self, model: Any) -> None:
        self.model = model
        self.after: dict[str, set[str]] = {}
        for name, element in model.task_specs.items():
            self.after.setdefault(name, set()).update(flow.target.name for flow in element.outgoing)
            if isinstance(element, BoundaryEvent) and element.host is not None:
                self.after.setdefault(element.host.name, set()).add(name)
        self.before: dict[str, set[str]] = {name: set() for name in self.after}
        for name, following in self.after.items():
            for one in following:
                self.before[one].add(name)
        self._above = self._dominators()
        self.blocks = tuple(
            self._block(element)
            for element in model.task_specs.values()
            if isinstance(element, Join) and len(element.incoming) > 1
        )

    def around(self, element: str) -> tuple[Block, ...]:
        """The blocks an element stands in."""
        return tuple(block for block in self.blocks if element in block)

    def reach(self, element: str) -> frozenset[str]:
        """What a token on it can come to, itself included, without passing a join it has to wait at for others."""
        return self._walk([element], {block.join.name for block in self.around(element)}, self.after)

    def _walk(
        self, begin: Iterable[str], closed: Collection[str], following: Mapping[str, Collection[str]]
    ) -> frozenset[str]:
        found: set[str] = set()
        stack = list(begin)
        while stack:
            name = stack.pop()
            if name not in found and name not in closed:
                found.add(name)
                stack.extend(following.get(name, ()))
        return frozenset(found)

    def _block(self, join: Any) -> Block:
        split = next(iter(self._above.get(join.name, ())), _ROOT)
        first = self.model.task_specs if split == _ROOT else self.after[split]
        inside = self._walk(first, {join.name, split}, self.after)
        branches: dict[str, set[str]] = {}
        for flow in join.incoming:
            for name in self._walk([flow.source.name], {join.name, split}, self.before):
                if name in inside:
                    branches.setdefault(name, set()).add(flow.id)
        return Block(join, split, {name: frozenset(flows) for name, flows in branches.items()})

    def _dominators(self) -> dict[str, list[str]]:
        """For every element the elements all ways to it lead through, the nearest first."""
        order: list[str] = []
        seen = {_ROOT}
        stack: list[tuple[str, Iterable[str]]] = [(_ROOT, iter(sorted(n for n in self.before if not self.before[n])))]
        after = {name: sorted(following) for name, following in self.after.items()}
        while stack:
            name, rest = stack[-1]
            found = next((one for one in rest if one not in seen), None)
            if found is None:
                order.append(name)
                stack.pop()
            else:
                seen.add(found)
                stack.append((found, iter(after[found])))
        order.reverse()
        rank = {name: number for number, name in enumerate(order)}
        nearest: dict[str, str] = {_ROOT: _ROOT}
        changed = True
        while changed:
            changed = False
            for name in order[1:]:
                came = [one for one in (self.before[name] or {_ROOT}) if one in nearest]
                best = came[0]
                for other in came[1:]:
                    best = _meeting(best, other, nearest, rank)
                if nearest.get(name) != best:
                    nearest[name], changed = best, True
        return {name: _chain(name, nearest) for name in order[1:]}


def _meeting(one: str, other: str, nearest: Mapping[str, str], rank: Mapping[str, int]) -> str:
    while one != other:
        while rank[one] > rank[other]:
            one = nearest[one]
        while rank[other] > rank[one]:
            other = nearest[other]
    return one


def _chain(name: str, nearest: Mapping[str, str]) -> list[str]:
    found = []
    while name != _ROOT:
        name = nearest[name]
        found.append(name)
    return found


def graph_of(model: Any) -> Graph:
    """The graph of a model, made once; two threads may make the same one, which is harmless."""
    if model.graph is None:
        model.graph = Graph(model)
    graph: Graph = model.graph
    return graph


def entry_of(model: Any, element: str) -> Any:
    """The element a token has to be put on to run `element`: the loop around it, if it is one. None: there is no such."""
    found = model.task_specs.get(element)
    if isinstance(found, Activity) and not isinstance(found, Loop):
        return next(
            (one for one in model.task_specs.values() if isinstance(one, Loop) and one.body is found),
            found,
        )
    return found
