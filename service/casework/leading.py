"""牵头 (SM-30): who leads a chain urges the departments, convenes them and sums up what they said; it decides for nobody else.

What is said stands in a note, which applicants do not read; the journal tells that it was said, and for a meeting when, where
and who is called.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from service.casework.handing.passing import HANDED
from service.casework.handing.urging import urge_task
from service.casework.journalling import CaseFile, case_file, put_back, write
from service.casework.messages.notices import notice
from service.casework.posts import CHIEF, group_of
from service.casework.rights import leads, require_reader
from service.casework.workbench.chain_pages import chain_page
from service.rules.refusals import Conflict, Forbidden, Refusal, refuse
from service.rules.vocabulary import JournalAction
from service.store.notes import NoteRow

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.casework.office import Office
    from service.store.records import Records

LONGEST = 2000
LONGEST_ROOM = 60


@dataclass(frozen=True, kw_only=True)
class Reminded:
    """What became of a reminder: tasks whose holders were told, and those that could not be urged, with why."""

    told: int
    refused: tuple[tuple[str, Refusal], ...]


def sum_up(office: Office, actor: Actor, case_id: UUID, text: str) -> UUID:
    """牵头汇总: what the departments have said so far, in the words of who leads; its note.

    Refused: Missing CASE_NOT_FOUND; Forbidden LEADING_FORBIDDEN; Conflict CASE_ENDED, CASE_SUSPENDED; Invalid SUMMARY_MISSING,
    NOTE_TOO_LONG (field `text`).
    """
    said = _words(text, "text")
    if not said:
        raise refuse("text", "SUMMARY_MISSING", "请填写汇总意见")

    def attempt() -> UUID:
        with office.transaction() as records:
            file = _taken(office, records, actor, case_id)
            entry = _note(records, actor, case_id, said)
            write(records, file, JournalAction.LEAD_SUMMED_UP, actor, detail={"entry": str(entry)})
            put_back(records, file)
            return entry

    return office.attempt(attempt)


def convene(
    office: Office,
    actor: Actor,
    case_id: UUID,
    *,
    at: datetime | None,
    room: str,
    subject: str,
    departments: Sequence[str],
) -> UUID:
    """召集会商: the 首席代表 of these departments are told when and where; nothing is decided by it.

    Refused: as summing up; Invalid CONVENE_AT, CONVENE_PAST (field `at`), CONVENE_ROOM, CONVENE_WHOM (field `departments`),
    DEPARTMENT_UNKNOWN, SUBJECT_MISSING (field `subject`).
    """
    said = _words(subject, "subject")
    if not said:
        raise refuse("subject", "SUBJECT_MISSING", "请填写会商的内容")
    where = room.strip()
    if not 0 < len(where) <= LONGEST_ROOM:
        raise refuse("room", "CONVENE_ROOM", "请填写会商的地点（最多 {most} 个字）", most=LONGEST_ROOM)
    if at is None:
        raise refuse("at", "CONVENE_AT", "请填写会商的时间")
    called = tuple(dict.fromkeys(departments))
    if not called:
        raise refuse("departments", "CONVENE_WHOM", "请选择参加会商的部门")

    def attempt() -> UUID:
        with office.transaction() as records:
            file = _taken(office, records, actor, case_id)
            if at <= records.now:
                raise refuse("at", "CONVENE_PAST", "会商的时间应在现在以后")
            known = {one.code for one in records.people.departments()}
            unknown = next((one for one in called if one not in known), None)
            if unknown is not None:
                raise refuse(
                    "departments", "DEPARTMENT_UNKNOWN", "没有编码为 {department} 的部门", department=unknown[:20]
                )
            entry = _note(records, actor, case_id, said)
            detail = {"entry": str(entry), "at": at.isoformat(), "room": where, "departments": list(called)}
            write(records, file, JournalAction.LEAD_CONVENED, actor, detail=detail)
            told = notice(
                records.now,
                HANDED,
                [group_of(one, CHIEF) for one in called],
                case_id=case_id,
                values={"person": actor.name, "stage": "联办", "deed": "参加会商"},
            )
            file.notices.append(told)
            put_back(records, file)
            records.prompt = True
            return entry

    return office.attempt(attempt)


def remind(office: Office, actor: Actor, case_id: UUID, departments: Sequence[str], note: str = "") -> Reminded:
    """催办 of every open task in the branches of these departments, also of a desk at the window, each as by itself: one per half-day.

    Refused: Missing CASE_NOT_FOUND; Forbidden LEADING_FORBIDDEN; Conflict CASE_ENDED, CASE_SUSPENDED, REMINDED_NOBODY; Missing CHAIN_NONE; Invalid
    REMIND_WHOM (field `departments`), REASON_LONG (field `note`).
    """
    wanted = set(departments)
    if not wanted:
        raise refuse("departments", "REMIND_WHOM", "请选择要催办的部门")
    chain = chain_page(office, actor, case_id)
    with office.reading() as records:
        row = require_reader(records, actor, records.cases.find(case_id))
        case_file(row)
        if not leads(office, records, actor, row):
            raise _forbidden()
    items = {item.row.id: item.row for one in chain.branches if one.department in wanted for item in one.work}
    tasks = [one for one in items.values() if one.assignee != actor.username]
    if not tasks:
        raise Conflict("REMINDED_NOBODY", "这些部门现在没有正在办理的任务")
    told, refused = 0, []
    for task in tasks:
        try:
            urge_task(office, actor, task.id, note)
            told += 1
        except (Conflict, Forbidden) as refusal:
            refused.append((task.name, refusal))
    return Reminded(told=told, refused=tuple(refused))


def _taken(office: Office, records: Records, actor: Actor, case_id: UUID) -> CaseFile:
    """A chain that goes on, under its lock, for who leads it."""
    row = require_reader(records, actor, records.cases.lock(case_id))
    file = case_file(row)
    if not leads(office, records, actor, row):
        raise _forbidden()
    return file


def _forbidden() -> Forbidden:
    return Forbidden("LEADING_FORBIDDEN", "只有牵头部门的协调人和负责人可以召集、催办和汇总")


def _note(records: Records, actor: Actor, case_id: UUID, text: str) -> UUID:
    entry = uuid4()
    records.notes.add(NoteRow(id=entry, case_id=case_id, author=actor.username, written_at=records.now, text=text))
    return entry


def _words(text: str, field: str) -> str:
    said = text.strip()
    if len(said) > LONGEST:
        raise refuse(field, "NOTE_TOO_LONG", "备注不能超过 {most} 个字，现有 {count} 个", most=LONGEST, count=len(said))
    return said
