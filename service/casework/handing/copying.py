"""抄送: a case is sent to people to read; they may read that case and nothing else, and say that they have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from service.casework.actors import Actor
from service.casework.handing.colleagues import OUTSIDERS
from service.casework.handing.passing import HANDED, LONGEST
from service.casework.journalling import CaseFile, put_back, write
from service.casework.messages.notices import notice
from service.casework.office import Office
from service.casework.rights import CONFIDENTIAL, HEADS, require_reader
from service.rules.refusals import Conflict, Forbidden, Missing, refuse
from service.rules.vocabulary import JournalAction
from service.store.agenda import AgendaRow
from service.store.records import Records
from service.store.together import CopyRow, Reading, Seat

MOST_COPIES = 30
PAGE = 20
SENDERS = ("business_office", "supervisor", "leader")


@dataclass(frozen=True, kw_only=True)
class Owed:
    """What somebody owes others: opinions, with the names of who asked; and how many cases there are to read."""

    seats: tuple[Seat, ...]
    names: dict[str, str]
    unread: int


@dataclass(frozen=True, kw_only=True)
class CopyList:
    """One page of the cases somebody was sent to read. `counts`: unread, read and all; `names`: of who sent them."""

    items: tuple[Reading, ...]
    counts: dict[str, int]
    names: dict[str, str]
    total: int
    page: int
    pages: int


def send_copy(office: Office, actor: Actor, case_id: UUID, people: Sequence[str], note: str = "") -> int:
    """Send a case to people of the house; to how many that was new.

    By who has or had a task of it, heads of departments involved and who oversees. Refused: Missing CASE_NOT_FOUND;
    Forbidden COPY_FORBIDDEN, COPY_CONFIDENTIAL (cases about people, S-12), READER_FORBIDDEN; Invalid naming the field:
    SIGNERS_MISSING, SIGNERS_MANY, PERSON_UNKNOWN, REASON_LONG; Conflict COPIED_ALREADY.
    """
    names, said = list(dict.fromkeys(one.strip() for one in people if one.strip())), note.strip()
    if not names:
        raise refuse("people", "READERS_MISSING", "请选择抄送给谁")
    if len(names) > MOST_COPIES:
        raise refuse("people", "READERS_MANY", "一次最多抄送 {most} 个人", most=MOST_COPIES)
    if len(said) > LONGEST:
        raise refuse("note", "REASON_LONG", "理由不能超过 {most} 个字", most=LONGEST)

    def attempt() -> int:
        with office.transaction() as records:
            case = require_reader(records, actor, records.cases.lock(case_id))
            involved, departments = records.tasks.groups_involved(case_id)
            heads = actor.has(*HEADS) and actor.department in departments
            if "applicant" in actor.roles or not (actor.has(*SENDERS) or actor.username in involved or heads):
                raise Forbidden("COPY_FORBIDDEN", "您不在办理这个办件，不能抄送")
            if case.key in CONFIDENTIAL:
                raise Forbidden("COPY_CONFIDENTIAL", "投诉和作风办件只由经办人员查看，不能抄送")
            chosen = [_reader(records, actor, name) for name in names]
            unread = {one.person for one in records.together.copies(case_id) if one.read_at is None}
            new = [one for one in chosen if one not in unread]
            if not new:
                raise Conflict("COPIED_ALREADY", "已经抄送过，对方还没有阅知")
            file = CaseFile(case)
            records.together.copy(
                [
                    CopyRow(
                        id=uuid4(),
                        case_id=case_id,
                        task_id=None,
                        person=one,
                        sent_by=actor.username,
                        sent_at=records.now,
                        note=said,
                    )
                    for one in new
                ]
            )
            detail = {"people": new, **({"reason": said} if said else {})}
            write(records, file, JournalAction.CASE_COPIED, actor, detail=detail)
            file.notices.append(_told(records, file, actor, new))
            put_back(records, file)
            records.prompt = True
            return len(new)

    return office.attempt(attempt)


def acknowledge_copy(office: Office, actor: Actor, copy_id: UUID) -> UUID:
    """已阅: the receipt of who was sent a case; the case. Refused: Missing COPY_NOT_FOUND for everybody else."""

    def attempt() -> UUID:
        with office.transaction() as records:
            row = records.together.find_copy(copy_id)
            if row is None or row.person != actor.username:
                raise Missing("COPY_NOT_FOUND", "没有这条抄送，或者不是发给您的。")
            case = records.cases.lock(row.case_id)
            if case is None:
                raise Missing("COPY_NOT_FOUND", "没有这条抄送，或者不是发给您的。")
            again = records.together.find_copy(copy_id)
            if again is not None and again.read_at is None:
                file = CaseFile(case)
                records.together.mark_read(copy_id, records.now)
                write(records, file, JournalAction.CASE_COPY_READ, actor)
                put_back(records, file)
            return row.case_id

    return office.attempt(attempt)


def copies_of(office: Office, actor: Actor, case_id: UUID) -> tuple[CopyRow, ...]:
    """To whom a case was sent and who has read it. Refused: Missing CASE_NOT_FOUND."""
    with office.reading() as records:
        require_reader(records, actor, records.cases.find(case_id))
        return records.together.copies(case_id)


def owed(office: Office, actor: Actor) -> Owed:
    """What others wait for: the opinions somebody owes, and how many cases they were sent and have not read."""
    with office.reading() as records:
        seats = records.together.seats(actor.username)
        names = records.people.names({one.asked_by for one in seats})
        return Owed(seats=seats, names=names, unread=records.together.unread(actor.username))


def copy_list(office: Office, actor: Actor, *, read: str = "unread", search: str = "", page: int = 1) -> CopyList:
    """The cases the actor was sent to read, one page: unread, read or all of them, the latest first."""
    kind = {"unread": False, "read": True}.get(read)
    with office.reading() as records:
        asked = max(page, 1)
        (unread, seen), items = records.together.readings(
            actor.username, read=kind, search=search, limit=PAGE, skip=(asked - 1) * PAGE
        )
        counts = {"unread": unread, "read": seen, "all": unread + seen}
        total = counts["all" if kind is None else read]
        pages = max(1, -(-total // PAGE))
        if asked > pages:
            _, items = records.together.readings(
                actor.username, read=kind, search=search, limit=PAGE, skip=(pages - 1) * PAGE
            )
        names = records.people.names({one.sent_by for one in items})
        return CopyList(items=items, counts=counts, names=names, total=total, page=min(asked, pages), pages=pages)


def _reader(records: Records, actor: Actor, name: str) -> str:
    found = records.people.find(name)
    if found is None or not found.active:
        raise refuse("people", "PERSON_UNKNOWN", "没有用户“{user}”，或者该用户已停用", user=name[:60])
    if found.username == actor.username:
        raise refuse("people", "COPIED_TO_ONESELF", "不需要抄送给自己")
    if not found.roles or not found.roles.isdisjoint(OUTSIDERS):
        raise Forbidden("READER_FORBIDDEN", "{person}不办理业务，不能查看办件", person=found.name)
    return found.username


def _told(records: Records, file: CaseFile, actor: Actor, people: Sequence[str]) -> AgendaRow:
    return notice(
        records.now, HANDED, people, case_id=file.id, values={"person": actor.name, "stage": "办件", "deed": "阅知"}
    )
