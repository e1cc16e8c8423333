"""Variables of running and ended cases, process-wide and local."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func

from service.store.listing.conditions import variable_conditions
from service.store.listing.criteria import (
    TENANTS,
    Criterion,
    Kind,
    among,
    concerns_case,
    equals,
    id_among,
    like,
    same_id,
)
from service.store.listing.listing import Listing, pick
from service.store.schema import case, definition, variable


@dataclass(frozen=True, kw_only=True)
class VariableRow:
    """One variable; `scope_id` is the case's id for process variables."""

    case_id: UUID
    scope_id: UUID
    name: str
    type: str
    value: Any
    started_at: datetime
    definition_id: UUID
    definition_key: str
    case_state: str


_c = variable.c

VARIABLES: Listing[VariableRow] = Listing(
    row=VariableRow,
    columns={
        **pick(variable, VariableRow),
        "started_at": case.c.started_at,
        "definition_id": case.c.definition_id,
        "definition_key": definition.c.key,
        "case_state": case.c.state,
    },
    source=variable.join(case, case.c.id == _c.case_id).join(definition, definition.c.id == case.c.definition_id),
    identity=_c.name,
    criteria={
        "process_instance_id": same_id(_c.case_id),
        "process_instance_id_in": id_among(_c.case_id),
        "execution_id_in": id_among(_c.scope_id),
        "task_id_in": id_among(_c.scope_id),
        "activity_instance_id_in": id_among(_c.scope_id),
        "variable_scope_id_in": id_among(_c.scope_id),
        "process_definition_id": same_id(case.c.definition_id),
        "process_definition_key": equals(definition.c.key),
        "variable_name": equals(_c.name),
        "variable_name_in": among(_c.name),
        "variable_name_like": like(_c.name),
        "variable_type_in": Criterion(
            kind=Kind.TEXTS, clause=lambda values, now: func.lower(_c.type).in_([v.lower() for v in values])
        ),
        "variable_values": variable_conditions(_c.case_id, _c.scope_id),
        **TENANTS,
    },
    sorts={
        "instance_id": _c.case_id,
        "variable_name": _c.name,
        "variable_type": _c.type,
        "activity_instance_id": _c.scope_id,
    },
    default=(_c.case_id, _c.scope_id),
    sees=lambda sight: and_(concerns_case(_c.case_id, sight)),
    of_case=_c.case_id,
)
