"""Jobs: what stands on the agenda."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, literal, or_, true

from service.store.agenda import END_OF_TIME
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
    flag_at,
    id_among,
    same_id,
)
from service.store.listing.listing import Listing, pick
from service.store.schema import agenda, case, definition


@dataclass(frozen=True, kw_only=True)
class JobRow:
    """One agenda item with what its case says about it."""

    id: UUID
    kind: str
    case_id: UUID | None
    case_state: str | None
    definition_id: UUID | None
    definition_key: str | None
    token_id: UUID | None
    element: str | None
    due_at: datetime | None
    ready_at: datetime | None
    retries: int
    error: str | None
    detail: Any


_table = agenda.c
_definition_id = func.coalesce(_table.definition_id, case.c.definition_id, type_=definition.c.id.type)
_timer = _table.kind.in_(("timer", "start", "clock", "absence"))

JOBS: Listing[JobRow] = Listing(
    row=JobRow,
    columns={
        **pick(agenda, JobRow),
        "due_at": func.nullif(_table.due_at, literal(END_OF_TIME, _table.due_at.type), type_=_table.due_at.type),
        "case_state": case.c.state,
        "definition_id": _definition_id,
        "definition_key": definition.c.key,
    },
    source=agenda.outerjoin(case, case.c.id == _table.case_id).outerjoin(definition, definition.c.id == _definition_id),
    identity=_table.id,
    criteria={
        "job_id": same_id(_table.id),
        "job_ids": id_among(_table.id),
        "process_instance_id": same_id(_table.case_id),
        "process_instance_ids": id_among(_table.case_id),
        "root_process_instance_id": same_id(_table.case_id),
        "process_definition_id": same_id(_definition_id),
        "process_definition_key": equals(definition.c.key),
        "execution_id": Criterion(
            kind=Kind.ID, clause=lambda value, now: or_(_table.token_id == value, _table.case_id == value)
        ),
        "activity_id": equals(_table.element),
        "failed_activity_id": Criterion(
            kind=Kind.TEXT, clause=lambda value, now: (_table.element == value) & _table.error.is_not(None)
        ),
        "activity_id_in": among(_table.element),
        "timers": flag(_timer),
        "messages": flag(~_timer),
        "executable": flag_at(lambda now: (_table.ready_at <= now) & (_table.retries > 0)),
        "with_retries_left": flag(_table.retries > 0),
        "no_retries_left": flag(_table.retries <= 0),
        "with_exception": flag(_table.error.is_not(None)),
        "exception_message": equals(_table.error),
        "locked": flag_at(lambda now: _table.locked_until > now),
        "active": flag(or_(case.c.state.is_(None), case.c.state == "ACTIVE")),
        "suspended": flag(case.c.state == "SUSPENDED"),
        "due_before": before(_table.due_at),
        "due_after": after(_table.due_at),
        "priority_lower_than_or_equals": Criterion(
            kind=Kind.WHOLE, clause=lambda value, now: true() if value >= 0 else ~true()
        ),
        "priority_higher_than_or_equals": Criterion(
            kind=Kind.WHOLE, clause=lambda value, now: true() if value <= 0 else ~true()
        ),
        **TENANTS,
    },
    sorts={
        "job_id": _table.id,
        "execution_id": _table.token_id,
        "process_instance_id": _table.case_id,
        "process_definition_id": _definition_id,
        "process_definition_key": definition.c.key,
        "job_priority": _table.retries * 0,
        "job_retries": _table.retries,
        "job_due_date": _table.due_at,
    },
    default=(_table.due_at,),
    sees=lambda sight: concerns_case(_table.case_id, sight),
)
