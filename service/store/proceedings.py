"""Proceedings of cases: what is asked for or going on beside the path (补正告知, 延期申请, 听证申请, 暂缓默许 …)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import insert, select, update

from service.store.time_schema import proceeding

if TYPE_CHECKING:
    from service.store.records import Records


@dataclass(frozen=True, kw_only=True, slots=True)
class ProceedingRow:
    """One proceeding. `scope_id`: the token that hosts the item, None for the case itself; `document`: its notice's number."""

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


_COLUMNS = tuple(column.name for column in fields(ProceedingRow))


class Proceedings:
    """The proceedings of one transaction."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def add(self, row: ProceedingRow) -> None:
        """One that was opened."""
        self._records.execute(insert(proceeding), {name: getattr(row, name) for name in _COLUMNS})

    def of_case(self, case_id: UUID) -> tuple[ProceedingRow, ...]:
        """Every proceeding of a case, the oldest first."""
        rows = self._records.execute(
            select(*(proceeding.c[name] for name in _COLUMNS))
            .where(proceeding.c.case_id == case_id)
            .order_by(proceeding.c.opened_at, proceeding.c.id)
        )
        return tuple(ProceedingRow(**row._mapping) for row in rows)

    def find(self, proceeding_id: UUID) -> ProceedingRow | None:
        """One proceeding."""
        row = self._records.execute(
            select(*(proceeding.c[name] for name in _COLUMNS)).where(proceeding.c.id == proceeding_id)
        ).one_or_none()
        return None if row is None else ProceedingRow(**row._mapping)

    def change(self, proceeding_id: UUID, values: Mapping[str, Any]) -> None:
        """Write some of its columns."""
        self._records.execute(update(proceeding).where(proceeding.c.id == proceeding_id).values(**values))
