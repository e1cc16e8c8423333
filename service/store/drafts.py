"""Drafts of applications."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import delete, insert, select, update

from service.store.intake_schema import application_draft

if TYPE_CHECKING:
    from service.store.records import Records


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftRow:
    """One draft: what was typed, unjudged."""

    id: UUID
    username: str
    process: str
    title: str
    entries: Mapping[str, Any]
    created_at: datetime
    changed_at: datetime


class Drafts:
    """The drafts of one transaction."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def add(self, row: DraftRow) -> None:
        """Keep one."""
        self._records.execute(insert(application_draft), [asdict(row)])

    def change(self, draft_id: UUID, **columns: Any) -> None:
        """Write some columns."""
        self._records.execute(update(application_draft).where(application_draft.c.id == draft_id).values(**columns))

    def drop(self, draft_id: UUID) -> None:
        """Delete one."""
        self._records.execute(delete(application_draft).where(application_draft.c.id == draft_id))

    def find(self, draft_id: UUID) -> DraftRow | None:
        """One draft."""
        row = self._records.execute(select(application_draft).where(application_draft.c.id == draft_id)).one_or_none()
        return None if row is None else DraftRow(**row._mapping)

    def of_person(self, username: str) -> tuple[DraftRow, ...]:
        """Somebody's drafts, the last one changed first."""
        query = select(application_draft).where(application_draft.c.username == username)
        rows = self._records.execute(query.order_by(application_draft.c.changed_at.desc(), application_draft.c.id))
        return tuple(DraftRow(**row._mapping) for row in rows)
