"""External tasks: any worker may fetch, lock, complete or fail them, as Camunda 7 workers expect."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from service.casework.actors import Actor
from service.casework.fetching import require_duration, require_worker
from service.casework.journalling import CaseFile, put_back, require_running, write
from service.casework.office import Office
from service.casework.projection import Running, settle, take_up
from service.casework.rights import require_keeper
from service.rules.refusals import Invalid, Missing
from service.rules.vocabulary import IncidentKind, JournalAction
from service.store.external import ExternalRow
from service.store.incidents import IncidentRow
from service.store.records import Records

LONGEST_TROUBLE = 4000  # characters of an error message that are kept


def complete_external(
    office: Office,
    actor: Actor,
    task_id: UUID,
    worker: str,
    variables: Mapping[str, Any] | None = None,
    types: Mapping[str, str] | None = None,
    local: Mapping[str, Any] | None = None,
) -> None:
    """The work is done; `local` values are only seen by the task's output mappings.

    Refused: Invalid EXTERNAL_TASK_NOT_LOCKED_BY_WORKER, Missing EXTERNAL_TASK_NOT_FOUND, Conflict CASE_SUSPENDED.
    """

    def act(running: Running) -> JournalAction:
        running.run.complete_external(task_id, dict(variables or {}), types=types, local=dict(local or {}))
        return JournalAction.EXTERNAL_COMPLETED

    _advance(office, actor, task_id, worker, act)


def throw_external_error(
    office: Office,
    actor: Actor,
    task_id: UUID,
    worker: str,
    code: str,
    message: str | None = None,
    variables: Mapping[str, Any] | None = None,
    types: Mapping[str, str] | None = None,
) -> None:
    """The work ended in a BPMN error; when nobody catches it, the task becomes an incident.

    Refused: as completing, and Invalid ERROR_CODE_MISSING.
    """
    if not code:
        raise Invalid("ERROR_CODE_MISSING", "请提供 errorCode")

    def act(running: Running) -> JournalAction:
        running.run.throw_error(task_id, code, message, dict(variables or {}))
        return JournalAction.EXTERNAL_ERROR

    _advance(office, actor, task_id, worker, act, {"code": code})


def throw_external_escalation(
    office: Office,
    actor: Actor,
    task_id: UUID,
    worker: str,
    code: str,
    variables: Mapping[str, Any] | None = None,
    types: Mapping[str, str] | None = None,
) -> None:
    """The work raised a BPMN escalation; it goes on unless an interrupting boundary event catches it.

    Refused: as completing, and Invalid ESCALATION_CODE_MISSING.
    """
    if not code:
        raise Invalid("ESCALATION_CODE_MISSING", "请提供 escalationCode")

    def act(running: Running) -> JournalAction:
        running.run.throw_escalation(task_id, code, dict(variables or {}))
        return JournalAction.EXTERNAL_ESCALATION

    _advance(office, actor, task_id, worker, act, {"code": code})


def fail_external(
    office: Office,
    actor: Actor,
    task_id: UUID,
    worker: str,
    *,
    message: str | None = None,
    details: str | None = None,
    retries: int = 0,
    retry_ms: int = 0,
    variables: Mapping[str, Any] | None = None,
    types: Mapping[str, str] | None = None,
) -> None:
    """The work failed: try again after `retry_ms` milliseconds, or open an incident when no retries are left.

    Refused: as completing, and Invalid RETRIES_INVALID.
    """
    if retries < 0 or retry_ms < 0:
        raise Invalid("RETRIES_INVALID", "retries 和 retryTimeout 不能为负数")

    def act(office: Office, records: Records, file: CaseFile, task: ExternalRow) -> None:
        text = (message or "")[:LONGEST_TROUBLE]
        write(
            records,
            file,
            JournalAction.EXTERNAL_FAILED,
            actor,
            element=task.element,
            detail={"worker": worker, "retries": retries, "message": text[:200]},
        )
        records.external.change(
            task.id,
            {
                "error_message": text,
                "error_details": details,
                "retries": retries,
                "worker": None if not retry_ms else worker,
                "locked_until": records.now + timedelta(milliseconds=retry_ms) if retry_ms else None,
            },
        )
        _mind_retries(records, file, task, retries, text)
        if variables:
            running = take_up(office, records, file)
            running.run.set_variables(dict(variables), types=types, scope=task.scope_id)
            settle(records, running)

    _change(office, actor, task_id, act, worker=worker)


def extend_lock(office: Office, actor: Actor, task_id: UUID, worker: str, lock_ms: int) -> None:
    """Keep a task `lock_ms` milliseconds from now. Refused: as completing, and Invalid LOCK_DURATION_INVALID."""
    require_duration(lock_ms)

    def act(office: Office, records: Records, file: CaseFile, task: ExternalRow) -> None:
        if task.locked_until is None or task.locked_until <= records.now:
            raise _not_yours(task, worker)
        records.external.change(task.id, {"locked_until": records.now + timedelta(milliseconds=lock_ms)})

    _change(office, actor, task_id, act, worker=worker)


def lock_external(office: Office, actor: Actor, task_id: UUID, worker: str, lock_ms: int) -> None:
    """Lock one task for `lock_ms` milliseconds.

    Refused: Invalid EXTERNAL_TASK_NOT_LOCKED_BY_WORKER when another worker holds it, LOCK_DURATION_INVALID.
    """
    require_worker(actor, worker)
    require_duration(lock_ms)

    def act(office: Office, records: Records, file: CaseFile, task: ExternalRow) -> None:
        if task.locked_until is not None and task.locked_until > records.now and task.worker != worker:
            raise _not_yours(task, worker)
        records.external.lock([(task.id, worker, records.now + timedelta(milliseconds=lock_ms))])

    _change(office, actor, task_id, act)


def unlock_external(office: Office, actor: Actor, task_id: UUID) -> None:
    """Give a task free for any worker. Refused: Missing EXTERNAL_TASK_NOT_FOUND, Forbidden KEEPER_ONLY."""
    require_keeper(actor)

    def act(office: Office, records: Records, file: CaseFile, task: ExternalRow) -> None:
        records.external.change(task.id, {"worker": None, "locked_until": None})

    _change(office, actor, task_id, act)


def set_external_retries(office: Office, actor: Actor, task_id: UUID, retries: int) -> None:
    """How often it may fail yet; more than 0 closes its incident, 0 opens one. Refused: Invalid RETRIES_INVALID."""
    require_keeper(actor)
    if retries < 0:
        raise Invalid("RETRIES_INVALID", "retries 和 retryTimeout 不能为负数")

    def act(office: Office, records: Records, file: CaseFile, task: ExternalRow) -> None:
        write(records, file, JournalAction.JOB_RETRIES_SET, actor, element=task.element, detail={"retries": retries})
        records.external.change(task.id, {"retries": retries})
        _mind_retries(records, file, task, retries, task.error_message or "")

    _change(office, actor, task_id, act)


def set_external_priority(office: Office, actor: Actor, task_id: UUID, priority: int) -> None:
    """Higher is fetched first by workers that use priority. Refused: Missing EXTERNAL_TASK_NOT_FOUND."""
    require_keeper(actor)

    def act(office: Office, records: Records, file: CaseFile, task: ExternalRow) -> None:
        records.external.change(task.id, {"priority": priority})

    _change(office, actor, task_id, act)


def _advance(
    office: Office,
    actor: Actor,
    task_id: UUID,
    worker: str,
    act: Callable[[Running], JournalAction],
    detail: Mapping[str, Any] | None = None,
) -> None:
    """A worker moves the case on from a task it holds."""

    def inside(office: Office, records: Records, file: CaseFile, task: ExternalRow) -> None:
        running = take_up(office, records, file)
        action = act(running)
        write(
            records,
            file,
            action,
            actor,
            element=task.element,
            detail={"worker": worker, "topic": task.topic, **(detail or {})},
        )
        settle(records, running)

    _change(office, actor, task_id, inside, worker=worker)


def _change(
    office: Office,
    actor: Actor,
    task_id: UUID,
    act: Callable[[Office, Records, CaseFile, ExternalRow], None],
    *,
    worker: str | None = None,
) -> None:
    """One act on a waiting external task under the lock of its case; with `worker`: only if that worker holds it."""
    if worker is not None:
        require_worker(actor, worker)

    def attempt() -> None:
        with office.transaction() as records:
            case = records.cases.lock_of_external(task_id)
            task = records.external.lock_row(task_id) if case is not None else None
            if case is None or task is None:
                raise Missing("EXTERNAL_TASK_NOT_FOUND", "没有外部任务 {id}，或者它已经完成", id=str(task_id))
            require_running(case)
            # An expired lock still counts while nobody else has taken the task, as Camunda 7 workers expect.
            if worker is not None and task.worker != worker:
                raise _not_yours(task, worker)
            file = CaseFile(case)
            act(office, records, file, task)
            put_back(records, file)

    office.attempt(attempt)


def _mind_retries(records: Records, file: CaseFile, task: ExternalRow, retries: int, message: str) -> None:
    """No retries left means an incident, retries again mean none."""
    troubles = records.incidents.open_at(task.id)
    if retries > 0:
        if troubles:
            write(records, file, JournalAction.INCIDENT_RESOLVED, None, element=task.element)
            records.incidents.close_at([task.id], records.now)
        return
    if troubles:
        return
    write(records, file, JournalAction.INCIDENT_OPENED, None, element=task.element, detail={"message": message[:200]})
    records.incidents.open(
        [
            IncidentRow(
                id=uuid4(),
                case_id=file.id,
                definition_id=task.definition_id,
                kind=IncidentKind.FAILED_EXTERNAL_TASK,
                element=task.element,
                token_id=task.id,
                message=message,
                opened_at=records.now,
            )
        ]
    )


def _not_yours(task: ExternalRow, worker: str) -> Invalid:
    return Invalid(
        "EXTERNAL_TASK_NOT_LOCKED_BY_WORKER",
        "外部任务 {id} 应由工作者“{worker}”锁定，但它由“{holder}”锁定或锁定已过期",
        id=str(task.id),
        worker=worker,
        holder=task.worker or "",
    )
