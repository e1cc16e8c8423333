"""The ledger: changes outside any case (deployments, people, the demo clock), one line each, never changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from service.rules.vocabulary import LedgerAction
from service.store.schema import ledger

if TYPE_CHECKING:
    from service.store.records import Records

_WRITE = insert(ledger).inline()


@dataclass(frozen=True, kw_only=True)
class LedgerLine:
    """What was done, when, by whom (None: the service itself), to what."""

    written_at: datetime
    action: str
    actor: str | None
    subject: str | None
    detail: Any


class Ledger:
    """Rows of `ledger`."""

    def __init__(self, records: Records) -> None:
        self.records = records

    def write(
        self, action: LedgerAction, actor: str | None, subject: str | None, detail: Mapping[str, Any] | None = None
    ) -> None:
        """Add one line at the transaction's instant."""
        line = {"action": action.value, "actor": actor, "subject": subject, "detail": detail}
        self.records.execute(_WRITE, {"written_at": self.records.now, **line})

    def lines(
        self,
        action: LedgerAction | None = None,
        limit: int = 200,
        *,
        subject: str | None = None,
        without: Collection[LedgerAction] = (),
        among: Collection[LedgerAction] = (),
    ) -> tuple[LedgerLine, ...]:
        """The newest lines (about one subject, without those of some actions, only those of some), newest first."""
        query = select(ledger).order_by(ledger.c.id.desc()).limit(limit)
        if action is not None:
            query = query.where(ledger.c.action == action.value)
        if subject is not None:
            query = query.where(ledger.c.subject == subject)
        if among:
            query = query.where(ledger.c.action.in_([one.value for one in among]))
        if without:
            query = query.where(ledger.c.action.not_in([one.value for one in without]))
        rows = self.records.execute(query)
        return tuple(
            LedgerLine(written_at=r.written_at, action=r.action, actor=r.actor, subject=r.subject, detail=r.detail)
            for r in rows
        )
