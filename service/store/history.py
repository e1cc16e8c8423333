"""What happened: journal lines, element instances and comments. Lines are never changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson
from sqlalchemy import Select, insert, select, update

from service.store.schema import activity, comment, journal
from service.store.seals import raw
from service.store.upserts import upsert

if TYPE_CHECKING:
    from service.store.records import Records


@dataclass(frozen=True, kw_only=True, slots=True)
class JournalLine:
    """One act. `line` is the case's version after it; `actor` null: the system by rule."""

    case_id: UUID
    line: int
    written_at: datetime
    action: str
    actor: str | None
    element: str | None = None
    task_id: UUID | None = None
    detail: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ActivityRow:
    """One element instance that is not a user task. `kind`: Camunda's activityType."""

    id: UUID
    case_id: UUID
    definition_id: UUID
    scope_id: UUID | None
    element: str
    kind: str
    started_at: datetime
    ended_at: datetime | None = None
    outcome: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CommentRow:
    """What somebody wrote at a case or one of its tasks."""

    id: UUID
    case_id: UUID
    task_id: UUID | None
    author: str
    written_at: datetime
    message: str


_COMMENT = insert(comment)
_APPEND = insert(journal)
_FIELDS = tuple(column.name for column in journal.columns if column.name != "mac")
_SAYS = attrgetter(*_FIELDS)
LINES = select(*raw(journal))


def read_lines(records: Records, query: Select[Any]) -> tuple[JournalLine, ...]:
    """The lines a query of `LINES` finds, as they were written. Refused: RecordTampered."""
    rows = records.execute(
        query
    ).all()  # to the end: a cursor left by a refusal would hold its connection to an old state
    return tuple(_line(records, dict(row._mapping)) for row in rows)


def _line(records: Records, values: dict[str, Any]) -> JournalLine:
    records.seals.check(journal.name, values, values.pop("mac"))
    said = values["detail"]
    return JournalLine(**{**values, "detail": None if said is None else orjson.loads(said)})


class History:
    """The journal, activity and comment rows of one transaction."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def write(self, lines: Sequence[JournalLine]) -> None:
        """Append journal lines."""
        if lines:
            rows = (dict(zip(_FIELDS, _SAYS(line), strict=True)) for line in lines)
            self._records.send(_APPEND, self._records.seals.sealed(journal.name, rows))

    def lines_after(self, case_id: UUID, instant: datetime) -> tuple[JournalLine, ...]:
        """The lines written after an instant, in order. Refused: RecordTampered."""
        wanted = journal.c.case_id == case_id, journal.c.written_at > instant
        return read_lines(self._records, LINES.where(*wanted).order_by(journal.c.line))

    def lines(self, case_id: UUID) -> tuple[JournalLine, ...]:
        """The journal of a case, first line first. Refused: RecordTampered."""
        return read_lines(self._records, LINES.where(journal.c.case_id == case_id).order_by(journal.c.line))

    def put_activities(self, rows: Sequence[ActivityRow]) -> None:
        """Write element instances: those entered now, and the end of those entered before, in one statement."""
        if rows:
            self._records.send(
                upsert(self._records.dialect, activity, ("id",), ("ended_at", "outcome")),
                rows,
            )

    def cancel_activities(self, case_id: UUID, at: datetime) -> None:
        """The case is terminated: whatever was going on is cancelled."""
        self._records.execute(
            update(activity)
            .where(activity.c.case_id == case_id, activity.c.ended_at.is_(None))
            .values(ended_at=at, outcome="CANCELLED")
        )

    def activities(self, case_id: UUID) -> tuple[ActivityRow, ...]:
        """The element instances of a case in the order they began."""
        rows = self._records.execute(
            select(activity).where(activity.c.case_id == case_id).order_by(activity.c.started_at, activity.c.id)
        )
        return tuple(ActivityRow(**row._mapping) for row in rows)

    def comment(self, row: CommentRow) -> None:
        """Keep a comment."""
        self._records.send(_COMMENT, [row])

    def comments(self, case_id: UUID, task_id: UUID | None = None) -> tuple[CommentRow, ...]:
        """The comments of a case (or of one task), oldest first."""
        statement = select(comment).where(comment.c.case_id == case_id)
        if task_id is not None:
            statement = statement.where(comment.c.task_id == task_id)
        rows = self._records.execute(statement.order_by(comment.c.written_at, comment.c.id))
        return tuple(CommentRow(**row._mapping) for row in rows)
