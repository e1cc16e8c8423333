"""Hints, cards and orders of supervision, of cases and of posts nobody covers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import insert, select, update

from service.store.time_schema import supervision

if TYPE_CHECKING:
    from service.store.records import Records


@dataclass(frozen=True, kw_only=True, slots=True)
class SupervisionRow:
    """One of them. `addressee`: a username or a department's code; `detail`: facts, and what was done about it."""

    id: UUID
    case_id: UUID | None
    scope_id: UUID | None = None
    clock_id: UUID | None = None
    task_id: UUID | None = None
    violation: str
    level: str
    addressee: str
    department: str | None
    raised_at: datetime
    feedback_due_at: datetime | None
    state: str
    upgraded: bool = False
    fault: bool = False
    detail: Mapping[str, Any] = field(default_factory=dict)


class Supervision:
    """The supervision rows of one transaction."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def add(self, row: SupervisionRow) -> None:
        """Write one that was raised."""
        self._records.execute(insert(supervision), [asdict(row)])

    def of_case(self, case_id: UUID) -> tuple[SupervisionRow, ...]:
        """Everything raised in a case, in order."""
        rows = self._records.execute(
            select(supervision)
            .where(supervision.c.case_id == case_id)
            .order_by(supervision.c.raised_at, supervision.c.id)
        )
        return tuple(SupervisionRow(**row._mapping) for row in rows)

    def raised_outside(self, department: str, violation: str, since: datetime) -> bool:
        """Whether a department was told of something that belongs to no case since an instant."""
        statement = select(supervision.c.id).where(
            supervision.c.case_id.is_(None),
            supervision.c.department == department,
            supervision.c.violation == violation,
            supervision.c.raised_at >= since,
        )
        return self._records.execute(statement.limit(1)).first() is not None

    def find(self, row_id: UUID, *, lock: bool = False) -> SupervisionRow | None:
        """One of them; with `lock` nobody else changes it until the transaction ends."""
        statement = select(supervision).where(supervision.c.id == row_id)
        row = self._records.execute(statement.with_for_update() if lock else statement).one_or_none()
        return None if row is None else SupervisionRow(**row._mapping)

    def change(self, row_id: UUID, values: Mapping[str, Any]) -> None:
        """Write some columns."""
        self._records.execute(update(supervision).where(supervision.c.id == row_id).values(**values))
