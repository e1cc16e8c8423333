"""The outbox: what leaves the house is decided in a transaction, carried outside of any, and its effect kept in another.

A node may die between any two steps. Then the item is still on the agenda, the errand is carried again under the same id,
and its effect is kept once, because keeping it takes the item off.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID, uuid4

from service.rules.vocabulary import AgendaKind
from service.store.agenda import AgendaRow
from service.store.records import Records

BACK_OFF = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))  # F.2: three repeats


class Carrier(Protocol):
    """How one kind of errand is carried. `back_off`: waits before the repeats; after the last one it is given up."""

    back_off: tuple[timedelta, ...]

    def take(self, office: Any, records: Records, row: AgendaRow) -> Any | None:
        """What is to be carried, read in a short transaction; None when nothing is to be done any more."""

    def carry(self, office: Any, row: AgendaRow, errand: Any) -> Any:
        """Carry it, outside of any transaction; `row.id` is the idempotency key. Raises ConnectorTrouble."""

    def keep(self, office: Any, records: Records, row: AgendaRow, errand: Any, result: Any) -> None:
        """Write the effect, in the transaction that takes the item off the agenda."""

    def not_before(self, office: Any, records: Records, row: AgendaRow, when: datetime) -> datetime:
        """When a repeat planned for `when` may really be tried: quiet hours of messages."""

    def give_up(self, office: Any, records: Records, row: AgendaRow, trouble: str) -> bool:
        """Write that it failed for good; whether an administrator has to see to it (incident, the item stays parked)."""


@dataclass(kw_only=True)
class PlainCarrier:
    """What most carriers share: the usual repeats, and an incident after the last one."""

    back_off: tuple[timedelta, ...] = BACK_OFF

    def not_before(self, office: Any, records: Records, row: AgendaRow, when: datetime) -> datetime:
        """Any time will do."""
        return when

    def give_up(self, office: Any, records: Records, row: AgendaRow, trouble: str) -> bool:
        """An incident, nothing else."""
        return True


def put_out(
    records: Records,
    *,
    carrier: str,
    ref: UUID,
    case_id: UUID | None = None,
    element: str | None = None,
    due: datetime | None = None,
    detail: Mapping[str, Any] | None = None,
    retries: int = len(BACK_OFF) + 1,
) -> UUID:
    """Put an errand on the agenda; the item's id. `ref`: the row it is about; `due`: not before then."""
    row = errand_row(
        records.now, carrier=carrier, ref=ref, case_id=case_id, element=element, due=due, detail=detail, retries=retries
    )
    records.agenda.add([row])
    if row.due_at <= records.now:
        records.prompt = True
    return row.id


def errand_row(
    now: datetime,
    *,
    carrier: str,
    ref: UUID,
    case_id: UUID | None = None,
    element: str | None = None,
    due: datetime | None = None,
    detail: Mapping[str, Any] | None = None,
    retries: int = len(BACK_OFF) + 1,
) -> AgendaRow:
    """The row of an errand, for who writes several rows at once."""
    when = due or now
    return AgendaRow(
        id=uuid4(),
        kind=AgendaKind.OUTBOX.value,
        case_id=case_id,
        element=element,
        due_at=when,
        ready_at=when,
        retries=retries,
        detail={"carrier": carrier, "ref": str(ref), **(detail or {})},
    )


def ref_of(row: AgendaRow) -> UUID:
    """The row an errand is about."""
    return UUID(str((row.detail or {})["ref"]))
