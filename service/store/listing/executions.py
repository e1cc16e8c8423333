"""Executions: every live token that waits for somebody or something, and the case itself."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import exists, null, select, union_all

from service.store.listing.conditions import variable_conditions
from service.store.listing.criteria import TENANTS, Criterion, Kind, concerns_case, equals, flag, id_among, same_id
from service.store.listing.listing import Listing
from service.store.schema import activity, case, definition, external_task, subscription, task


@dataclass(frozen=True, kw_only=True)
class ExecutionRow:
    """One live token, or the case with `element` empty."""

    id: UUID
    case_id: UUID
    element: str | None
    business_key: str | None
    definition_id: UUID
    state: str


_tokens = union_all(
    select(case.c.id, case.c.id.label("case_id"), null().cast(task.c.element.type).label("element")).where(
        case.c.ended_at.is_(None)
    ),
    select(task.c.id, task.c.case_id, task.c.element).where(task.c.ended_at.is_(None)),
    select(external_task.c.id, external_task.c.case_id, external_task.c.element).where(
        external_task.c.id.not_in(select(activity.c.id).where(activity.c.ended_at.is_(None)))
    ),
    select(subscription.c.id, subscription.c.case_id, subscription.c.element).where(
        subscription.c.id.not_in(select(activity.c.id).where(activity.c.ended_at.is_(None)))
    ),
    select(activity.c.id, activity.c.case_id, activity.c.element).where(activity.c.ended_at.is_(None)),
).subquery("live_token")
_c = _tokens.c


def _listens(kind: str) -> Criterion:
    return Criterion(
        kind=Kind.TEXT,
        clause=lambda value, now: exists(
            select(subscription.c.id).where(
                subscription.c.id == _c.id, subscription.c.kind == kind, subscription.c.name == value
            )
        ),
    )


EXECUTIONS: Listing[ExecutionRow] = Listing(
    row=ExecutionRow,
    columns={
        "id": _c.id,
        "case_id": _c.case_id,
        "element": _c.element,
        "business_key": case.c.business_key,
        "definition_id": case.c.definition_id,
        "state": case.c.state,
    },
    source=_tokens.join(case, case.c.id == _c.case_id).join(definition, definition.c.id == case.c.definition_id),
    identity=_c.id,
    criteria={
        "execution_id": same_id(_c.id),
        "process_instance_id": same_id(_c.case_id),
        "process_instance_id_in": id_among(_c.case_id),
        "business_key": equals(case.c.business_key),
        "process_definition_id": same_id(case.c.definition_id),
        "process_definition_key": equals(definition.c.key),
        "activity_id": equals(_c.element),
        "message_event_subscription_name": _listens("message"),
        "signal_event_subscription_name": _listens("signal"),
        "active": flag(case.c.state == "ACTIVE"),
        "suspended": flag(case.c.state == "SUSPENDED"),
        "variables": variable_conditions(_c.case_id, _c.id),
        "process_variables": variable_conditions(_c.case_id, _c.case_id),
        **TENANTS,
    },
    sorts={"instance_id": _c.case_id, "definition_id": case.c.definition_id, "definition_key": definition.c.key},
    default=(_c.case_id,),
    sees=lambda sight: concerns_case(_c.case_id, sight),
    of_case=_c.case_id,
)
