"""缴费台: the bank's cashier confirms what was taken or paid out; the notice that makes goes the way of every notice."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from service.casework.actors import Actor
from service.casework.money.errands import CALLBACK
from service.casework.money.receiving import Kept, receive_notice
from service.casework.money.rights import bill_missing, require_cashier
from service.casework.office import Office
from service.connectors.cashier_desk import CashierDesk
from service.connectors.payment import ChannelNotice
from service.rules.payments import OPEN, STATE_NAMES, BillState, PaymentChannel, RefundState
from service.rules.reconciling import EntryKind
from service.rules.refusals import Conflict, Missing, refuse

LONGEST_NUMBER = 64


def take_payment(
    office: Office, actor: Actor, number: str, *, amount: Decimal, channel: str, transaction: str, receipt: str
) -> Kept:
    """The cashier has taken money for an open bill. `amount`: what the page showed and was taken.

    Refused: Forbidden CASHIERS_ONLY; Conflict DESK_CLOSED, BILL_STATE, BILL_AMOUNT; Missing BILL_NOT_FOUND; Invalid
    PAYMENT_NUMBER, PAYMENT_RECEIPT, PAYMENT_CHANNEL.
    """
    require_cashier(actor)
    desk = _desk(office)
    if channel not in PaymentChannel.__members__:
        raise refuse("channel", "PAYMENT_CHANNEL", "请选择收款方式。")
    _number("transaction", transaction, "PAYMENT_NUMBER", "请填写收款流水号（最多 64 个字符）。")
    _number("receipt", receipt, "PAYMENT_RECEIPT", "请填写非税票据号（最多 64 个字符）。")
    with office.reading() as records:
        bill = records.bills.numbered(number)
        now = records.now
        known = records.bills.payment(number=transaction.strip())
    if bill is None:
        raise bill_missing()
    if known is not None:
        raise Conflict("PAYMENT_KNOWN", "流水号 {transaction} 已经登记过。", transaction=known.number)
    if bill.state not in OPEN:
        state = STATE_NAMES[BillState(bill.state)].words()
        raise Conflict("BILL_STATE", "账单{state}，不能{act}。", state=state, act="收款")
    if bill.total != amount:
        raise Conflict("BILL_AMOUNT", "收费单金额已变为 {total} 元，请按新的金额收款。", total=f"{bill.total:,.2f}")
    notice = ChannelNotice(
        kind=EntryKind.PAYMENT,
        bill=bill.number,
        transaction=transaction.strip(),
        amount=amount,
        at=now,
        channel=PaymentChannel(channel),
        receipt=receipt.strip(),
    )
    return receive_notice(office, desk.confirm(notice, CALLBACK))


def pay_out(office: Office, actor: Actor, refund_id: UUID) -> Kept:
    """The cashier has paid out a refund that 财政 approved.

    Refused: Forbidden CASHIERS_ONLY; Conflict DESK_CLOSED, REFUND_MISSING; Missing REFUND_NOT_FOUND.
    """
    require_cashier(actor)
    desk = _desk(office)
    with office.reading() as records:
        refund = records.bills.refund(refund_id)
        payment = records.bills.payment(id=refund.payment_id) if refund is not None else None
        now = records.now
    if refund is None or payment is None:
        raise Missing("REFUND_NOT_FOUND", "没有这笔退付。")
    if refund.state != RefundState.REFUNDING:
        raise Conflict("REFUND_MISSING", "流水号 {transaction} 没有可处理的退付。", transaction=payment.number)
    notice = ChannelNotice(
        kind=EntryKind.REFUND,
        bill=payment.bill_no,
        transaction=payment.number,
        amount=refund.amount,
        at=now,
        channel=PaymentChannel(payment.channel),
        reference=refund.id.hex,
    )
    return receive_notice(office, desk.confirm(notice, CALLBACK))


def desk_open(office: Office) -> bool:
    """Whether the cashier desk is the channel of this installation."""
    return isinstance(office.connectors.payment, CashierDesk)


def _desk(office: Office) -> CashierDesk:
    channel = office.connectors.payment
    if not isinstance(channel, CashierDesk):
        raise Conflict("DESK_CLOSED", "本中心使用缴费网关收款，缴费台不登记收款。")
    return channel


def _number(field: str, text: str, code: str, words: str) -> None:
    if not 0 < len(text.strip()) <= LONGEST_NUMBER or not text.strip().isprintable():
        raise refuse(field, code, words)
