"""What people see of the notes of a case, and the content of a file that hangs on one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, BinaryIO
from uuid import UUID

from service.casework.masking import reader_of
from service.casework.notes.queries import QueryView, queries_seen
from service.casework.notes.rights import is_insider, require_insider
from service.casework.notes.writing import CHANGEABLE
from service.casework.rights import require_reader
from service.rules.refusals import Forbidden, Missing
from service.store.notes import NoteFileRow, NoteRow

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.casework.office import Office
    from service.store.records import Records


@dataclass(frozen=True, kw_only=True)
class NoteView:
    """One note. `text` is empty when it was taken away; `may_edit` until ten minutes after it was written."""

    id: UUID
    author: str
    written_at: datetime
    text: str
    mentions: tuple[str, ...]
    edited_at: datetime | None
    deleted_at: datetime | None
    files: tuple[NoteFileRow, ...]
    may_edit: bool
    may_delete: bool


@dataclass(frozen=True, kw_only=True)
class NotePanel:
    """The notes and queries of a case, the latest first. `names`: username → name."""

    case_id: UUID
    notes: tuple[NoteView, ...]
    queries: tuple[QueryView, ...]
    names: Mapping[str, str]
    may_write: bool
    may_ask: bool
    now: datetime

    @property
    def open_queries(self) -> int:
        """How many queries wait for an answer."""
        return sum(one.open for one in self.queries)


def note_panel(office: Office, actor: Actor, case_id: UUID) -> NotePanel | None:
    """The notes of a case; None for an applicant, who is not told that there are any. Refused: Missing CASE_NOT_FOUND."""
    with office.reading() as records:
        row = require_reader(records, actor, records.cases.find(case_id))
        if not is_insider(actor):
            return None
        going_on = row.state == "ACTIVE"
        files: dict[UUID, list[NoteFileRow]] = {}
        for one in records.notes.files(case_id):
            files.setdefault(one.note_id, []).append(one)
        rows = records.notes.of_case(case_id)
        told = reader_of(records, actor, row)
        notes = tuple(_view(records, actor, one, tuple(files.get(one.id, ())), going_on, told) for one in rows)
        queries, may_ask = queries_seen(records, actor, row, told)
        people = {name for one in rows for name in (one.author, *one.mentions)}
        people |= {name for one in queries for name in (one.row.asked_by, one.row.closed_by) if name}
        return NotePanel(
            case_id=case_id,
            notes=notes,
            queries=queries,
            names=records.people.names(people) if people else {},
            may_write=going_on,
            may_ask=may_ask,
            now=records.now,
        )


def open_note_file(office: Office, actor: Actor, file_id: UUID) -> tuple[NoteFileRow, BinaryIO]:
    """A file of a note, to be closed by the caller; of a note that was taken away there is none.

    Refused: Missing FILE_NOT_FOUND; Unavailable BLOBS_UNREACHABLE.
    """
    with office.reading() as records:
        row = records.notes.file(file_id)
        note = records.notes.find(row.note_id) if row is not None else None
        if row is None or note is None or note.deleted_at is not None:
            raise Missing("FILE_NOT_FOUND", "没有这个文件，或者您无权查看。")
        try:
            require_insider(records, actor, records.cases.find(row.case_id))
        except (Missing, Forbidden):
            raise Missing("FILE_NOT_FOUND", "没有这个文件，或者您无权查看。") from None
    return row, office.blobs.open(row.digest)


def _view(
    records: Records,
    actor: Actor,
    row: NoteRow,
    files: tuple[NoteFileRow, ...],
    going_on: bool,
    told: Callable[[str, str | None], str],
) -> NoteView:
    gone = row.deleted_at is not None
    own = going_on and not gone and row.author == actor.username
    return NoteView(
        id=row.id,
        author=row.author,
        written_at=row.written_at,
        text="" if gone else told(row.text, row.author),
        mentions=() if gone else tuple(row.mentions),
        edited_at=row.edited_at,
        deleted_at=row.deleted_at,
        files=() if gone else tuple(replace(one, name=told(one.name, row.author)) for one in files),
        may_edit=own and records.now <= row.written_at + CHANGEABLE,
        may_delete=own,
    )
