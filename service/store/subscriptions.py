"""Live tokens that listen to messages and signals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import bindparam, delete, insert, select

from service.store.schema import case, subscription

if TYPE_CHECKING:
    from service.store.records import Records


@dataclass(frozen=True, kw_only=True, slots=True)
class SubscriptionRow:
    """One token that listens. kind: message or signal."""

    id: UUID
    case_id: UUID
    kind: str
    name: str
    element: str
    created_at: datetime


_LISTEN = insert(subscription)
_DROP = delete(subscription).where(subscription.c.id == bindparam("one_id"))


class Subscriptions:
    """The subscription rows of one transaction."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def add(self, rows: Sequence[SubscriptionRow]) -> None:
        """Tokens begin to listen."""
        if rows:
            self._records.send(_LISTEN, rows)

    def drop(self, token_ids: Sequence[UUID]) -> None:
        """Tokens do not listen any more."""
        if token_ids:
            self._records.send(_DROP, [{"one_id": one} for one in token_ids])

    def listening(
        self,
        kind: str,
        name: str,
        *,
        business_key: str | None = None,
        case_id: UUID | None = None,
    ) -> tuple[SubscriptionRow, ...]:
        """Who listens to a message or signal, oldest first."""
        statement = select(subscription).where(subscription.c.kind == kind, subscription.c.name == name)
        if case_id is not None:
            statement = statement.where(subscription.c.case_id == case_id)
        if business_key is not None:
            statement = statement.join(case, case.c.id == subscription.c.case_id).where(
                case.c.business_key == business_key
            )
        rows = self._records.execute(statement.order_by(subscription.c.created_at, subscription.c.id))
        return tuple(SubscriptionRow(**row._mapping) for row in rows)

    def find(self, token_id: UUID) -> SubscriptionRow | None:
        """The subscription of one token."""
        row = self._records.execute(select(subscription).where(subscription.c.id == token_id)).one_or_none()
        return None if row is None else SubscriptionRow(**row._mapping)

    def of_case(self, case_id: UUID) -> tuple[SubscriptionRow, ...]:
        """What the tokens of one case listen to, oldest first."""
        rows = self._records.execute(
            select(subscription)
            .where(subscription.c.case_id == case_id)
            .order_by(subscription.c.created_at, subscription.c.id)
        )
        return tuple(SubscriptionRow(**row._mapping) for row in rows)
