"""What real cases have passed: every sequence flow a token took, every element it came to, by process."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from service.engine.kernel.elements.element import Element
from service.engine.kernel.instance import ProcessInstance
from tests.processes.library import BPMN
from tests.processes.walking.programs import ends_of, flows_of, process_of


@dataclass
class Tally:
    """`flows` and `elements`: ids, by the key of the process."""

    flows: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    elements: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def passed(self, key: str) -> tuple[set[str], set[str]]:
        """Flows and ends of a process that have been passed. What an event behind a gateway has heard has taken its flow."""
        waits = {one.get("id") for one in process_of(key).iter(f"{BPMN}eventBasedGateway")}
        heard = {
            id for id, (source, target) in flows_of(key).items() if source in waits and target in self.elements[key]
        }
        return self.flows[key] & flows_of(key).keys() | heard, self.elements[key] & ends_of(key)

    def line(self, key: str) -> str:
        """One row of the table: file, flows, ends; then what is left."""
        flows, ends = self.passed(key)
        every, all_ends = flows_of(key), ends_of(key)
        left = [f"{a} → {b}" for id, (a, b) in sorted(every.items()) if id not in flows] + sorted(all_ends - ends)
        return f"{key},{len(flows)},{len(every)},{len(ends)},{len(all_ends)},{'; '.join(left)}"


@contextmanager
def counting(tally: Tally) -> Iterator[None]:
    """Count what the engine of this process does meanwhile."""
    move_on, emit = Element.move_on, ProcessInstance.emit

    def moved(element: Any, token: Any) -> None:
        tally.flows[element.process].update(flow.id for flow in token.taken)
        move_on(element, token)

    def emitted(instance: Any, what: str, token: Any) -> None:
        tally.elements[token.task_spec.process].add(token.task_spec.name)
        emit(instance, what, token)

    with patch.object(Element, "move_on", moved), patch.object(ProcessInstance, "emit", emitted):
        yield
