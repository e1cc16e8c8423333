"""The sealed audit trail: what is not sealed yet, blocks with their pieces, and the lines they are about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Table, TypeDecorator, and_, func, insert, null, or_, select, text, type_coerce
from sqlalchemy.types import NullType

from service.store.audit_schema import audit_block, audit_head, audit_piece
from service.store.columns import Json
from service.store.schema import case, journal, ledger
from service.store.upserts import upsert

if TYPE_CHECKING:
    from service.store.records import Records

Lines = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True, slots=True)
class BlockRow:
    """One block of the chain."""

    sequence: int
    sealed_at: datetime
    lines: int
    pieces: str
    previous: str
    chain: str
    mac: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class PieceRow:
    """Lines of one stream in one block: those after `after` up to `last`. `entries`: packed numbers and fingerprints."""

    sequence: int
    stream: str
    after: int
    last: int
    entries: bytes


class Audits:
    """Rows of `audit_block`, `audit_piece` and `audit_head`, and the lines of ledger and journals as they stand."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def hold_blocks(self) -> None:
        """Nobody else adds a block until this transaction has ended; waits for who is at it."""
        if self._records.dialect == "postgresql":
            self._records.execute(text("LOCK TABLE audit_block IN SHARE ROW EXCLUSIVE MODE"))

    def hold_ledger(self) -> None:
        """Nobody else writes the ledger until this transaction has ended; waits for those who are at it."""
        if self._records.dialect == "postgresql":
            self._records.execute(text("LOCK TABLE ledger IN SHARE ROW EXCLUSIVE MODE"))

    def blocks(self, *, after: int = 0, limit: int = 1000) -> tuple[BlockRow, ...]:
        """Blocks behind a sequence, in their order."""
        rows = self._records.execute(
            select(audit_block).where(audit_block.c.sequence > after).order_by(audit_block.c.sequence).limit(limit)
        )
        return tuple(BlockRow(**row._mapping) for row in rows)

    def last_block(self) -> BlockRow | None:
        """The newest one."""
        row = self._records.execute(select(audit_block).order_by(audit_block.c.sequence.desc()).limit(1)).first()
        return None if row is None else BlockRow(**row._mapping)

    def pieces(self, sequence: int) -> tuple[PieceRow, ...]:
        """The pieces of a block."""
        rows = self._records.execute(
            select(audit_piece).where(audit_piece.c.sequence == sequence).order_by(audit_piece.c.stream)
        )
        return tuple(PieceRow(**row._mapping) for row in rows)

    def last_of(self, stream: str) -> int:
        """How far a stream is sealed, by its pieces; 0: nothing of it is."""
        found = self._records.execute(select(func.max(audit_piece.c.last)).where(audit_piece.c.stream == stream))
        return int(found.scalar() or 0)

    def add(self, block: BlockRow, pieces: Sequence[PieceRow]) -> None:
        """Keep a block. Written once."""
        self._records.execute(insert(audit_block), [asdict(block)])
        self._records.execute(insert(audit_piece), [asdict(one) for one in pieces])
        heads = [{"case_id": UUID(one.stream), "last": one.last} for one in pieces if one.stream != ledger.name]
        if heads:
            self._records.send(upsert(self._records.dialect, audit_head, ("case_id",), ("last",)), heads)

    def unsealed_cases(self, limit: int) -> dict[UUID, int]:
        """Cases whose journal goes on behind what is sealed, with the last line that is."""
        rows = self._records.execute(
            select(case.c.id, func.coalesce(audit_head.c.last, 0).label("sealed"))
            .join_from(case, audit_head, audit_head.c.case_id == case.c.id, isouter=True)
            .where(or_(audit_head.c.last.is_(None), case.c.version > audit_head.c.last))
            .order_by(case.c.id)
            .limit(limit)
        )
        return {row.id: row.sealed for row in rows}

    def ledger_lines(self, after: int | None, until: int | None = None, *, limit: int | None = None) -> Lines:
        """Lines of the ledger in their order, behind a number (None: from the first), up to one (included)."""
        query = select(*_raw(ledger)).order_by(ledger.c.id).limit(limit)
        if after is not None:
            query = query.where(ledger.c.id > after)
        if until is not None:
            query = query.where(ledger.c.id <= until)
        return [self._said(ledger, dict(row._mapping)) for row in self._records.execute(query)]

    def journal_lines(self, wanted: Mapping[UUID, tuple[int | None, int | None]]) -> dict[UUID, Lines]:
        """Lines of journals in their order: of each case behind a number, up to one (included; None: no bound)."""
        found: dict[UUID, list[dict[str, Any]]] = {case_id: [] for case_id in wanted}
        if wanted:
            for row in self._records.execute(
                select(*_raw(journal))
                .where(or_(*(_within(case_id, *bounds) for case_id, bounds in wanted.items())))
                .order_by(journal.c.case_id, journal.c.line)
            ):
                line = self._said(journal, dict(row._mapping))
                found[line["case_id"]].append(line)
        return dict(found)

    def journals_off(self, limit: int) -> tuple[tuple[UUID, int | None, int], ...]:
        """Cases whose version is not the number of the last line in their journal, with both; None: there is no such case."""
        last = select(journal.c.case_id, func.max(journal.c.line).label("line")).group_by(journal.c.case_id).subquery()
        short = (
            select(case.c.id, case.c.version, func.coalesce(last.c.line, 0))
            .join_from(case, last, last.c.case_id == case.c.id, isouter=True)
            .where(case.c.version != func.coalesce(last.c.line, 0))
        )
        orphaned = (
            select(last.c.case_id, null(), last.c.line)
            .join_from(last, case, last.c.case_id == case.c.id, isouter=True)
            .where(case.c.id.is_(None))
        )
        rows = [*self._records.execute(short.limit(limit)), *self._records.execute(orphaned.limit(limit))]
        return tuple((row[0], row[1], row[2]) for row in rows)

    def _said(self, table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
        """A row as it stands, also when somebody has written into it what the service never writes."""
        dialect, said = self._records.connection.dialect, {}
        for column in _sealed(table):
            value = row[column.name]
            if isinstance(column.type, TypeDecorator) and not isinstance(column.type, Json):
                try:
                    value = column.type.process_result_value(value, dialect)
                except (TypeError, ValueError, OverflowError, AttributeError):
                    value = {"unreadable": str(value)}
            said[column.name] = value
        return said


def _raw(table: Table) -> list[Any]:
    """The columns as the driver returns them; JSON stays the text it was written as."""
    return [type_coerce(column, NullType()).label(column.name) for column in _sealed(table)]


def _sealed(table: Table) -> list[Any]:
    return [column for column in table.columns if column.name != "mac"]  # a line's own seal came later than the chain


def _within(case_id: UUID, after: int | None, until: int | None) -> Any:
    bounds = [journal.c.case_id == case_id]
    bounds += [journal.c.line > after] if after is not None else []
    bounds += [journal.c.line <= until] if until is not None else []
    return and_(*bounds)
