"""文书: drafts, issued and void documents, what was printed of them, and 受理号."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import func, insert, or_, select, update

from service.store.papers_schema import acceptance, document, document_print
from service.store.schema import number_series

if TYPE_CHECKING:
    from service.store.records import Records


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentRow:
    """One document. `state`: DRAFT, ISSUED, VOID; `missing`: what a draft still lacks; `hash`: None until it is printed."""

    id: UUID
    case_id: UUID | None
    scope_id: UUID | None
    code: str
    state: str
    number: str | None
    series: str | None
    serial: int | None
    authority: str
    year: int
    template: int
    head: Mapping[str, Any]
    facts: Mapping[str, Any]
    missing: Sequence[str]
    element: str | None
    key: UUID | None
    drafted_at: datetime
    drafted_by: str | None
    issued_at: datetime | None
    issued_by: str | None
    hash: str | None = None
    digest: str | None = None
    reprints: int = 0
    void_at: datetime | None = None
    void_by: str | None = None
    void_reason: str | None = None
    supersedes: UUID | None = None

    @property
    def reference(self) -> str:
        """What it is verified by: its number, or its id when its kind has none."""
        return self.number or self.id.hex


@dataclass(frozen=True, kw_only=True, slots=True)
class PrintRow:
    """One paper that left the press. `nth` 0: the original."""

    document_id: UUID
    nth: int
    hash: str
    printed_at: datetime
    printed_by: str | None
    reason: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class AcceptanceRow:
    """受理号 of a case or of an item of a chain."""

    case_id: UUID
    scope_id: UUID
    number: str
    accepted_on: date
    document_id: UUID | None


@dataclass(frozen=True, kw_only=True, slots=True)
class SeriesUse:
    """One series of document numbers: the last serial counted, those used, and the void ones with who and why."""

    name: str
    last: int
    used: frozenset[int]
    void: Sequence[DocumentRow] = field(default_factory=tuple)


_DOCUMENT = tuple(one.name for one in fields(DocumentRow))


class Documents:
    """Rows of `document`, `document_print` and `acceptance`."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def add(self, row: DocumentRow) -> None:
        """Keep a new one."""
        self._records.execute(insert(document), {name: getattr(row, name) for name in _DOCUMENT})

    def change(self, document_id: UUID, values: Mapping[str, Any]) -> None:
        """Write some columns."""
        self._records.execute(update(document).where(document.c.id == document_id).values(**values))

    def find(self, document_id: UUID, *, lock: bool = False) -> DocumentRow | None:
        """One document; `lock`: nobody else changes it until the transaction ends."""
        asked = select(document).where(document.c.id == document_id)
        return self._one(asked.with_for_update() if lock else asked)

    def by_key(self, key: UUID) -> DocumentRow | None:
        """The one that an asking brought about."""
        return self._one(select(document).where(document.c.key == key))

    def by_reference(self, reference: str) -> DocumentRow | None:
        """The one with this number, or with this id, which its QR code holds. Drafts cannot be verified."""
        condition: Any = document.c.number == reference
        if len(reference) == 32 and set(reference) <= set("0123456789abcdef"):
            condition = or_(condition, document.c.id == UUID(reference))
        return self._one(select(document).where(condition, document.c.state != "DRAFT"))

    def of_case(self, case_id: UUID) -> tuple[DocumentRow, ...]:
        """Every document of a case, in the order they came about."""
        asked = select(document).where(document.c.case_id == case_id)
        rows = self._records.execute(asked.order_by(document.c.drafted_at, document.c.code, document.c.id))
        return tuple(DocumentRow(**row._mapping) for row in rows)

    def printed(self, row: PrintRow) -> None:
        """Keep that a paper was printed."""
        self._records.execute(insert(document_print), {one.name: getattr(row, one.name) for one in fields(PrintRow)})

    def prints(self, document_id: UUID) -> tuple[PrintRow, ...]:
        """Every paper of a document, the original first."""
        asked = select(document_print).where(document_print.c.document_id == document_id)
        rows = self._records.execute(asked.order_by(document_print.c.nth))
        return tuple(PrintRow(**row._mapping) for row in rows)

    def accept(self, row: AcceptanceRow) -> None:
        """Keep a 受理号."""
        self._records.execute(insert(acceptance), {one.name: getattr(row, one.name) for one in fields(AcceptanceRow)})

    def acceptance(self, case_id: UUID, scope_id: UUID | None) -> AcceptanceRow | None:
        """The 受理号 of a case or of one of its items."""
        asked = select(acceptance).where(
            acceptance.c.case_id == case_id, acceptance.c.scope_id == (scope_id or case_id)
        )
        row = self._records.execute(asked).one_or_none()
        return None if row is None else AcceptanceRow(**row._mapping)

    def acceptance_numbers(self, case_ids: Collection[UUID]) -> dict[tuple[UUID, UUID], str]:
        """(case, scope) → 受理号 of some cases and their items, in one statement; the case's own scope is its id."""
        if not case_ids:
            return {}
        asked = select(acceptance.c.case_id, acceptance.c.scope_id, acceptance.c.number)
        rows = self._records.execute(asked.where(acceptance.c.case_id.in_(set(case_ids))))
        return {(row.case_id, row.scope_id): row.number for row in rows}

    def acceptances(self, case_id: UUID) -> tuple[AcceptanceRow, ...]:
        """Every 受理号 of a case, in their order."""
        rows = self._records.execute(
            select(acceptance).where(acceptance.c.case_id == case_id).order_by(acceptance.c.number)
        )
        return tuple(AcceptanceRow(**row._mapping) for row in rows)

    def series(self, year: int) -> tuple[SeriesUse, ...]:
        """Every series of document numbers of a year, with what became of its numbers."""
        names = select(number_series).where(number_series.c.name.like(f"WS/%/{year}"))
        used: dict[str, set[int]] = {}
        void: dict[str, list[DocumentRow]] = {}
        for row in self._records.execute(
            select(document.c.series, document.c.serial).where(document.c.year == year, document.c.serial.is_not(None))
        ):
            used.setdefault(row.series, set()).add(row.serial)
        spoilt = select(document).where(document.c.year == year, document.c.state == "VOID")
        for row in self._records.execute(spoilt.order_by(document.c.series, document.c.serial)):
            void.setdefault(row.series or "", []).append(DocumentRow(**row._mapping))
        return tuple(
            SeriesUse(
                name=row.name, last=row.last, used=frozenset(used.get(row.name, ())), void=tuple(void.get(row.name, ()))
            )
            for row in self._records.execute(names.order_by(number_series.c.name))
        )

    def count(self, case_id: UUID) -> int:
        """How many documents a case has."""
        asked = select(func.count()).select_from(document).where(document.c.case_id == case_id)
        return int(self._records.execute(asked).scalar_one())

    def _one(self, asked: Any) -> DocumentRow | None:
        row = self._records.execute(asked).one_or_none()
        return None if row is None else DocumentRow(**row._mapping)
