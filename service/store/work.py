"""Work of people as lists show it: one row for a task, whose it is, and what a search looks into."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from service.store.schema import case, definition, task, task_candidate


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkRow:
    """One task as a list shows it. `case_name`: name of the definition the case runs."""

    id: UUID
    case_id: UUID
    definition_id: UUID
    scope_id: UUID | None
    element: str
    name: str
    form_key: str | None
    assignee: str | None
    delegation: str | None
    priority: int
    created_at: datetime
    due_at: datetime | None
    warn_at: datetime | None
    paused_at: datetime | None
    acting_for: str | None
    stage: str | None
    department: str | None
    role: str | None
    escalated_at: datetime | None
    ended_at: datetime | None
    ended_by: str | None
    outcome: str | None
    seen: int
    title: str | None
    business_key: str | None
    state: str
    process_name: str  # of the (called) process the task stands in
    case_name: str


CASE_DEFINITION = definition.alias("case_definition")
WORK = (
    select(
        *(task.c[f.name] for f in fields(WorkRow) if f.name in task.c),
        case.c.title,
        case.c.business_key,
        case.c.state,
        definition.c.name.label("process_name"),
        CASE_DEFINITION.c.name.label("case_name"),
    )
    .join_from(task, case, case.c.id == task.c.case_id)
    .join(definition, definition.c.id == task.c.definition_id)
    .join(CASE_DEFINITION, CASE_DEFINITION.c.id == case.c.definition_id)
)


def matches(text: str, *columns: Any) -> ColumnElement[bool]:
    """Whether every word stands in one of the columns."""
    words = text.split()
    return and_(*(or_(*(column.icontains(word, autoescape=True) for column in columns)) for word in words))


def work_search(text: str) -> ColumnElement[bool]:
    """Whether a task matches every word of a search."""
    return matches(
        text,
        case.c.title,
        case.c.business_key,
        task.c.name,
        definition.c.name,
        CASE_DEFINITION.c.name,
        task.c.assignee,
    )


@dataclass(frozen=True)
class Holder:
    """Whose work is asked for: a person and the groups whose queues are open to the person.

    `leads`: the person may look over all the open work of the department, but for
    processes about people (`withheld`).
    """

    username: str
    groups: Collection[str]
    department: str | None = None
    leads: bool = False
    withheld: Collection[str] = ()


@dataclass(frozen=True, kw_only=True)
class Lights:
    """What tells red, yellow and green apart at one instant.

    `yellow`, for tasks without a clock: due instant → yellow when opened before it.
    """

    now: datetime
    yellow: Mapping[datetime, datetime]


def offered_to(holder: Holder) -> ColumnElement[bool]:
    """Whether a candidate row names the person or one of the groups."""
    return or_(
        and_(task_candidate.c.kind == "user", task_candidate.c.value == holder.username),
        and_(task_candidate.c.kind == "group", task_candidate.c.value.in_(sorted(holder.groups))),
    )
