"""Errands of money: orders and refunds at the payment channel, the look at an unpaid bill, the channel's file of a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from service.casework.acts.outbox import PlainCarrier, ref_of
from service.casework.journalling import CaseFile, put_back
from service.casework.money.receiving import give_back, keep_notice
from service.casework.money.reconciling import GATEWAY, keep_day
from service.casework.money.turning import turn_bill
from service.casework.office import Office
from service.connectors.payment import ChannelNotice, Order, OrderAnswer, OrderState, RefundAnswer, RefundOrder
from service.rules.payments import OPEN, PaymentChannel, RefundState
from service.rules.reconciling import EntryKind
from service.rules.worktime import SHANGHAI
from service.store.agenda import AgendaRow
from service.store.records import Records

CALLBACK = "/callbacks/payment"
LONGEST_SUBJECT = 60


class OrderCarrier(PlainCarrier):
    """缴费订单: the bill can be paid at the channel. The same bill with the same amount is the same order."""

    def take(self, office: Office, records: Records, row: AgendaRow) -> Order | None:
        """The order; nothing for a bill that is not open, or whose amount has changed since."""
        bill = records.bills.find(ref_of(row))
        amount = Decimal(str((row.detail or {}).get("amount", "0.00")))
        if bill is None or bill.state not in OPEN or bill.total != amount:
            return None
        last = bill.abandon_on or bill.due_on + timedelta(days=90)
        return Order(
            bill=bill.number,
            amount=bill.total,
            subject=bill.subject[:LONGEST_SUBJECT],
            expires_at=datetime.combine(last, time(23, 59, 59), SHANGHAI),
            notify=office.settings.public_url + CALLBACK,
        )

    def carry(self, office: Office, row: AgendaRow, errand: Order) -> OrderAnswer:
        """Create it."""
        return office.connectors.payment.create_order(errand)

    def keep(self, office: Office, records: Records, row: AgendaRow, errand: Order, result: OrderAnswer) -> None:
        """Where the payer pays, unless the bill has another amount now."""
        bill = records.bills.find(ref_of(row))
        if bill is not None and bill.total == errand.amount:
            records.bills.change(bill.id, order_no=result.reference, pay_url=result.pay_url or None)


class RefundCarrier(PlainCarrier):
    """退付: the channel gives money back. Our reference makes a repeat harmless."""

    def take(self, office: Office, records: Records, row: AgendaRow) -> RefundOrder | None:
        """What goes back; nothing when it is back already."""
        refund = records.bills.refund(ref_of(row))
        payment = records.bills.payment(id=refund.payment_id) if refund is not None else None
        if refund is None or payment is None or refund.state != RefundState.REFUNDING:
            return None
        return RefundOrder(
            reference=refund.id.hex,
            bill=payment.bill_no,
            transaction=payment.number,
            amount=refund.amount,
            reason=refund.reason,
        )

    def carry(self, office: Office, row: AgendaRow, errand: RefundOrder) -> RefundAnswer:
        """Order it."""
        return office.connectors.payment.refund(errand)

    def keep(self, office: Office, records: Records, row: AgendaRow, errand: RefundOrder, result: RefundAnswer) -> None:
        """The channel's number of it; done at once, it is given back."""
        refund = records.bills.refund(ref_of(row))
        payment = records.bills.payment(id=refund.payment_id) if refund is not None else None
        if refund is None or payment is None:
            return
        numbers = {"accepted_as": result.number}
        if refund.state == RefundState.REFUNDED:  # the notice was faster than this answer
            numbers["number"] = result.number
        records.bills.change_refund(refund.id, **numbers)
        if not result.done or refund.state != RefundState.REFUNDING:
            return
        notice = ChannelNotice(
            kind=EntryKind.REFUND,
            bill=payment.bill_no,
            transaction=payment.number,
            amount=refund.amount,
            at=records.now,
            channel=PaymentChannel(payment.channel),
            reference=refund.id.hex,
        )
        if payment.bill_id is None or row.case_id is None:
            keep_notice(office, records, notice, None)
            return
        file = _locked(records, row)
        give_back(records, file, payment.bill_id, payment, refund.id, notice)
        put_back(records, file)


class LookCarrier(PlainCarrier):
    """An unpaid bill comes up: the gateway is asked whether a notice got lost, then what follows from none follows."""

    def take(self, office: Office, records: Records, row: AgendaRow) -> str | None:
        """The bill's number; nothing when it is settled."""
        bill = records.bills.find(ref_of(row))
        return None if bill is None or bill.state not in OPEN else bill.number

    def carry(self, office: Office, row: AgendaRow, errand: str) -> OrderState:
        """What the channel knows of it."""
        return office.connectors.payment.query(errand)

    def keep(self, office: Office, records: Records, row: AgendaRow, errand: str, result: OrderState) -> None:
        """The payment that got lost, or what follows from none."""
        if result.notice is not None:
            keep_notice(office, records, result.notice, None)
        file = _locked(records, row)
        turn_bill(office, records, file, ref_of(row))
        put_back(records, file)


@dataclass(kw_only=True)
class StatementCarrier(PlainCarrier):
    """对账文件: the channel's file of a day."""

    back_off: tuple[timedelta, ...] = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=4))

    def take(self, office: Office, records: Records, row: AgendaRow) -> date:
        """The day."""
        return date.fromisoformat(str((row.detail or {})["day"]))

    def carry(self, office: Office, row: AgendaRow, errand: date) -> str:
        """Fetch it."""
        return office.connectors.payment.statement(errand)

    def keep(self, office: Office, records: Records, row: AgendaRow, errand: date, result: str) -> None:
        """Compare it with our books."""
        keep_day(records, errand, result, source=GATEWAY, actor=None)


def _locked(records: Records, row: AgendaRow) -> CaseFile:
    """The file of the case whoever keeps the errand has locked."""
    case: Any = records.cases.find(row.case_id) if row.case_id is not None else None
    if case is None:
        raise ValueError(f"expected errand {row.id} to have a case")
    return CaseFile(case)
