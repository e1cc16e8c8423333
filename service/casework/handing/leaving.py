"""Somebody leaves: one act moves everything they have open to a successor, each thing by itself, with its own result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from service.casework.absences import read_stand_in
from service.casework.actors import Actor
from service.casework.handing.colleagues import require_colleague, require_heard
from service.casework.handing.passing import handed, reason_of
from service.casework.journalling import CaseFile, put_back, require_running, write
from service.casework.office import Office
from service.casework.posts import CHIEF
from service.casework.rights import CONFIDENTIAL, HEADS, may_read
from service.casework.untitled import reads_contents, reads_titles
from service.rules.refusals import Conflict, Forbidden, Refusal, refuse
from service.rules.vocabulary import JournalAction, LedgerAction
from service.store.people import Person
from service.store.records import Records
from service.store.tasks import TaskRow

OFFICES = ("business_office", "security_admin", "system_admin")


class Kind(StrEnum):
    """What somebody who leaves may have left open."""

    TASK = "TASK"  # a task they have
    DELEGATED = "DELEGATED"  # a task of theirs that somebody prepares for them
    SIGNER = "SIGNER"  # an opinion they owe
    STAND_IN = "STAND_IN"  # an absence whose letter of authority names them
    LETTER = "LETTER"  # their own letter of authority: named only, the department's head grants a new one


@dataclass(frozen=True, kw_only=True)
class Left:
    """One thing left open. `refusal`: why it cannot go to the successor; `draft`: a form begun goes along."""

    kind: Kind
    id: UUID | None
    name: str
    case_id: UUID | None = None
    number: str | None = None
    draft: bool = False
    refusal: Refusal | None = None


@dataclass(frozen=True, kw_only=True)
class Leaving:
    """What somebody leaves, and who could have it: the people of the same department."""

    username: str
    name: str
    department: str | None
    items: tuple[Left, ...]
    successors: tuple[tuple[str, str], ...]


def what_is_left(office: Office, actor: Actor, leaver: str, successor: str | None = None) -> Leaving:
    """Everything somebody has open; with a successor also what could not go to them, and why.

    Refused: Forbidden HAND_OVER_FORBIDDEN; Invalid PERSON_UNKNOWN, SUCCESSOR_SELF (field `successor`).
    """
    with office.reading() as records:
        person = _person(records, leaver, "leaver")
        require_hand_over(actor, person)
        to = _successor(records, person, successor) if successor else None
        items = _items(records, actor, person)
        if to is not None:
            items = [_judged(records, actor, one, person, to) for one in items]
        members = records.people.members({person.department}) if person.department else {}
        names = records.people.names([one for found in members.values() for one in found if one != person.username])
        return Leaving(
            username=person.username,
            name=person.name,
            department=person.department,
            items=tuple(items),
            successors=tuple(sorted(names.items())),
        )


def hand_over(office: Office, actor: Actor, leaver: str, successor: str, reason: str) -> tuple[Left, ...]:
    """Move everything to the successor, one transaction for each thing; what could not go stays and says why.

    By heads of the department, the business office and administrators. Refused: as looking; Invalid REASON_MISSING,
    REASON_LONG; Conflict NOTHING_LEFT.
    """
    why = reason_of(reason)
    left = what_is_left(office, actor, leaver, successor)
    if not left.items:
        raise Conflict("NOTHING_LEFT", "{person}没有需要移交的工作", person=left.name)
    with office.reading() as records:
        to = _successor(records, _person(records, leaver, "leaver"), successor)
    done = [_move(office, actor, one, left.username, to, why) for one in left.items]

    def note() -> None:
        with office.transaction() as records:
            moved = sum(one.refusal is None and one.kind is not Kind.LETTER for one in done)
            detail = {"to": to.username, "reason": why, "moved": moved, "stayed": len(done) - moved}
            records.ledger.write(LedgerAction.WORK_HANDED_OVER, actor.username, left.username, detail)
            records.prompt = True

    office.attempt(note)
    return tuple(done)


def require_hand_over(actor: Actor, person: Person) -> None:
    """Refused: Forbidden HAND_OVER_FORBIDDEN unless head of the department, business office or administrator."""
    heads = actor.has(*HEADS) and person.department is not None and actor.department == person.department
    if not (actor.has(*OFFICES) or heads):
        raise Forbidden("HAND_OVER_FORBIDDEN", "只有本部门负责人、业务科和管理员可以移交离岗人员的工作")


def _items(records: Records, actor: Actor, person: Person) -> list[Left]:
    """What somebody has open, in the order it came; cases about people (S-12) nameless for who may not read them."""
    tasks = records.tasks.held_by(person.username)
    seats = records.together.owed_by(person.username)
    numbers = records.cases.some({one.case_id for one in tasks} | {one.case_id for one in seats})
    drafts = {one.task_id for one in records.together.drafts_of(person.username)}

    def number(case_id: UUID) -> str | None:
        case = numbers.get(case_id)
        if case is None or (case.key in CONFIDENTIAL and not may_read(records, actor, case)):
            return None
        return case.business_key or (case.title if reads_titles(actor) and reads_contents(actor) else None)

    found = [
        Left(
            kind=Kind.TASK if one.assignee == person.username else Kind.DELEGATED,
            id=one.id,
            name=one.name,
            case_id=one.case_id,
            number=number(one.case_id),
            draft=one.id in drafts,
        )
        for one in tasks
    ]
    named = records.tasks.some({one.task_id for one in seats})
    found += [
        Left(
            kind=Kind.SIGNER,
            id=one.id,
            name=named[one.task_id].name,
            case_id=one.case_id,
            number=number(one.case_id),
        )
        for one in seats
    ]
    found += [Left(kind=Kind.STAND_IN, id=one.id, name=one.username) for one in records.absences.named(person.username)]
    if CHIEF in person.roles:
        found.append(Left(kind=Kind.LETTER, id=None, name=person.name))
    return found


def _judged(records: Records, actor: Actor, one: Left, leaver: Person, to: Person) -> Left:
    try:
        _require_fit(records, actor, one, leaver.username, to)
    except Refusal as refusal:
        return replace(one, refusal=refusal)
    return one


def _require_fit(records: Records, actor: Actor, one: Left, leaver: str, to: Person) -> None:
    """Whether the successor may have one thing. Refused: what `require_colleague` and `require_heard` refuse; Invalid
    STAND_IN_INVALID; Conflict STANDS_IN_ONESELF."""
    if one.kind in (Kind.TASK, Kind.DELEGATED) and one.id is not None:
        task = records.tasks.file(one.id)
        if task is not None:
            require_colleague(records, actor, task, to.username, leaving=True)
    elif one.kind is Kind.SIGNER and one.id is not None:
        seat = next((seat for seat in records.together.owed_by(leaver) if seat.id == one.id), None)
        row = None if seat is None else records.tasks.find(seat.task_id)
        if row is not None:
            _require_heard(records, row, to)
    elif one.kind is Kind.STAND_IN:
        _require_stand_in(records, one, to)


def _move(office: Office, actor: Actor, one: Left, leaver: str, to: Person, why: str) -> Left:
    """One thing to the successor; what refuses it stands in the result."""
    moves: dict[Kind, Callable[[Records], None]] = {
        Kind.TASK: lambda records: _move_task(records, actor, one, leaver, to, why),
        Kind.DELEGATED: lambda records: _move_task(records, actor, one, leaver, to, why),
        Kind.SIGNER: lambda records: _move_seat(records, actor, one, leaver, to, why),
        Kind.STAND_IN: lambda records: _move_stand_in(records, one, leaver, to),
    }
    move = moves.get(one.kind)
    if move is None:
        return one

    def attempt() -> None:
        with office.transaction() as records:
            move(records)

    try:
        office.attempt(attempt)
    except Refusal as refusal:
        return replace(one, refusal=refusal)
    return replace(one, refusal=None)


def _move_task(records: Records, actor: Actor, one: Left, leaver: str, to: Person, why: str) -> None:
    assert one.id is not None
    case, task = records.tasks.take(one.id)
    if case is None or task is None or task.row.ended_at is not None:
        raise Conflict("TASK_ENDED", "任务“{task}”已经结束，不需要移交", task=one.name)
    require_running(case)
    row = task.row
    if leaver not in (row.assignee, row.owner):
        raise Conflict("TASK_MOVED", "任务“{task}”已不由移交人承办", task=row.name)
    require_colleague(records, actor, task, to.username, leaving=True)
    file = CaseFile(case)
    draft = records.together.draft_of(row.id, leaver)
    if draft is not None and draft.held_at is not None:  # nobody decides for the successor: they submit it themselves
        records.together.release(row.id)
        write(records, file, JournalAction.TASK_UNSUBMITTED, actor, element=row.element, task_id=row.id)
    owns = row.assignee != leaver
    detail = {"from": leaver, "to": to.username, "reason": why, **({"owner": True} if owns else {})}
    action = JournalAction.TASK_ASSIGNED if not owns else JournalAction.TASK_UPDATED
    version = write(records, file, action, actor, element=row.element, task_id=row.id, detail=detail)
    records.tasks.change(row.id, {"owner" if owns else "assignee": to.username, "seen": version})
    if draft is not None and records.together.draft_of(row.id, to.username) is None:
        records.together.drop_draft(row.id, leaver)
        records.together.keep(replace(draft, person=to.username, held_at=None))
    if not owns:
        file.notices.append(handed(records, actor, row, to.username, "办理"))
    put_back(records, file)


def _move_seat(records: Records, actor: Actor, one: Left, leaver: str, to: Person, why: str) -> None:
    """The successor is asked instead, unless they hold the task or are asked already: then nobody is."""
    assert one.case_id is not None
    case = records.cases.lock(one.case_id)
    seat = next((seat for seat in records.together.owed_by(leaver) if seat.id == one.id), None)
    row: TaskRow | None = None if seat is None else records.tasks.find(seat.task_id)
    if case is None or seat is None or row is None:
        raise Conflict("SIGNING_OVER", "这一轮会签已经结束，不再需要您的意见")
    require_running(case)
    asked = {other.person for other in records.together.of_task(seat.task_id) if other.state in ("WAITING", "OPEN")}
    if to.username in {*asked, row.assignee}:
        raise Conflict("SIGNER_ASKED", "已经在征求{person}的意见", person=to.name)
    _require_heard(records, row, to)
    file = CaseFile(case)
    records.together.change_signer(seat.id, person=to.username)
    detail = {"person": leaver, "to": to.username, "reason": why}
    write(records, file, JournalAction.SIGNERS_ASKED, actor, element=row.element, task_id=row.id, detail=detail)
    if seat.state == "OPEN":
        file.notices.append(handed(records, actor, row, to.username, "会签"))
    put_back(records, file)


def _require_heard(records: Records, row: TaskRow, to: Person) -> None:
    member = records.people.roles_of({to.username}).get(to.username)
    if member is None:
        raise refuse("successor", "PERSON_UNKNOWN", "没有用户“{user}”，或者该用户已停用", user=to.username)
    require_heard(records, row, member)


def _require_stand_in(records: Records, one: Left, to: Person) -> None:
    """B.4: only the letter of authority of a 首席代表 names somebody, of the same department and with a post."""
    if one.name == to.username:
        raise Conflict("STANDS_IN_ONESELF", "{person}不能代理自己", person=to.name)
    read_stand_in(records, _person(records, one.name, "successor"), to.username)


def _move_stand_in(records: Records, one: Left, leaver: str, to: Person) -> None:
    assert one.id is not None
    if all(row.id != one.id for row in records.absences.named(leaver)):
        raise Conflict("ABSENCE_OVER", "这次离岗已经结束或者撤回")
    _require_stand_in(records, one, to)
    records.absences.change(one.id, {"stand_in": to.username})


def _person(records: Records, username: str, field: str) -> Person:
    found = records.people.find(username)
    if found is None:
        raise refuse(field, "PERSON_UNKNOWN", "没有用户“{user}”，或者该用户已停用", user=username[:60])
    return found


def _successor(records: Records, leaver: Person, username: str) -> Person:
    found = _person(records, username, "successor")
    if not found.active:
        raise refuse("successor", "PERSON_UNKNOWN", "没有用户“{user}”，或者该用户已停用", user=username[:60])
    if found.username == leaver.username:
        raise refuse("successor", "SUCCESSOR_SELF", "接手人应是另一个人")
    return found
