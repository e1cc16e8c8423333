"""Declared outages of the service: when it was down, from when to when."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import insert, or_, select

from service.store.time_schema import outage

if TYPE_CHECKING:
    from service.store.records import Records


@dataclass(frozen=True, kw_only=True, slots=True)
class OutageRow:
    """One outage; `up_at` None: it lasts."""

    id: UUID
    down_at: datetime
    up_at: datetime | None
    declared_by: str
    declared_at: datetime
    reason: str = ""


class Outages:
    """The outages of one transaction."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def add(self, row: OutageRow) -> None:
        """One that was declared."""
        self._records.execute(insert(outage), asdict(row))

    def between(self, begin: datetime, end: datetime) -> tuple[OutageRow, ...]:
        """Those that touch a span of time, the earliest first."""
        rows = self._records.execute(
            select(outage)
            .where(outage.c.down_at < end, or_(outage.c.up_at.is_(None), outage.c.up_at > begin))
            .order_by(outage.c.down_at, outage.c.id)
        )
        return tuple(OutageRow(**row._mapping) for row in rows)
