"""撤回: who completed a task takes it back while nobody has gone on with it.

Gone on has who completed or claimed a later task by hand, delegated, assigned or commented it; a task that was only
given to its post has not been begun. A document with a number, a message to the applicant, a bill, an exchange, a
timer that fired or anything still being made out of the act refuses it as well.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from service.casework.actors import Actor
from service.casework.acts.asking import request_of
from service.casework.journalling import CaseFile, require_running, write
from service.casework.office import Office
from service.casework.projection import Running, settle, take_up
from service.casework.returning.guards import (
    Past,
    ended_by,
    read_reason,
    refusal_of,
    require_seen,
    scope_of,
)
from service.casework.returning.previews import TakeBackPreview, mark_of, place_of
from service.casework.returning.sending_back import look_at, rounds
from service.casework.rights import may_read
from service.casework.taking import task_missing
from service.casework.views import Completion
from service.engine import Target
from service.rules.message_texts import Audience
from service.rules.refusals import Conflict, Forbidden
from service.rules.sentences import Sentence
from service.rules.vocabulary import AgendaKind, JournalAction, TaskOutcome
from service.store.records import Records
from service.store.tasks import TaskRow

WORKED_ON = frozenset(  # by hand, on a task that came after
    {
        JournalAction.TASK_CLAIMED,
        JournalAction.TASK_ASSIGNED,
        JournalAction.TASK_DELEGATED,
        JournalAction.TASK_RESOLVED,
        JournalAction.TASK_UPDATED,
        JournalAction.TASK_COMMENTED,
        JournalAction.TASK_COMPLETED,
        JournalAction.TASK_RETURNED,
    }
)
WENT_ON = {  # what the case has done since, and why that cannot be taken back
    JournalAction.DOCUMENT_ISSUED: Sentence("文书已经编号出具"),
    JournalAction.CERTIFICATE_ISSUED: Sentence("证照已经制发"),
    JournalAction.BILL_ISSUED: Sentence("账单已经开出"),
    JournalAction.BILL_PAID: Sentence("费用已经缴纳"),
    JournalAction.EXCHANGE_QUEUED: Sentence("数据已经送出"),
    JournalAction.EXCHANGE_SENT: Sentence("数据已经送出"),
    JournalAction.EXTERNAL_COMPLETED: Sentence("外部系统已经处理"),
    JournalAction.ACTION_DONE: Sentence("系统已经处理后续环节"),
    JournalAction.MESSAGE_RECEIVED: Sentence("后续消息已经收到"),
    JournalAction.TIMER_FIRED: Sentence("后续时限已经到期"),
    JournalAction.RESULT_HANDED_OVER: Sentence("结果已经移交"),
    JournalAction.DELIVERY_DONE: Sentence("结果已经送达"),
    JournalAction.CASE_LINKED: Sentence("已经启动配套流程"),
}
OUTWARD = frozenset({"document", "message", "exchange", "bill", "certificate", "delivery"})  # acts being made


def take_back_preview(office: Office, actor: Actor, task_id: UUID) -> TakeBackPreview:
    """What taking the task back would end. Refused: as `take_back_task`, but for the reason."""

    def look() -> TakeBackPreview:
        with office.reading() as records:
            file, task = look_at(records, actor, task_id)
            running, past, token, target = _found(office, records, file, actor, task.row)
            place = place_of(running.program, target, task.row, [])
            return TakeBackPreview(task=task.row, place=place, mark=mark_of(file.row.version, [target]))

    return office.attempt(look)


def take_back_task(office: Office, actor: Actor, task_id: UUID, *, reason: str, seen: str | None = None) -> Completion:
    """Take a task back that one has completed: it opens again for the same person, with what is left of the case.

    Refused: Missing TASK_NOT_FOUND; Forbidden TAKE_BACK_FORBIDDEN for anybody but who completed it; Invalid REASON_MISSING,
    REASON_TOO_LONG; Conflict CASE_ENDED, CASE_SUSPENDED, TAKE_BACK_WORKED_ON (names who went on), TAKE_BACK_WENT_ON,
    TAKE_BACK_BESIDE, TAKE_BACK_NOTHING, MOVE_CHANGED, MOVE_SERVED and what the engine refuses.
    """
    said = read_reason(reason)

    def act() -> Completion:
        with office.transaction() as records:
            case = records.cases.lock_of_task(task_id)
            task = records.tasks.file(task_id)
            if case is None or task is None or not may_read(records, actor, case):
                raise task_missing()
            file = CaseFile(case)
            running, past, token, target = _found(office, records, file, actor, task.row)
            require_seen(mark_of(case.version, [target]), seen)
            if token is None:
                running.run.retract(target.spot, person=actor.username)
            else:
                running.run.move([token], target.spot, person=actor.username)
            detail = {
                "to": target.spot.element,
                "to_name": target.name,
                "reason": said,
                "round": rounds(past, target) + 1,
                "ended": ended_by([target]),
                **({"scope": str(target.variable_scope)} if target.variable_scope else {}),
            }
            write(
                records,
                file,
                JournalAction.TASK_RECALLED,
                actor,
                element=task.row.element,
                task_id=task_id,
                detail=detail,
            )
            settle(records, running, doer=actor)
            return Completion(case_id=file.id, task=task.row.name, ended=False, variables={})

    return office.attempt(act)


def _found(
    office: Office, records: Records, file: CaseFile, actor: Actor, row: TaskRow
) -> tuple[Running, Past, UUID | None, Target]:
    """The token that is taken back, and what that does; None: its branch waits at a join."""
    if row.ended_at is None or row.outcome != TaskOutcome.COMPLETED or row.ended_by != actor.username:
        raise Forbidden("TAKE_BACK_FORBIDDEN", "只有办理人本人可以撤回自己办完的“{task}”", task=row.name)
    require_running(file.row)
    running, past = take_up(office, records, file), Past(records, file)
    if past.latest.get((row.scope_id, row.element)) != row or _open_again(past, row):
        raise Conflict("TAKE_BACK_NOTHING", "“{task}”之后的环节已经不在办理，没有可以撤回的内容", task=row.name)
    refused: Conflict | None = None
    waits_at_join = running.run.arrived(row.scope_id, row.element)
    if waits_at_join is not None:
        _require_free(records, file, running, past, row, waits_at_join)
        return running, past, None, waits_at_join
    for wait in running.run.waits().values():
        if wait.host is not None:
            continue
        target = next(iter(running.run.targets(wait.id, {(row.scope_id, row.element)})), None)
        if target is None:
            continue
        if target.refused is not None:
            refused = refused or target.refused
            continue
        _require_free(records, file, running, past, row, target)
        return running, past, wait.id, target
    raise refused or Conflict("TAKE_BACK_NOTHING", "“{task}”之后的环节已经不在办理，没有可以撤回的内容", task=row.name)


def _require_free(records: Records, file: CaseFile, running: Running, past: Past, row: TaskRow, target: Target) -> None:
    _require_untouched(records, past, row, target, _at(row))
    forbidden = refusal_of(running.program, past, target, past.since(row))
    if forbidden is not None:
        raise forbidden
    _require_nothing_made(records, file, past, row, target)


def _open_again(past: Past, row: TaskRow) -> bool:
    return any(
        one.ended_at is None and (one.scope_id, one.element) == (row.scope_id, row.element) for one in past.tasks
    )


def _require_untouched(records: Records, past: Past, row: TaskRow, target: Target, done_at: datetime) -> None:
    """Nobody has gone on, and nobody else's work would end."""
    ending = {wait.id for wait in target.cancelled}
    for other in past.tasks:
        if other.id in ending and other.created_at < done_at:
            raise Conflict(
                "TAKE_BACK_BESIDE", "撤回会终止别的分支正在办理的“{task}”，请由其办理人退回", task=other.name
            )
        later = other.created_at >= done_at and other.ended_by is not None and other.id != row.id
        inside = other.scope_id in target.scopes or (
            other.scope_id == target.variable_scope and other.element in target.again
        )
        if later and inside:
            raise _worked_on(records, other, other.ended_by)
    for line in past.since(row):
        if line.task_id in ending and line.actor is not None and line.action in WORKED_ON:
            touched = next((one for one in past.tasks if one.id == line.task_id), row)
            raise _worked_on(records, touched, line.actor)


def _worked_on(records: Records, row: TaskRow, username: str | None) -> Conflict:
    person = records.people.find(username or "")
    return Conflict(
        "TAKE_BACK_WORKED_ON",
        "“{task}”已由{person}（{username}）开始办理，不能撤回；可以请其退回",
        task=row.name,
        person=person.name if person else username or "",
        username=username or "",
    )


def _require_nothing_made(records: Records, file: CaseFile, past: Past, row: TaskRow, target: Target) -> None:
    scopes = {target.variable_scope, *target.scopes}
    for line in past.since(row):
        action = JournalAction(line.action) if line.action in set(JournalAction) else None
        concerns = scope_of(line) in scopes and (line.element is None or line.element in {row.element, *target.again})
        if action in WENT_ON and concerns:
            raise _went_on(row, WENT_ON[action])
    sent = (one for one in records.messages.of_case(file.id) if one.queued_at >= _at(row))
    if any(one.audience == Audience.APPLICANT for one in sent):
        raise _went_on(row, Sentence("已经向申请人发出消息"))
    if _being_made(records, file.id, _at(row)):
        raise _went_on(row, Sentence("后续文书或消息正在生成"))


def _being_made(records: Records, case_id: UUID, since: datetime) -> bool:
    asked = (request_of(one) for one in records.agenda.of_case(case_id) if one.kind == AgendaKind.ACT)
    return any(one.act in OUTWARD and one.asked_at >= since for one in asked)


def _went_on(row: TaskRow, why: Sentence) -> Conflict:
    return Conflict("TAKE_BACK_WENT_ON", "“{task}”办完之后{why}，不能撤回", task=row.name, why=why)


def _at(row: TaskRow) -> datetime:
    assert row.ended_at is not None
    return row.ended_at
