"""Cases running and ended: process instances of `/engine-rest`, 办件 of `/api/v1`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, false, not_, or_, select

from service.store.listing.conditions import variable_conditions
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
    like_any_case,
    not_among,
    same_id,
)
from service.store.listing.listing import Listing, pick
from service.store.schema import activity, case, definition, external_task, incident, subscription, task


@dataclass(frozen=True, kw_only=True)
class CaseRow:
    """One case with the name and version of its definition."""

    id: UUID
    definition_id: UUID
    definition_key: str
    definition_name: str
    definition_version: int
    business_key: str | None
    title: str | None
    state: str
    version: int
    started_at: datetime
    started_by: str | None
    ended_at: datetime | None
    end_element: str | None
    reason: str | None


def _stands_at(elements: list[str]) -> ColumnElement[bool]:
    """Somewhere in the case one of the elements is being carried out or waited for."""
    return or_(
        case.c.id.in_(select(task.c.case_id).where(task.c.ended_at.is_(None), task.c.element.in_(elements))),
        case.c.id.in_(
            select(activity.c.case_id).where(activity.c.ended_at.is_(None), activity.c.element.in_(elements))
        ),
        case.c.id.in_(select(external_task.c.case_id).where(external_task.c.element.in_(elements))),
        case.c.id.in_(select(subscription.c.case_id).where(subscription.c.element.in_(elements))),
    )


def _passed(elements: list[str]) -> ColumnElement[bool]:
    return or_(
        case.c.id.in_(select(task.c.case_id).where(task.c.element.in_(elements))),
        case.c.id.in_(select(activity.c.case_id).where(activity.c.element.in_(elements))),
    )


_incident = select(incident.c.id).where(incident.c.case_id == case.c.id, incident.c.closed_at.is_(None))
_nothing = Criterion(kind=Kind.TEXT, clause=lambda value, now: false())

CASES: Listing[CaseRow] = Listing(
    row=CaseRow,
    columns={
        "definition_key": definition.c.key,
        "definition_name": definition.c.name,
        "definition_version": definition.c.version,
        **pick(case, CaseRow),
    },
    source=case.join(definition, definition.c.id == case.c.definition_id),
    identity=case.c.id,
    criteria={
        "process_instance_id": same_id(case.c.id),
        "process_instance_ids": id_among(case.c.id),
        "process_instance_id_not_in": Criterion(kind=Kind.IDS, clause=lambda values, now: case.c.id.not_in(values)),
        "root_process_instance_id": same_id(case.c.id),
        "business_key": equals(case.c.business_key),
        "business_key_like": like(case.c.business_key),
        "process_instance_business_key": equals(case.c.business_key),
        "process_instance_business_key_in": among(case.c.business_key),
        "process_instance_business_key_like": like(case.c.business_key),
        "process_definition_id": same_id(case.c.definition_id),
        "process_definition_key": equals(definition.c.key),
        "process_definition_key_in": among(definition.c.key),
        "process_definition_key_not_in": not_among(definition.c.key),
        "process_definition_name": equals(definition.c.name),
        "process_definition_name_like": like_any_case(definition.c.name),
        "deployment_id": same_id(definition.c.deployment_id),
        "running": flag(case.c.ended_at.is_(None)),
        "active": flag(case.c.state == "ACTIVE"),
        "suspended": flag(case.c.state == "SUSPENDED"),
        "completed": flag(case.c.state == "COMPLETED"),
        "externally_terminated": flag(case.c.state == "TERMINATED"),
        "internally_terminated": flag(false()),
        "state": equals(case.c.state),
        "end_element_in": among(case.c.end_element),
        "finished": flag(case.c.ended_at.is_not(None)),
        "unfinished": flag(case.c.ended_at.is_(None)),
        "started_before": before(case.c.started_at),
        "started_after": after(case.c.started_at),
        "finished_before": before(case.c.ended_at),
        "finished_after": after(case.c.ended_at),
        "started_by": equals(case.c.started_by),
        "title_like": like_any_case(case.c.title),
        "with_incident": flag(exists(_incident)),
        "with_incidents": flag(exists(_incident)),
        "without_incidents": flag(not_(exists(_incident))),
        "incident_id": Criterion(
            kind=Kind.ID, clause=lambda value, now: exists(_incident.where(incident.c.id == value))
        ),
        "incident_type": Criterion(
            kind=Kind.TEXT, clause=lambda value, now: exists(_incident.where(incident.c.kind == value))
        ),
        "incident_message": Criterion(
            kind=Kind.TEXT, clause=lambda value, now: exists(_incident.where(incident.c.message == value))
        ),
        "incident_message_like": Criterion(
            kind=Kind.TEXT, clause=lambda value, now: exists(_incident.where(incident.c.message.like(value)))
        ),
        "activity_id_in": Criterion(kind=Kind.TEXTS, clause=lambda values, now: _stands_at(values)),
        "active_activity_id_in": Criterion(kind=Kind.TEXTS, clause=lambda values, now: _stands_at(values)),
        "executed_activity_id_in": Criterion(kind=Kind.TEXTS, clause=lambda values, now: _passed(values)),
        "variables": variable_conditions(case.c.id, case.c.id),
        "super_process_instance": _nothing,
        "super_process_instance_id": _nothing,
        "sub_process_instance": _nothing,
        "sub_process_instance_id": _nothing,
        "case_instance_id": _nothing,
        "root_process_instances": flag(case.c.id.is_not(None)),
        **TENANTS,
    },
    sorts={
        "instance_id": case.c.id,
        "business_key": case.c.business_key,
        "definition_id": case.c.definition_id,
        "definition_key": definition.c.key,
        "definition_name": definition.c.name,
        "definition_version": definition.c.version,
        "start_time": case.c.started_at,
        "end_time": case.c.ended_at,
        "duration": case.c.ended_at,
    },
    default=(case.c.started_at.desc(),),
    sees=lambda sight: concerns_case(case.c.id, sight),
    of_case=case.c.id,
)
