"""Filters of the inbox that people have kept: their own, and those their department shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import delete, insert, or_, select, update

from service.store.inbox_schema import saved_filter

if TYPE_CHECKING:
    from service.store.records import Records


@dataclass(frozen=True, kw_only=True, slots=True)
class SavedFilter:
    """One kept filter. `department`: whose people may use it too; `usual`: its owner's inbox opens with it."""

    id: UUID
    owner: str
    department: str | None
    name: str
    query: str
    usual: bool
    saved_at: datetime


class SavedFilters:
    """Rows of `saved_filter` in one transaction."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def seen_by(self, username: str, department: str | None) -> tuple[SavedFilter, ...]:
        """A person's own and those of the department, by name."""
        seen = [saved_filter.c.owner == username]
        if department is not None:
            seen.append(saved_filter.c.department == department)
        rows = self._records.execute(select(saved_filter).where(or_(*seen)).order_by(saved_filter.c.name))
        return tuple(SavedFilter(**row._mapping) for row in rows)

    def find(self, filter_id: UUID) -> SavedFilter | None:
        """One of them."""
        row = self._records.execute(select(saved_filter).where(saved_filter.c.id == filter_id)).one_or_none()
        return None if row is None else SavedFilter(**row._mapping)

    def add(self, row: SavedFilter) -> None:
        """Keep a new one. Duplicate when its owner has one of that name."""
        self._records.execute(insert(saved_filter).values(asdict(row)))

    def change(self, filter_id: UUID, values: Mapping[str, Any]) -> None:
        """Write some columns."""
        self._records.execute(update(saved_filter).where(saved_filter.c.id == filter_id).values(**values))

    def none_usual(self, owner: str) -> None:
        """The owner's inbox opens with everything."""
        self._records.execute(update(saved_filter).where(saved_filter.c.owner == owner).values(usual=False))

    def drop(self, filter_id: UUID) -> None:
        """Forget it."""
        self._records.execute(delete(saved_filter).where(saved_filter.c.id == filter_id))
