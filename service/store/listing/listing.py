"""One list of the query side: its source, what a row is, its filters and sorts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import ColumnElement, CursorResult, Executable, FromClause, Select, func, or_, select

from service.rules.refusals import Invalid
from service.store.listing.criteria import Criterion, Kind, Sight, not_withheld

Row = TypeVar("Row")

ROWS_AT_MOST = 10_000  # rows an unbounded question may answer


class Reading(Protocol):
    """What a list needs of an open transaction."""

    def execute(self, statement: Executable, params: Any = None) -> CursorResult[Any]: ...

    @property
    def now(self) -> datetime: ...


def pick(source: FromClause, row: type[Any]) -> dict[str, ColumnElement[Any]]:
    """The columns of a table that a row class has fields for."""
    return {field.name: source.c[field.name] for field in fields(row) if field.name in source.c}


@dataclass(frozen=True, kw_only=True)
class Listing(Generic[Row]):
    """Immutable description of a list; `rows`, `count` and `one` ask it.

    Filters are `name -> value` pairs in the words of `criteria`; `any_of` holds groups of which one filter each must hold.
    Refuses with `LIST_TOO_LONG` when more than 10,000 rows are asked for without a bound.
    """

    row: type[Row]
    columns: Mapping[str, ColumnElement[Any]]
    source: FromClause
    identity: ColumnElement[Any]
    criteria: Mapping[str, Criterion]
    sorts: Mapping[str, ColumnElement[Any]]
    default: tuple[ColumnElement[Any], ...]
    sees: Callable[[Sight], ColumnElement[bool]] | None = None  # None: everybody who may ask at all
    overseers: tuple[str, ...] | None = None  # roles that see every row; None: those who read every case
    always: tuple[ColumnElement[bool], ...] = ()
    of_case: ColumnElement[Any] | None = None  # the case a row tells about; rows of withheld cases are left out

    def rows(
        self,
        records: Reading,
        sight: Sight,
        filters: Mapping[str, Any],
        *,
        any_of: Sequence[Mapping[str, Any]] = (),
        sorting: Sequence[tuple[str, bool]] = (),
        first: int = 0,
        size: int | None = None,
    ) -> tuple[Row, ...]:
        """The rows in order; `sorting` pairs a name of `sorts` with descending or not."""
        wanted = ROWS_AT_MOST + 1 if size is None else size
        order = [
            (self.sorts[name].desc() if descending else self.sorts[name].asc()).nulls_last()
            for name, descending in sorting
        ]
        query = self._narrow(select(*(c.label(n) for n, c in self.columns.items())), records, sight, filters, any_of)
        query = query.order_by(*(order or self.default), self.identity).offset(first).limit(wanted)
        found = records.execute(query).all()
        if size is None and len(found) > ROWS_AT_MOST:
            raise Invalid("LIST_TOO_LONG", "结果超过 {limit} 条，请用 maxResults 分页读取。", limit=ROWS_AT_MOST)
        return tuple(self.row(**dict(zip(self.columns, values, strict=True))) for values in found)

    def count(
        self, records: Reading, sight: Sight, filters: Mapping[str, Any], *, any_of: Sequence[Mapping[str, Any]] = ()
    ) -> int:
        """How many rows the same question would list."""
        query = self._narrow(select(func.count()), records, sight, filters, any_of)
        return int(records.execute(query).scalar_one())

    def _narrow(
        self,
        query: Select[Any],
        records: Reading,
        sight: Sight,
        filters: Mapping[str, Any],
        any_of: Sequence[Mapping[str, Any]],
    ) -> Select[Any]:
        query = query.select_from(self.source).where(*self.always, *self._clauses(filters, records.now))
        for group in any_of:
            if clauses := self._clauses(group, records.now):
                query = query.where(or_(*clauses))
        if self.sees is not None and not sight.everything:
            query = query.where(self.sees(sight))
        if self.of_case is not None and sight.withheld:
            query = query.where(not_withheld(self.of_case, sight))
        return query

    def _clauses(self, filters: Mapping[str, Any], now: datetime) -> list[ColumnElement[bool]]:
        return [
            self.criteria[name].clause(value, now)
            for name, value in filters.items()
            if not (self.criteria[name].kind is Kind.FLAG and not value)
        ]
