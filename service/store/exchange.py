"""Linked cases, messages of the exchange, and which items are connected to which system."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import delete, func, insert, or_, select, update

from service.store.exchange_schema import case_link, connection_state, exchange_message
from service.store.schema import case, definition

if TYPE_CHECKING:
    from service.store.records import Records


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkRow:
    """One supporting case and who started it."""

    id: UUID
    parent_id: UUID
    scope_id: UUID | None
    element: str
    request_id: UUID
    started_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkedCase:
    """A case on the other end of a link, as pages name it."""

    id: UUID
    title: str | None
    state: str
    element: str
    started_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ExchangeRow:
    """One message of the exchange."""

    id: UUID
    ref: str
    direction: str
    connection: str
    transfer: str
    zone_from: str
    zone_to: str
    case_id: UUID | None
    payload: Mapping[str, Any]
    payload_hash: str
    state: str
    created_at: datetime
    scope_id: UUID | None = None
    process: str = ""
    element: str | None = None
    department: str | None = None
    item: str | None = None
    subject: str = ""
    attempts: int = 0
    error: str | None = None
    peer_ref: str | None = None
    answer: Mapping[str, Any] | None = None
    sent_at: datetime | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ConnectionRow:
    """How far one item is connected."""

    item: str
    department: str
    connection: str
    state: str
    deadline: date | None
    changed_at: datetime
    changed_by: str


_EXCHANGE = tuple(one.name for one in fields(ExchangeRow))
_CONNECTION = tuple(one.name for one in fields(ConnectionRow))


class Exchange:
    """Links, messages and connections of one transaction."""

    def __init__(self, records: Records) -> None:
        self._records = records

    # -- linked cases

    def link(self, row: LinkRow) -> None:
        """Keep who started a case."""
        self._records.send(insert(case_link), [row])

    def started_by(self, request_id: UUID) -> LinkRow | None:
        """What this asking has started already."""
        row = self._records.execute(select(case_link).where(case_link.c.request_id == request_id)).one_or_none()
        return None if row is None else LinkRow(**row._mapping)

    def parent_of(self, case_id: UUID) -> LinkRow | None:
        """The link of a case that another case has started."""
        row = self._records.execute(select(case_link).where(case_link.c.id == case_id)).one_or_none()
        return None if row is None else LinkRow(**row._mapping)

    def linked(self, case_id: UUID) -> tuple[tuple[LinkedCase, ...], tuple[LinkedCase, ...]]:
        """The case that started this one (one or none), and those it has started, oldest first."""

        def found(mine: Any, other: Any) -> tuple[LinkedCase, ...]:
            rows = self._records.execute(
                select(case.c.id, case.c.title, case.c.state, case_link.c.element, case_link.c.started_at)
                .join(case, case.c.id == other)
                .where(mine == case_id)
                .order_by(case_link.c.started_at, case_link.c.id)
            )
            return tuple(LinkedCase(**row._mapping) for row in rows)

        return found(case_link.c.id, case_link.c.parent_id), found(case_link.c.parent_id, case_link.c.id)

    # -- messages

    def add(self, row: ExchangeRow) -> None:
        """Write a message before anything is sent, or as it came."""
        self._records.execute(insert(exchange_message), [{name: getattr(row, name) for name in _EXCHANGE}])

    def find(self, message_id: UUID) -> ExchangeRow | None:
        """One message."""
        return self._one(exchange_message.c.id == message_id)

    def by_ref(self, ref: str) -> ExchangeRow | None:
        """One message by its number."""
        return self._one(exchange_message.c.ref == ref)

    def received(self, connection: str, peer_ref: str) -> ExchangeRow | None:
        """What has come in already under the other side's name for it."""
        same = (exchange_message.c.connection == connection) & (exchange_message.c.peer_ref == peer_ref)
        return self._one(same & (exchange_message.c.direction == "IN"))

    def change(self, message_id: UUID, values: Mapping[str, Any]) -> None:
        """Write some columns of a message."""
        self._records.execute(update(exchange_message).where(exchange_message.c.id == message_id).values(**values))

    def log(
        self, *, state: str = "", transfer: str = "", search: str = "", top: int, skip: int
    ) -> tuple[int, tuple[ExchangeRow, ...]]:
        """How many messages fit, and a page of them, the latest first."""
        wanted = select(exchange_message)
        if state:
            wanted = wanted.where(exchange_message.c.state == state)
        if transfer:
            wanted = wanted.where(exchange_message.c.transfer == transfer)
        if search:
            words = f"%{search.replace('%', '').replace('_', '')}%"
            wanted = wanted.where(
                or_(
                    exchange_message.c.ref.ilike(words),
                    exchange_message.c.subject.ilike(words),
                    exchange_message.c.connection.ilike(words),
                )
            )
        count = int(self._records.execute(select(func.count()).select_from(wanted.subquery())).scalar_one())
        ordered = wanted.order_by(exchange_message.c.created_at.desc(), exchange_message.c.id)
        rows = self._records.execute(ordered.limit(top).offset(skip))
        return count, tuple(ExchangeRow(**row._mapping) for row in rows)

    def counts(self) -> dict[tuple[str, str], int]:
        """Messages by kind of transfer and state."""
        rows = self._records.execute(
            select(exchange_message.c.transfer, exchange_message.c.state, func.count().label("n")).group_by(
                exchange_message.c.transfer, exchange_message.c.state
            )
        )
        return {(row.transfer, row.state): row.n for row in rows}

    # -- connections

    def connections(self) -> tuple[ConnectionRow, ...]:
        """How far items are connected, by department and item."""
        rows = self._records.execute(
            select(connection_state).order_by(connection_state.c.department, connection_state.c.item)
        )
        return tuple(ConnectionRow(**row._mapping) for row in rows)

    def keep_connection(self, row: ConnectionRow) -> None:
        """Write how far one item is connected."""
        self._records.execute(delete(connection_state).where(connection_state.c.item == row.item))
        self._records.execute(insert(connection_state), [{name: getattr(row, name) for name in _CONNECTION}])

    def items(self) -> tuple[tuple[str, str], ...]:
        """Key and name of every item process that is deployed, in the newest version."""
        newest = (
            select(definition.c.key, func.max(definition.c.version).label("version"))
            .where(definition.c.zw_kind == "ITEM", definition.c.deleted_at.is_(None))
            .group_by(definition.c.key)
            .subquery()
        )
        same = (definition.c.key == newest.c.key) & (definition.c.version == newest.c.version)
        rows = self._records.execute(select(definition.c.key, definition.c.name).join(newest, same))
        return tuple((row.key, row.name) for row in rows.fetchall())

    def _one(self, condition: Any) -> ExchangeRow | None:
        row = self._records.execute(select(exchange_message).where(condition)).one_or_none()
        return None if row is None else ExchangeRow(**row._mapping)
