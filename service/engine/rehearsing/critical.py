"""The longest way through a process by the limits its diagram writes, against what it promises."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from service.engine.lint.diagram import Node, Scope, read_diagram
from service.engine.lint.rules.limits import half_days, working_days
from service.engine.lint.xml import read_xml
from service.rules.chains import read_steps

_TIMED = frozenset({"userTask", "manualTask", "callActivity", "subProcess", "adHocSubProcess", "transaction"})


@dataclass(frozen=True, kw_only=True)
class CriticalPath:
    """`half_days` along `elements`; `promised`: working days, None when nothing is promised; `open`: limits only known when it runs.

    Of a chain besides, in working days: `parallel`, what its milestones add up to when nothing has to be talked over, and
    `serial`, the same without doing anything side by side (PR-05). None: it has no milestones.
    """

    half_days: int
    elements: tuple[str, ...]
    promised: int | None
    open: tuple[str, ...]
    parallel: int | None = None
    serial: int | None = None

    @property
    def late(self) -> bool:
        """Whether it takes longer than what is promised: the milestones of a chain, else the longest way."""
        halves = self.half_days if self.parallel is None else 2 * self.parallel
        return self.promised is not None and halves > 2 * self.promised


def critical_path(content: bytes, key: str) -> CriticalPath:
    """Every round counted once; what stands still while somebody else is waited for (zw:pause) takes no time."""
    process = next(one for one in read_diagram("", read_xml(content)).processes if one.key == key)
    measure = _Measure()
    length, elements = measure.longest(process.scope)
    milestones = read_steps(process.zw.get("milestones") or "") if process.zw.get("milestones") else None
    return CriticalPath(
        parallel=None if milestones is None else sum(one.days for one in milestones),
        serial=None if milestones is None else sum(map(_alone, _nodes(process.scope))),
        half_days=length,
        elements=elements,
        promised=working_days(process.zw.get("limit")) or None,
        open=tuple(measure.open),
    )


def _nodes(scope: Scope) -> Iterator[Node]:
    yield from scope.nodes.values()
    for inner in scope.inner:
        yield from _nodes(inner)


def _alone(node: Node) -> int:
    """Working days of an item, of acceptance and of issuing; a half one counts whole when nothing goes on beside it."""
    own = node.kind == "callActivity" or node.kind == "userTask" and node.zw.get("stage") in ("ACCEPT", "ISSUE")
    halves = half_days(node.zw.get("limit") or "") if own else None
    return ((halves or 0) + 1) // 2


class _Measure:
    def __init__(self) -> None:
        self.open: dict[str, None] = {}

    def longest(self, scope: Scope) -> tuple[int, tuple[str, ...]]:
        """Half-days and the timed elements of the longest way in a scope."""
        known: dict[Node, tuple[int, tuple[str, ...]]] = {}
        best: tuple[int, tuple[str, ...]] = (0, ())
        for start in (*scope.starts, *scope.nodes.values()):
            if not start.incoming and not start.is_event_subprocess and start.kind != "boundaryEvent":
                found = self._from(start, scope, known, set())
                best = max(best, found, key=lambda one: one[0])
        return best

    def _from(
        self, node: Node, scope: Scope, known: dict[Node, tuple[int, tuple[str, ...]]], above: set[Node]
    ) -> tuple[int, tuple[str, ...]]:
        if node in known:
            return known[node]
        own = self._weight(node, scope)
        above.add(node)
        ways = [flow.target for one in (node, *node.boundaries) for flow in one.outgoing if flow.target is not None]
        later = [self._from(one, scope, known, above) for one in ways if one not in above]
        above.discard(node)
        length, elements = max(later, key=lambda one: one[0], default=(0, ()))
        known[node] = own[0] + length, (*own[1], *elements)
        return known[node]

    def _weight(self, node: Node, scope: Scope) -> tuple[int, tuple[str, ...]]:
        if node.kind not in _TIMED or node.zw.get("pause"):
            return 0, ()
        written = node.zw.get("limit")
        halves = half_days(written) if written else None
        if written and halves is None:
            self.open[node.id] = None
        if halves is None:
            inner = next((one for one in scope.inner if one.node is node), None)
            return self.longest(inner) if inner is not None else (0, ())
        return halves, (node.id,)
