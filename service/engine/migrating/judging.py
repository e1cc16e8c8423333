"""One stored state against a new version: a verdict, and the state as it would go on.

The state is read as rows (`kernel/codec.py`); nothing is loaded and nothing runs. What cannot be said with rows alone (arming,
counting anew, firing a join that has become complete) is left as errands for `carrying.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from SpiffWorkflow.util.task import TaskState as S

from service.engine.kernel.elements import (
    BoundaryEvent,
    CallActivity,
    EventBasedGateway,
    EventSubProcess,
    MultiInstance,
    ServiceTask,
    SubProcess,
    UserTask,
)
from service.engine.kernel.elements.events import Part
from service.engine.kernel.elements.gateways import Join
from service.engine.kernel.elements.loops import Loop
from service.engine.kernel.elements.subscriptions import Subscribes
from service.engine.kernel.moving import UNDOING
from service.engine.kernel.moving_graph import entry_of
from service.engine.migrating.facts import MigrationReason
from service.engine.migrating.joins import Live, flows_of, stuck
from service.engine.migrating.likeness import Match, embedded, fits, label_of, looped
from service.engine.migrating.reasons import reason

ARMED = ("due", "left", "every", "span", "base", "set", "event", "keys", "was", "w", "err")  # of a subscription


@dataclass
class Findings:
    """What judging one state has found so far."""

    reasons: list[MigrationReason] = field(default_factory=list)
    live: list[tuple[str, str, str]] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    armed: list[str] = field(default_factory=list)
    recounted: list[str] = field(default_factory=list)
    errands: list[tuple[str, str | None, str]] = field(
        default_factory=list
    )  # what, token (or host of a scope), element

    def refuse(self, code: str, match: Match, element: Any, **params: str) -> None:
        """Note why not."""
        name = element.name.partition("#")[0]
        self.reasons.append(reason(code, match.old.key, name, **{"name": label_of(element), **params}))


class ScopeJudge:
    """The rows of one scope: what becomes of each of them."""

    def __init__(self, match: Match, host: str | None, rows: list[list[Any]], found: Findings) -> None:
        self.match, self.host, self.rows, self.found = match, host, rows, found
        self.place: list[int | None] = []  # number of the row in the new state; None: dropped
        self.kept: list[list[Any]] = []
        self.elements: list[Any] = []  # of the new version, by old number
        self.again: set[int] = set()  # subscriptions that listen anew
        self.tokens: list[Live] = []

    def judge(self) -> None:
        """Every row, then what holds them together."""
        before = len(self.found.reasons)
        for number, row in enumerate(self.rows):
            new = self._element(number, row)
            self.elements.append(new)
            if new is None:
                self.place.append(None)
                continue
            parent = -1 if row[1] < 0 else self.place[row[1]]
            self.place.append(len(self.kept))
            self.kept.append([row[0], parent, new.name, row[3], *self._more(number, row, new)])
        if len(self.found.reasons) > before:
            return
        for code, name, params in stuck(self.match, self.tokens):
            self.found.refuse(code, self.match, self.match.old.task_specs[name], **params)
        self._arm()

    # -- one row

    def _element(self, number: int, row: list[Any]) -> Any:
        """The element of the new version this token goes on on; None: it is dropped, or a reason stands against it."""
        old, data = self.match.old.task_specs[row[2]], self._internal(row)
        if row[1] < 0:
            if isinstance(old, EventSubProcess) and {"run", "reopened"}.isdisjoint(data):
                return self._listener(number, old)
            return self._lives(old, row, data)
        host = self.elements[row[1]]
        if host is None:
            return None
        parent = self.match.old.task_specs[self.rows[row[1]][2]]
        if isinstance(parent, Loop) and old is parent.body:
            return self._lives(old, row, data, around=host)
        if isinstance(old, Part):
            return None if row[1] in self.again else self._new(old)
        if isinstance(old, BoundaryEvent):
            new = self._new(old)
            return self._subscribed(number, old, new if new in host.boundary and new.kind == old.kind else None)
        if isinstance(parent, EventBasedGateway):
            new = self._new(old)
            there = new is not None and fits(old, new) and any(flow.target is new for flow in host.outgoing)
            return self._subscribed(number, old, new if there else None)
        raise AssertionError(f"expected {old.name} under {parent.name} to be a subscription or an instance")

    def _new(self, old: Any) -> Any:
        name = self.match.of(old.name)
        return None if name is None else self.match.new.task_specs.get(name)

    def _listener(self, number: int, old: Any) -> Any:
        new = self._new(old)
        same = isinstance(new, EventSubProcess) and new.kind == old.kind and new in self.match.new.event_subprocesses
        return self._subscribed(number, old, new if same else None)

    def _subscribed(self, number: int, old: Any, new: Any) -> Any:
        if new is None:
            self.found.dropped.append(old.name)
        elif self._differs(old, new):
            self._count_anew(number, new)
        return new

    def _count_anew(self, number: int, new: Any) -> None:
        self.again.add(number)
        self.found.errands.append(("again", self.rows[number][0], new.name))
        if new.timer is not None or new.parts:
            self.found.recounted.append(new.name)

    def _differs(self, old: Any, new: Any) -> bool:
        return _heard(old) != _heard(new)

    def _lives(self, old: Any, row: list[Any], data: Mapping[str, Any], around: Any = None) -> Any:
        match, found = self.match, self.found
        if not UNDOING.isdisjoint(data):
            found.refuse("COMPENSATING", match, old)
            return None
        body = old.body if isinstance(old, Loop) else old
        name = match.of(body.name)
        new = match.new.task_specs.get(name or "")
        if new is None:
            self._refuse_missing(body)
            return None
        if around is None and looped(match.new, new) is not looped(match.old, body):
            loop = isinstance(old, Loop)
            changed = loop and looped(match.new, new) is not None
            code = "LOOP_CHANGED" if changed else "LOOP_REMOVED" if loop else "LOOP_ADDED"
            found.refuse(code, match, old, new=label_of(new))
            return None
        if around is not None and around.body is not new:
            found.refuse("LOOP_CHANGED", match, old, new=label_of(new))
            return None
        if isinstance(old, Loop):
            loop = entry_of(match.new, new.name)
            if not fits(body, new) or _shape(old) != _shape(loop):
                found.refuse("LOOP_CHANGED", match, old, new=label_of(new))
                return None
            new = loop
        elif not fits(old, new):
            found.refuse("TYPE_CHANGED", match, old, new=label_of(new))
            return None
        elif unfit := self._unfit(old, new, row, data):
            found.refuse(unfit, match, old, new=label_of(new))
            return None
        found.live.append((match.old.key, body.name, new.body.name if isinstance(new, Loop) else new.name))
        return new

    def _refuse_missing(self, old: Any) -> None:
        wanted = self.match.wanted(old.name)
        if wanted is None and (moved := self.match.moved_out(old)) is not None:
            self.found.refuse("SCOPE_DISSOLVED", self.match, old, new=label_of(moved))
        elif wanted is None:
            self.found.refuse("ELEMENT_GONE", self.match, old)
        elif self.match.new.task_specs.get(wanted.name) is wanted:
            self.found.refuse("TYPE_CHANGED", self.match, old, new=label_of(wanted))
        else:
            self.found.refuse("ELEMENT_ELSEWHERE", self.match, old, new=label_of(wanted))

    def _unfit(self, old: Any, new: Any, row: list[Any], data: Mapping[str, Any]) -> str | None:
        if isinstance(old, CallActivity) and old.called != new.called:
            return "CALL_CHANGED"
        if isinstance(old, ServiceTask) and row[3] == S.STARTED and (old.action is None) != (new.action is None):
            return "WORK_CHANGED"
        if isinstance(old, EventSubProcess) and "run" in data and not isinstance(new, EventSubProcess):
            return "TYPE_CHANGED"
        parked = "arrived" in data and not isinstance(old, Join)
        return "QUANTITY_CHANGED" if parked and old.start_quantity != new.start_quantity else None

    def _more(self, number: int, row: list[Any], new: Any) -> list[Any]:
        """Locals and internal data of a row as they go on."""
        old, data = self.match.old.task_specs[row[2]], dict(self._internal(row))
        local = row[4] if len(row) > 4 else None
        if number in self.again:
            for name in ARMED:
                data.pop(name, None)
        elif isinstance(old, Subscribes) and self._waits(old, row) and self._differs(old, new):
            for name in ARMED:
                data.pop(name, None)
            self._count_anew(number, new)
        if isinstance(old, Join) and ("arrived" in data or "fired" in data):
            data = self._arrivals(old, new, data)
        if "filed" in data:
            data["filed"] = [self.match.target.get(name, name) for name in data["filed"]]
        if "inner" in data and embedded(old) and row[2] in self.match.inner:
            data["inner"] = self.records(self.match.inner[row[2]], data["inner"])
        for mark in ("back", "into"):
            if mark in data:
                data[mark] = self._way(old, data[mark])
        if isinstance(new, SubProcess) and embedded(new) and row[3] == S.STARTED:
            missing = [name for name in new.inner.items if name not in (local or {})]
            if missing:
                local = {**(local or {}), **dict.fromkeys(missing)}
        if row[1] < 0 and self._holds(old, data):
            before = self._internal(row).get("arrived", {}) if isinstance(old, Join) else {}
            arrived = data.get("arrived", {}) if isinstance(old, Join) else {}
            fired = frozenset(data.get("fired", ()))
            self.tokens.append(Live(old=old.name, new=new.name, before=before, arrived=arrived, fired=fired))
        return [local or None, data] if data else [local] if local else []

    def _waits(self, old: Any, row: list[Any]) -> bool:
        return row[3] == S.STARTED and not isinstance(old, (BoundaryEvent, EventSubProcess))

    def _holds(self, old: Any, data: Mapping[str, Any]) -> bool:
        return not isinstance(old, EventSubProcess) or not {"run", "reopened"}.isdisjoint(data)

    def _arrivals(self, old: Any, new: Any, data: dict[str, Any]) -> dict[str, Any]:
        flows = flows_of(self.match, old, new)
        lost = {*data.get("arrived", {}), *data.get("fired", ())} - flows.keys()
        if lost:
            self.found.refuse("JOIN_ARRIVAL_LOST", self.match, old)
            return data
        if "arrived" in data:
            data["arrived"] = {flows[id]: count for id, count in data["arrived"].items()}
        if "fired" in data:
            data["fired"] = [flows[id] for id in data["fired"]]
        here = {flow.id for flow in new.incoming}
        if type(old) is not type(new) or here != {flow.id for flow in old.incoming}:
            row_id = next(row[0] for row in self.rows if row[2] == old.name and "arrived" in self._internal(row))
            self.found.errands.append(("join", row_id, new.name))
        return data

    def _way(self, old: Any, way: list[Any]) -> list[Any]:
        names, marks = way
        match: Match | None = self.match
        mapped = []
        for number, name in enumerate(names):
            other = match.of(name) if match is not None else None
            if other is None:
                self.found.refuse("RETURN_LOST", self.match, old)
                return way
            mapped.append(other)
            if number < len(names) - 1 and match is not None:
                match = match.inner.get(name)
        return [mapped, marks]

    # -- what belongs to the scope

    def records(self, match: Match, records: list[Any]) -> list[Any]:
        """Compensation records, oldest first."""
        done = []
        for record in records:
            if "a" not in record:
                done.append(record)
                continue
            old = match.old.task_specs[record["a"]]
            name = match.of(record["a"])
            new = match.new.task_specs.get(name or "")
            fit = new is not None and ((old.handler is None) == (new.handler is None)) and fits(old, new)
            if not fit or "in" in record and record["a"] not in match.inner:
                self.found.refuse("COMPENSATION_LOST", match, old)
                continue
            moved = {**record, "a": name}
            if "in" in record:
                moved["in"] = self.records(match.inner[record["a"]], record["in"])
            done.append(moved)
        return done

    def _arm(self) -> None:
        """What the new version has beside, and the old had not, begins to listen."""
        match, errands = self.match, self.found.errands
        for number, row in enumerate(self.rows):
            new, old = self.elements[number], match.old.task_specs[row[2]]
            if new is None or row[3] != S.STARTED:
                continue
            if getattr(new, "boundary", ()):
                known = {self._kept(one) for one in old.boundary}
                self._beside(row[0], "attach", [one for one in new.boundary if one not in known])
            if isinstance(new, EventBasedGateway):
                known = {self._kept(flow.target) for flow in old.outgoing}
                self._beside(row[0], "compete", [f.target for f in new.outgoing if f.target not in known])
        guards = [one for one in self.rows if self._guards(one)]
        if not guards:
            known = {self._kept(one) for one in match.old.event_subprocesses}
            fresh = [one for one in match.new.event_subprocesses if one not in known]
            for one in fresh:
                errands.append(("listen", self.host, one.name))
            self.found.armed += [one.name for one in fresh]

    def _beside(self, token: str, what: str, fresh: list[Any]) -> None:
        for one in fresh:
            self.found.errands.append((what, token, one.name))
            self.found.armed.append(one.name)

    def _kept(self, old: Any) -> Any:
        """What a subscription of the old version is in the new one, when it is of the same kind."""
        new = self._new(old)
        return new if new is not None and new.kind == old.kind else None

    def _guards(self, row: list[Any]) -> bool:
        """An event sub-process that has ended everything else in the scope."""
        old = self.match.old.task_specs[row[2]]
        return isinstance(old, EventSubProcess) and old.interrupting and "run" in self._internal(row)

    @staticmethod
    def _internal(row: list[Any]) -> dict[str, Any]:
        return row[5] if len(row) > 5 else {}


def _heard(element: Any) -> tuple[Any, ...]:
    """What a subscription listens to, in words."""
    triggers = getattr(element, "triggers", ())
    event = element.event.text if element.event is not None else None
    keys = tuple(repr(key) for key in getattr(element, "keys", ()))
    return (event, keys, element.kind, *(_said(one) for one in triggers), getattr(element, "everything", False))


def _said(trigger: Any) -> tuple[Any, ...]:
    timer = (trigger.timer.kind, trigger.timer.text) if trigger.timer is not None else None
    condition = trigger.condition.text if trigger.condition is not None else None
    event = trigger.event.text if trigger.event is not None else None
    return trigger.kind, trigger.code, event, timer, condition, trigger.names


def _shape(loop: Any) -> tuple[Any, ...]:
    """What a running loop depends on; how many and until when is asked anew, or was decided at its start."""
    if not isinstance(loop, MultiInstance):
        return (type(loop),)
    plan = loop.plan
    thrown = (plan.behavior, plan.one, plan.none, len(plan.complex))
    return (
        plan.sequential,
        plan.item,
        plan.output,
        plan.output_item,
        str(plan.policy),
        plan.collection is None,
        *thrown,
    )


def answers_of(match: Match) -> dict[str, str]:
    """User tasks that go on under another id: what was answered under the old one is known under the new one, too."""
    return {
        old: new
        for one in match.all()
        for old, new in one.target.items()
        if old != new and isinstance(one.old.task_specs[old], UserTask)
    }
