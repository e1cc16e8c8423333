"""What stands at the elements of a process now, and how long finished passes took. A few statements, however many cases run."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Subquery, and_, exists, func, or_, select, text, true, union_all
from sqlalchemy import case as choose

from service.store.case_lights import GOVERNING
from service.store.schema import activity, case, definition, task
from service.store.time_schema import clock

if TYPE_CHECKING:
    from service.store.records import Records

BODIES = "%#multiInstanceBody"
DONE = ("COMPLETED", "TACIT")  # outcomes after which the flow went on


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """Cases that stand at an element of a process, also as a called one. `version`: of the process; `overdue`: past their limit there."""

    process: str
    element: str
    version: int | None = None
    overdue: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Stood:
    """Running cases at one element."""

    element: str
    waiting: int
    overdue: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Pass:
    """One finished pass of a task or a call."""

    element: str
    began: datetime
    ended: datetime


def standing(now: datetime, of: Select[Any] | Collection[UUID]) -> Subquery:
    """(case_id, definition_id, element, late) of everything open in these definitions. A task is late from its due instant on, a call
    when a limit that governs it is over."""
    governed = exists().where(
        clock.c.case_id == activity.c.case_id,
        clock.c.scope_id == activity.c.id,
        clock.c.state != "STOPPED",
        clock.c.kind.in_(GOVERNING),
        or_(clock.c.light == "red", clock.c.due_at <= now),
    )
    tasks = select(
        task.c.case_id,
        task.c.definition_id,
        task.c.element,
        choose((and_(task.c.due_at.is_not(None), task.c.due_at <= now), 1), else_=0).label("late"),
    ).where(task.c.ended_at.is_(None), task.c.definition_id.in_(of))
    others = select(
        activity.c.case_id,
        activity.c.definition_id,
        activity.c.element,
        choose((and_(activity.c.kind == "callActivity", governed), 1), else_=0).label("late"),
    ).where(activity.c.ended_at.is_(None), activity.c.definition_id.in_(of), activity.c.element.not_like(BODIES))
    return union_all(tasks, others).subquery("standing")


def stands_at(now: datetime, wanted: Standing) -> ColumnElement[bool]:
    """Whether a case stands there: the same question the numbers of `ProcessLoad` count."""
    versions = select(definition.c.id).where(definition.c.key == wanted.process)
    if wanted.version is not None:
        versions = versions.where(definition.c.version == wanted.version)
    found = standing(now, versions)
    late = found.c.late == 1 if wanted.overdue else true()
    return case.c.id.in_(select(found.c.case_id).where(found.c.element == wanted.element, late))


class ProcessLoad:
    """Numbers of a process, in one transaction."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def standing(self, definitions: Collection[UUID], visible: Sequence[ColumnElement[bool]]) -> tuple[Stood, ...]:
        """How many of the `visible` cases stand at each element, a case once however many of its tasks are open there."""
        found = standing(self._records.now, list(definitions))
        statement = (
            select(
                found.c.element,
                func.count(found.c.case_id.distinct()).label("waiting"),
                func.count(choose((found.c.late == 1, found.c.case_id)).distinct()).label("overdue"),
            )
            .join_from(found, case, case.c.id == found.c.case_id)
            .where(case.c.ended_at.is_(None), *visible)
            .group_by(found.c.element)
        )
        return tuple(Stood(**row._mapping) for row in self._records.execute(statement))

    def passes(
        self, definitions: Collection[UUID], *, since: datetime, most: int, visible: Sequence[ColumnElement[bool]]
    ) -> tuple[Pass, ...]:
        """Finished passes of tasks and calls of `visible` cases since then, the latest `most` of each."""

        def ended(table: Any, began: Any, *also: Any) -> Any:
            return (
                select(table.c.element, began.label("began"), table.c.ended_at.label("ended"))
                .join_from(table, case, case.c.id == table.c.case_id)
                .where(
                    table.c.definition_id.in_(list(definitions)),
                    table.c.ended_at.is_not(None),
                    table.c.ended_at >= since,
                    table.c.outcome.in_(DONE),
                    *also,
                    *visible,
                )
                .order_by(table.c.ended_at.desc())
                .limit(most)
            )

        both = (
            ended(task, task.c.created_at),
            ended(activity, activity.c.started_at, activity.c.kind == text("'callActivity'")),
        )
        return tuple(Pass(**row._mapping) for one in both for row in self._records.execute(one))

    def busy_versions(self, definitions: Collection[UUID], visible: Sequence[ColumnElement[bool]]) -> dict[UUID, int]:
        """Version of a process → running cases that stand somewhere in it."""
        found = standing(self._records.now, list(definitions))
        statement = (
            select(found.c.definition_id, func.count(found.c.case_id.distinct()).label("n"))
            .join_from(found, case, case.c.id == found.c.case_id)
            .where(case.c.ended_at.is_(None), *visible)
        )
        rows = self._records.execute(statement.group_by(found.c.definition_id))
        return {row.definition_id: row.n for row in rows}
