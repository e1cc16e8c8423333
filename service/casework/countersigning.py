"""会签 at a single task: opinions that come in, 减签, and what was submitted taking effect once everybody was heard.

What a holder has submitted takes effect in an act of its own: what forbids it then (an unpaid bill, a take-over) must not
refuse the opinion that came last. The opinion puts it on the agenda, so that a crash between the two loses nothing; whoever
gave the opinion carries it out at once.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

from service.casework.actors import Actor
from service.casework.completing import complete_task
from service.casework.handing.passing import HANDED, comment, opinion_of, reason_of
from service.casework.journalling import CaseFile, put_back, write
from service.casework.messages.notices import notice
from service.casework.office import Office
from service.casework.taking import take_task
from service.casework.together.asking import find_signer, name_of
from service.casework.together.rounds import settle_round
from service.rules.countersign import Vote
from service.rules.refusals import Conflict, Forbidden, Refusal, Unavailable, refuse
from service.rules.vocabulary import AgendaKind, JournalAction, TaskOutcome
from service.store.agenda import AgendaRow
from service.store.records import Records

AT_ONCE = timedelta(seconds=10)  # of real time, for whoever gave the last opinion; after that any node carries it out


def answer_signing(office: Office, actor: Actor, task_id: UUID, signer_id: UUID, vote: str, opinion: str = "") -> bool:
    """Say what one thinks; whether the task is completed by it. An objection needs its reasons.

    Refused: Missing TASK_NOT_FOUND, SIGNER_NOT_FOUND; Forbidden SIGNER_OTHER; Conflict SIGNING_OVER (says how it ended),
    SIGNER_ANSWERED, SIGNER_TURN; Invalid VOTE_MISSING (field `vote`), OPINION_MISSING, OPINION_LONG.
    """
    try:
        said = Vote(vote)
    except ValueError as error:
        raise refuse("vote", "VOTE_MISSING", "请选择同意或不同意") from error
    words = opinion_of(opinion) if said is Vote.OBJECT or opinion.strip() else ""

    def attempt() -> bool:
        with office.transaction() as records:
            file, task = take_task(records, actor, task_id)
            signing, row = find_signer(records, task_id, signer_id)
            if row.person != actor.username:
                raise Forbidden("SIGNER_OTHER", "这项意见是征求其他人的，您不能代为发表")
            if row.state in ("AGREE", "OBJECT"):
                raise Conflict("SIGNER_ANSWERED", "您已经发表过意见")
            if row.state == "WAITING":
                raise Conflict("SIGNER_TURN", "依次会签，还没有轮到您")
            if row.state != "OPEN":
                raise Conflict("SIGNING_OVER", "这一轮会签已经结束，不再需要您的意见")
            records.together.change_signer(row.id, state=vote.upper(), opinion=words, answered_at=records.now)
            if words:
                comment(records, file, actor, task.row, words)
            detail = {"vote": said.value, "round": str(signing.id)}
            write(
                records,
                file,
                JournalAction.SIGNING_ANSWERED,
                actor,
                element=task.row.element,
                task_id=task_id,
                detail=detail,
            )
            ready = settle_round(records, file, task.row, signing)
            if ready:
                _put_on(records, file, task_id)
            put_back(records, file)
            records.prompt = True
            return ready

    return _conclude_now(office, task_id) if office.attempt(attempt) else False


def remove_signer(office: Office, actor: Actor, task_id: UUID, signer_id: UUID, reason: str) -> bool:
    """减签: somebody who has not answered is not asked any more; whether what was submitted may take effect now.

    By who asked or has the task. Refused: Missing SIGNER_NOT_FOUND, Conflict SIGNER_ANSWERED, Forbidden
    SIGNERS_NOT_YOURS, Invalid REASON_MISSING.
    """
    why = reason_of(reason)

    def attempt() -> bool:
        with office.transaction() as records:
            file, task = take_task(records, actor, task_id)
            signing, row = find_signer(records, task_id, signer_id)
            if actor.username not in (signing.asked_by, task.row.assignee):
                raise Forbidden("SIGNERS_NOT_YOURS", "任务“{task}”不是您承办的，不能加签或减签", task=task.row.name)
            if row.state not in ("WAITING", "OPEN"):
                raise Conflict(
                    "SIGNER_ANSWERED", "{person}已经发表意见或不再征求，不能减签", person=name_of(records, row.person)
                )
            records.together.change_signer(row.id, state="REMOVED")
            detail = {"person": row.person, "reason": why}
            write(
                records,
                file,
                JournalAction.SIGNER_REMOVED,
                actor,
                element=task.row.element,
                task_id=task_id,
                detail=detail,
            )
            ready = settle_round(records, file, task.row, signing)
            if ready:
                _put_on(records, file, task_id)
            put_back(records, file)
            records.prompt = True
            return ready

    return _conclude_now(office, task_id) if office.attempt(attempt) else False


def attend_held(office: Office, item: AgendaRow) -> bool:
    """Carry out what an opinion has put on the agenda when whoever gave it did not; whether something may be ready now."""
    if item.token_id is not None:
        conclude_held(office, item.token_id)
    return True


def conclude_held(office: Office, task_id: UUID) -> bool:
    """Complete a task with what its holder has submitted, now that everybody was heard; False: it is the holder's again.

    A case that was suspended meanwhile goes on with it when it is resumed. Refused: Unavailable when the database is
    too busy; whatever else forbids it gives the task back.
    """
    with office.reading() as records:
        held = records.together.held(task_id)
        member = records.people.roles_of({held.person}).get(held.person) if held is not None else None
        task = records.tasks.find(task_id)
    if held is None:
        _take_off(office, task_id)  # somebody was faster
        return task is not None and task.outcome == TaskOutcome.COMPLETED
    if member is None:
        return _release(office, task_id, held.person, None)
    holder = Actor(username=member.username, name=member.name, department=member.department, roles=member.roles)
    try:
        complete_task(
            office,
            holder,
            task_id,
            answers=held.entries.get("answers") or None,
            variables=held.entries.get("variables") or None,
            signed=held.entries.get("signed"),
        )
    except Unavailable:
        raise
    except Refusal as refusal:
        return False if refusal.code == "CASE_SUSPENDED" else _release(office, task_id, held.person, refusal)
    _take_off(office, task_id)
    return True


def _put_on(records: Records, file: CaseFile, task_id: UUID) -> None:
    """On the agenda, in the transaction of the opinion: so it happens whatever becomes of this process."""
    records.agenda.add(
        [
            AgendaRow(
                id=uuid4(),
                kind=AgendaKind.HELD,
                case_id=file.id,
                token_id=task_id,
                due_at=records.now,
                ready_at=records.now,
                locked_until=records.real_now + AT_ONCE,
            )
        ]
    )


def _take_off(office: Office, task_id: UUID) -> None:
    with office.transaction() as records:
        records.agenda.forget_tokens([task_id])


def _conclude_now(office: Office, task_id: UUID) -> bool:
    """Carry it out at once; what the database is too busy for is left to the agenda."""
    try:
        return conclude_held(office, task_id)
    except Unavailable:
        return False


def _release(office: Office, task_id: UUID, person: str, refusal: Refusal | None) -> bool:
    """What was submitted cannot take effect: its author has it back and is told."""

    def attempt() -> None:
        with office.transaction() as records:
            case, task = records.tasks.take(task_id)
            records.agenda.forget_tokens([task_id])
            if case is None or task is None or task.row.ended_at is not None:
                return
            file = CaseFile(case)
            records.together.release(task_id)
            detail = {"reason": refusal.sentence()} if refusal is not None else None
            write(
                records,
                file,
                JournalAction.TASK_UNSUBMITTED,
                None,
                element=task.row.element,
                task_id=task_id,
                detail=detail,
            )
            values = {"person": "会签人员", "deed": "重新提交"}
            file.notices.append(
                notice(
                    records.now, HANDED, [person], case_id=file.id, scope=task.row.scope_id, task=task_id, values=values
                )
            )
            put_back(records, file)

    office.attempt(attempt)
    return False
