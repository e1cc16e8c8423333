"""Versions of fee standards: proposed, approved, refused; never changed once they were in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import insert, or_, select, update

from service.store.money_schema import fee_standard

if TYPE_CHECKING:
    from service.store.records import Records


@dataclass(frozen=True, kw_only=True, slots=True)
class StandardRow:
    """One version. `content` is what `rules.fee_standards.read_standard` reads; `items`: codes of items it is for."""

    id: UUID
    code: str
    name: str
    department: str
    content: Mapping[str, Any]
    items: Sequence[str] = ()
    on_demand: bool = False
    refund: Mapping[str, Any] | None = None
    effective_from: date
    effective_to: date | None
    state: str
    sample: bool = False
    document: str = ""
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None
    answer: str = field(default="")


class FeeStandards:
    """The standards of one transaction."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def add(self, rows: Sequence[StandardRow]) -> None:
        """Keep versions."""
        if rows:
            self._records.execute(insert(fee_standard), [{**asdict(row), "items": list(row.items)} for row in rows])

    def change(self, row_id: UUID, **columns: Any) -> None:
        """Write some columns."""
        self._records.execute(update(fee_standard).where(fee_standard.c.id == row_id).values(**columns))

    def find(self, row_id: UUID) -> StandardRow | None:
        """One version."""
        row = self._records.execute(select(fee_standard).where(fee_standard.c.id == row_id)).one_or_none()
        return None if row is None else _read(row)

    def lock_code(self, code: str) -> tuple[StandardRow, ...]:
        """Every version of a standard; nobody else decides on one of them until the transaction ends."""
        statement = select(fee_standard).where(fee_standard.c.code == code).order_by(fee_standard.c.id)
        return tuple(_read(row) for row in self._records.execute(statement.with_for_update()))

    def in_force(self, day: date) -> tuple[StandardRow, ...]:
        """What may be charged on a day, by department and code."""
        statement = select(fee_standard).where(
            fee_standard.c.state == "APPROVED",
            fee_standard.c.effective_from <= day,
            or_(fee_standard.c.effective_to.is_(None), fee_standard.c.effective_to >= day),
        )
        rows = self._records.execute(statement.order_by(fee_standard.c.department, fee_standard.c.code))
        return tuple(_read(row) for row in rows)

    def listing(self, state: str | None = None) -> tuple[StandardRow, ...]:
        """Every version, the newest of each standard first."""
        statement = select(fee_standard).order_by(
            fee_standard.c.code, fee_standard.c.effective_from.desc(), fee_standard.c.proposed_at.desc()
        )
        if state is not None:
            statement = statement.where(fee_standard.c.state == state)
        return tuple(_read(row) for row in self._records.execute(statement))


def _read(row: Any) -> StandardRow:
    return StandardRow(**{**row._mapping, "items": tuple(row.items)})
