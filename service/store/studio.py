"""Drafts of processes and their files."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update

from service.store.studio_schema import process_draft, process_draft_file

if TYPE_CHECKING:
    from service.store.records import Records


@dataclass(frozen=True, kw_only=True, slots=True)
class ProcessDraftRow:
    """One draft. `version` counts what was saved; who holds it until when edits it alone."""

    id: UUID
    process: str
    name: str
    based_on: UUID | None
    version: int
    state: str
    created_by: str
    created_at: datetime
    changed_by: str
    changed_at: datetime
    authors: Sequence[str]
    held_by: str | None = None
    held_until: datetime | None = None
    errors: int = 0
    warnings: int = 0
    note: str = ""
    release_id: UUID | None = None


class ProcessDrafts:
    """The drafts of one transaction."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def add(self, row: ProcessDraftRow, files: dict[str, bytes]) -> None:
        """Keep one with its files."""
        self._records.execute(insert(process_draft), [asdict(row)])
        self._records.execute(
            insert(process_draft_file),
            [{"draft_id": row.id, "name": name, "content": content} for name, content in files.items()],
        )

    def find(self, draft_id: UUID, *, lock: bool = False) -> ProcessDraftRow | None:
        """One draft, locked until the transaction ends if wished."""
        query = select(process_draft).where(process_draft.c.id == draft_id)
        row = self._records.execute(query.with_for_update() if lock else query).one_or_none()
        return None if row is None else ProcessDraftRow(**row._mapping)

    def change(self, draft_id: UUID, **columns: Any) -> None:
        """Write some columns."""
        self._records.execute(update(process_draft).where(process_draft.c.id == draft_id).values(**columns))

    def authors_of(self, release_id: UUID) -> frozenset[str]:
        """Who has drawn what was handed in as a release."""
        query = select(process_draft.c.authors).where(process_draft.c.release_id == release_id)
        return frozenset(name for authors in self._records.execute(query).scalars() for name in authors)

    def handed_in_as(self, release_id: UUID, process: str) -> UUID | None:
        """The draft of a process that was handed in as a release; None when its files were uploaded."""
        query = select(process_draft.c.id).where(
            process_draft.c.release_id == release_id, process_draft.c.process == process
        )
        found: UUID | None = self._records.execute(query.limit(1)).scalar_one_or_none()
        return found

    def files(self, draft_id: UUID) -> dict[str, bytes]:
        """Its files by name."""
        query = select(process_draft_file.c.name, process_draft_file.c.content)
        rows = self._records.execute(query.where(process_draft_file.c.draft_id == draft_id))
        return {row.name: bytes(row.content) for row in rows}

    def bases(self, draft_id: UUID) -> dict[str, str]:
        """Digests of the deployed files its own were taken from, by name; new ones have none."""
        query = select(process_draft_file.c.name, process_draft_file.c.base)
        rows = self._records.execute(query.where(process_draft_file.c.draft_id == draft_id))
        return {row.name: row.base for row in rows if row.base is not None}

    def put_file(self, draft_id: UUID, name: str, content: bytes) -> None:
        """Write one of its files anew."""
        self._records.execute(
            update(process_draft_file)
            .where(process_draft_file.c.draft_id == draft_id, process_draft_file.c.name == name)
            .values(content=content)
        )

    def add_file(self, draft_id: UUID, name: str, content: bytes, *, base: str | None = None) -> None:
        """One more file. `base`: digest of the deployed one it was taken from."""
        self._records.execute(
            insert(process_draft_file), [{"draft_id": draft_id, "name": name, "content": content, "base": base}]
        )

    def drop_file(self, draft_id: UUID, name: str) -> None:
        """Take one of its files away."""
        self._records.execute(
            delete(process_draft_file).where(
                process_draft_file.c.draft_id == draft_id, process_draft_file.c.name == name
            )
        )

    def listed(self, states: Collection[str], *, first: int, size: int) -> tuple[ProcessDraftRow, ...]:
        """Drafts in some states, the last one changed first."""
        query = select(process_draft).where(process_draft.c.state.in_(states))
        query = query.order_by(process_draft.c.changed_at.desc(), process_draft.c.id).offset(first).limit(size)
        return tuple(ProcessDraftRow(**row._mapping) for row in self._records.execute(query))

    def count(self, states: Collection[str]) -> int:
        """How many there are in some states."""
        query = select(func.count()).select_from(process_draft).where(process_draft.c.state.in_(states))
        return int(self._records.execute(query).scalar_one())
