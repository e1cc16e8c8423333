"""收费单, refunds and requests for exemption: overseers of money see all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, false, func, or_, select

from service.store.listing.criteria import Criterion, Kind, Sight, among, equals, flag
from service.store.listing.listing import Listing, pick
from service.store.money_schema import bill, bill_line, exemption, payment, refund

OVERSEERS = ("fee_manager", "finance", "supervisor", "business_office", "leader")
OPEN = ("ISSUED", "PARTLY_EXEMPT", "OVERDUE")
GOING_BACK = ("REFUND_REQUESTED", "REFUNDING", "REFUNDED")


@dataclass(frozen=True, kw_only=True)
class BillListRow:
    """One bill."""

    id: UUID
    number: str
    case_id: UUID
    state: str
    total: Decimal
    subject: str
    issued_at: datetime
    due_on: date
    ended_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class RefundListRow:
    """One refund with what was paid; `bill_no` as the channel told it."""

    id: UUID
    payment_id: UUID
    bill_id: UUID | None
    bill_no: str
    transaction: str
    paid: Decimal
    amount: Decimal
    reason: str
    state: str
    requested_by: str
    requested_at: datetime
    refund_by: date | None
    decided_by: str | None
    decided_at: datetime | None
    answer: str
    refunded_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class ExemptionListRow:
    """One request for exemption with its bill."""

    id: UUID
    number: str
    subject: str
    total: Decimal
    claims: Any
    state: str
    requested_by: str
    requested_at: datetime
    reviewed_by: str | None
    opinion: str


def _nobody(sight: Sight) -> ColumnElement[bool]:
    """Others see bills one by one, with the cases they may read."""
    return false()


def _contains(*columns: ColumnElement[Any]) -> Criterion:
    def clause(value: Any, now: datetime) -> ColumnElement[bool]:
        return or_(*(func.lower(column).contains(str(value).lower(), autoescape=True) for column in columns))

    return Criterion(kind=Kind.TEXT, clause=clause)


def _charged_by(value: Any, now: datetime) -> ColumnElement[bool]:
    return exists(select(bill_line.c.bill_id).where(bill_line.c.bill_id == bill.c.id, bill_line.c.department == value))


BILLS: Listing[BillListRow] = Listing(
    row=BillListRow,
    columns=pick(bill, BillListRow),
    source=bill,
    identity=bill.c.id,
    criteria={
        "state": equals(bill.c.state),
        "open": flag(bill.c.state.in_(OPEN)),
        "overdue": flag(bill.c.state == "OVERDUE"),
        "paid": flag(bill.c.state == "PAID"),
        "refunds": flag(bill.c.state.in_(GOING_BACK)),
        "search": _contains(bill.c.number, bill.c.subject),
        "department": Criterion(kind=Kind.TEXT, clause=_charged_by),
        "issued_from": Criterion(kind=Kind.DATE, clause=lambda value, now: bill.c.issued_on >= value),
        "issued_to": Criterion(kind=Kind.DATE, clause=lambda value, now: bill.c.issued_on <= value),
    },
    sorts={"issued_at": bill.c.issued_at, "due_on": bill.c.due_on, "total": bill.c.total},
    default=(bill.c.issued_at.desc(), bill.c.number.desc()),
    sees=_nobody,
    overseers=OVERSEERS,
)

REFUNDS: Listing[RefundListRow] = Listing(
    row=RefundListRow,
    columns={
        **pick(refund, RefundListRow),
        "bill_no": payment.c.bill_no,
        "transaction": payment.c.number,
        "paid": payment.c.amount,
    },
    source=refund.join(payment, payment.c.id == refund.c.payment_id),
    identity=refund.c.id,
    criteria={"state_in": among(refund.c.state), "state": equals(refund.c.state)},
    sorts={},
    default=(refund.c.requested_at.desc(),),
    sees=_nobody,
    overseers=(*OVERSEERS, "cashier"),
)

EXEMPTIONS: Listing[ExemptionListRow] = Listing(
    row=ExemptionListRow,
    columns={
        **pick(exemption, ExemptionListRow),
        "number": bill.c.number,
        "subject": bill.c.subject,
        "total": bill.c.total,
    },
    source=exemption.join(bill, bill.c.id == exemption.c.bill_id),
    identity=exemption.c.id,
    criteria={"state_in": among(exemption.c.state), "state": equals(exemption.c.state)},
    sorts={},
    default=(exemption.c.requested_at.desc(),),
    sees=_nobody,
    overseers=OVERSEERS,
)
