"""What is asked for or going on beside the path of a case, and declared outages of the service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import insert, select, update

from service.store.time_schema import outage, proceeding

if TYPE_CHECKING:
    from service.store.records import Records


@dataclass(frozen=True, kw_only=True, slots=True)
class ProceedingRow:
    """One proceeding. `state`: OPEN, GRANTED, REFUSED, CLOSED."""

    id: UUID
    case_id: UUID
    scope_id: UUID | None
    kind: str
    state: str
    opened_at: datetime
    opened_by: str | None
    closed_at: datetime | None = None
    closed_by: str | None = None
    document: str | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class OutageRow:
    """One outage; `up_at` None: it lasts."""

    id: UUID
    down_at: datetime
    up_at: datetime | None
    declared_by: str
    declared_at: datetime
    reason: str = ""


_PROCEEDING = tuple(one.name for one in fields(ProceedingRow))
_OUTAGE = tuple(one.name for one in fields(OutageRow))


class Proceedings:
    """The proceedings of one transaction."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def add(self, row: ProceedingRow) -> None:
        """Open one."""
        self._records.execute(insert(proceeding), [{name: getattr(row, name) for name in _PROCEEDING}])

    def find(self, proceeding_id: UUID) -> ProceedingRow | None:
        """One proceeding."""
        row = self._records.execute(select(proceeding).where(proceeding.c.id == proceeding_id)).one_or_none()
        return None if row is None else ProceedingRow(**row._mapping)

    def of_case(self, case_id: UUID, *kinds: str) -> tuple[ProceedingRow, ...]:
        """The proceedings of a case in the order they opened, of some kinds (none: all)."""
        statement = select(proceeding).where(proceeding.c.case_id == case_id)
        if kinds:
            statement = statement.where(proceeding.c.kind.in_(kinds))
        rows = self._records.execute(statement.order_by(proceeding.c.opened_at, proceeding.c.id))
        return tuple(ProceedingRow(**row._mapping) for row in rows)

    def change(self, proceeding_id: UUID, values: Mapping[str, Any]) -> None:
        """Write some columns."""
        self._records.execute(update(proceeding).where(proceeding.c.id == proceeding_id).values(**values))

    def declare(self, row: OutageRow) -> None:
        """Keep an outage."""
        self._records.execute(insert(outage), [{name: getattr(row, name) for name in _OUTAGE}])

    def outages(self, since: datetime, until: datetime) -> Sequence[OutageRow]:
        """Outages that touch a stretch of time, first first."""
        rows = self._records.execute(
            select(outage)
            .where(outage.c.down_at < until, (outage.c.up_at.is_(None)) | (outage.c.up_at > since))
            .order_by(outage.c.down_at, outage.c.id)
        )
        return tuple(OutageRow(**row._mapping) for row in rows)
