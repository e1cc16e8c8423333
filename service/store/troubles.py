"""What on the agenda has failed: parked until an administrator sees to it, or waiting for its next try."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from service.store.schema import agenda, case, incident

if TYPE_CHECKING:
    from service.store.records import Records


@dataclass(frozen=True, kw_only=True, slots=True)
class TroubleRow:
    """One failing item with its case and its open incident. `ready_at` None: parked."""

    id: UUID
    kind: str
    case_id: UUID | None
    element: str | None
    due_at: datetime
    ready_at: datetime | None
    retries: int
    error: str | None
    detail: Any
    title: str | None
    business_key: str | None
    key: str | None
    state: str | None
    opened_at: datetime | None


_FROM = agenda.outerjoin(case, case.c.id == agenda.c.case_id).outerjoin(
    incident, and_(incident.c.token_id == agenda.c.id, incident.c.closed_at.is_(None))
)
_COLUMNS = (
    *(agenda.c[name] for name in ("id", "kind", "case_id", "element", "due_at", "ready_at", "retries", "error", "detail")),
    *(case.c[name] for name in ("title", "business_key", "key", "state")),
    incident.c.opened_at,
)  # fmt: skip
PARKED = and_(agenda.c.ready_at.is_(None), agenda.c.retries == 0)
TRYING = and_(agenda.c.ready_at.is_not(None), agenda.c.error.is_not(None))


class Troubles:
    """The failing items of one transaction."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def page(
        self, *, parked: bool, kinds: Sequence[str] = (), search: str = "", top: int, skip: int
    ) -> tuple[int, tuple[TroubleRow, ...]]:
        """How many fit, and some of them, the latest trouble first."""
        wanted = self._wanted(parked, kinds, search)
        count = int(self._records.execute(select(func.count()).select_from(wanted.subquery())).scalar_one())
        latest = wanted.order_by(func.coalesce(incident.c.opened_at, agenda.c.due_at).desc(), agenda.c.id)
        rows = self._records.execute(latest.limit(top).offset(skip))
        return count, tuple(TroubleRow(**row._mapping) for row in rows)

    def count(self, *, parked: bool) -> int:
        """How many there are."""
        wanted = self._wanted(parked, (), "").subquery()
        return int(self._records.execute(select(func.count()).select_from(wanted)).scalar_one())

    def one(self, item_id: UUID) -> TroubleRow | None:
        """One item, failing or not."""
        row = self._records.execute(select(*_COLUMNS).select_from(_FROM).where(agenda.c.id == item_id)).first()
        return None if row is None else TroubleRow(**row._mapping)

    def _wanted(self, parked: bool, kinds: Sequence[str], search: str) -> Select[Any]:
        conditions: list[ColumnElement[bool]] = [PARKED if parked else TRYING]
        if kinds:
            conditions.append(agenda.c.kind.in_(kinds))
        if search:
            words = f"%{search.replace('%', '').replace('_', '')}%"
            conditions.append(
                or_(case.c.title.ilike(words), case.c.business_key.ilike(words), agenda.c.error.ilike(words))
            )
        return select(*_COLUMNS).select_from(_FROM).where(*conditions)
