"""Fetching with patience: a worker may wait for work without asking again and again."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Any

from service.casework import LockedTask, TopicRequest, fetch_and_lock
from service.casework.actors import Actor
from service.casework.listing import EXTERNAL_TASKS, Inquiry, count_rows
from service.casework.office import Office
from service.rules.refusals import Invalid
from service.web.bodies import Body, as_identity, field_refused
from service.web.engine_rest.variables import read_variables

LONGEST_LOCK_MS = 366 * 86_400_000
LONGEST_WAIT_MS = 1_800_000  # half an hour, Camunda's own limit
LOOK_AGAIN = 0.2  # seconds between two looks for new work
SORTS = {"createTime": "create_time"}


@dataclass(frozen=True, kw_only=True)
class Fetch:
    """What a worker asks for. `wait_ms`: milliseconds it will wait for the first task."""

    worker: str
    most: int
    topics: tuple[TopicRequest, ...]
    use_priority: bool
    sorting: tuple[tuple[str, str], ...]
    wait_ms: int


class Patience:
    """How many requests may wait at once: half of the server's threads, so that others always get through."""

    def __init__(self, threads: int) -> None:
        self._places = threading.BoundedSemaphore(max(1, threads // 2))

    def take_place(self) -> bool:
        """Whether there is still a place to wait."""
        return self._places.acquire(blocking=False)

    def leave(self) -> None:
        """Give the place to the next."""
        self._places.release()


def read_fetch(body: Body) -> Fetch:
    """The request of a worker. Invalid names the field."""
    topics = tuple(_topic(part) for part in body.parts("topics"))
    wait_ms = body.whole("asyncResponseTimeout", least=0) or 0
    if wait_ms > LONGEST_WAIT_MS:
        raise Invalid("WAIT_TOO_LONG", "asyncResponseTimeout 不能超过 {most} 毫秒。", most=LONGEST_WAIT_MS)
    return Fetch(
        worker=body.needed_text("workerId"),
        most=body.needed_whole("maxTasks", least=0, most=10_000),
        topics=topics,
        use_priority=body.flag("usePriority"),
        sorting=tuple(_sort(part) for part in body.parts("sorting")),
        wait_ms=wait_ms,
    )


def fetch(office: Office, actor: Actor, wanted: Fetch, patience: Patience) -> tuple[LockedTask, ...]:
    """Locked tasks; empty when none came in time or too many others wait already."""
    if not wanted.topics or not wanted.most:
        return ()
    found = _lock(office, actor, wanted)
    if found or not wanted.wait_ms:
        return found
    if not patience.take_place():
        return ()
    try:
        until = time.monotonic() + wanted.wait_ms / 1000
        while (left := until - time.monotonic()) > 0:
            time.sleep(min(LOOK_AGAIN, left))
            if _work_waits(office, actor, wanted) and (found := _lock(office, actor, wanted)):
                return found
        return ()
    finally:
        patience.leave()


def _lock(office: Office, actor: Actor, wanted: Fetch) -> tuple[LockedTask, ...]:
    return fetch_and_lock(office, actor, wanted.worker, wanted.most, wanted.topics, wanted.use_priority, wanted.sorting)


def _work_waits(office: Office, actor: Actor, wanted: Fetch) -> bool:
    """A cheap look without a lock; locking itself asks again."""
    free: dict[str, Any] = {"not_locked": True, "with_retries_left": True, "active": True}
    filters = {**free, "topic_name_in": [topic.topic for topic in wanted.topics]}
    return count_rows(office, actor, EXTERNAL_TASKS, Inquiry(filters=filters)) > 0


def _topic(part: Body) -> TopicRequest:
    ids = part.texts("processDefinitionIdIn")
    if one := part.text("processDefinitionId"):
        ids = [*(ids or []), one]
    keys = part.texts("processDefinitionKeyIn")
    if key := part.text("processDefinitionKey"):
        keys = [*(keys or []), key]
    if part.texts("tenantIdIn"):
        raise Invalid("TENANTS_UNSUPPORTED", "本系统没有租户，不能按 tenantIdIn 取任务。")
    return TopicRequest(
        topic=part.needed_text("topicName"),
        lock_ms=part.needed_whole("lockDuration", least=1, most=LONGEST_LOCK_MS),
        variables=part.texts("variables"),
        local_only=part.flag("localVariables"),
        properties=part.flag("includeExtensionProperties"),
        business_key=part.text("businessKey"),
        definition_ids=tuple(as_identity(text) for text in ids) if ids else None,
        definition_keys=tuple(keys) if keys else None,
        version_tag=part.text("processDefinitionVersionTag"),
        process_variables=_plain(part),
    )


def _plain(part: Body) -> dict[str, Any]:
    """Values a case must have: workers send them bare, some as `{value}`."""
    described = part.part("processVariables")
    if described is None:
        return {}
    typed = {name for name, value in described.fields.items() if isinstance(value, dict) and "value" in value}
    if typed and len(typed) == len(described.fields):
        return read_variables(part, "processVariables").values
    return dict(described.fields)


def _sort(part: Body) -> tuple[str, str]:
    by, order = part.needed_text("sortBy"), part.text("sortOrder") or "asc"
    if by not in SORTS:
        raise Invalid("SORTING_UNKNOWN", "不能按 {by} 排序。", by=by)
    if order not in ("asc", "desc"):
        raise field_refused("sortOrder", " asc 或 desc")
    return by, order
