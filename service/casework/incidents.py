"""Getting going again what has failed."""

from __future__ import annotations

from uuid import UUID

from service.casework.actors import Actor
from service.casework.external_tasks import set_external_retries
from service.casework.jobs import execute_job, set_job_retries
from service.casework.journalling import CaseFile, put_back, write
from service.casework.office import Office
from service.casework.rights import require_keeper
from service.rules.refusals import Missing
from service.rules.vocabulary import IncidentKind, JournalAction
from service.store.incidents import IncidentRow

ANOTHER_ROUND = 3  # retries a failed job gets; an external task gets one


def retry_incident(office: Office, actor: Actor, incident_id: UUID) -> None:
    """Try again what failed: the token at once, the job and the external task as soon as somebody takes them.

    Refused: Missing INCIDENT_NOT_FOUND, Conflict CASE_SUSPENDED or RETRY_FAILED, Forbidden KEEPER_ONLY.
    """
    require_keeper(actor)
    with office.reading() as records:
        incident = _open(records.incidents.find(incident_id), incident_id)
    token = incident.token_id
    if token is None:
        raise _none(incident_id)
    if incident.kind == IncidentKind.FAILED_JOB:
        set_job_retries(office, actor, token, ANOTHER_ROUND)
    elif incident.kind == IncidentKind.FAILED_EXTERNAL_TASK:
        set_external_retries(office, actor, token, 1)
    else:
        execute_job(office, actor, token)


def resolve_incident(office: Office, actor: Actor, incident_id: UUID) -> None:
    """Close an incident without trying again; a failed token goes on waiting.

    Refused: Missing INCIDENT_NOT_FOUND, Forbidden KEEPER_ONLY.
    """
    require_keeper(actor)

    def act() -> None:
        with office.transaction() as records:
            case = records.cases.lock_of_incident(incident_id)
            incident = _open(records.incidents.find(incident_id), incident_id)
            records.incidents.close(incident_id, records.now)
            if case is not None:
                file = CaseFile(case)
                write(records, file, JournalAction.INCIDENT_RESOLVED, actor, element=incident.element)
                put_back(records, file)

    office.attempt(act)


def _open(incident: IncidentRow | None, incident_id: UUID) -> IncidentRow:
    if incident is None or incident.closed_at is not None:
        raise _none(incident_id)
    return incident


def _none(incident_id: UUID) -> Missing:
    return Missing("INCIDENT_NOT_FOUND", "没有未处理的异常 {id}", id=str(incident_id))
