"""退费 (SP-17): asked for by the window for the applicant, reviewed by the charging department, approved by 财政 (S-11)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from service.casework.actors import Actor
from service.casework.acts.request import Request
from service.casework.journalling import CaseFile, put_back
from service.casework.measures.orders import not_deployed
from service.casework.money.refunding import decide, hold, note_request, same_person
from service.casework.money.rights import require_finance
from service.casework.office import Office
from service.casework.support_asking import REFUND
from service.casework.support_cases import Desk, begin_support, doer_of, subject_id, text_of
from service.rules.money import decimal_number
from service.rules.payments import RefundState, request_refund
from service.rules.refusals import Conflict, Forbidden, Missing, Refusal, refuse
from service.store.records import Records

ASKERS = ("counter_clerk", "agency_officer", "applicant", "chief_rep", "resident_leader", "dept_head")
LONGEST_REASON = 500


def apply_refund(office: Office, actor: Actor, payment_id: UUID, amount: Decimal, *, reason: str) -> UUID:
    """Somebody applies for money back; nothing is on the account before the charging department agrees. The supporting case.

    Refused: Forbidden REFUND_APPLY_FORBIDDEN; Missing PAYMENT_MISSING, BILL_NOT_FOUND; Conflict REFUND_PENDING,
    MEASURE_NOT_DEPLOYED, and what `rules.payments.request_refund` refuses.
    """
    if not actor.has(*ASKERS):
        raise Forbidden("REFUND_APPLY_FORBIDDEN", "退费由窗口、代办员、申请人或承办部门提出。")
    said = reason.strip()
    if len(said) > LONGEST_REASON:
        raise refuse("reason", "REASON_TOO_LONG", "说明不能超过 {most} 个字", most=LONGEST_REASON)

    def attempt() -> UUID:
        with office.transaction() as records:
            held = hold(records, actor, payment_id)
            if held.bill is None or held.file is None:
                raise Missing("PAYMENT_MISSING", "没有这笔缴费。")
            request_refund(held.account, held.payment.number, amount, reason=said, by=actor.username)
            known = records.measures.about(REFUND, payment_id)
            running = records.cases.find(known.id) if known is not None else None
            if running is not None and running.ended_at is None:
                raise Conflict("REFUND_PENDING", "这笔缴费已有退费申请正在办理。")
            if known is not None:
                records.measures.retarget(known.id, known.id)  # it is over: the payment may be spoken of again
            lines = records.bills.lines_of([held.bill.id])
            department = next((line.department for line in lines if line.amount > 0), "201")
            made = begin_support(
                office,
                records,
                REFUND,
                subject=payment_id,
                actor=actor,
                title=f"退费{amount:.2f}元-{held.file.row.title or held.bill.number}",
                variables={
                    "payment": str(payment_id),
                    "refund": None,
                    "amount": f"{amount:.2f}",
                    "reason": said,
                },
                file=held.file,
                scope=held.bill.scope_id,
                department=_desk(records, department),
            )
            if made is None:
                raise not_deployed()
            put_back(records, held.file)
            return made

    return office.attempt(attempt)


def refund(office: Office, records: Records, file: CaseFile, request: Request) -> Mapping[str, Any]:
    """登记退费申请, or 原路退回 as 财政 has decided. What the pages of money have done already stays."""
    values = request.values
    try:
        if request.inputs.get("deed") == "ask":
            return _ask(records, file, values)
        return _settle(office, records, file, values)
    except Refusal as refusal:
        if not isinstance(refusal, (Conflict, Forbidden)):
            raise
        return {"refunding": False, "refund_problem": refusal.sentence()}


def check_refund(office: Office, records: Records, desk: Desk) -> None:
    """财政 approves what somebody else has asked for. Refused: Forbidden FINANCE_ONLY, REFUND_SAME_PERSON."""
    require_finance(desk.actor)
    found = records.bills.refund(subject_id(desk.values, "refund"))
    if found is not None and desk.actor.username == found.requested_by:
        raise same_person(records, desk.actor.username)


def _ask(records: Records, file: CaseFile, values: Mapping[str, Any]) -> dict[str, Any]:
    known = text_of(values, "refund")
    if known:
        return {"refund": known}
    actor = doer_of(records, file, "Task_Review")
    held = hold(records, actor, subject_id(values, "payment"))
    amount = decimal_number("amount", text_of(values, "amount"), places=2)
    row = note_request(records, actor, held, amount, reason=text_of(values, "reason"))
    if held.file is not None:
        put_back(records, held.file)
    if records.measures.find(file.id) is not None:
        records.measures.retarget(file.id, row.id)
    return {"refund": str(row.id)}


def _settle(office: Office, records: Records, file: CaseFile, values: Mapping[str, Any]) -> dict[str, Any]:
    if not text_of(values, "refund"):
        return {"refunding": False}
    id = subject_id(values, "refund")
    found = records.bills.refund(id)
    if found is not None and found.state != RefundState.REQUESTED:
        return {"refunding": found.state in (RefundState.REFUNDING, RefundState.REFUNDED)}
    grant = values.get("decision") == "agree"
    actor = doer_of(records, file, "Task_Approve")
    decide(office, records, actor, id, grant=grant, answer=text_of(values, "answer") or ("" if grant else "不同意退费"))
    return {"refunding": grant}


def _desk(records: Records, department: str) -> str:
    """Where it is reviewed: the charging department's own desk, else the centre's."""
    members = records.people.members({f"{department}:fee_manager"})
    return department if members.get(f"{department}:fee_manager") else "201"
