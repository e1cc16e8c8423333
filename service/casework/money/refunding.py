"""退付: asked for by one person (or by rule), approved by another of 财政, ordered from the channel (S-11, SP-17)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from service.casework.actors import Actor
from service.casework.acts.outbox import put_out
from service.casework.journalling import CaseFile, case_file, put_back
from service.casework.kept_apart import kept_apart
from service.casework.money.accounts import account_of, account_of_payment, refund_row
from service.casework.money.notices import REFUND, refund_told
from service.casework.money.receiving import note_refund
from service.casework.money.rights import FINANCE, bill_missing, may_see_bill, require_finance, require_manager
from service.casework.money.standards import refund_rule
from service.casework.office import Office
from service.casework.support_asking import REFUND as REFUND_CASE
from service.casework.support_asking import keep_in_step
from service.casework.support_cases import begin_support
from service.rules.bills import refund_by
from service.rules.payments import Account, RefundState, decide_refund, request_refund
from service.rules.refusals import Forbidden, Missing, refuse
from service.rules.sentences import Sentence
from service.rules.vocabulary import JournalAction, LedgerAction
from service.store.bills import BillLineRow, BillRow, PaymentRow, RefundRow
from service.store.records import Records

LONGEST_TEXT = 500


def ask_refund(
    office: Office, actor: Actor, payment_id: UUID, amount: Decimal, *, reason: str, refused_on: date | None = None
) -> RefundRow:
    """The charging department asks that money of one payment goes back; `refused_on`: the notice of a refusal it follows.

    Refused: Missing PAYMENT_MISSING, Forbidden FEE_MANAGERS_ONLY, and what `rules.payments.request_refund` refuses.
    """

    def act() -> RefundRow:
        with office.transaction() as records:
            held = hold(records, actor, payment_id)
            row = note_request(records, actor, held, amount, reason=reason, refused_on=refused_on)
            if held.file is not None:
                _begin(office, records, actor, held, row)
                put_back(records, held.file)
            return row

    return office.attempt(act)


def settle_refund(office: Office, actor: Actor, refund_id: UUID, *, grant: bool, answer: str = "") -> RefundRow:
    """财政 approves or refuses; approved, the channel is told to give it back.

    Refused: Missing REFUND_NOT_FOUND, Forbidden FINANCE_ONLY, REFUND_SAME_PERSON, Conflict REFUND_MISSING, Invalid
    REFUND_ANSWER_MISSING.
    """
    require_finance(actor)

    def act() -> RefundRow:
        with office.transaction() as records:
            row = decide(office, records, actor, refund_id, grant=grant, answer=answer)
            answers = {"decision": "agree" if grant else "refuse", "answer": answer.strip()}
            keep_in_step(records, REFUND_CASE, refund_id, "Task_Approve", actor.username, answers)
            return row

    return office.attempt(act)


@dataclass(frozen=True, kw_only=True)
class Held:
    """A payment and what it paid, locked: the case, or for money of no bill the payment itself."""

    payment: PaymentRow
    bill: BillRow | None
    file: CaseFile | None
    account: Account


def note_request(
    records: Records, actor: Actor, held: Held, amount: Decimal, *, reason: str, refused_on: date | None = None
) -> RefundRow:
    """The charging department asks: the refund is on the bill's account, and its journal says so. Refused: as `ask_refund`."""
    payment, bill = held.payment, held.bill
    lines = records.bills.lines_of([bill.id]) if bill is not None else ()
    require_manager(actor, lines)
    step = request_refund(held.account, payment.number, amount, reason=reason[:LONGEST_TEXT], by=actor.username)
    row = refund_row(records, step.account.refunds[-1], payment)
    if refused_on is not None and bill is not None:
        row = replace(row, refund_by=_last_day(records, bill, lines, refused_on))
    records.bills.add_refund(row)
    if bill is not None and held.file is not None:
        records.bills.change(bill.id, state=step.account.state.value)
        last = {} if row.refund_by is None else {"refund_by": row.refund_by.isoformat()}
        note_refund(records, held.file, bill, row, JournalAction.REFUND_ASKED, actor.username, **last)
    else:
        _note_outside(records, payment, row, actor, "asked")
    return row


def decide(
    office: Office, records: Records, actor: Actor, refund_id: UUID, *, grant: bool, answer: str = ""
) -> RefundRow:
    """Approve or refuse within a transaction. Refused: as `settle_refund`."""
    require_finance(actor)
    said = answer.strip()[:LONGEST_TEXT]
    if not grant and not said:
        raise refuse("answer", "REFUND_ANSWER_MISSING", "不同意退付时请写明理由。")
    found = records.bills.refund(refund_id)
    if found is None:
        raise Missing("REFUND_NOT_FOUND", "没有这笔退付。")
    if found.requested_by == actor.username:
        raise same_person(records, actor.username)
    held = hold(records, actor, found.payment_id)
    payment, bill, file = held.payment, held.bill, held.file
    step = decide_refund(held.account, payment.number, by=actor.username, grant=grant)
    state = RefundState.REFUNDING if grant else RefundState.REFUSED
    done: dict[str, Any] = {
        "state": state.value,
        "decided_by": actor.username,
        "decided_at": records.now,
        "answer": said,
    }
    records.bills.change_refund(refund_id, **done)
    row = replace(found, **done)
    if bill is not None and file is not None:
        records.bills.change(bill.id, state=step.account.state.value)
        more = {"granted": grant, "answer": said}
        note_refund(records, file, bill, row, JournalAction.REFUND_DECIDED, actor.username, **more)
        if grant:
            refund_told(office, records, file, bill, row, payment)
        put_back(records, file)
    else:
        _note_outside(records, payment, row, actor, "granted" if grant else "refused")
    if grant:
        put_out(records, carrier=REFUND, ref=row.id, case_id=bill.case_id if bill is not None else None)
    return row


def same_person(records: Records, username: str) -> Forbidden:
    """S-11: who has asked for money back does not approve it."""
    return kept_apart(
        records,
        "S-11",
        "REFUND_SAME_PERSON",
        Sentence("退付的申请人和批准人不能是同一人。"),
        Sentence("退付的申请人和批准人不能是同一人，可由{instead}批准。"),
        groups=FINANCE,
        without={username},
    )


def _begin(office: Office, records: Records, actor: Actor, held: Held, row: RefundRow) -> None:
    """退费 (SP-17), past the review: who asks here is the charging department."""
    assert held.file is not None and held.bill is not None
    begin_support(
        office,
        records,
        REFUND_CASE,
        subject=row.id,
        actor=actor,
        title=f"退费{row.amount:.2f}元-{held.file.row.title or held.bill.number}",
        variables={
            "refund": str(row.id),
            "payment": str(row.payment_id),
            "amount": f"{row.amount:.2f}",
            "reason": row.reason,
        },
        file=held.file,
        scope=held.bill.scope_id,
        department=actor.department,
    )


def hold(records: Records, actor: Actor, payment_id: UUID) -> Held:
    """The payment with its bill under the lock of its case. Refused: Missing PAYMENT_MISSING, BILL_NOT_FOUND."""
    payment = records.bills.payment(id=payment_id)
    if payment is None:
        raise Missing("PAYMENT_MISSING", "没有这笔缴费。")
    if payment.bill_id is None:
        held = records.bills.lock_payment(payment_id)
        assert held is not None  # payments are never deleted
        return Held(payment=held, bill=None, file=None, account=account_of_payment(records, held))
    found = records.bills.find(payment.bill_id)
    if found is None or not may_see_bill(records, actor, found):
        raise bill_missing()
    file = case_file(records.cases.lock(found.case_id), alive=False)
    bill = records.bills.find(found.id)
    assert bill is not None  # bills are never deleted
    return Held(payment=payment, bill=bill, file=file, account=account_of(records, bill))


def _last_day(records: Records, bill: BillRow, lines: Sequence[BillLineRow], refused_on: date) -> date | None:
    """The last day a text gives for money of one of the bill's standards to go back after a refusal (V18-11)."""
    standards = {(row.code, row.effective_from): row for row in records.fees.listing()}
    rules = [
        rule
        for line in lines
        if line.version is not None and (row := standards.get((line.standard, line.version))) is not None
        if (rule := refund_rule(row.refund)) is not None
    ]
    return min((refund_by(records.calendar, rule, refused_on).day for rule in rules), default=None)


def _note_outside(records: Records, payment: PaymentRow, row: RefundRow, actor: Actor, what: str) -> None:
    detail = {"act": what, "refund": str(row.id), "amount": f"{row.amount:.2f}", "reason": row.reason}
    records.ledger.write(LedgerAction.MONEY_RETURNED, actor.username, payment.number, detail)
