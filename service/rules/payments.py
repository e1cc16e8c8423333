"""缴费与退付: the states of a bill and of what was paid for it, as pure steps (DOMAIN C.5.5).

Only the channel's callback makes a bill paid. Every step gives the account after it and what has to follow; the same
callback twice is the same account.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from service.rules.money import yuan
from service.rules.refusals import Conflict, Forbidden, Invalid, Missing, refuse
from service.rules.sentences import Sentence


class BillState(StrEnum):
    """Where a bill stands."""

    ISSUED = "ISSUED"
    PARTLY_EXEMPT = "PARTLY_EXEMPT"  # as ISSUED, for less
    OVERDUE = "OVERDUE"
    PAID = "PAID"
    EXEMPT = "EXEMPT"  # nothing to pay
    REFUND_REQUESTED = "REFUND_REQUESTED"
    REFUNDING = "REFUNDING"
    REFUNDED = "REFUNDED"
    CANCELLED = "CANCELLED"  # another bill is computed


STATE_NAMES = {
    BillState.ISSUED: Sentence("待缴费"),
    BillState.PARTLY_EXEMPT: Sentence("部分减免，待缴费"),
    BillState.OVERDUE: Sentence("逾期未缴"),
    BillState.PAID: Sentence("已缴费"),
    BillState.EXEMPT: Sentence("无需缴费"),
    BillState.REFUND_REQUESTED: Sentence("已申请退付"),
    BillState.REFUNDING: Sentence("退付中"),
    BillState.REFUNDED: Sentence("已退付"),
    BillState.CANCELLED: Sentence("已作废"),
}
OPEN = frozenset({BillState.ISSUED, BillState.PARTLY_EXEMPT, BillState.OVERDUE})
SETTLED = frozenset({BillState.PAID, BillState.EXEMPT})  # what a certificate may rest on (R-FEE-5)


class RefundState(StrEnum):
    """Where one refund stands."""

    REQUESTED = "REQUESTED"
    REFUNDING = "REFUNDING"  # approved and ordered from the channel
    REFUSED = "REFUSED"
    REFUNDED = "REFUNDED"


class FeeEffect(StrEnum):
    """What follows from a step; casework carries it out in the same transaction or through the agenda."""

    PAUSE = "PAUSE"  # the case waits for the money
    RESUME = "RESUME"
    DUPLICATE_IGNORED = "DUPLICATE_IGNORED"
    ANOMALY = "ANOMALY"  # FEE_ANOMALY for supervision
    REFUND_REQUESTED = "REFUND_REQUESTED"
    ORDER_REFUND = "ORDER_REFUND"
    REMIND = "REMIND"
    RECEIPT = "RECEIPT"  # tell the payer, give the receipt
    RECOMPUTE = "RECOMPUTE"


class PaymentChannel(StrEnum):
    """How money comes in."""

    CARD = "CARD"  # 一卡通
    UNIONPAY = "UNIONPAY"  # 银联
    WECHAT = "WECHAT"
    ALIPAY = "ALIPAY"
    BANK_COUNTER = "BANK_COUNTER"  # 银行柜台, the cashier desk of the centre


AUTOMATIC = "system"  # who asks for a refund nobody asked for


@dataclass(frozen=True, kw_only=True)
class Callback:
    """What a channel reported, its signature already verified. `transaction` is the channel's number."""

    transaction: str
    amount: Decimal
    at: datetime
    channel: PaymentChannel
    receipt: str = ""  # 非税票据号


@dataclass(frozen=True, kw_only=True)
class Payment:
    """Money that came in. `settles`: it is the one that paid the bill."""

    callback: Callback
    settles: bool


@dataclass(frozen=True, kw_only=True)
class Refund:
    """Money that goes back for one payment; who asked for it never approves it (S-11)."""

    transaction: str
    amount: Decimal
    reason: str
    requested_by: str
    state: RefundState = RefundState.REQUESTED
    decided_by: str = ""
    number: str = ""  # the channel's number of the refund


@dataclass(frozen=True, kw_only=True)
class Account:
    """A bill with what was paid for it and given back."""

    state: BillState
    total: Decimal
    payments: tuple[Payment, ...] = ()
    refunds: tuple[Refund, ...] = ()

    def payment(self, transaction: str) -> Payment | None:
        """The payment with a channel's number."""
        return next((one for one in self.payments if one.callback.transaction == transaction), None)

    def refund(self, transaction: str) -> Refund | None:
        """The latest refund of a payment that was not refused."""
        found = [one for one in self.refunds if one.transaction == transaction]
        return next((one for one in reversed(found) if one.state is not RefundState.REFUSED), None)


@dataclass(frozen=True, kw_only=True)
class FeeStep:
    """An account after a step and what follows."""

    account: Account
    effects: tuple[FeeEffect, ...] = ()


def issue(total: Decimal) -> FeeStep:
    """A bill goes out; the case waits for the money, unless nothing is to be paid."""
    if total == 0:
        return FeeStep(account=Account(state=BillState.EXEMPT, total=total))
    return FeeStep(account=Account(state=BillState.ISSUED, total=total), effects=(FeeEffect.PAUSE,))


def called_back(account: Account, callback: Callback) -> FeeStep:
    """The channel says that money came in.

    The same transaction again is ignored (with another amount it is an anomaly). The whole amount of an open bill pays
    it; any other amount leaves it open and is an anomaly. Money for a bill that waits for none goes back by itself.
    """
    known = account.payment(callback.transaction)
    if known is not None:
        same = known.callback.amount == callback.amount
        return FeeStep(account=account, effects=(FeeEffect.DUPLICATE_IGNORED if same else FeeEffect.ANOMALY,))
    if account.state in OPEN and callback.amount == account.total:
        paid = replace(_received(account, callback, settles=True), state=BillState.PAID)
        return FeeStep(account=paid, effects=(FeeEffect.RECEIPT, FeeEffect.RESUME))
    received = _received(account, callback, settles=False)
    if account.state in OPEN:
        return FeeStep(account=received, effects=(FeeEffect.ANOMALY,))
    back = Refund(
        transaction=callback.transaction,
        amount=callback.amount,
        reason="重复缴费" if _settled_by(account) else "账单无需缴费",
        requested_by=AUTOMATIC,
    )
    effects = (FeeEffect.REFUND_REQUESTED,) if _settled_by(account) else (FeeEffect.ANOMALY, FeeEffect.REFUND_REQUESTED)
    return FeeStep(account=replace(received, refunds=(*received.refunds, back)), effects=effects)


def exempt(account: Account, total: Decimal) -> FeeStep:
    """The bill was computed again with an exemption; `total` is what is left. An overdue bill can only be exempt as a whole.

    Refused: BILL_STATE, EXEMPTION_RAISES.
    """
    _expect(
        account,
        "减免",
        {BillState.ISSUED, BillState.PARTLY_EXEMPT, BillState.OVERDUE}
        if total == 0
        else {BillState.ISSUED, BillState.PARTLY_EXEMPT},
    )
    if not 0 <= total < account.total:
        raise Invalid(
            "EXEMPTION_RAISES",
            "减免后应少于 {before} 元，现为 {after} 元。",
            before=yuan(account.total),
            after=yuan(total),
        )
    state = BillState.EXEMPT if total == 0 else BillState.PARTLY_EXEMPT
    effects = (FeeEffect.RESUME,) if total == 0 else ()
    return FeeStep(account=replace(account, state=state, total=total), effects=effects)


def lapse(account: Account) -> FeeStep:
    """The due day has passed. A bill that is no longer open is left as it is."""
    if account.state not in (BillState.ISSUED, BillState.PARTLY_EXEMPT):
        return FeeStep(account=account)
    return FeeStep(account=replace(account, state=BillState.OVERDUE), effects=(FeeEffect.REMIND,))


def cancel(account: Account) -> FeeStep:
    """An open bill is withdrawn, another one is computed. Refused: BILL_STATE."""
    _expect(account, "作废", OPEN)
    return FeeStep(account=replace(account, state=BillState.CANCELLED), effects=(FeeEffect.RECOMPUTE,))


def request_refund(account: Account, transaction: str, amount: Decimal, *, reason: str, by: str) -> FeeStep:
    """A person asks that money of one payment goes back.

    Refused: PAYMENT_MISSING, REFUND_OPEN, REFUND_AMOUNT, REFUND_WITHOUT_REASON, BILL_STATE.
    """
    payment = account.payment(transaction)
    if payment is None:
        raise Missing("PAYMENT_MISSING", "账单没有流水号为 {transaction} 的缴费。", transaction=transaction)
    if payment.settles:
        _expect(account, "申请退付", {BillState.PAID})
    if account.refund(transaction) is not None:
        raise Conflict("REFUND_OPEN", "流水号 {transaction} 已有退付申请。", transaction=transaction)
    if not 0 < amount <= payment.callback.amount:
        raise refuse(
            "amount", "REFUND_AMOUNT", "退付金额应大于零且不超过已缴的 {paid} 元。", paid=yuan(payment.callback.amount)
        )
    if not reason.strip():
        raise refuse("reason", "REFUND_WITHOUT_REASON", "退付应写明原因。")
    asked = Refund(transaction=transaction, amount=amount, reason=reason.strip(), requested_by=by)
    state = BillState.REFUND_REQUESTED if payment.settles else account.state
    return FeeStep(
        account=replace(account, state=state, refunds=(*account.refunds, asked)), effects=(FeeEffect.REFUND_REQUESTED,)
    )


def decide_refund(account: Account, transaction: str, *, by: str, grant: bool) -> FeeStep:
    """Another person approves or refuses a refund. Refused: REFUND_MISSING, REFUND_SAME_PERSON."""
    asked = _refund(account, transaction, RefundState.REQUESTED)
    if by in (asked.requested_by, AUTOMATIC) or not by:
        raise Forbidden("REFUND_SAME_PERSON", "退付的申请人和批准人不能是同一人。")
    decided = replace(asked, state=RefundState.REFUNDING if grant else RefundState.REFUSED, decided_by=by)
    after = _with_refund(account, asked, decided)
    if _settles(account, transaction):
        after = replace(after, state=BillState.REFUNDING if grant else BillState.PAID)
    return FeeStep(account=after, effects=(FeeEffect.ORDER_REFUND,) if grant else ())


def refund_called_back(account: Account, transaction: str, *, number: str, amount: Decimal) -> FeeStep:
    """The channel says that money went back. The same number again is ignored, another amount is an anomaly.

    Refused: REFUND_MISSING.
    """
    done = account.refund(transaction)
    if done is not None and done.state is RefundState.REFUNDED:
        same = done.number == number and done.amount == amount
        return FeeStep(account=account, effects=(FeeEffect.DUPLICATE_IGNORED if same else FeeEffect.ANOMALY,))
    ordered = _refund(account, transaction, RefundState.REFUNDING)
    if amount != ordered.amount:
        return FeeStep(account=account, effects=(FeeEffect.ANOMALY,))
    after = _with_refund(account, ordered, replace(ordered, state=RefundState.REFUNDED, number=number))
    if _settles(account, transaction):
        after = replace(after, state=BillState.REFUNDED)
    return FeeStep(account=after)


def check_settled(states: Collection[BillState]) -> None:
    """Nothing is handed out while a mandatory line is unpaid (R-FEE-5). `states`: of the bills with such lines, without
    cancelled ones. Refused: FEE_UNPAID.
    """
    if any(state in OPEN for state in states):
        raise Conflict("FEE_UNPAID", "应缴费用尚未缴清，不能发证。")


def _received(account: Account, callback: Callback, *, settles: bool) -> Account:
    return replace(account, payments=(*account.payments, Payment(callback=callback, settles=settles)))


def _settled_by(account: Account) -> bool:
    return any(one.settles for one in account.payments)


def _settles(account: Account, transaction: str) -> bool:
    payment = account.payment(transaction)
    return payment is not None and payment.settles


def _refund(account: Account, transaction: str, state: RefundState) -> Refund:
    found = account.refund(transaction)
    if found is None or found.state is not state:
        raise Conflict("REFUND_MISSING", "流水号 {transaction} 没有可处理的退付。", transaction=transaction)
    return found


def _with_refund(account: Account, old: Refund, new: Refund) -> Account:
    return replace(account, refunds=tuple(new if one is old else one for one in account.refunds))


def _expect(account: Account, act: str, states: Collection[BillState]) -> None:
    if account.state not in states:
        raise Conflict("BILL_STATE", "账单{state}，不能{act}。", state=STATE_NAMES[account.state].words(), act=act)
