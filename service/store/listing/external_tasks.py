"""External tasks: work that waits for a worker or is being done by one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, or_

from service.store.listing.conditions import variable_conditions
from service.store.listing.criteria import (
    TENANTS,
    Criterion,
    Kind,
    after,
    among,
    at_least,
    at_most,
    before,
    concerns_case,
    equals,
    flag,
    flag_at,
    id_among,
    same_id,
)
from service.store.listing.listing import Listing, pick
from service.store.schema import case, definition, external_task


@dataclass(frozen=True, kw_only=True)
class ExternalTaskRow:
    """One external task with what its case and definition say about it."""

    id: UUID
    case_id: UUID
    case_state: str
    business_key: str | None
    definition_id: UUID
    definition_key: str
    version_tag: str | None
    scope_id: UUID | None
    element: str
    topic: str
    priority: int
    created_at: datetime
    worker: str | None
    locked_until: datetime | None
    retries: int | None
    error_message: str | None
    error_details: str | None


_table = external_task.c
_retries_left = or_(_table.retries.is_(None), _table.retries > 0)

EXTERNAL_TASKS: Listing[ExternalTaskRow] = Listing(
    row=ExternalTaskRow,
    columns={
        **pick(external_task, ExternalTaskRow),
        "case_state": case.c.state,
        "business_key": case.c.business_key,
        "definition_key": definition.c.key,
        "version_tag": definition.c.version_tag,
    },
    source=external_task.join(case, case.c.id == _table.case_id).join(
        definition, definition.c.id == _table.definition_id
    ),
    identity=_table.id,
    criteria={
        "external_task_id": same_id(_table.id),
        "external_task_id_in": id_among(_table.id),
        "topic_name": equals(_table.topic),
        "topic_name_in": among(_table.topic),
        "worker_id": equals(_table.worker),
        "locked": flag_at(lambda now: _table.locked_until > now),
        "not_locked": flag_at(lambda now: or_(_table.locked_until.is_(None), _table.locked_until <= now)),
        "with_retries_left": flag(_retries_left),
        "no_retries_left": flag(_table.retries == 0),
        "lock_expiration_after": after(_table.locked_until),
        "lock_expiration_before": before(_table.locked_until),
        "activity_id": equals(_table.element),
        "activity_id_in": among(_table.element),
        "execution_id": Criterion(
            kind=Kind.ID, clause=lambda value, now: or_(_table.id == value, _table.case_id == value)
        ),
        "process_instance_id": same_id(_table.case_id),
        "process_instance_id_in": id_among(_table.case_id),
        "process_definition_id": same_id(_table.definition_id),
        "process_definition_key": equals(definition.c.key),
        "process_definition_key_in": among(definition.c.key),
        "active": flag(case.c.state == "ACTIVE"),
        "suspended": flag(case.c.state == "SUSPENDED"),
        "priority_higher_than_or_equals": at_least(_table.priority),
        "priority_lower_than_or_equals": at_most(_table.priority),
        "process_variables": variable_conditions(_table.case_id, _table.case_id),
        "variables": variable_conditions(_table.case_id, _table.case_id),
        **TENANTS,
    },
    sorts={
        "id": _table.id,
        "lock_expiration_time": _table.locked_until,
        "process_instance_id": _table.case_id,
        "process_definition_id": _table.definition_id,
        "process_definition_key": definition.c.key,
        "task_priority": _table.priority,
        "priority": _table.priority,
        "create_time": _table.created_at,
    },
    default=(_table.created_at,),
    sees=lambda sight: and_(concerns_case(_table.case_id, sight)),
)
