"""Work of people as lists show it: the rows, and the open work of one person counted and paged by the database."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, func, literal, not_, or_, select, true
from sqlalchemy import case as choose

from service.store.schema import case, definition, task, task_candidate

if TYPE_CHECKING:
    from service.store.records import Records


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


_case_definition = definition.alias("case_definition")
WORK = (
    select(
        *(task.c[f.name] for f in fields(WorkRow) if f.name in task.c),
        case.c.title,
        case.c.business_key,
        case.c.state,
        definition.c.name.label("process_name"),
        _case_definition.c.name.label("case_name"),
    )
    .join_from(task, case, case.c.id == task.c.case_id)
    .join(definition, definition.c.id == task.c.definition_id)
    .join(_case_definition, _case_definition.c.id == case.c.definition_id)
)
_URGENT = (
    task.c.due_at.is_(None),
    task.c.due_at,
    task.c.paused_at.is_(None),  # what stands still before what has no limit
    task.c.priority.desc(),
    task.c.created_at,
    task.c.id,
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
        _case_definition.c.name,
        task.c.assignee,
    )


@dataclass(frozen=True)
class Holder:
    """Whose work is asked for: a person and the groups whose queues are open to the person."""

    username: str
    groups: Collection[str]


@dataclass(frozen=True, kw_only=True)
class Lights:
    """What tells red, yellow and green apart at one instant.

    `yellow`, for tasks without a clock: due instant → yellow when opened before it.
    """

    now: datetime
    yellow: Mapping[datetime, datetime]


class OpenWork:
    """The inbox of one person: counts and pages come from the same conditions, so they always agree.

    Thousands of tasks are counted and cut into pages by the database; only the rows of one page are read.
    """

    def __init__(self, records: Records, holder: Holder, search: str) -> None:
        self._records = records
        offered = exists().where(task_candidate.c.task_id == task.c.id, offered_to(holder))
        shared = exists().where(  # from the yellow light on: A岗 and B岗 may both do it
            task_candidate.c.task_id == task.c.id,
            task_candidate.c.kind == "share",
            task_candidate.c.value.in_(sorted(holder.groups)),
        )
        self._mine = [
            task.c.ended_at.is_(None),
            or_(task.c.assignee == holder.username, and_(task.c.assignee.is_(None), offered), shared),
        ]
        self._joined = _searched if search else (lambda statement: statement)
        if search:
            self._mine.append(work_search(search))

    def count(self) -> int:
        """How many there are."""
        return int(self._records.execute(self._select(func.count())).scalar_one())

    def dues(self) -> dict[datetime, datetime]:
        """Due instants to come of tasks without a clock → when the oldest task due then was opened."""
        statement = self._select(task.c.due_at, func.min(task.c.created_at).label("oldest")).where(
            task.c.due_at > self._records.now, task.c.warn_at.is_(None)
        )
        return {row.due_at: row.oldest for row in self._records.execute(statement.group_by(task.c.due_at))}

    def counts(self, lights: Lights, views: Collection[str]) -> dict[str, int]:
        """View → how many tasks belong to it."""
        chosen = [
            func.count(choose((_belongs(view, lights), 1))).label(view) if view != "all" else func.count().label(view)
            for view in views
        ]
        return dict(self._records.execute(self._select(*chosen)).one()._mapping)

    def page(self, lights: Lights, view: str, *, skip: int, limit: int) -> tuple[WorkRow, ...]:
        """One page of a view, most urgent first."""
        return self._rows(self._select(task.c.id).where(_belongs(view, lights)), skip, limit)

    def first(self, *, without: UUID, case_id: UUID | None = None) -> WorkRow | None:
        """The most urgent task, or the most urgent of one case, that is not `without`."""
        statement = self._select(task.c.id).where(task.c.id != without)
        if case_id is not None:
            statement = statement.where(task.c.case_id == case_id)
        return next(iter(self._rows(statement, 0, 1)), None)

    def _select(self, *columns: Any) -> Any:
        return self._joined(select(*columns).select_from(task)).where(*self._mine)

    def _rows(self, statement: Any, skip: int, limit: int) -> tuple[WorkRow, ...]:
        wanted = list(self._records.execute(statement.order_by(*_URGENT).offset(skip).limit(limit)).scalars())
        rows = self._records.execute(WORK.where(task.c.id.in_(wanted)).order_by(*_URGENT)) if wanted else ()
        return tuple(WorkRow(**row._mapping) for row in rows)


def _searched(statement: Any) -> Any:
    return (
        statement.join(case, case.c.id == task.c.case_id)
        .join(definition, definition.c.id == task.c.definition_id)
        .join(_case_definition, _case_definition.c.id == case.c.definition_id)
    )


def offered_to(holder: Holder) -> ColumnElement[bool]:
    """Whether a candidate row names the person or one of the groups."""
    return or_(
        and_(task_candidate.c.kind == "user", task_candidate.c.value == holder.username),
        and_(task_candidate.c.kind == "group", task_candidate.c.value.in_(sorted(holder.groups))),
    )


def _belongs(view: str, lights: Lights) -> ColumnElement[bool]:
    red = and_(task.c.due_at.is_not(None), task.c.due_at <= lights.now)  # whatever holds it afterwards
    stopped = and_(task.c.paused_at.is_not(None), not_(red))
    opened, due, warn = task.c.created_at, task.c.due_at, task.c.warn_at
    yellow: ColumnElement[bool] = and_(not_(stopped), warn.is_not(None), warn <= lights.now, due > lights.now)
    if lights.yellow:
        before = choose(
            *((due == literal(at, due.type), literal(start, opened.type)) for at, start in lights.yellow.items())
        )
        yellow = or_(yellow, and_(not_(stopped), warn.is_(None), func.coalesce(opened < before, false())))
    match view:
        case "stopped":
            return stopped
        case "red":
            return red
        case "yellow":
            return yellow
        case "green":
            return and_(not_(stopped), not_(red), not_(func.coalesce(yellow, false())))
        case "escalated":
            return task.c.escalated_at.is_not(None)
        case "queue":
            return task.c.assignee.is_(None)
        case _:
            return true()
