"""Absences of people, planned and sudden."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, insert, or_, select, update

from service.store.schema import person, task
from service.store.time_schema import absence

if TYPE_CHECKING:
    from service.store.records import Records


@dataclass(frozen=True, kw_only=True, slots=True)
class AbsenceRow:
    """One absence [since, until). `until` None: open; `stand_in`: who is named in the letter of a 首席代表."""

    id: UUID
    username: str
    since: datetime
    until: datetime | None
    kind: str
    reason: str
    stand_in: str | None
    recorded_by: str
    recorded_at: datetime
    withdrawn_at: datetime | None = None


def away_at(at: Any) -> ColumnElement[bool]:
    """Whether an absence holds at an instant."""
    return and_(
        absence.c.withdrawn_at.is_(None),
        absence.c.since <= at,
        or_(absence.c.until.is_(None), absence.c.until > at),
    )


class Absences:
    """The absence rows of one transaction."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def add(self, row: AbsenceRow) -> None:
        """Write an absence."""
        self._records.forget_staff()
        self._records.execute(insert(absence), [asdict(row)])

    def find(self, absence_id: UUID) -> AbsenceRow | None:
        """One absence."""
        row = self._records.execute(select(absence).where(absence.c.id == absence_id)).one_or_none()
        return None if row is None else AbsenceRow(**row._mapping)

    def change(self, absence_id: UUID, values: Mapping[str, Any]) -> None:
        """Write some columns."""
        self._records.forget_staff()
        self._records.execute(update(absence).where(absence.c.id == absence_id).values(**values))

    def overlapping(self, username: str, since: datetime, until: datetime | None) -> AbsenceRow | None:
        """An absence of this person that shares an instant with [since, until).

        The person's row is locked first: of two overlapping absences recorded at once the second sees the first.
        """
        self._records.execute(select(person.c.id).where(person.c.username == username).with_for_update())
        statement = select(absence).where(
            absence.c.username == username,
            absence.c.withdrawn_at.is_(None),
            or_(absence.c.until.is_(None), absence.c.until > since),
        )
        if until is not None:
            statement = statement.where(absence.c.since < until)
        row = self._records.execute(statement.order_by(absence.c.since).limit(1)).one_or_none()
        return None if row is None else AbsenceRow(**row._mapping)

    def named(self, username: str) -> tuple[AbsenceRow, ...]:
        """Absences, present or to come, whose letter of authority names this person."""
        rows = self._records.execute(
            select(absence)
            .where(
                absence.c.stand_in == username,
                absence.c.withdrawn_at.is_(None),
                or_(absence.c.until.is_(None), absence.c.until > self._records.now),
            )
            .order_by(absence.c.since)
        )
        return tuple(AbsenceRow(**row._mapping) for row in rows)

    def away(self, usernames: Collection[str]) -> frozenset[str]:
        """Who of these people is away now."""
        if not usernames:
            return frozenset()
        statement = select(absence.c.username).where(absence.c.username.in_(set(usernames)), away_at(self._records.now))
        return frozenset(self._records.execute(statement).scalars())

    def cases_touched(self, username: str, department: str | None) -> tuple[UUID, ...]:
        """Cases in which the person's coming or going may move a task that a rule has placed."""
        moved: ColumnElement[bool] = task.c.assignee == username
        if department is not None:
            moved = or_(moved, and_(task.c.acting_for.is_not(None), task.c.department == department))
        statement = select(task.c.case_id).where(task.c.ended_at.is_(None), task.c.role.is_not(None), moved).distinct()
        return tuple(sorted(self._records.execute(statement).scalars()))
