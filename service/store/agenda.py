"""What will happen next: turns of clocks, BPMN timers, timer starts, in-house actions, what goes out, thrown messages and signals.

At one instant absences come first, then clocks, timers and actions, within a kind by element.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, delete, insert, or_, select, update
from sqlalchemy import case as choose

from service.rules.vocabulary import AgendaKind
from service.store.schema import agenda
from service.store.upserts import upsert

if TYPE_CHECKING:
    from service.store.records import Records


@dataclass(frozen=True, kw_only=True, slots=True)
class AgendaRow:
    """One thing that will happen. `ready_at`: when to try, null while parked; `locked_until`: claimed by a node (real time)."""

    id: UUID
    kind: str
    case_id: UUID | None = None
    definition_id: UUID | None = None
    token_id: UUID | None = None
    element: str | None = None
    due_at: datetime
    ready_at: datetime | None
    retries: int = 3
    locked_until: datetime | None = None
    error: str | None = None
    detail: Mapping[str, Any] | None = None

    @property
    def order(self) -> tuple[datetime, int, str, str, str, bytes]:
        """Its place among what is due in its case: by instant, kind, process, element, name."""
        where = self.detail or {}
        process, name = str(where.get("process", "")), str(where.get("name", ""))
        return self.due_at, RANK.get(self.kind, 9), process, self.element or "", name, self.id.bytes


END_OF_TIME = datetime(9999, 1, 1, tzinfo=UTC)  # where what has no due instant waits until somebody moves it
RANK: Mapping[str, int] = {
    AgendaKind.ABSENCE: 0,
    AgendaKind.CLOCK: 1,
    AgendaKind.TIMER: 2,
    AgendaKind.ACT: 3,  # what was passed on the way to a waiting task comes before it
    AgendaKind.ACTION: 4,
}  # at one instant; then others
_NOW = bindparam("at", type_=agenda.c.ready_at.type)
_REAL = bindparam("real", type_=agenda.c.locked_until.type)
_AHEAD = bindparam("ahead", type_=agenda.c.locked_until.type)  # nobody claims for so long: the clock has gone back
_FREE = or_(agenda.c.locked_until.is_(None), agenda.c.locked_until <= _REAL, agenda.c.locked_until > _AHEAD)
LONGEST_CLAIM = timedelta(minutes=10)
_IN_HOUSE, _OUTBOX = agenda.c.kind != AgendaKind.OUTBOX.value, agenda.c.kind == AgendaKind.OUTBOX.value


def _ready(queue: ColumnElement[bool]) -> Select[Any]:
    return (
        select(agenda)
        .where(agenda.c.ready_at.is_not(None), agenda.c.ready_at <= _NOW, _FREE, queue)
        .order_by(
            agenda.c.ready_at,
            agenda.c.due_at,
            choose(RANK, value=agenda.c.kind, else_=9),
            agenda.c.element,
            agenda.c.id,
        )
        .limit(bindparam("top"))
        .with_for_update(skip_locked=True)
    )


def _any_ready(queue: ColumnElement[bool]) -> Select[Any]:
    return select(agenda.c.id).where(agenda.c.ready_at.is_not(None), agenda.c.ready_at <= _NOW, _FREE, queue).limit(1)


_READY = {False: _ready(_IN_HOUSE), True: _ready(_OUTBOX)}
_ANY_READY = {False: _any_ready(_IN_HOUSE), True: _any_ready(_OUTBOX)}
_DUE = (
    select(agenda)
    .where(agenda.c.case_id == bindparam("of_case"), agenda.c.ready_at.is_not(None), agenda.c.ready_at <= _NOW)
    .with_for_update()
)
_CLAIM = update(agenda).where(agenda.c.id == bindparam("one_id")).values(locked_until=bindparam("until"))
_ADD = insert(agenda)
_MOVING = ("due_at", "ready_at", "locked_until")
_FORGET = delete(agenda).where(agenda.c.token_id == bindparam("one_token"))
_DROP_TOKENS = _FORGET.returning(agenda.c.token_id, agenda.c.retries)


class Agenda:
    """The agenda rows of one transaction."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def add(self, rows: Sequence[AgendaRow]) -> None:
        """Put things on the agenda."""
        if rows:
            self._records.send(_ADD, rows)

    def put(self, rows: Sequence[AgendaRow], moved: Sequence[AgendaRow]) -> None:
        """Put things on the agenda and give those that are there another due instant, in one statement."""
        if moved:
            self._records.send(upsert(self._records.dialect, agenda, ("id",), _MOVING), [*rows, *moved])
        else:
            self.add(rows)

    def claim_ready(self, now: datetime, until: datetime, limit: int, *, outbox: bool = False) -> tuple[AgendaRow, ...]:
        """Lock what is ready for this node until `until` (real time), in due order; `outbox`: errands only, else all others.

        Two nodes never get the same row: PostgreSQL skips rows another transaction holds, SQLite writes one at a time.
        """
        found = self._records.execute(_READY[outbox], {**self._at(now), "top": limit}).all()
        if found:
            self._records.execute(_CLAIM, [{"one_id": row.id, "until": until} for row in found])
        return tuple(AgendaRow(**row._mapping) for row in found)

    def unclaim(self, item_ids: Sequence[UUID]) -> None:
        """Whoever looks next may claim these again."""
        self._records.execute(update(agenda).where(agenda.c.id.in_(item_ids)).values(locked_until=None))

    def any_ready(self, now: datetime, *, outbox: bool = False) -> bool:
        """Is there anything to claim at this instant?"""
        return self._records.execute(_ANY_READY[outbox], self._at(now)).first() is not None

    def _at(self, now: datetime) -> dict[str, datetime]:
        real = self._records.real_now
        return {"at": now, "real": real, "ahead": real + LONGEST_CLAIM}

    def find(self, item_id: UUID) -> AgendaRow | None:
        """One agenda item."""
        row = self._records.execute(select(agenda).where(agenda.c.id == item_id)).one_or_none()
        return None if row is None else AgendaRow(**row._mapping)

    def lock(self, item_id: UUID) -> AgendaRow | None:
        """One agenda item, locked until the transaction ends; for items without a case."""
        row = self._records.execute(select(agenda).where(agenda.c.id == item_id).with_for_update()).one_or_none()
        return None if row is None else AgendaRow(**row._mapping)

    def lock_some(self, item_ids: Sequence[UUID]) -> tuple[AgendaRow, ...]:
        """Those of these items that nobody else holds and that are not parked, locked until the transaction ends."""
        statement = (
            select(agenda)
            .where(agenda.c.id.in_(item_ids), agenda.c.ready_at.is_not(None))
            .order_by(agenda.c.due_at, agenda.c.id)
            .with_for_update(skip_locked=True)
        )
        return tuple(AgendaRow(**row._mapping) for row in self._records.execute(statement))

    def lock_due(self, case_id: UUID, now: datetime) -> tuple[AgendaRow, ...]:
        """What is ready in a case at this instant, claimed by a node or not, locked until the transaction ends."""
        rows = self._records.execute(_DUE, {"of_case": case_id, "at": now})
        return tuple(AgendaRow(**row._mapping) for row in rows)

    def of_case(self, case_id: UUID) -> tuple[AgendaRow, ...]:
        """Everything that will happen in a case, in due order."""
        rows = self._records.execute(
            select(agenda).where(agenda.c.case_id == case_id).order_by(agenda.c.due_at, agenda.c.id)
        )
        return tuple(AgendaRow(**row._mapping) for row in rows)

    def change(self, item_id: UUID, values: Mapping[str, Any]) -> None:
        """Write some columns of an item."""
        self._records.execute(update(agenda).where(agenda.c.id == item_id).values(**values))

    def park_case(self, case_id: UUID) -> None:
        """Nothing of this case happens until it is unparked."""
        self._records.execute(
            update(agenda).where(agenda.c.case_id == case_id).values(ready_at=None, locked_until=None)
        )

    def unpark_case(self, case_id: UUID) -> None:
        """What was parked with its case is due again at its own instant; what failed for good stays parked."""
        self._records.execute(
            update(agenda)
            .where(agenda.c.case_id == case_id, agenda.c.ready_at.is_(None), agenda.c.retries > 0)
            .values(ready_at=agenda.c.due_at)
        )

    def drop(self, item_ids: Sequence[UUID]) -> None:
        """Take items off the agenda."""
        if item_ids:
            self._records.execute(
                delete(agenda).where(agenda.c.id == bindparam("one_id")), [{"one_id": one} for one in item_ids]
            )

    def drop_tokens(self, token_ids: Sequence[UUID]) -> tuple[UUID, ...]:
        """Take off what waited for tokens that are gone; those among them that had failed for good."""
        if not token_ids:
            return ()
        rows = self._records.read(_DROP_TOKENS, *({"one_token": one} for one in token_ids))
        return tuple(row["token_id"] for row in rows if row["retries"] == 0)

    def forget_tokens(self, token_ids: Sequence[UUID]) -> None:
        """Take off what waited for tokens that are gone, when none of it can have failed for good."""
        if token_ids:
            self._records.send(_FORGET, [{"one_token": one} for one in token_ids])

    def first_ready(self) -> datetime | None:
        """The first instant at which anything is ready, claimed by a node or not: one look at the end of an index.

        Errands that are ready already do not count: nobody waits for what is on its way out of the house.
        """
        statement = (
            select(agenda.c.ready_at)
            .where(agenda.c.ready_at.is_not(None), or_(_IN_HOUSE, agenda.c.ready_at > self._records.now))
            .order_by(agenda.c.ready_at)
            .limit(1)
        )
        first: datetime | None = self._records.execute(statement).scalar()
        return first
