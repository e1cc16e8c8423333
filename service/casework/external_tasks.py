"""External tasks: any worker may fetch, lock, complete or fail them, as Camunda 7 workers expect."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from service.casework.actors import Actor
from service.casework.journalling import CaseFile, put_back, require_running, write
from service.casework.office import Office
from service.casework.projection import Running, settle, take_up
from service.casework.rights import require_keeper
from service.casework.views import LockedTask, TopicRequest, TypedValue
from service.rules.refusals import Forbidden, Invalid, Missing
from service.rules.vocabulary import IncidentKind, JournalAction
from service.store.external import ExternalRow, Offer, TopicFilter
from service.store.incidents import IncidentRow
from service.store.records import Records
from service.store.variables import VariableRow

MOST_TASKS = 1000  # of one fetch
LONGEST_TROUBLE = 4000  # characters of an error message that are kept


def fetch_and_lock(
    office: Office,
    actor: Actor,
    worker: str,
    max_tasks: int,
    topics: Sequence[TopicRequest],
    use_priority: bool = False,
    sorting: Sequence[tuple[str, str]] = (),
) -> tuple[LockedTask, ...]:
    """Lock up to `max_tasks` free tasks of the topics for a worker; two workers never get the same one.

    `sorting`: ("createTime", "asc" or "desc"). A topic asked twice counts once. Refused: Forbidden WORKER_ONLY,
    Invalid WORKER_MISSING, MAX_TASKS_INVALID, LOCK_DURATION_INVALID, SORTING_INVALID.
    """
    _require_worker(actor, worker)
    if max_tasks < 1:
        raise Invalid("MAX_TASKS_INVALID", "maxTasks 应为大于 0 的整数")
    wanted = {topic.topic: topic for topic in topics}
    for topic in wanted.values():
        _require_duration(topic.lock_ms)
    if not wanted:
        return ()
    orders = ["priority"] if use_priority else []
    for by, direction in sorting:
        if by != "createTime" or direction not in ("asc", "desc"):
            raise Invalid("SORTING_INVALID", "外部任务只能按 createTime 的 asc 或 desc 排序")
        orders.append(f"created_{direction}")
    if not sorting:
        orders.append("created_asc")
    filters = [
        TopicFilter(
            topic=topic.topic,
            business_key=topic.business_key,
            definition_ids=topic.definition_ids,
            definition_keys=topic.definition_keys,
            version_tag=topic.version_tag,
            process_variables=topic.process_variables,
        )
        for topic in wanted.values()
    ]
    limit = min(max_tasks, MOST_TASKS)
    with office.reading() as records:  # an idle worker polls several times a second: do not make it a writer
        if not records.external.fetchable(records.now, filters, orders=orders, limit=1, hold=False):
            return ()

    def act() -> tuple[LockedTask, ...]:
        with office.transaction() as records:
            offers = records.external.fetchable(records.now, filters, orders=orders, limit=limit)
            ends = {
                offer.row.id: records.now + timedelta(milliseconds=wanted[offer.row.topic].lock_ms) for offer in offers
            }
            records.external.lock([(task, worker, until) for task, until in ends.items()])
            values: dict[UUID, list[VariableRow]] = {}
            for variable in records.variables.of_cases([offer.row.case_id for offer in offers]):
                values.setdefault(variable.case_id, []).append(variable)
            return tuple(
                _locked(
                    office, records, offer, wanted[offer.row.topic], worker, values.get(offer.row.case_id, ()), ends
                )
                for offer in offers
            )

    return office.attempt(act)


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
    _require_duration(lock_ms)

    def act(office: Office, records: Records, file: CaseFile, task: ExternalRow) -> None:
        records.external.change(task.id, {"locked_until": records.now + timedelta(milliseconds=lock_ms)})

    _change(office, actor, task_id, act, worker=worker)


def lock_external(office: Office, actor: Actor, task_id: UUID, worker: str, lock_ms: int) -> None:
    """Lock one task for `lock_ms` milliseconds.

    Refused: Invalid EXTERNAL_TASK_NOT_LOCKED_BY_WORKER when another worker holds it, LOCK_DURATION_INVALID.
    """
    _require_worker(actor, worker)
    _require_duration(lock_ms)

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
        _require_worker(actor, worker)

    def attempt() -> None:
        with office.transaction() as records:
            case = records.cases.lock_of_external(task_id)
            task = records.external.lock_row(task_id) if case is not None else None
            if case is None or task is None:
                raise Missing("EXTERNAL_TASK_NOT_FOUND", "没有外部任务 {id}，或者它已经完成", id=str(task_id))
            require_running(case)
            if worker is not None and (
                task.worker != worker or task.locked_until is None or task.locked_until <= records.now
            ):
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


def _locked(
    office: Office,
    records: Records,
    offer: Offer,
    topic: TopicRequest,
    worker: str,
    values: Sequence[VariableRow],
    ends: Mapping[UUID, Any],
) -> LockedTask:
    row = offer.row
    scopes = [] if topic.local_only else [row.scope_id or row.case_id]
    seen: dict[str, TypedValue] = {}
    for scope in (*scopes, row.id):
        for variable in values:
            if variable.scope_id == scope and (topic.variables is None or variable.name in topic.variables):
                seen[variable.name] = TypedValue(type=variable.type, value=variable.value)
    return LockedTask(
        id=row.id,
        case_id=row.case_id,
        definition_id=row.definition_id,
        definition_key=offer.definition_key,
        version_tag=offer.version_tag,
        scope_id=row.scope_id,
        element=row.element,
        topic=row.topic,
        worker=worker,
        locked_until=ends[row.id],
        created_at=row.created_at,
        priority=row.priority,
        retries=row.retries,
        error_message=row.error_message,
        error_details=row.error_details,
        business_key=offer.business_key,
        variables=seen,
        properties=_properties(office, records, offer) if topic.properties else {},
    )


def _properties(office: Office, records: Records, offer: Offer) -> Mapping[str, str]:
    """camunda:properties of the element."""
    case = records.cases.find(offer.row.case_id)
    if case is None:
        return {}
    wait = take_up(office, records, CaseFile(case)).run.waits().get(offer.row.id)
    return wait.properties if wait is not None else {}


def _require_worker(actor: Actor, worker: str) -> None:
    """Refused: Forbidden WORKER_ONLY, Invalid WORKER_MISSING."""
    if not actor.service:
        raise Forbidden("WORKER_ONLY", "只有服务账号可以办理外部任务")
    if not worker:
        raise Invalid("WORKER_MISSING", "请提供 workerId")


def _require_duration(lock_ms: int) -> None:
    if lock_ms <= 0:
        raise Invalid("LOCK_DURATION_INVALID", "锁定时长应为大于 0 的毫秒数")


def _not_yours(task: ExternalRow, worker: str) -> Invalid:
    return Invalid(
        "EXTERNAL_TASK_NOT_LOCKED_BY_WORKER",
        "外部任务 {id} 应由工作者“{worker}”锁定，但它由“{holder}”锁定或锁定已过期",
        id=str(task.id),
        worker=worker,
        holder=task.worker or "",
    )
