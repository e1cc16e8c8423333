"""Random revisions of a diagram: each keeps it whole, so that a fresh case of the new version comes to its end."""

from __future__ import annotations

import random
from typing import Any
from uuid import uuid4

from lxml import etree

from service.engine import Program, Source, build_program
from tests.engine.drive import HOUR, NAMESPACES, definitions

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
SCOPES = tuple(f"{BPMN}{tag}" for tag in ("process", "subProcess"))
WORK = tuple(f"{BPMN}{tag}" for tag in ("userTask", "serviceTask", "task"))
ACTIVE = (*WORK, f"{BPMN}subProcess", f"{BPMN}callActivity")
LOOP = f"{BPMN}multiInstanceLoopCharacteristics"


class Reviser:
    """Revises a file, the same seed in the same way."""

    def __init__(self, text: str, seed: int) -> None:
        self.random = random.Random(seed)
        self.root = etree.fromstring(definitions(text))
        self.number = 0
        self.done: list[str] = []

    def revise(self, times: int) -> bytes:
        """Apply so many revisions; those that find nothing to change are passed over."""
        kinds = (
            self.insert,
            self.insert,
            self.remove,
            self.rename,
            self.beside,
            self.timer,
            self.plain,
            self.manual,
            self.many,
            self.relabel,
        )
        for _ in range(times):
            kind = self.random.choice(kinds)
            if kind():
                self.done.append(kind.__name__)
        return etree.tostring(self.root)

    def id(self, prefix: str) -> str:
        """A new id."""
        self.number += 1
        return f"new_{prefix}{self.number}"

    # -- kinds of revision

    def insert(self) -> bool:
        """A task on a flow; the flow keeps its id and leads to the new task, as modellers do it."""
        races = {one.get("id") for one in self._all("eventBasedGateway")}
        flow = self._pick([one for one in self._all("sequenceFlow") if one.get("sourceRef") not in races])
        if flow is None:
            return False
        name = self._task(flow.getparent())
        self._flow(flow.getparent(), name, flow.get("targetRef"))
        flow.set("targetRef", name)
        return True

    def remove(self) -> bool:
        """A task, its neighbours joined."""
        element = self._pick(
            [
                one
                for one in self._work()
                if len(self._into(one)) == len(self._out(one)) == 1 and one.get("id") not in self._hosts()
            ]
        )
        if element is None:
            return False
        first, second = self._into(element)[0], self._out(element)[0]
        if first.get("sourceRef") == second.get("targetRef"):
            return False
        first.set("targetRef", second.get("targetRef"))
        element.getparent().remove(second)
        element.getparent().remove(element)
        return True

    def rename(self) -> bool:
        """Another id for an activity."""
        element = self._pick(self._work())
        if element is None:
            return False
        name, fresh = element.get("id"), self.id("r")
        for one in self.root.iter():
            for attribute in ("id", "sourceRef", "targetRef", "attachedToRef"):
                if one.get(attribute) == name:
                    one.set(attribute, fresh)
        return True

    def relabel(self) -> bool:
        """Another name."""
        element = self._pick(self._work())
        if element is not None:
            element.set("name", f"named {self.number}")
        return element is not None

    def beside(self) -> bool:
        """Something done at the same time, around an activity."""
        element = self._pick([one for one in self._active() if len(self._into(one)) == len(self._out(one)) == 1])
        if element is None:
            return False
        scope, (first,), (second,) = element.getparent(), self._into(element), self._out(element)
        split, join, other = self._add(scope, "parallelGateway"), self._add(scope, "parallelGateway"), self._task(scope)
        first.set("targetRef", split)
        second.set("sourceRef", join)
        for one, next in ((split, element.get("id")), (split, other), (element.get("id"), join), (other, join)):
            self._flow(scope, one, next)
        return True

    def timer(self) -> bool:
        """A reminder on an activity."""
        element = self._pick(self._active())
        if element is None:
            return False
        scope, event = element.getparent(), self.id("b")
        task, end = self._task(scope), self._add(scope, "endEvent")
        node = etree.fromstring(
            f'<boundaryEvent {NAMESPACES} id="{event}" attachedToRef="{element.get("id")}" cancelActivity="false">{HOUR}</boundaryEvent>'
        )
        scope.append(node)
        self._flow(scope, event, task)
        self._flow(scope, task, end)
        return True

    def plain(self) -> bool:
        """No parallel block any more where there was one: a choice instead."""
        gates = [one for one in self._all("parallelGateway") if len(self._out(one)) > 1]
        split = self._pick(gates)
        join = None if split is None else self._join_of(split)
        if split is None or join is None:
            return False
        for one in (split, join):
            one.tag = f"{BPMN}inclusiveGateway"
        return True

    def manual(self) -> bool:
        """Another type of task."""
        element = self._pick([one for one in self._work() if one.tag != f"{BPMN}task"])
        if element is None:
            return False
        if element.tag == f"{BPMN}userTask":
            element.tag = f"{BPMN}manualTask" if self.random.random() < 0.6 else f"{BPMN}task"
        return element.tag != f"{BPMN}userTask"

    def many(self) -> bool:
        """A loop more or less."""
        element = self._pick(self._work())
        if element is None or element.tag == f"{BPMN}task":
            return False
        there = element.find(LOOP)
        if there is not None:
            element.remove(there)
        else:
            element.append(
                etree.fromstring(
                    f'<multiInstanceLoopCharacteristics {NAMESPACES} isSequential="false"><loopCardinality>2</loopCardinality>'
                    "</multiInstanceLoopCharacteristics>"
                )
            )
        return True

    # -- the file

    def _pick(self, found: list[Any]) -> Any:
        return self.random.choice(found) if found else None

    def _all(self, tag: str) -> list[Any]:
        return list(self.root.iter(f"{BPMN}{tag}"))

    def _work(self) -> list[Any]:
        return [one for one in self.root.iter(*WORK) if one.get("isForCompensation") is None]

    def _active(self) -> list[Any]:
        return [one for one in self.root.iter(*ACTIVE) if one.get("triggeredByEvent") is None]

    def _hosts(self) -> set[str]:
        return {one.get("attachedToRef") for one in self._all("boundaryEvent")}

    def _into(self, element: Any) -> list[Any]:
        return [
            one
            for one in element.getparent().iterchildren(f"{BPMN}sequenceFlow")
            if one.get("targetRef") == element.get("id")
        ]

    def _out(self, element: Any) -> list[Any]:
        return [
            one
            for one in element.getparent().iterchildren(f"{BPMN}sequenceFlow")
            if one.get("sourceRef") == element.get("id")
        ]

    def _join_of(self, split: Any) -> Any:
        """The other gateway of a block the author has written: the next id."""
        number = int("".join(c for c in split.get("id") if c.isdigit()))
        wanted = f"g{number + 1}"
        return (
            next((one for one in split.getparent().iterchildren(split.tag) if one.get("id") == wanted), None)
            if split.get("id").startswith("g")
            else None
        )

    def _add(self, scope: Any, tag: str) -> str:
        name = self.id("x")
        scope.append(etree.Element(f"{BPMN}{tag}", id=name))
        return name

    def _task(self, scope: Any) -> str:
        return self._add(scope, "userTask")

    def _flow(self, scope: Any, one: str, other: str) -> None:
        scope.append(etree.Element(f"{BPMN}sequenceFlow", id=self.id("f"), sourceRef=one, targetRef=other))


def program_from(file: bytes) -> Program:
    """The program of the process `p` and everything else in a file."""
    keys = [one.get("id") for one in etree.fromstring(file).iter(f"{BPMN}process")]
    return build_program("p", {key: Source(key=key, definition_id=uuid4(), bpmn=file) for key in keys})
