"""The agenda as an administrator reads it: what is due when, late, failing or parked. Numbers of cases, nothing they say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, literal, or_

from service.rules.vocabulary import AgendaKind
from service.store.agenda import END_OF_TIME
from service.store.listing.criteria import Criterion, Kind, equals, flag, flag_at, same_id
from service.store.listing.listing import Listing, pick
from service.store.schema import agenda, case

LATE = timedelta(minutes=5)  # a worker that lives is never that late


@dataclass(frozen=True, kw_only=True)
class AgendaListRow:
    """One item. `due_at` None: it waits until somebody moves it; `ready_at` None: parked; `binding_id`: what its case runs with."""

    id: UUID
    kind: str
    case_id: UUID | None
    business_key: str | None
    key: str | None
    state: str | None
    element: str | None
    due_at: datetime | None
    ready_at: datetime | None
    retries: int
    locked_until: datetime | None
    error: str | None
    detail: Any
    binding_id: UUID | None


def _words(value: str, now: datetime) -> object:
    pattern = f"%{value.replace('%', '').replace('_', '').lower()}%"
    columns = (case.c.business_key, case.c.key, agenda.c.element, agenda.c.error)
    return or_(*(func.lower(func.coalesce(column, "")).like(pattern) for column in columns))


AGENDA: Listing[AgendaListRow] = Listing(
    row=AgendaListRow,
    columns={
        **pick(agenda, AgendaListRow),
        "due_at": func.nullif(agenda.c.due_at, literal(END_OF_TIME, agenda.c.due_at.type), type_=agenda.c.due_at.type),
        "business_key": case.c.business_key,
        "key": case.c.key,
        "state": case.c.state,
        "binding_id": case.c.binding_id,
    },
    source=agenda.outerjoin(case, case.c.id == agenda.c.case_id),
    identity=agenda.c.id,
    criteria={
        "id": same_id(agenda.c.id),
        "kind": equals(agenda.c.kind),
        "jobs": flag(agenda.c.kind == AgendaKind.JOB.value),
        "outbox": flag(agenda.c.kind == AgendaKind.OUTBOX.value),
        "due": flag_at(lambda now: agenda.c.ready_at <= now),
        "late": flag_at(lambda now: agenda.c.ready_at <= now - LATE),
        "coming": flag_at(lambda now: and_(agenda.c.ready_at > now, agenda.c.error.is_(None))),
        "trying": flag(and_(agenda.c.ready_at.is_not(None), agenda.c.error.is_not(None))),
        "failed": flag(and_(agenda.c.ready_at.is_(None), agenda.c.retries == 0)),
        "parked": flag(and_(agenda.c.ready_at.is_(None), agenda.c.retries > 0)),
        "q": Criterion(kind=Kind.TEXT, clause=_words),  # type: ignore[arg-type]
    },
    sorts={
        "due_at": agenda.c.due_at,
        "ready_at": agenda.c.ready_at,
        "kind": agenda.c.kind,
        "retries": agenda.c.retries,
        "number": case.c.business_key,
    },
    default=(agenda.c.ready_at.asc().nulls_last(), agenda.c.due_at),
)
