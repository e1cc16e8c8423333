"""Open work of a department as its 首席代表 looks at it: every task, how each climbed the ladder, what silence passed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import and_, or_

from service.store.history import LINES, JournalLine, read_lines
from service.store.schema import journal, task
from service.store.work import WORK, WorkRow

if TYPE_CHECKING:
    from service.store.records import Records

MOST = 2000  # tasks a board is made of; a department has some hundreds


def department_work(records: Records, department: str, username: str) -> tuple[WorkRow, ...]:
    """Open tasks of a department, and those somebody has elsewhere, by due instant; `MOST` at most."""
    mine = or_(task.c.department == department, task.c.assignee == username)
    order = (task.c.due_at.is_(None), task.c.due_at, task.c.created_at, task.c.id)
    rows = records.execute(WORK.where(and_(task.c.ended_at.is_(None), mine)).order_by(*order).limit(MOST))
    return tuple(WorkRow(**row._mapping) for row in rows)


def passed_by_silence(records: Records, department: str, since: datetime) -> tuple[WorkRow, ...]:
    """Tasks of a department that ended because nobody did them in time, the latest first."""
    asked = WORK.where(task.c.department == department, task.c.outcome == "TACIT", task.c.ended_at >= since)
    rows = records.execute(asked.order_by(task.c.ended_at.desc(), task.c.id).limit(100))
    return tuple(WorkRow(**row._mapping) for row in rows)


def lines_about(records: Records, task_ids: Collection[UUID], actions: Collection[str]) -> tuple[JournalLine, ...]:
    """Journal lines of these kinds about these tasks, in order."""
    if not task_ids:
        return ()
    asked = LINES.where(journal.c.task_id.in_(list(task_ids)), journal.c.action.in_(sorted(actions)))
    return read_lines(records, asked.order_by(journal.c.written_at, journal.c.line))
