"""Clocks of cases: what runs, what is paused, what has stopped, and when each ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from operator import attrgetter
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson
from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    ScalarSelect,
    Text,
    cast,
    extract,
    func,
    or_,
    select,
    type_coerce,
)
from sqlalchemy import case as choose

from service.rules.vocabulary import AgendaKind
from service.store.columns import EPOCH, Id, Instant, Json
from service.store.schema import agenda, case
from service.store.seals import Seals, raw
from service.store.time_schema import clock
from service.store.upserts import upsert

if TYPE_CHECKING:
    from service.store.records import Records


@dataclass(frozen=True, kw_only=True)
class LateChain:
    """A limit of a chain that is over: number and title of the case, name of the limit, who leads."""

    number: str
    title: str
    name: str
    department: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ClockRow:
    """One clock. `scope_id`: the token that hosts the item, None for the case itself; `process`: the key of what runs there.

    `due_at` None: a pause holds it, or the calendar of its year is missing.
    """

    id: UUID
    case_id: UUID
    scope_id: UUID | None
    process: str = ""
    kind: str
    name: str
    element: str | None = None
    department: str | None = None
    unit: str
    amount: int
    started_at: datetime
    pauses: Sequence[Mapping[str, Any]] = ()
    extensions: Sequence[Mapping[str, Any]] = ()
    basis: str = ""
    state: str
    light: str
    due_at: datetime | None = None
    warn_at: datetime | None = None
    fired: Sequence[str] = ()
    stopped_at: datetime | None = None

    @property
    def order(self) -> tuple[datetime, str, str, str, str, bytes]:
        """Its place among the clocks of its case: as they started; together, by what they are and never by chance."""
        return self.started_at, self.kind, self.process, self.name, self.element or "", self.id.bytes


_COLUMNS = tuple(field.name for field in fields(ClockRow))
_SAYS = attrgetter(*_COLUMNS)
_GATHERED = (*_COLUMNS, "mac")
_MOVING = (
    "amount", "pauses", "extensions", "state", "light", "due_at", "warn_at", "fired", "stopped_at", "mac",
)  # fmt: skip


def gathered(case_id: ColumnElement[UUID], dialect: str) -> ScalarSelect[Any]:
    """All clocks of a case as one text, for a statement that reads something else of the case anyway."""
    aggregate = func.json_agg if dialect == "postgresql" else func.json_group_array
    array = func.json_build_array if dialect == "postgresql" else func.json_array
    rows = aggregate(array(*(_spelt(clock.c[name], dialect) for name in _GATHERED)))
    return select(cast(rows, Text)).where(clock.c.case_id == case_id).scalar_subquery()


def scattered(text: str | None, seals: Seals) -> tuple[ClockRow, ...]:
    """The clocks of a gathered text, in the order they started. Refused: RecordTampered."""
    found: list[ClockRow] = []
    ids: dict[str | None, UUID | None] = {"": None, None: None}  # case and items come again and again
    for cells in orjson.loads(text or "[]"):
        row = ("gathered", *cells)
        made = seals.recall(row)
        if made is None:
            made = _read(cells, ids, seals)
            seals.remember(row, made)
        found.append(made)
    return tuple(sorted(found, key=lambda row: row.order))


def _read(cells: list[Any], ids: dict[str | None, UUID | None], seals: Seals) -> ClockRow:
    """One clock of a gathered text."""
    for place in _IDS:
        said = cells[place]
        if said not in ids:
            ids[said] = UUID(said)
        cells[place] = ids[said]
    for place in _INSTANTS:
        if cells[place] is not None:
            cells[place] = EPOCH + timedelta(microseconds=cells[place])
    return _whole(dict(zip(_GATHERED, cells, strict=True)), seals)


def _whole(values: dict[str, Any], seals: Seals) -> ClockRow:
    """A clock of a row whose JSON is still text."""
    seals.check(clock.name, values, values.pop("mac"))
    for name in _JSONS:
        values[name] = () if values[name] == "[]" else orjson.loads(values[name])
    return ClockRow(**values)


def _spelt(column: Column[Any], dialect: str) -> ColumnElement[Any]:
    """A column as JSON holds it: ids as text, instants as microseconds, on both databases."""
    postgres = dialect == "postgresql"
    if isinstance(column.type, Id):
        plain: ColumnElement[Any] = cast(column, Text) if postgres else func.hex(column)
        return choose((column.is_not(None), plain))
    if isinstance(column.type, Instant):
        epoch = cast(extract("epoch", column) * 1_000_000, BigInteger)
        return epoch if postgres else type_coerce(column, BigInteger)
    return column


def _places(kind: type) -> tuple[int, ...]:
    return tuple(place for place, name in enumerate(_COLUMNS) if isinstance(clock.c[name].type, kind))


_IDS, _INSTANTS = _places(Id), _places(Instant)
_JSONS = tuple(_COLUMNS[place] for place in _places(Json))
_RAW = select(*raw(clock))


class Clocks:
    """The clock rows of one transaction."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def put(self, rows: Sequence[ClockRow]) -> None:
        """Write clocks that have started and those that have moved, in one statement."""
        if rows:
            self._records.send(
                upsert(self._records.dialect, clock, ("id",), _MOVING),
                self._records.seals.sealed(clock.name, (dict(zip(_COLUMNS, _SAYS(row), strict=True)) for row in rows)),
            )

    def of_case(self, case_id: UUID) -> tuple[ClockRow, ...]:
        """Every clock of a case, in the order they started. Refused: RecordTampered."""
        rows = self._records.execute(_RAW.where(clock.c.case_id == case_id)).all()
        found = (_whole(dict(row._mapping), self._records.seals) for row in rows)
        return tuple(sorted(found, key=lambda row: row.order))

    def timed_cases(self, since: datetime | None = None) -> tuple[UUID, ...]:
        """Running cases in which a clock or a timer is counted by the calendar, in the order of their ids.

        `since`: only where something ends or turns at this instant or later, or has no end while it is not known.
        """
        live = select(clock.c.case_id).where(clock.c.state != "STOPPED")
        timers = select(agenda.c.case_id).where(
            agenda.c.kind.in_((AgendaKind.TIMER, AgendaKind.CLOCK)), agenda.c.case_id.is_not(None)
        )
        if since is not None:
            live = live.where(or_(clock.c.due_at.is_(None), clock.c.due_at >= since))
            timers = timers.where(agenda.c.due_at >= since)
        found = set(self._records.execute(live.union(timers)).scalars())
        return tuple(sorted(found, key=lambda one: one.bytes))

    def late_chains(self) -> tuple[LateChain, ...]:
        """Red limits and milestones of chains that run, the one that was due first before the others."""
        rows = self._records.execute(
            select(case.c.business_key, case.c.title, clock.c.name, clock.c.department)
            .join_from(clock, case, case.c.id == clock.c.case_id)
            .where(
                clock.c.kind.in_(("CHAIN", "MILESTONE")),
                clock.c.element.is_(None),
                clock.c.light == "red",
                clock.c.stopped_at.is_(None),
                case.c.ended_at.is_(None),
            )
            .order_by(clock.c.due_at, case.c.started_at, clock.c.name)
        )
        return tuple(
            LateChain(
                number=row.business_key or "", title=row.title or "", name=row.name, department=row.department or ""
            )
            for row in rows
        )

    def find(self, clock_id: UUID) -> ClockRow | None:
        """One clock. Refused: RecordTampered."""
        row = self._records.execute(_RAW.where(clock.c.id == clock_id)).one_or_none()
        return None if row is None else _whole(dict(row._mapping), self._records.seals)
