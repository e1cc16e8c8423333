"""Internal notes, their files and internal queries of one transaction. What belongs to a case is written under its lock."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import and_, func, insert, select, update

from service.store.notes_schema import internal_query, note, note_file
from service.store.schema import case, definition

if TYPE_CHECKING:
    from service.store.records import Records


@dataclass(frozen=True, kw_only=True, slots=True)
class NoteRow:
    """One note. `earlier`: the texts it had before, each as {text, until}."""

    id: UUID
    case_id: UUID
    author: str
    written_at: datetime
    text: str
    mentions: Sequence[str] = ()
    edited_at: datetime | None = None
    earlier: Sequence[Mapping[str, Any]] = ()
    deleted_by: str | None = None
    deleted_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class NoteFileRow:
    """A file that hangs on a note."""

    id: UUID
    note_id: UUID
    case_id: UUID
    digest: str
    name: str
    media_type: str
    size: int
    verdict: str


@dataclass(frozen=True, kw_only=True, slots=True)
class QueryRow:
    """One internal query."""

    id: UUID
    case_id: UUID
    asked_by: str
    department: str | None
    asked_at: datetime
    question: str
    state: str
    closed_by: str | None = None
    closed_at: datetime | None = None
    answer: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class QueryLine:
    """A query in a list, with the case it is about."""

    row: QueryRow
    title: str | None = None
    business_key: str | None = None


class Notes:
    """The notes of one transaction."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def add(self, row: NoteRow) -> None:
        """Keep a note."""
        values = {**asdict(row), "mentions": list(row.mentions), "earlier": list(row.earlier)}
        self._records.execute(insert(note).values(**values))

    def add_files(self, rows: Sequence[NoteFileRow]) -> None:
        """Keep the files of a note."""
        if rows:
            self._records.execute(insert(note_file), [asdict(row) for row in rows])

    def change(self, note_id: UUID, **columns: Any) -> None:
        """Write some columns of a note."""
        self._records.execute(update(note).where(note.c.id == note_id).values(**columns))

    def find(self, note_id: UUID) -> NoteRow | None:
        """One note."""
        row = self._records.execute(select(note).where(note.c.id == note_id)).one_or_none()
        return None if row is None else NoteRow(**row._mapping)

    def of_case(self, case_id: UUID) -> tuple[NoteRow, ...]:
        """The notes of a case, the latest first."""
        rows = self._records.execute(
            select(note).where(note.c.case_id == case_id).order_by(note.c.written_at.desc(), note.c.id)
        )
        return tuple(NoteRow(**row._mapping) for row in rows)

    def files(self, case_id: UUID) -> tuple[NoteFileRow, ...]:
        """The files of all notes of a case."""
        rows = self._records.execute(
            select(note_file).where(note_file.c.case_id == case_id).order_by(note_file.c.name, note_file.c.id)
        )
        return tuple(NoteFileRow(**row._mapping) for row in rows)

    def file(self, file_id: UUID) -> NoteFileRow | None:
        """One file."""
        row = self._records.execute(select(note_file).where(note_file.c.id == file_id)).one_or_none()
        return None if row is None else NoteFileRow(**row._mapping)

    # -- queries

    def ask(self, row: QueryRow) -> None:
        """Keep a query."""
        self._records.execute(insert(internal_query).values(**asdict(row)))

    def close(self, query_id: UUID, **columns: Any) -> None:
        """Write how a query was closed."""
        self._records.execute(update(internal_query).where(internal_query.c.id == query_id).values(**columns))

    def query(self, query_id: UUID) -> QueryRow | None:
        """One query."""
        row = self._records.execute(select(internal_query).where(internal_query.c.id == query_id)).one_or_none()
        return None if row is None else QueryRow(**row._mapping)

    def queries(self, case_id: UUID) -> tuple[QueryRow, ...]:
        """The queries of a case, the latest first."""
        rows = self._records.execute(
            select(internal_query)
            .where(internal_query.c.case_id == case_id)
            .order_by(internal_query.c.asked_at.desc(), internal_query.c.id)
        )
        return tuple(QueryRow(**row._mapping) for row in rows)

    def queries_in(
        self, states: Collection[str], *, withheld: Collection[str] = (), skip: int, limit: int
    ) -> tuple[int, tuple[QueryLine, ...]]:
        """How many queries are in these states, and one page of them, the oldest first; none of cases of `withheld` processes."""
        of_withheld = (
            select(case.c.id)
            .join(definition, definition.c.id == case.c.definition_id)
            .where(definition.c.key.in_(sorted(withheld)))
        )
        chosen = and_(internal_query.c.state.in_(sorted(states)), internal_query.c.case_id.not_in(of_withheld))
        total = self._records.execute(select(func.count()).select_from(internal_query).where(chosen)).scalar_one()
        rows = self._records.execute(
            select(internal_query, case.c.title, case.c.business_key)
            .join_from(internal_query, case, case.c.id == internal_query.c.case_id)
            .where(chosen)
            .order_by(internal_query.c.asked_at, internal_query.c.id)
            .offset(skip)
            .limit(limit)
        )
        columns = [column.name for column in internal_query.columns]
        return int(total), tuple(
            QueryLine(
                row=QueryRow(**{name: row._mapping[name] for name in columns}),
                title=row.title,
                business_key=row.business_key,
            )
            for row in rows
        )
