"""What the payment channel says: money came in or went back. The only way a bill becomes paid (S-11, XZ-18).

A notice is verified, its nonce kept, and what follows from it written in one transaction under the case's lock: told twice,
even at once, it counts once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from service.casework.journalling import CaseFile, case_file, put_back, write
from service.casework.money.accounts import account_of, account_of_payment, payment_row, refund_row
from service.casework.money.billing import MSG_PAID, family
from service.casework.money.notices import payment_told, turn_row
from service.casework.money.waiting import close_proceedings, tell, wait_no_longer
from service.casework.office import Office
from service.casework.projection import settle, take_up
from service.casework.supervising import About, raise_card, raise_outside
from service.connectors.payment import ChannelNotice
from service.connectors.signing import Seen, SignedRequest
from service.rules.cards import Violation
from service.rules.payments import (
    AUTOMATIC,
    BillState,
    Callback,
    FeeEffect,
    Payment,
    RefundState,
    called_back,
    refund_called_back,
)
from service.rules.reconciling import EntryKind
from service.rules.refusals import Conflict
from service.rules.vocabulary import CaseState, JournalAction, LedgerAction
from service.store.bills import BillRow, PaymentRow, RefundRow
from service.store.records import Records

FINANCE_DEPARTMENT = "124"  # 财政局(非税收入管理)


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What became of a notice: `effects` say whether it counted, was known already, or does not fit."""

    bill: str
    effects: tuple[FeeEffect, ...]


def receive_notice(office: Office, request: SignedRequest) -> Kept:
    """Verify a signed notice and do what follows from it.

    Refused: Forbidden SIGNATURE_INVALID (also for a nonce seen before), Invalid NOTICE_INVALID; nothing else: money that
    does not fit is kept and reported.
    """
    notice, seen = office.connectors.payment.read_notice(request)

    def act() -> Kept:
        with office.transaction() as records:
            return keep_notice(office, records, notice, seen)

    return office.attempt(act)


def receive_callback(office: Office, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Kept:
    """A request as it came to our address. Refused as `receive_notice`."""
    return receive_notice(office, SignedRequest(method=method, path=path, headers=headers, body=body))


def keep_notice(office: Office, records: Records, notice: ChannelNotice, seen: Seen | None) -> Kept:
    """What follows from a notice, in this transaction. `seen` None: the channel was asked and answered."""
    if seen is not None:
        records.nonces.take(seen.key, seen.nonce, seen.until)
    key = seen.key if seen is not None else "query"
    if notice.kind is EntryKind.REFUND:
        return _refunded(office, records, notice)
    found = records.bills.numbered(notice.bill)
    if found is None:
        return _unknown(records, notice, key)
    file = case_file(records.cases.lock(found.case_id), alive=False)
    bill = records.bills.find(found.id)
    assert bill is not None  # bills are never deleted
    return _paid(office, records, file, bill, notice, key)


def _paid(office: Office, records: Records, file: CaseFile, bill: BillRow, notice: ChannelNotice, key: str) -> Kept:
    """Money came in for a bill, whose case is locked."""
    callback = _callback(notice)
    known = records.bills.payment(number=notice.transaction)
    if known is not None and known.bill_id != bill.id:
        _report(records, file, bill, notice, "transaction")
        put_back(records, file)
        return Kept(bill=bill.number, effects=(FeeEffect.ANOMALY,))
    before = account_of(records, bill)
    step = called_back(before, callback)
    after = step.account
    for payment in after.payments[len(before.payments) :]:
        row = payment_row(records, bill.id, notice.bill, payment, key)
        records.bills.pay(row)
        for refund in after.refunds[len(before.refunds) :]:
            asked = refund_row(records, refund, row)
            records.bills.add_refund(asked)
            note_refund(records, file, bill, asked, JournalAction.REFUND_ASKED, AUTOMATIC)
    if FeeEffect.ANOMALY in step.effects:
        _report(records, file, bill, notice, "state" if after.refunds != before.refunds else "amount")
    if after.state is BillState.PAID and before.state is not BillState.PAID:
        records.bills.change(bill.id, state=after.state.value, ended_at=records.now)
        detail = _told(bill, notice)
        write(records, file, JournalAction.BILL_PAID, None, detail=detail)
        values = {
            "fee_paid": True,
            "bill_no": bill.number,
            "receipt_no": notice.receipt,
            "paid_at": notice.at.isoformat(),
        }
        settle_bill(office, records, file, bill, values)
        payment_told(office, records, file, bill)
    put_back(records, file)
    return Kept(bill=bill.number, effects=step.effects)


def settle_bill(office: Office, records: Records, file: CaseFile, bill: BillRow, values: dict[str, Any]) -> None:
    """A bill is paid, or exempt as a whole: the case goes on, at once or when it is resumed."""
    if file.row.ended_at is not None:
        close_proceedings(records, file, bill)
    elif file.row.state == CaseState.SUSPENDED:
        records.agenda.add([replace(turn_row(records, bill, settled=values), ready_at=None)])
    else:
        go_on(office, records, file, bill, values)


def go_on(office: Office, records: Records, file: CaseFile, bill: BillRow, values: dict[str, Any]) -> None:
    """Who waited for the money waits no longer."""
    running = take_up(office, records, file)
    wait_no_longer(records, running, bill)
    tell(records, running, MSG_PAID, family(records, bill), bill.scope_id, values)
    settle(records, running)


def _unknown(records: Records, notice: ChannelNotice, key: str) -> Kept:
    """Money for a bill nobody knows: kept, so that it can be given back, and reported to 财政."""
    known = records.bills.payment(number=notice.transaction)
    if known is not None:
        same = known.bill_no == notice.bill and known.amount == notice.amount
        if not same:
            _report_outside(records, notice, "transaction")
        return Kept(bill=notice.bill, effects=(FeeEffect.DUPLICATE_IGNORED if same else FeeEffect.ANOMALY,))
    records.bills.pay(payment_row(records, None, notice.bill, Payment(callback=_callback(notice), settles=False), key))
    _report_outside(records, notice, "bill")
    return Kept(bill=notice.bill, effects=(FeeEffect.ANOMALY,))


def _refunded(office: Office, records: Records, notice: ChannelNotice) -> Kept:
    """Money went back."""
    refund = _refund_of(records, notice)
    payment = records.bills.payment(id=refund.payment_id) if refund is not None else None
    if refund is None or payment is None:
        _report_outside(records, notice, "refund")
        return Kept(bill=notice.bill, effects=(FeeEffect.ANOMALY,))
    bill = records.bills.find(payment.bill_id) if payment.bill_id is not None else None
    if bill is None:
        return _refunded_outside(records, payment.id, refund.id, notice)
    file = case_file(records.cases.lock(bill.case_id), alive=False)
    effects = give_back(records, file, bill.id, payment, refund.id, notice)
    put_back(records, file)
    return Kept(bill=bill.number, effects=effects)


def give_back(
    records: Records, file: CaseFile, bill_id: UUID, payment: PaymentRow, refund_id: UUID, notice: ChannelNotice
) -> tuple[FeeEffect, ...]:
    """A refund of a bill whose case is locked is done."""
    bill, refund = records.bills.find(bill_id), records.bills.refund(refund_id)
    assert bill is not None and refund is not None  # neither is ever deleted
    number = refund.number or refund.accepted_as or refund.id.hex
    before = account_of(records, bill)
    try:
        step = refund_called_back(before, payment.number, number=number, amount=notice.amount)
    except Conflict:  # it was not ordered
        _report(records, file, bill, notice, "refund")
        return (FeeEffect.ANOMALY,)
    if FeeEffect.ANOMALY in step.effects:
        _report(records, file, bill, notice, "amount")
    elif refund.state == RefundState.REFUNDING:
        done: dict[str, Any] = {"state": RefundState.REFUNDED.value, "number": number, "refunded_at": notice.at}
        records.bills.change_refund(refund.id, **done)
        records.bills.change(bill.id, state=step.account.state.value)
        note_refund(records, file, bill, refund, JournalAction.REFUND_DONE, None, number=number)
    return step.effects


def _refunded_outside(records: Records, payment_id: UUID, refund_id: UUID, notice: ChannelNotice) -> Kept:
    """The same for money that had come in for no bill."""
    payment = records.bills.lock_payment(payment_id)
    refund = records.bills.refund(refund_id)
    assert payment is not None and refund is not None
    number = refund.number or refund.accepted_as or refund.id.hex
    try:
        step = refund_called_back(
            account_of_payment(records, payment), payment.number, number=number, amount=notice.amount
        )
        effects = step.effects
    except Conflict:
        effects = (FeeEffect.ANOMALY,)
    if FeeEffect.ANOMALY in effects:
        _report_outside(records, notice, "refund")
    elif refund.state == RefundState.REFUNDING:
        done: dict[str, Any] = {"state": RefundState.REFUNDED.value, "number": number, "refunded_at": notice.at}
        records.bills.change_refund(refund.id, **done)
        records.ledger.write(
            LedgerAction.MONEY_RETURNED, None, payment.number, {"act": "done", "refund": str(refund.id)}
        )
    return Kept(bill=notice.bill, effects=effects)


def note_refund(
    records: Records,
    file: CaseFile,
    bill: BillRow,
    refund: RefundRow,
    action: JournalAction,
    actor: str | None,
    **more: Any,
) -> None:
    """A journal line of a refund."""
    detail = {
        "bill": str(bill.id),
        "number": bill.number,
        "refund": str(refund.id),
        "amount": f"{refund.amount:.2f}",
        "reason": refund.reason,
        **more,
    }
    write(records, file, action, actor, detail=detail)


def _refund_of(records: Records, notice: ChannelNotice) -> RefundRow | None:
    """The refund a notice is about: by our reference, else the only one ordered for the payment."""
    try:
        found = records.bills.refund(UUID(notice.reference))
    except ValueError:
        found = None
    if found is not None:
        return found
    payment = records.bills.payment(number=notice.transaction)
    if payment is None:
        return None
    ordered = [
        one
        for one in records.bills.refunds_for(payment_id=payment.id)
        if one.state in (RefundState.REFUNDING, RefundState.REFUNDED)
    ]
    return ordered[-1] if ordered and not notice.reference else None


def _callback(notice: ChannelNotice) -> Callback:
    return Callback(
        transaction=notice.transaction,
        amount=notice.amount,
        at=notice.at,
        channel=notice.channel,
        receipt=notice.receipt,
    )


def _report(records: Records, file: CaseFile, bill: BillRow, notice: ChannelNotice, why: str) -> None:
    """FEE_ANOMALY: a line of the case and a hint, once for each transaction. `why`: what does not fit."""
    told = {**_told(bill, notice), "why": why, "total": f"{bill.total:.2f}"}
    write(records, file, JournalAction.BILL_ANOMALY, None, detail=told)
    raise_card(
        records,
        file,
        Violation.FEE_ANOMALY,
        to=FINANCE_DEPARTMENT,
        department=FINANCE_DEPARTMENT,
        at=records.now,
        about=About(scope=bill.scope_id),
        facts=told,
    )


def _report_outside(records: Records, notice: ChannelNotice, why: str) -> None:
    told = {
        "number": notice.bill,
        "transaction": notice.transaction,
        "amount": f"{notice.amount:.2f}",
        "kind": notice.kind.value,
        "why": why,
    }
    records.ledger.write(LedgerAction.MONEY_UNKNOWN, None, notice.transaction, told)
    raise_outside(records, Violation.FEE_ANOMALY, to=FINANCE_DEPARTMENT, department=FINANCE_DEPARTMENT, facts=told)


def _told(bill: BillRow, notice: ChannelNotice) -> dict[str, Any]:
    return {
        "bill": str(bill.id),
        "number": bill.number,
        "amount": f"{notice.amount:.2f}",
        "transaction": notice.transaction,
        "channel": notice.channel.value,
        "receipt": notice.receipt,
        "paid_at": notice.at.isoformat(),
    }
