"""Bills, their lines, payments, refunds and requests for exemption. The lock of the case is the lock of its bills."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import delete, insert, select, update

from service.store.money_schema import bill, bill_line, exemption, payment, refund

if TYPE_CHECKING:
    from service.store.records import Records


@dataclass(frozen=True, kw_only=True, slots=True)
class BillRow:
    """One bill. `basis`: items, inputs and exemptions it was computed from."""

    id: UUID
    number: str
    case_id: UUID
    scope_id: UUID | None
    state: str
    total: Decimal
    owed: bool
    subject: str
    issued_at: datetime
    issued_on: date
    issued_by: str | None
    due_on: date
    abandon_on: date | None
    key: UUID | None
    replaces: UUID | None = None
    basis: Mapping[str, Any]
    order_no: str | None = None
    pay_url: str | None = None
    reminded: int = 0
    ended_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class BillLineRow:
    """One line of a bill."""

    bill_id: UUID
    position: int
    scope_id: UUID | None
    department: str
    name: str
    item: str
    basis: str
    formula: str
    inputs: Mapping[str, str]
    exempted: Decimal
    amount: Decimal
    reason: str
    standard: str
    version: date | None
    mandatory: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class PaymentRow:
    """Money that came in. `settles`: it is the one that paid its bill."""

    id: UUID
    bill_id: UUID | None
    bill_no: str
    number: str
    channel: str
    amount: Decimal
    paid_at: datetime
    receipt: str
    settles: bool
    received_at: datetime
    signed_with: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RefundRow:
    """Money that goes back."""

    id: UUID
    payment_id: UUID
    bill_id: UUID | None
    amount: Decimal
    reason: str
    state: str
    requested_by: str
    requested_at: datetime
    refund_by: date | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    answer: str = ""
    accepted_as: str = ""
    number: str = ""
    refunded_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ExemptionRow:
    """A request to pay less. `claims`: standard, code of its exemption, reason."""

    id: UUID
    bill_id: UUID
    claims: Sequence[Mapping[str, str]]
    state: str
    requested_by: str
    requested_at: datetime
    reviewed_by: str | None = None
    reviewed_at: datetime | None = None
    opinion: str = ""
    decided_by: str | None = None
    decided_at: datetime | None = None
    answer: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class OwedRow:
    """A bill that is not withdrawn, and the items whose mandatory lines ask for money; None is the case itself."""

    state: str
    scopes: frozenset[UUID | None]


class Bills:
    """The bills of one transaction."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._nothing_due: set[UUID] = set()

    def note(self, case_id: UUID, due: bool) -> None:
        """Whether a case has unpaid bills was read under its lock."""
        if not due:
            self._nothing_due.add(case_id)

    def nothing_due(self, case_id: UUID) -> bool:
        """Whether it is known already that every bill of a case is settled."""
        return case_id in self._nothing_due

    def add(self, row: BillRow, lines: Sequence[BillLineRow]) -> None:
        """Issue one."""
        self._nothing_due.discard(row.case_id)
        self._records.execute(insert(bill), [asdict(row)])
        self._records.execute(insert(bill_line), [asdict(line) for line in lines])

    def replace_lines(self, bill_id: UUID, lines: Sequence[BillLineRow]) -> None:
        """Its lines after an exemption."""
        self._records.execute(delete(bill_line).where(bill_line.c.bill_id == bill_id))
        self._records.execute(insert(bill_line), [asdict(line) for line in lines])

    def change(self, bill_id: UUID, **columns: Any) -> None:
        """Write some columns."""
        self._nothing_due.clear()
        self._records.execute(update(bill).where(bill.c.id == bill_id).values(**columns))

    def find(self, bill_id: UUID) -> BillRow | None:
        """One bill."""
        return self._bill(bill.c.id == bill_id)

    def numbered(self, number: str) -> BillRow | None:
        """The bill with a number."""
        return self._bill(bill.c.number == number)

    def asked_by(self, key: UUID) -> BillRow | None:
        """The bill something asked for before."""
        return self._bill(bill.c.key == key)

    def of_case(self, case_id: UUID) -> tuple[BillRow, ...]:
        """The bills of a case, the first one first."""
        rows = self._records.execute(
            select(bill).where(bill.c.case_id == case_id).order_by(bill.c.issued_at, bill.c.number)
        )
        return tuple(BillRow(**row._mapping) for row in rows)

    def owed_by(self, case_id: UUID) -> tuple[OwedRow, ...]:
        """What a case has or had to pay for; one statement."""
        rows = self._records.execute(
            select(bill.c.id, bill.c.state, bill_line.c.scope_id)
            .join(bill_line, bill_line.c.bill_id == bill.c.id)
            .where(
                bill.c.case_id == case_id, bill.c.state != "CANCELLED", bill_line.c.mandatory, bill_line.c.amount > 0
            )
        ).all()
        scopes: dict[tuple[UUID, str], set[UUID | None]] = {}
        for row in rows:
            scopes.setdefault((row.id, row.state), set()).add(row.scope_id)
        return tuple(OwedRow(state=state, scopes=frozenset(found)) for (_, state), found in scopes.items())

    def lines_of(self, bill_ids: Collection[UUID]) -> tuple[BillLineRow, ...]:
        """The lines of bills, in their order."""
        if not bill_ids:
            return ()
        rows = self._records.execute(
            select(bill_line)
            .where(bill_line.c.bill_id.in_(bill_ids))
            .order_by(bill_line.c.bill_id, bill_line.c.position)
        )
        return tuple(BillLineRow(**row._mapping) for row in rows)

    def pay(self, row: PaymentRow) -> None:
        """Money that came in."""
        self._records.execute(insert(payment), [asdict(row)])

    def payment(self, *, id: UUID | None = None, number: str = "") -> PaymentRow | None:
        """A payment by its id or the channel's number."""
        condition = payment.c.id == id if id is not None else payment.c.number == number
        row = self._records.execute(select(payment).where(condition)).one_or_none()
        return None if row is None else PaymentRow(**row._mapping)

    def lock_payment(self, payment_id: UUID) -> PaymentRow | None:
        """A payment nobody else decides on until the transaction ends; of one with a bill the case is locked instead."""
        row = self._records.execute(select(payment).where(payment.c.id == payment_id).with_for_update()).one_or_none()
        return None if row is None else PaymentRow(**row._mapping)

    def payments_of(self, bill_id: UUID) -> tuple[PaymentRow, ...]:
        """What was paid for a bill, the first payment first."""
        rows = self._records.execute(
            select(payment).where(payment.c.bill_id == bill_id).order_by(payment.c.received_at, payment.c.number)
        )
        return tuple(PaymentRow(**row._mapping) for row in rows)

    def payments(self) -> tuple[PaymentRow, ...]:
        """Everything that ever came in, the first payment first."""
        rows = self._records.execute(select(payment).order_by(payment.c.received_at, payment.c.number))
        return tuple(PaymentRow(**row._mapping) for row in rows)

    def unfitting(self) -> tuple[PaymentRow, ...]:
        """Money that paid no bill and that nobody has asked back, the first payment first."""
        asked = select(refund.c.id).where(refund.c.payment_id == payment.c.id, refund.c.state != "REFUSED")
        rows = self._records.execute(
            select(payment)
            .where(payment.c.settles.is_(False), ~asked.exists())
            .order_by(payment.c.received_at, payment.c.number)
            .limit(200)
        )
        return tuple(PaymentRow(**row._mapping) for row in rows)

    def add_refund(self, row: RefundRow) -> None:
        """Money is asked back."""
        self._records.execute(insert(refund), [asdict(row)])

    def change_refund(self, refund_id: UUID, **columns: Any) -> None:
        """Write some columns of a refund."""
        self._records.execute(update(refund).where(refund.c.id == refund_id).values(**columns))

    def refund(self, refund_id: UUID) -> RefundRow | None:
        """One refund."""
        row = self._records.execute(select(refund).where(refund.c.id == refund_id)).one_or_none()
        return None if row is None else RefundRow(**row._mapping)

    def refunds_for(self, *, bill_id: UUID | None = None, payment_id: UUID | None = None) -> tuple[RefundRow, ...]:
        """Refunds of a bill or of one payment, the first one first."""
        condition = refund.c.payment_id == payment_id if payment_id is not None else refund.c.bill_id == bill_id
        rows = self._records.execute(select(refund).where(condition).order_by(refund.c.requested_at, refund.c.id))
        return tuple(RefundRow(**row._mapping) for row in rows)

    def ask_exemption(self, row: ExemptionRow) -> None:
        """Somebody asks to pay less."""
        self._records.execute(insert(exemption), [{**asdict(row), "claims": list(row.claims)}])

    def change_exemption(self, exemption_id: UUID, **columns: Any) -> None:
        """Write some columns of a request."""
        self._records.execute(update(exemption).where(exemption.c.id == exemption_id).values(**columns))

    def exemption(self, exemption_id: UUID) -> ExemptionRow | None:
        """One request."""
        row = self._records.execute(select(exemption).where(exemption.c.id == exemption_id)).one_or_none()
        return None if row is None else ExemptionRow(**row._mapping)

    def exemptions_of(self, bill_id: UUID) -> tuple[ExemptionRow, ...]:
        """The requests for a bill, the first one first."""
        rows = self._records.execute(
            select(exemption).where(exemption.c.bill_id == bill_id).order_by(exemption.c.requested_at, exemption.c.id)
        )
        return tuple(ExemptionRow(**row._mapping) for row in rows)

    def _bill(self, condition: Any) -> BillRow | None:
        row = self._records.execute(select(bill).where(condition)).one_or_none()
        return None if row is None else BillRow(**row._mapping)
