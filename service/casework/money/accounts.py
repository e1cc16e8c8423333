"""A bill with its payments and refunds, as the rules see it, and what a step of theirs changes in the tables."""

from __future__ import annotations

from uuid import UUID, uuid4

from service.rules.payments import Account, BillState, Callback, Payment, PaymentChannel, Refund, RefundState
from service.store.bills import BillRow, PaymentRow, RefundRow
from service.store.records import Records

NOTHING_OWED = BillState.CANCELLED  # money for a bill nobody knows is money for none


def account_of(records: Records, bill: BillRow) -> Account:
    """The account of a bill under the lock of its case."""
    payments = records.bills.payments_of(bill.id)
    return account(BillState(bill.state), bill, payments, records.bills.refunds_for(bill_id=bill.id))


def account_of_payment(records: Records, payment: PaymentRow) -> Account:
    """The account of money that came for no bill."""
    return account(NOTHING_OWED, None, (payment,), records.bills.refunds_for(payment_id=payment.id))


def account(
    state: BillState, bill: BillRow | None, payments: tuple[PaymentRow, ...], refunds: tuple[RefundRow, ...]
) -> Account:
    """Rows as values."""
    numbers = {row.id: row.number for row in payments}
    return Account(
        state=state,
        total=bill.total if bill is not None else payments[0].amount,
        payments=tuple(
            Payment(
                callback=Callback(
                    transaction=row.number,
                    amount=row.amount,
                    at=row.paid_at,
                    channel=PaymentChannel(row.channel),
                    receipt=row.receipt,
                ),
                settles=row.settles,
            )
            for row in payments
        ),
        refunds=tuple(
            Refund(
                transaction=numbers[row.payment_id],
                amount=row.amount,
                reason=row.reason,
                requested_by=row.requested_by,
                state=RefundState(row.state),
                decided_by=row.decided_by or "",
                number=row.number,
            )
            for row in refunds
        ),
    )


def refund_row(records: Records, refund: Refund, payment: PaymentRow) -> RefundRow:
    """A refund that was just asked for, as it is kept."""
    return RefundRow(
        id=uuid4(),
        payment_id=payment.id,
        bill_id=payment.bill_id,
        amount=refund.amount,
        reason=refund.reason,
        state=refund.state.value,
        requested_by=refund.requested_by,
        requested_at=records.now,
    )


def payment_row(records: Records, bill_id: UUID | None, number: str, payment: Payment, signed_with: str) -> PaymentRow:
    """Money that just came in, as it is kept. `number`: of the bill as the channel told it."""
    said = payment.callback
    return PaymentRow(
        id=uuid4(),
        bill_id=bill_id,
        bill_no=number,
        number=said.transaction,
        channel=said.channel.value,
        amount=said.amount,
        paid_at=said.at,
        receipt=said.receipt,
        settles=payment.settles,
        received_at=records.now,
        signed_with=signed_with,
    )
