"""Incidents: what needs or needed an administrator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import false, func

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
    like,
    same_id,
)
from service.store.listing.listing import Listing, pick
from service.store.schema import case, definition, incident


@dataclass(frozen=True, kw_only=True)
class IncidentRow:
    """One incident, open or closed."""

    id: UUID
    case_id: UUID | None
    definition_id: UUID | None
    definition_key: str | None
    kind: str
    element: str | None
    token_id: UUID | None
    message: str
    opened_at: datetime
    closed_at: datetime | None


_table = incident.c
_definition_id = func.coalesce(_table.definition_id, case.c.definition_id, type_=definition.c.id.type)

INCIDENTS: Listing[IncidentRow] = Listing(
    row=IncidentRow,
    columns={
        **pick(incident, IncidentRow),
        "definition_id": _definition_id,
        "definition_key": definition.c.key,
    },
    source=incident.outerjoin(case, case.c.id == _table.case_id).outerjoin(
        definition, definition.c.id == _definition_id
    ),
    identity=_table.id,
    criteria={
        "incident_id": same_id(_table.id),
        "incident_type": equals(_table.kind),
        "incident_message": equals(_table.message),
        "incident_message_like": like(_table.message),
        "process_definition_id": same_id(_definition_id),
        "process_definition_key": equals(definition.c.key),
        "process_definition_key_in": among(definition.c.key),
        "process_instance_id": same_id(_table.case_id),
        "execution_id": same_id(_table.token_id),
        "configuration": same_id(_table.token_id),
        "activity_id": equals(_table.element),
        "failed_activity_id": equals(_table.element),
        "incident_timestamp_before": before(_table.opened_at),
        "incident_timestamp_after": after(_table.opened_at),
        "create_time_before": before(_table.opened_at),
        "create_time_after": after(_table.opened_at),
        "end_time_before": before(_table.closed_at),
        "end_time_after": after(_table.closed_at),
        "open": flag(_table.closed_at.is_(None)),
        "resolved": flag(_table.closed_at.is_not(None)),
        "deleted": flag(false()),
        "cause_incident_id": same_id(_table.id),
        "root_cause_incident_id": same_id(_table.id),
        "job_definition_id_in": Criterion(kind=Kind.TEXTS, clause=lambda value, now: false()),
        **TENANTS,
    },
    sorts={
        "incident_id": _table.id,
        "incident_timestamp": _table.opened_at,
        "create_time": _table.opened_at,
        "end_time": _table.closed_at,
        "incident_type": _table.kind,
        "incident_message": _table.message,
        "execution_id": _table.token_id,
        "activity_id": _table.element,
        "process_instance_id": _table.case_id,
        "process_definition_id": _definition_id,
        "process_definition_key": definition.c.key,
        "configuration": _table.token_id,
        "cause_incident_id": _table.id,
        "root_cause_incident_id": _table.id,
        "incident_state": _table.closed_at,
    },
    default=(_table.opened_at,),
    sees=lambda sight: concerns_case(_table.case_id, sight),
)
