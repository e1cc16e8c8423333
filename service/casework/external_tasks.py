"""External tasks: any worker may fetch, lock, complete or fail them, as Camunda 7 workers expect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from service.casework.actors import Actor
from service.casework.office import Office
from service.casework.views import LockedTask, TopicRequest


def fetch_and_lock(
    office: Office,
    actor: Actor,
    worker: str,
    max_tasks: int,
    topics: Sequence[TopicRequest],
    use_priority: bool = False,
    sorting: Sequence[tuple[str, str]] = (),
) -> tuple[LockedTask, ...]:
    """Lock up to `max_tasks` free tasks of the topics for a worker; two workers never get the same one."""
    raise NotImplementedError


def complete_external(
    office: Office,
    actor: Actor,
    task_id: UUID,
    worker: str,
    variables: Mapping[str, Any] | None = None,
    types: Mapping[str, str] | None = None,
    local: Mapping[str, Any] | None = None,
) -> None:
    """The work is done. Refused: Invalid EXTERNAL_TASK_NOT_LOCKED_BY_WORKER, Missing EXTERNAL_TASK_NOT_FOUND."""
    raise NotImplementedError


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
    """The work failed: try again after `retry_ms` milliseconds, or open an incident when no retries are left."""
    raise NotImplementedError


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
    """The work ended in a BPMN error; when nobody catches it, the task becomes an incident."""
    raise NotImplementedError


def throw_external_escalation(
    office: Office,
    actor: Actor,
    task_id: UUID,
    worker: str,
    code: str,
    variables: Mapping[str, Any] | None = None,
    types: Mapping[str, str] | None = None,
) -> None:
    """The work raised a BPMN escalation."""
    raise NotImplementedError


def extend_lock(office: Office, actor: Actor, task_id: UUID, worker: str, lock_ms: int) -> None:
    """Keep a task `lock_ms` milliseconds from now."""
    raise NotImplementedError


def lock_external(office: Office, actor: Actor, task_id: UUID, worker: str, lock_ms: int) -> None:
    """Lock one task for `lock_ms` milliseconds. Refused: Invalid when another worker holds it."""
    raise NotImplementedError


def unlock_external(office: Office, actor: Actor, task_id: UUID) -> None:
    """Give a task free for any worker."""
    raise NotImplementedError


def set_external_retries(office: Office, actor: Actor, task_id: UUID, retries: int) -> None:
    """How often it may fail yet; more than 0 closes its incident, 0 opens one."""
    raise NotImplementedError


def set_external_priority(office: Office, actor: Actor, task_id: UUID, priority: int) -> None:
    """Higher is fetched first by workers that use priority."""
    raise NotImplementedError
