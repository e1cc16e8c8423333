"""Writing notes: with people named and files attached; changed within ten minutes; taken away, but not without a trace."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, BinaryIO
from uuid import UUID, uuid4, uuid5

from service.casework.journalling import case_file, put_back, write
from service.casework.materials.receiving import receive_file
from service.casework.messages.notices import notice
from service.casework.notes.mentioning import mentioned
from service.casework.notes.rights import require_insider
from service.rules.material_files import clean_name
from service.rules.materials import READABLE
from service.rules.refusals import Conflict, Forbidden, Invalid, Missing, Unavailable, refuse
from service.rules.vocabulary import JournalAction
from service.store.notes import NoteFileRow, NoteRow

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.casework.journalling import CaseFile
    from service.casework.office import Office
    from service.store.records import Records

LONGEST = 2000  # characters
MOST_FILES = 5
CHANGEABLE = timedelta(minutes=10)
MENTION = "N01"


def write_note(
    office: Office,
    actor: Actor,
    case_id: UUID,
    text: str,
    files: Sequence[tuple[str, BinaryIO]] = (),
    *,
    key: str = "",
) -> UUID:
    """Write a note on a case that goes on; the id of it. Whoever it names with @ is told. `files`: name and content.

    `key`: of the form it was written in; the same words out of the same form are one note. Refused: Missing CASE_NOT_FOUND; Forbidden NOTES_FORBIDDEN; Conflict CASE_ENDED, CASE_SUSPENDED; Invalid NOTE_EMPTY, NOTE_TOO_LONG,
    FILES_TOO_MANY, MENTION_UNKNOWN, MENTION_UNCLEAR, MENTIONS_TOO_MANY, FILE_INFECTED and the codes of received files; Unavailable
    SCANNER_AWAY.
    """
    said = _words(text)
    if len(files) > MOST_FILES:
        raise refuse("file", "FILES_TOO_MANY", "一条备注最多附 {most} 个文件", most=MOST_FILES)
    with office.reading() as records:
        row = require_insider(records, actor, records.cases.find(case_id))
        case_file(row)
        mentioned(records, actor, row, said)
        note_id = entry_id(actor, case_id, key, said, *(name for name, _ in files))
        if records.notes.find(note_id) is not None:
            return note_id
    kept = [_kept(office, note_id, case_id, name, content) for name, content in files]

    def act() -> UUID:
        with office.transaction() as records:
            file = case_file(records.cases.lock(case_id))
            require_insider(records, actor, file.row)
            if records.notes.find(note_id) is not None:
                return note_id
            names = mentioned(records, actor, file.row, said)
            records.notes.add(
                NoteRow(
                    id=note_id,
                    case_id=case_id,
                    author=actor.username,
                    written_at=records.now,
                    text=said,
                    mentions=names,
                )
            )
            records.notes.add_files(kept)
            _tell(records, file, actor, names)
            _line(records, file, actor, note_id, JournalAction.NOTE_WRITTEN)
            return note_id

    return office.attempt(act)


def edit_note(office: Office, actor: Actor, note_id: UUID, text: str) -> None:
    """Change one's own note within ten minutes; what it said before is kept. People named anew are told.

    Refused: Missing NOTE_NOT_FOUND; Forbidden NOTES_FORBIDDEN, NOTE_NOT_YOURS; Conflict NOTE_GONE, NOTE_OLD, CASE_ENDED,
    CASE_SUSPENDED; Invalid NOTE_EMPTY, NOTE_TOO_LONG and those of @.
    """
    said = _words(text)

    def act() -> None:
        with office.transaction() as records:
            row, file = _taken(records, actor, note_id)
            if records.now > row.written_at + CHANGEABLE:
                raise Conflict("NOTE_OLD", "备注写下 {minutes} 分钟后不能再修改，可以另写一条。", minutes=10)
            if said == row.text:
                return
            names = mentioned(records, actor, file.row, said)
            earlier = [*row.earlier, {"text": row.text, "until": records.now.isoformat()}]
            records.notes.change(note_id, text=said, mentions=list(names), edited_at=records.now, earlier=earlier)
            _tell(records, file, actor, [name for name in names if name not in row.mentions])
            _line(records, file, actor, note_id, JournalAction.NOTE_EDITED)

    office.attempt(act)


def delete_note(office: Office, actor: Actor, note_id: UUID) -> None:
    """Take one's own note away: nobody reads it any more, that it was there stays.

    Refused: Missing NOTE_NOT_FOUND; Forbidden NOTES_FORBIDDEN, NOTE_NOT_YOURS; Conflict NOTE_GONE, CASE_ENDED, CASE_SUSPENDED.
    """

    def act() -> None:
        with office.transaction() as records:
            _, file = _taken(records, actor, note_id)
            records.notes.change(note_id, deleted_by=actor.username, deleted_at=records.now)
            _line(records, file, actor, note_id, JournalAction.NOTE_DELETED)

    office.attempt(act)


def entry_id(actor: Actor, case_id: UUID, key: str, *said: str) -> UUID:
    """The id of what somebody writes: that of its form, its author and its words, so that it is kept once."""
    return uuid5(case_id, "\0".join((actor.username, key, *said))) if key else uuid4()


def _words(text: str) -> str:
    said = text.strip()
    if not said:
        raise refuse("text", "NOTE_EMPTY", "请填写备注")
    if len(said) > LONGEST:
        raise refuse(
            "text", "NOTE_TOO_LONG", "备注不能超过 {most} 个字，现有 {count} 个", most=LONGEST, count=len(said)
        )
    return said


def _kept(office: Office, note_id: UUID, case_id: UUID, name: str, content: BinaryIO) -> NoteFileRow:
    """A file looked at, scanned and kept by its content; a note waits for no scanner."""
    name = clean_name(name)
    found = receive_file(office, content, name)
    if found.infected:
        raise Invalid(
            "FILE_INFECTED", "“{name}”含有病毒（{signature}），没有保存。", name=name, signature=found.signature
        )
    if found.verdict not in READABLE:
        raise Unavailable("SCANNER_AWAY", "病毒检查暂时不可用，请稍后再附文件。")
    return NoteFileRow(
        id=uuid4(),
        note_id=note_id,
        case_id=case_id,
        digest=found.digest,
        name=name,
        media_type=found.looked.media_type,
        size=found.size,
        verdict=found.verdict.value,
    )


def _taken(records: Records, actor: Actor, note_id: UUID) -> tuple[NoteRow, CaseFile]:
    """One's own note that is still there, under the lock of its case."""
    seen = records.notes.find(note_id)
    locked = records.cases.lock(seen.case_id) if seen is not None else None
    row = records.notes.find(note_id)
    if row is None or locked is None:
        raise Missing("NOTE_NOT_FOUND", "没有这条备注，或者您无权查看。")
    file = case_file(locked)
    require_insider(records, actor, file.row)
    if row.author != actor.username:
        raise Forbidden("NOTE_NOT_YOURS", "只有写备注的人可以修改或删除它。")
    if row.deleted_at is not None:
        raise Conflict("NOTE_GONE", "这条备注已经删除。")
    return row, file


def _tell(records: Records, file: CaseFile, actor: Actor, names: Sequence[str]) -> None:
    if names:
        told = notice(records.now, MENTION, names, case_id=file.id, values={"person": actor.name})
        file.notices.append(told)
        records.prompt = True


def _line(records: Records, file: CaseFile, actor: Actor, note_id: UUID, action: JournalAction) -> None:
    write(records, file, action, actor, detail={"entry": str(note_id)})
    put_back(records, file)
