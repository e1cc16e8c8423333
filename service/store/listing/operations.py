"""What people and programs did to cases: the journal as user operations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import false, or_

from service.store.listing.criteria import (
    TENANTS,
    Criterion,
    Kind,
    after,
    among,
    before,
    concerns_case,
    equals,
    same_id,
)
from service.store.listing.listing import Listing, pick
from service.store.schema import case, definition, journal


@dataclass(frozen=True, kw_only=True)
class OperationRow:
    """One journal line with a person or program behind it."""

    case_id: UUID
    line: int
    written_at: datetime
    action: str
    actor: str | None
    element: str | None
    task_id: UUID | None
    detail: Any
    definition_id: UUID
    definition_key: str


_c = journal.c


def _adapted(kind: Kind) -> Criterion:
    """A filter that the asking door turns into `actions`."""
    return Criterion(kind=kind, clause=lambda value, now: false())


OPERATIONS: Listing[OperationRow] = Listing(
    row=OperationRow,
    columns={
        **pick(journal, OperationRow),
        "definition_id": case.c.definition_id,
        "definition_key": definition.c.key,
    },
    source=journal.join(case, case.c.id == _c.case_id).join(definition, definition.c.id == case.c.definition_id),
    identity=_c.line,
    criteria={
        "process_instance_id": same_id(_c.case_id),
        "root_process_instance_id": same_id(_c.case_id),
        "process_definition_id": same_id(case.c.definition_id),
        "process_definition_key": equals(definition.c.key),
        "execution_id": Criterion(
            kind=Kind.ID, clause=lambda value, now: or_(_c.task_id == value, _c.case_id == value)
        ),
        "task_id": same_id(_c.task_id),
        "user_id": equals(_c.actor),
        "actions": among(_c.action),
        **{name: _adapted(Kind.TEXT) for name in ("entity_type", "operation_type", "category")},
        **{name: _adapted(Kind.TEXTS) for name in ("entity_type_in", "operation_type_in", "category_in")},
        "after_timestamp": after(_c.written_at),
        "before_timestamp": before(_c.written_at),
        **TENANTS,
    },
    sorts={"timestamp": _c.written_at},
    default=(_c.written_at.desc(), _c.case_id),
    sees=lambda sight: concerns_case(_c.case_id, sight),
    of_case=_c.case_id,
    always=(_c.actor.is_not(None),),
)
