"""Fetching external tasks: free work is locked for one worker, never for two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from service.casework.actors import Actor
from service.casework.journalling import CaseFile
from service.casework.office import Office
from service.casework.projection import take_up
from service.casework.views import LockedTask, TopicRequest, TypedValue
from service.rules.refusals import Forbidden, Invalid
from service.store.external import Offer, TopicFilter
from service.store.records import Records
from service.store.variables import VariableRow

MOST_TASKS = 1000  # of one fetch


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
    require_worker(actor, worker)
    if max_tasks < 1:
        raise Invalid("MAX_TASKS_INVALID", "maxTasks 应为大于 0 的整数")
    wanted = {topic.topic: topic for topic in topics}
    for topic in wanted.values():
        require_duration(topic.lock_ms)
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


def _locked(
    office: Office,
    records: Records,
    offer: Offer,
    topic: TopicRequest,
    worker: str,
    values: Sequence[VariableRow],
    ends: Mapping[UUID, datetime],
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


def require_worker(actor: Actor, worker: str) -> None:
    """Refused: Forbidden WORKER_ONLY, Invalid WORKER_MISSING."""
    if not actor.service:
        raise Forbidden("WORKER_ONLY", "只有服务账号可以办理外部任务")
    if not worker:
        raise Invalid("WORKER_MISSING", "请提供 workerId")


def require_duration(lock_ms: int) -> None:
    """Refused: Invalid LOCK_DURATION_INVALID."""
    if lock_ms <= 0:
        raise Invalid("LOCK_DURATION_INVALID", "锁定时长应为大于 0 的毫秒数")
