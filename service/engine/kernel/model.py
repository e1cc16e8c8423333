"""Process model: the library's spec graph plus real sequence flows (stock keeps only the names of neighbours)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec

from service.engine.kernel.formulas import Formula


class Flow:
    """One sequence flow. Joins count tokens per flow, not per neighbour."""

    __slots__ = ("condition", "default", "id", "source", "target")

    def __init__(
        self, id: str, source: Any, target: Any, condition: Formula | None = None, default: bool = False
    ) -> None:
        self.id, self.source, self.target = id, source, target
        self.condition, self.default = condition, default


class ProcessModel(BpmnProcessSpec):  # type: ignore[misc]
    """A process or embedded sub-process. Immutable once read, therefore shared by all instances and threads."""

    def __init__(self, *, key: str, name: str, root: Any) -> None:
        """`key` is the process the elements stand in; `root` makes the element of the scope itself."""
        super().__init__(name=name, description=name)
        self.task_specs.clear()  # no Start, End, EndJoin: when a scope is complete is the scope's own business
        self.key = key
        self.start = self.end = root(self, "#scope")
        self.flows: dict[str, Flow] = {}
        self.zw: Mapping[str, str] = {}  # the process's own attributes
        self.starts: list[Any] = []
        self.implicit_starts: list[Any] = []
        self.entries: dict[str, tuple[Any, ...]] = {}  # instantiating elements, with the events awaited beside them
        self.activatable: dict[str, Any] = {}  # ad-hoc: what may be begun from outside, by id
        self.event_subprocesses: list[Any] = []
        self.undoing: Any = None  # the compensation event sub-process
        self.undoable = False  # whether anything in it can be compensated
        self.items: tuple[str, ...] = ()  # variables of the data objects of a sub-process
        self.decisions: dict[str, Any] = {}  # DMN files by decision (and binding), given by the program
        self.graph: Any = None  # its blocks, when somebody first asks (moving_graph)
        self._reach: dict[tuple[str, str], frozenset[str]] = {}

    def add_flow(self, flow: Flow) -> None:
        """Connect two elements."""
        self.flows[flow.id] = flow
        flow.source.outgoing.append(flow)
        flow.target.incoming.append(flow)
        flow.source.connect(flow.target)

    def find_undoable(self) -> None:
        """Note whether anything in it can be compensated; only then anything is remembered for it."""
        inner = [getattr(element, "inner", None) for element in self.task_specs.values()]
        self.undoable = (
            self.undoing is not None
            or any(getattr(element, "handler", None) is not None for element in self.task_specs.values())
            or any(model is not None and model.undoable for model in inner)
        )

    def upstream(self, flow: Flow, stop: Any) -> frozenset[str]:
        """Elements from which `flow` can be reached without passing the gateway `stop`.

        Paths through a boundary event count as well, which is stricter than the text of the standard. Cached; two threads
        may compute the same set at once, which is harmless.
        """
        key = (flow.id, stop.name)
        seen = self._reach.get(key)
        if seen is None:
            found: set[str] = set()
            stack = [flow.source]
            while stack:
                element = stack.pop()
                if element is stop or element.name in found:
                    continue
                found.add(element.name)
                stack.extend(f.source for f in element.incoming)
                if element.host is not None:
                    stack.append(element.host)
            seen = self._reach[key] = frozenset(found)
        return seen
