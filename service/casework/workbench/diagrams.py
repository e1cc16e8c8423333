"""Which element of which diagram is done, active, late or failed: what colours and badges show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from service.casework.workbench.answers import calls_among
from service.casework.workbench.work import WorkItem
from service.rules.lights import Light
from service.store.history import ActivityRow
from service.store.workbench import CaseLine, Workbench

if TYPE_CHECKING:
    from service.store.records import Records

RANK = ("cancelled", "done", "active", "yellow", "late", "escalated", "failed")
OPEN = frozenset(RANK[2:])  # somebody or something is at it
BODY = "#multiInstanceBody"
DONE = frozenset({"COMPLETED", "TACIT"})  # outcomes of tasks the flow went on from


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What one element of a diagram shows: its state, how often it was passed, the open tasks on it, called diagrams.

    `instances`: (completed, begun) of the loop that runs on it, or ran last.
    """

    state: str
    times: int = 0
    instances: tuple[int, int] | None = None
    tasks: tuple[WorkItem, ...] = ()
    calls: tuple[UUID, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Diagram:
    """One diagram of a case: the case's own (scope None) or that of a called process, with the marks of its elements."""

    scope: UUID | None
    parent: UUID | None
    definition_id: UUID
    name: str
    marks: Mapping[str, Mark] = field(default_factory=dict)
    running: bool = False


def diagrams_of_case(
    records: Records,
    line: CaseLine,
    tasks: Sequence[WorkItem],
    names: Mapping[str, str],
    activities: Sequence[ActivityRow],
) -> tuple[Diagram, ...]:
    """The diagrams of a case, its own first, called ones in the order they began. `activities`: its element instances."""
    calls = calls_among(activities)
    definitions: dict[UUID | None, UUID] = {None: line.definition_id}
    within = [(one.row.scope_id, one.row.definition_id) for one in tasks]
    within += [(row.scope_id, row.definition_id) for row in activities]
    for scope, definition_id in within:
        if scope is not None and (call := calls.get(scope)) is not None:
            definitions.setdefault(call, definition_id)
    hosts = {row.id: row for row in activities}
    order = [None, *(row.id for row in activities if row.id in definitions)]
    titles = Workbench(records).definition_names(set(definitions.values()))
    sight = _Sight(
        activities=activities,
        tasks=tasks,
        calls=calls,
        inside=_work_inside(tasks, activities),
        opens=_calls_inside(activities, definitions.keys()),
        troubled=frozenset(i.token_id for i in records.incidents.open_of_case(line.id)),
    )
    return tuple(
        Diagram(
            scope=scope,
            parent=_call_above(hosts[scope], calls) if scope else None,
            definition_id=definitions[scope],
            name=_name(hosts.get(scope) if scope else None, names, titles.get(definitions[scope], line.name)),
            marks=sight.marks(scope),
            running=hosts[scope].ended_at is None if scope else line.ended_at is None,
        )
        for scope in order
    )


@dataclass(frozen=True, kw_only=True)
class _Sight:
    activities: Sequence[ActivityRow]
    tasks: Sequence[WorkItem]
    calls: Mapping[UUID, UUID | None]
    inside: Mapping[UUID, Sequence[WorkItem]]
    opens: Mapping[UUID, Sequence[UUID]]
    troubled: frozenset[UUID | None]

    def marks(self, scope: UUID | None) -> dict[str, Mark]:
        """Element id → mark, for the diagram of one scope; sub-processes show the work inside them."""
        states: dict[str, list[str]] = {}
        passed: Counter[str] = Counter()
        opened: dict[str, list[WorkItem]] = {}
        called: dict[str, list[UUID]] = {}
        for row in self.activities:
            if self._call_of(row.scope_id) != scope:
                continue
            states.setdefault(row.element, []).append(self._activity_state(row))
            passed[row.element] += row.outcome == "COMPLETED"
            opened.setdefault(row.element, []).extend(self.inside.get(row.id, ()) if row.ended_at is None else ())
            called.setdefault(row.element, []).extend(self.opens.get(row.id, ()))
        for item in self.tasks:
            if self._call_of(item.row.scope_id) != scope:
                continue
            states.setdefault(item.row.element, []).append(_state(item))
            passed[item.row.element] += item.row.outcome in DONE
            if item.row.ended_at is None:
                opened.setdefault(item.row.element, []).append(item)
        return {
            element: Mark(
                state=max(found, key=RANK.index),
                times=passed[element],
                instances=self._instances(element, scope),
                tasks=tuple(sorted(opened.get(element, ()), key=_urgency)),
                calls=tuple(called.get(element, ())),
            )
            for element, found in states.items()
        }

    def _instances(self, element: str, scope: UUID | None) -> tuple[int, int] | None:
        """(completed, begun) of the latest loop over an element."""
        bodies = [
            row for row in self.activities if row.element == element + BODY and self._call_of(row.scope_id) == scope
        ]
        if not bodies:
            return None
        body = bodies[-1]

        def _of_loop(one: str, within: UUID | None, began: datetime) -> bool:
            return one == element and within in (body.id, body.scope_id) and began >= body.started_at

        ended = [row.outcome for row in self.activities if _of_loop(row.element, row.scope_id, row.started_at)]
        ended += [
            item.row.outcome
            for item in self.tasks
            if _of_loop(item.row.element, item.row.scope_id, item.row.created_at)
        ]
        return sum(one in DONE for one in ended), len(ended)

    def _call_of(self, scope: UUID | None) -> UUID | None:
        return self.calls.get(scope) if scope else None

    def _activity_state(self, row: ActivityRow) -> str:
        if row.ended_at is not None:
            return "done" if row.outcome == "COMPLETED" else "cancelled"
        if row.id in self.troubled:
            return "failed"
        return max(("active", *(_state(item) for item in self.inside.get(row.id, ()))), key=RANK.index)


def _state(item: WorkItem) -> str:
    if item.row.ended_at is not None:
        return "done" if item.row.outcome in DONE else "cancelled"
    if item.row.escalated_at is not None:
        return "escalated"
    return {Light.RED: "late", Light.YELLOW: "yellow"}.get(item.light, "active")


def _urgency(item: WorkItem) -> tuple[int, str]:
    return (-RANK.index(_state(item)), item.row.due_at.isoformat() if item.row.due_at else "~")


def _work_inside(tasks: Sequence[WorkItem], activities: Sequence[ActivityRow]) -> dict[UUID, list[WorkItem]]:
    """Running sub-processes and calls with the open work inside them, however deep."""
    hosts = {row.id: row for row in activities}
    inside: dict[UUID, list[WorkItem]] = {}
    for item in tasks:
        scope = item.row.scope_id
        while item.row.ended_at is None and scope is not None and (host := hosts.get(scope)) is not None:
            inside.setdefault(scope, []).append(item)
            scope = host.scope_id
    return inside


def _calls_inside(activities: Sequence[ActivityRow], called: Collection[UUID | None]) -> dict[UUID, list[UUID]]:
    """Element instances with the diagrams they open: a call its own, a sub-process those of the calls it contains."""
    hosts = {row.id: row for row in activities}
    found: dict[UUID, list[UUID]] = {}
    for row in activities:
        if row.id not in called:
            continue
        found.setdefault(row.id, []).append(row.id)
        scope = row.scope_id
        while scope is not None and (host := hosts.get(scope)) is not None and host.kind != "callActivity":
            found.setdefault(scope, []).append(row.id)
            scope = host.scope_id
    return found


def _call_above(host: ActivityRow, calls: Mapping[UUID, UUID | None]) -> UUID | None:
    return calls.get(host.scope_id) if host.scope_id else None


def _name(host: ActivityRow | None, names: Mapping[str, str], process: str) -> str:
    return names.get(host.element, process) if host else process
