"""Which element of a new version goes on for which of the old: by id, then by kind, name and neighbourhood."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from service.engine.kernel.elements import (
    CallActivity,
    EventSubProcess,
    InclusiveGateway,
    IntermediateCatchEvent,
    ManualTask,
    ParallelGateway,
    ReceiveTask,
    ScopeRoot,
    ServiceTask,
    SubProcess,
    Transaction,
    UserTask,
)
from service.engine.kernel.elements.events import Part
from service.engine.kernel.elements.loops import Loop
from service.engine.kernel.moving_graph import entry_of

_WORK = (UserTask, ManualTask, ServiceTask, ReceiveTask, CallActivity)
_FAMILIES = ((UserTask, ManualTask), (SubProcess, Transaction), (ParallelGateway, InclusiveGateway))


class Match:
    """Two versions of one process or embedded sub-process, element by element. Made once for a migration."""

    def __init__(self, old: Any, new: Any, given: Mapping[str, str | None], everything: Mapping[str, Any]) -> None:
        """`given`: what somebody has said; `everything`: the elements of the new version by id, whatever their scope."""
        self.old, self.new, self._given, self._everything = old, new, given, everything
        self.how: dict[str, str] = {}
        self.target: dict[str, str] = {}
        self._pair(given)
        self.source: dict[str, str] = {new: old for old, new in self.target.items()}
        self.inner: dict[str, Match] = {}
        for name, other in self.target.items():
            mine, theirs = old.task_specs[name], new.task_specs[other]
            if embedded(mine) and embedded(theirs):
                self.inner[name] = Match(mine.inner, theirs.inner, given, everything)

    def all(self) -> Iterator[Match]:
        """This one and those of the embedded sub-processes that go on."""
        yield self
        for match in self.inner.values():
            yield from match.all()

    def of(self, name: str) -> str | None:
        """The element of the new version; loops and parts of multiple events follow the element they belong to."""
        base, mark, rest = name.partition("#")
        found = self.target.get(base)
        return None if found is None else f"{found}{mark}{rest}"

    def wanted(self, name: str) -> Any:
        """The element of another scope that is meant: of the same id, or named by somebody. None: there is none."""
        return self._everything.get(self._given.get(name, name) or "")

    def moved_out(self, element: Any) -> Any:
        """Work drawn inside an embedded sub-process that the new version has in another place; None: there is none."""
        inside = elements_of(element.inner) if embedded(element) else {}
        there = (self._everything.get(name) for name in inside)
        return next((one for one in there if isinstance(one, _WORK)), None)

    def _pair(self, given: Mapping[str, str | None]) -> None:
        mine, theirs = elements_of(self.old), elements_of(self.new)
        left = dict(mine)
        for name in mine:
            if name in given:
                del left[name]
                other, self.how[name] = given[name], "given"
                if other is not None and other in theirs and fits(mine[name], theirs[other]):
                    self._take(name, other, "given")
        for name in list(left):
            if name in theirs and name not in self.target.values() and fits(left[name], theirs[name]):
                self._take(name, name, "id")
                del left[name]
        found = True
        while found:
            free = {name: one for name, one in theirs.items() if name not in self.target.values() and name not in mine}
            found = False
            for name, other in self._alike(left, free):
                self._take(name, other, "likeness")
                del left[name]
                found = True
                break

    def _take(self, name: str, other: str, how: str) -> None:
        self.target[name], self.how[name] = other, how

    def _alike(self, left: Mapping[str, Any], free: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """Pairs of which neither side has a second that is as like."""
        scores = {
            (name, other): score
            for name, one in left.items()
            for other, candidate in free.items()
            if fits(one, candidate) and looped(self.old, one) == looped(self.new, candidate)
            if (score := self._score(one, candidate)) >= 3
        }
        for (name, other), score in sorted(scores.items(), key=lambda item: -item[1]):
            rivals = [s for (a, b), s in scores.items() if (a == name) != (b == other)]
            if all(rival < score for rival in rivals):
                yield name, other

    def _score(self, one: Any, other: Any) -> int:
        """3 for the same name, 1 for the same form, 2 for each side on which all neighbours are the same."""
        score = 3 if one.label and one.label == other.label else 0
        form = one.details.camunda.get("formKey")
        score += 1 if form and form == other.details.camunda.get("formKey") else 0
        for side in ("incoming", "outgoing"):
            end = "source" if side == "incoming" else "target"
            mine = {self.of(getattr(flow, end).name) for flow in getattr(_outer(self.old, one), side)}
            theirs = {getattr(flow, end).name for flow in getattr(_outer(self.new, other), side)}
            score += 2 if mine and mine == theirs else 0
        if one.host is not None and other.host is not None:
            score += 2 if self.of(one.host.name) == other.host.name and one.kind == other.kind else 0
        return score


def elements_of(model: Any) -> dict[str, Any]:
    """The elements of one scope a diagram shows, by id; of a loop its body."""
    return {
        name: one
        for name, one in model.task_specs.items()
        if not isinstance(one, (ScopeRoot, Part, Loop)) and "#" not in name
    }


def fits(old: Any, new: Any) -> bool:
    """Whether what lives on one element may go on on the other: same kind, as far as its state is concerned."""
    if type(old) is not type(new):
        return any(type(old) in family and type(new) in family for family in _FAMILIES)
    return not isinstance(old, IntermediateCatchEvent) or old.kind == new.kind


def embedded(element: Any) -> bool:
    """Does it hold a scope drawn inside it?"""
    return isinstance(element, SubProcess) and not isinstance(element, CallActivity) and element.inner is not None


def looped(model: Any, element: Any) -> type | None:
    """The kind of loop around an element."""
    around = entry_of(model, element.name)
    return type(around) if isinstance(around, Loop) else None


def label_of(element: Any) -> str:
    """What people call it."""
    body = element.body if isinstance(element, Loop) else element
    face = body.start if isinstance(body, EventSubProcess) and not body.label else body
    return str(face.label or face.name)


def _outer(model: Any, element: Any) -> Any:
    found = entry_of(model, element.name)
    return element if found is None else found
