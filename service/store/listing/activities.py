"""Element instances: the union of user tasks and of everything else that was entered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, literal, null, or_, select, union_all

from service.store.listing.criteria import (
    TENANTS,
    Criterion,
    Kind,
    after,
    among,
    before,
    concerns_case,
    equals,
    flag,
    id_among,
    like,
    same_id,
)
from service.store.listing.listing import Listing, pick
from service.store.schema import activity, definition, task


@dataclass(frozen=True, kw_only=True)
class ActivityRow:
    """One element instance. `task_id` and `assignee` only for user tasks; `name` only where the row carries one."""

    id: UUID
    case_id: UUID
    definition_id: UUID
    definition_key: str
    scope_id: UUID | None
    element: str
    name: str | None
    kind: str
    assignee: str | None
    task_id: UUID | None
    started_at: datetime
    ended_at: datetime | None
    outcome: str | None


_both = union_all(
    select(
        activity.c.id,
        activity.c.case_id,
        activity.c.definition_id,
        activity.c.scope_id,
        activity.c.element,
        null().cast(task.c.name.type).label("name"),
        activity.c.kind,
        null().cast(task.c.assignee.type).label("assignee"),
        null().cast(task.c.id.type).label("task_id"),
        activity.c.started_at,
        activity.c.ended_at,
        activity.c.outcome,
    ),
    select(
        task.c.id,
        task.c.case_id,
        task.c.definition_id,
        task.c.scope_id,
        task.c.element,
        task.c.name,
        literal("userTask").label("kind"),
        func.coalesce(task.c.ended_by, task.c.assignee).label("assignee"),
        task.c.id.label("task_id"),
        task.c.created_at.label("started_at"),
        task.c.ended_at,
        task.c.outcome,
    ),
).subquery("element_instance")
_c = _both.c

ACTIVITIES: Listing[ActivityRow] = Listing(
    row=ActivityRow,
    columns={
        **pick(_both, ActivityRow),
        "definition_key": definition.c.key,
    },
    source=_both.join(definition, definition.c.id == _c.definition_id),
    identity=_c.id,
    criteria={
        "activity_instance_id": same_id(_c.id),
        "activity_instance_id_in": id_among(_c.id),
        "process_instance_id": same_id(_c.case_id),
        "process_instance_id_in": id_among(_c.case_id),
        "root_process_instance_id": same_id(_c.case_id),
        "process_definition_id": same_id(_c.definition_id),
        "process_definition_key": equals(definition.c.key),
        "execution_id": Criterion(kind=Kind.ID, clause=lambda value, now: or_(_c.id == value, _c.case_id == value)),
        "activity_id": equals(_c.element),
        "activity_id_in": among(_c.element),
        "activity_name": equals(_c.name),
        "activity_name_like": like(_c.name),
        "activity_type": equals(_c.kind),
        "task_assignee": equals(_c.assignee),
        "finished": flag(_c.ended_at.is_not(None)),
        "unfinished": flag(_c.ended_at.is_(None)),
        "canceled": flag(_c.outcome == "CANCELLED"),
        "complete_scope": flag(_c.kind.like("%EndEvent")),
        "started_before": before(_c.started_at),
        "started_after": after(_c.started_at),
        "finished_before": before(_c.ended_at),
        "finished_after": after(_c.ended_at),
        **TENANTS,
    },
    sorts={
        "activity_instance_id": _c.id,
        "instance_id": _c.case_id,
        "execution_id": _c.id,
        "activity_id": _c.element,
        "activity_name": _c.name,
        "activity_type": _c.kind,
        "start_time": _c.started_at,
        "end_time": _c.ended_at,
        "duration": _c.ended_at,
        "definition_id": _c.definition_id,
        "occurrence": _c.started_at,
    },
    default=(_c.started_at,),
    sees=lambda sight: concerns_case(_c.case_id, sight),
    of_case=_c.case_id,
)
