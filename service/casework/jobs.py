"""Jobs: the agenda items of cases, as administrators see them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from service.casework.actors import Actor
from service.casework.attending import do
from service.casework.correlating import AlreadyDone
from service.casework.journalling import CaseFile, put_back, require_running, write
from service.casework.office import Office
from service.casework.projection import settle, take_up
from service.casework.rights import require_keeper
from service.rules.refusals import Conflict, Invalid, Missing
from service.rules.vocabulary import AgendaKind, CaseState, JournalAction, LedgerAction
from service.store.agenda import AgendaRow
from service.store.records import Records


def set_job_retries(office: Office, actor: Actor, job_id: UUID, retries: int) -> None:
    """How often it may fail yet; more than 0 makes it ready again and closes its incident, 0 parks it.

    A failed token (`retry`) tries again at once; if it fails again its incident stays open.

    Refused: Invalid RETRIES_INVALID, Missing JOB_NOT_FOUND, Conflict CASE_SUSPENDED, Forbidden KEEPER_ONLY.
    """
    if retries < 0:
        raise Invalid("RETRIES_INVALID", "retries 和 retryTimeout 不能为负数")

    def act(records: Records, file: CaseFile | None, job: AgendaRow) -> None:
        if file is not None:
            write(records, file, JournalAction.JOB_RETRIES_SET, actor, element=job.element, detail={"retries": retries})
        if file is not None and job.kind == AgendaKind.RETRY:
            if retries > 0:
                _try_again(office, records, file, job, actor)
            return
        changes: dict[str, object] = {"retries": retries, "locked_until": None}
        if retries == 0:
            changes["ready_at"] = None
        elif job.retries == 0 or job.ready_at is None:
            changes["ready_at"] = max(job.due_at, records.now) if job.error is None else records.now
            records.prompt = True
        records.agenda.change(job.id, changes)
        if retries > 0 and records.incidents.open_at(job.id):
            records.incidents.close_at([job.id], records.now)
            if file is not None:
                write(records, file, JournalAction.INCIDENT_RESOLVED, actor, element=job.element)

    _change(office, actor, job_id, act)


def set_job_due(office: Office, actor: Actor, job_id: UUID, due: datetime | None, *, reason: str = "") -> None:
    """Another due instant; None: now. A `reason` stands in the ledger. Refused: Missing JOB_NOT_FOUND, Conflict CASE_SUSPENDED, Forbidden KEEPER_ONLY."""

    def act(records: Records, file: CaseFile | None, job: AgendaRow) -> None:
        instant = due or records.now
        if job.kind == AgendaKind.RETRY:
            return
        records.agenda.change(job.id, {"due_at": instant, "ready_at": instant if job.retries else None})
        records.prompt = records.prompt or instant <= records.now
        if reason:
            detail = {"kind": job.kind, "element": job.element, "from": job.due_at.isoformat(), "reason": reason}
            records.ledger.write(
                LedgerAction.AGENDA_MOVED, actor.username, str(job_id), {**detail, "to": instant.isoformat()}
            )
        if file is None:
            return
        write(records, file, JournalAction.JOB_DUE_SET, actor, element=job.element, detail={"due": instant.isoformat()})
        if job.kind == AgendaKind.TIMER and job.token_id is not None:
            running = take_up(office, records, file)
            running.run.rearm(job.token_id, instant)
            settle(records, running)

    _change(office, actor, job_id, act)


def execute_job(office: Office, actor: Actor, job_id: UUID) -> None:
    """Do it at once, whatever its due instant; a failure is raised and counts no retry.

    Refused: Missing JOB_NOT_FOUND, Conflict CASE_SUSPENDED or RETRY_FAILED, Forbidden KEEPER_ONLY, and what the job
    itself refuses.
    """
    require_keeper(actor)

    def retry_now(records: Records, file: CaseFile | None, job: AgendaRow) -> None:
        failure = _try_again(office, records, file, job, actor) if file is not None else None
        if failure is not None:
            raise Conflict(
                "RETRY_FAILED", "环节“{element}”重试后仍然失败：{reason}", element=job.element or "", reason=failure
            )

    with office.reading() as records:
        job = records.agenda.find(job_id)
        if job is None:
            raise _no_job(job_id)
        case = records.cases.find(job.case_id) if job.case_id is not None else None
        if case is not None and case.state == CaseState.SUSPENDED:
            require_running(case)
    if job.kind == AgendaKind.RETRY:
        return _change(office, actor, job_id, retry_now)
    try:
        office.attempt(lambda: do(office, job, early=True))
    except AlreadyDone as done:
        raise _no_job(job_id) from done


def _try_again(office: Office, records: Records, file: CaseFile, job: AgendaRow, actor: Actor) -> str | None:
    """Run a failed token again; what it failed at when it failed again."""
    running = take_up(office, records, file)
    running.run.retry(job.id)
    outcome = settle(records, running, doer=actor)
    if job.id in outcome.closed:
        return None
    failure = running.run.waits()[job.id].error or job.error or ""
    records.agenda.change(job.id, {"error": failure})
    return failure


def _change(
    office: Office, actor: Actor, job_id: UUID, act: Callable[[Records, CaseFile | None, AgendaRow], None]
) -> None:
    require_keeper(actor)

    def attempt() -> None:
        with office.transaction() as records:
            case = records.cases.lock_of_job(job_id)
            job = records.agenda.lock(job_id)
            if job is None:
                raise _no_job(job_id)
            if case is not None and case.ended_at is None:
                require_running(case)
            file = CaseFile(case) if case is not None else None
            act(records, file, job)
            if file is not None:
                put_back(records, file)

    office.attempt(attempt)


def _no_job(job_id: UUID) -> Missing:
    return Missing("JOB_NOT_FOUND", "没有作业 {id}，或者它已经执行", id=str(job_id))
