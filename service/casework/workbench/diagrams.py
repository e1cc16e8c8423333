"""Which element of which diagram is done, active, late or failed: what colours and badges show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from service.casework.workbench.answers import call_scopes
from service.casework.workbench.work import WorkItem
from service.rules.lights import Light
from service.store.history import ActivityRow
from service.store.workbench import CaseLine, Workbench

if TYPE_CHECKING:
    from service.store.records import Records

RANK = ("cancelled", "done", "active", "yellow", "late", "escalated", "failed")


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What one element of a diagram shows: its state, how often it was passed, the open tasks on it, called diagrams."""

    state: str
    times: int = 0
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
    records: Records, line: CaseLine, tasks: Sequence[WorkItem], names: Mapping[str, str]
) -> tuple[Diagram, ...]:
    """The diagrams of a case, its own first, called ones in the order they began."""
    activities = records.history.activities(line.id)
    calls = call_scopes(records, line.id)
    definitions: dict[UUID | None, UUID] = {None: line.definition_id}
    for scope, definition_id in Workbench(records).calls_of(line.id):
        if (call := calls.get(scope)) is not None:
            definitions.setdefault(call, definition_id)
    failed = {(i.token_id, i.element) for i in records.incidents.open_of_case(line.id)}
    hosts = {row.id: row for row in activities}
    order = [None, *(row.id for row in activities if row.id in definitions)]
    open_calls = _open_calls(tasks, activities, calls)
    titles = {version.id: version.name or version.key for version in Workbench(records).versions()}
    return tuple(
        Diagram(
            scope=scope,
            parent=_call_above(hosts[scope], calls) if scope else None,
            definition_id=definitions[scope],
            name=_name(hosts.get(scope) if scope else None, names, titles.get(definitions[scope], line.name)),
            marks=_marks(scope, activities, tasks, calls, definitions, failed, open_calls),
            running=scope in open_calls if scope else line.ended_at is None,
        )
        for scope in order
    )


def _marks(
    scope: UUID | None,
    activities: Sequence[ActivityRow],
    tasks: Sequence[WorkItem],
    calls: Mapping[UUID, UUID | None],
    definitions: Mapping[UUID | None, UUID],
    failed: Iterable[tuple[UUID | None, str | None]],
    open_calls: Mapping[UUID, str],
) -> dict[str, Mark]:
    states: dict[str, list[str]] = {}
    passed: dict[str, int] = {}
    opened: dict[str, list[WorkItem]] = {}
    called: dict[str, list[UUID]] = {}
    troubled = {token for token, _ in failed}
    for row in activities:
        if (calls.get(row.scope_id) if row.scope_id else None) != scope:
            continue
        state = {"COMPLETED": "done", "CANCELLED": "cancelled"}.get(row.outcome or "", "active")
        if state == "active":
            state = "failed" if row.id in troubled else open_calls.get(row.id, "active")
        states.setdefault(row.element, []).append(state)
        passed[row.element] = passed.get(row.element, 0) + (state == "done")
        if row.id in definitions:
            called.setdefault(row.element, []).append(row.id)
    for item in tasks:
        row_scope = item.row.scope_id
        if (calls.get(row_scope) if row_scope else None) != scope:
            continue
        states.setdefault(item.row.element, []).append(_state(item))
        if item.row.ended_at is None:
            opened.setdefault(item.row.element, []).append(item)
        passed[item.row.element] = passed.get(item.row.element, 0) + (item.row.outcome == "COMPLETED")
    return {
        element: Mark(
            state=max(found, key=RANK.index),
            times=passed.get(element, 0),
            tasks=tuple(opened.get(element, ())),
            calls=tuple(called.get(element, ())),
        )
        for element, found in states.items()
    }


def _state(item: WorkItem) -> str:
    if item.row.ended_at is not None:
        return "done" if item.row.outcome == "COMPLETED" else "cancelled"
    if item.row.escalated_at is not None:
        return "escalated"
    return {Light.RED: "late", Light.YELLOW: "yellow"}.get(item.light, "active")


def _open_calls(
    tasks: Sequence[WorkItem], activities: Sequence[ActivityRow], calls: Mapping[UUID, UUID | None]
) -> dict[UUID, str]:
    """Running call activities with the worst state of the work inside them."""
    hosts = {row.id: row for row in activities}
    worst = {row.id: "active" for row in activities if row.kind == "callActivity" and row.ended_at is None}
    for item in tasks:
        scope = item.row.scope_id
        while item.row.ended_at is None and scope is not None and (host := hosts.get(scope)) is not None:
            if scope in worst:
                worst[scope] = max(worst[scope], _state(item), key=RANK.index)
            scope = host.scope_id
    return worst


def _call_above(host: ActivityRow, calls: Mapping[UUID, UUID | None]) -> UUID | None:
    return calls.get(host.scope_id) if host.scope_id else None


def _name(host: ActivityRow | None, names: Mapping[str, str], process: str) -> str:
    return names.get(host.element, process) if host else process
