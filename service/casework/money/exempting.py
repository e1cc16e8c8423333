"""减免: asked for with a reason, examined by the charging department, granted by 财政; then the bill is computed again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from service.casework.actors import Actor
from service.casework.journalling import CaseFile, put_back, write
from service.casework.money.accounts import account_of
from service.casework.money.billing import billed_items, line_rows, locked_bill
from service.casework.money.lines import Claimed, lines_of
from service.casework.money.notices import bill_told
from service.casework.money.receiving import settle_bill
from service.casework.money.rights import require_finance, require_manager
from service.casework.office import Office
from service.rules.bills import make_bill
from service.rules.exempting import WAITING, ExemptionAct, ExemptionState, follow_exemption
from service.rules.payments import OPEN, BillState, exempt
from service.rules.refusals import Conflict, Forbidden, Missing, refuse
from service.rules.vocabulary import JournalAction
from service.store.bills import BillLineRow, BillRow, ExemptionRow
from service.store.records import Records

LONGEST_TEXT = 500
ASKERS = ("applicant", "counter_clerk", "issue_clerk", "agency_officer", "fee_manager")


def ask_exemption(office: Office, actor: Actor, number: str, claims: Sequence[Claimed]) -> ExemptionRow:
    """Ask for exemptions of an open bill. What they would come to is computed now, so that an empty request is refused.

    Refused: Missing BILL_NOT_FOUND; Forbidden EXEMPTION_FORBIDDEN; Conflict EXEMPTION_OPEN, BILL_STATE, CASE_ENDED,
    CASE_SUSPENDED; Invalid EXEMPTION_NONE, EXEMPTION_UNKNOWN, EXEMPTION_WITHOUT_REASON, EXEMPTION_RAISES.
    """
    if not claims:
        raise refuse("claims", "EXEMPTION_NONE", "请选择要申请的减免。")

    def act() -> ExemptionRow:
        with office.transaction() as records:
            file, bill, _ = locked_bill(records, actor, number)
            if not (actor.roles & set(ASKERS)) and file.row.started_by != actor.username:
                raise Forbidden("EXEMPTION_FORBIDDEN", "只有申请人、窗口和收费部门可以申请减免。")
            if any(one.state in WAITING for one in records.bills.exemptions_of(bill.id)):
                raise Conflict("EXEMPTION_OPEN", "这张收费单已有减免申请正在办理。")
            drafted = _computed(records, bill, claims)
            exempt(
                account_of(records, bill),
                make_bill(records.calendar, bill.issued_on, (line for _, line in drafted)).total,
            )
            row = ExemptionRow(
                id=uuid4(),
                bill_id=bill.id,
                claims=[_plain(one) for one in claims],
                state=ExemptionState.REQUESTED.value,
                requested_by=actor.username,
                requested_at=records.now,
            )
            records.bills.ask_exemption(row)
            _note(records, file, bill, row, JournalAction.EXEMPTION_ASKED, actor)
            put_back(records, file)
            return row

    return office.attempt(act)


def review_exemption(office: Office, actor: Actor, exemption_id: UUID, *, agree: bool, opinion: str) -> ExemptionRow:
    """初审 by the charging department. Refused: Missing, Forbidden FEE_MANAGERS_ONLY, EXEMPTION_SAME_PERSON, Conflict
    EXEMPTION_STATE, Invalid EXEMPTION_ANSWER_MISSING."""
    said = _said(opinion, agree)

    def act() -> ExemptionRow:
        with office.transaction() as records:
            file, bill, lines, row = _found(records, actor, exemption_id)
            require_manager(actor, lines)
            before = (row.requested_by,)
            state = follow_exemption(
                ExemptionState(row.state), ExemptionAct.REVIEW, agree=agree, by=actor.username, before=before
            )
            done: dict[str, Any] = {
                "state": state.value,
                "reviewed_by": actor.username,
                "reviewed_at": records.now,
                "opinion": said,
            }
            records.bills.change_exemption(row.id, **done)
            row = replace(row, **done)
            more = {"agreed": agree, "text": said}
            _note(records, file, bill, row, JournalAction.EXEMPTION_REVIEWED, actor, **more)
            put_back(records, file)
            return row

    return office.attempt(act)


def decide_exemption(office: Office, actor: Actor, exemption_id: UUID, *, grant: bool, answer: str) -> ExemptionRow:
    """财政 grants it: the bill is computed again for less; or refuses.

    Refused: Missing EXEMPTION_NOT_FOUND; Forbidden FINANCE_ONLY, EXEMPTION_SAME_PERSON; Conflict EXEMPTION_STATE,
    BILL_STATE (paid meanwhile: a refund is asked for instead), CASE_ENDED, CASE_SUSPENDED.
    """
    require_finance(actor)
    said = _said(answer, grant)

    def act() -> ExemptionRow:
        with office.transaction() as records:
            file, bill, _, row = _found(records, actor, exemption_id)
            before = tuple(filter(None, (row.requested_by, row.reviewed_by)))
            state = follow_exemption(
                ExemptionState(row.state), ExemptionAct.DECIDE, agree=grant, by=actor.username, before=before
            )
            done: dict[str, Any] = {
                "state": state.value,
                "decided_by": actor.username,
                "decided_at": records.now,
                "answer": said,
            }
            records.bills.change_exemption(row.id, **done)
            row = replace(row, **done)
            _note(records, file, bill, row, JournalAction.EXEMPTION_DECIDED, actor, granted=grant, text=said)
            if grant:
                _grant(office, records, file, bill, row, actor)
            put_back(records, file)
            return row

    return office.attempt(act)


def _grant(office: Office, records: Records, file: CaseFile, bill: BillRow, row: ExemptionRow, actor: Actor) -> None:
    """The bill for less, as of the day it was issued on."""
    drafted = _computed(records, bill, [Claimed(**one) for one in row.claims])
    made = make_bill(records.calendar, bill.issued_on, (line for _, line in drafted))
    step = exempt(account_of(records, bill), made.total)
    lines = line_rows(bill.id, drafted)
    whole = step.account.state is BillState.EXEMPT
    changed: dict[str, Any] = {
        "state": step.account.state.value,
        "total": made.total,
        "owed": made.owed,
        "basis": {**bill.basis, "claims": list(row.claims)},
        "order_no": None,
        "pay_url": None,
        "ended_at": records.now if whole else None,
    }
    records.bills.replace_lines(bill.id, lines)
    records.bills.change(bill.id, **changed)
    after = replace(bill, **changed)
    detail = {
        "bill": str(bill.id),
        "number": bill.number,
        "before": f"{bill.total:.2f}",
        "total": f"{made.total:.2f}",
        "exemption": str(row.id),
    }
    write(records, file, JournalAction.BILL_EXEMPTED, actor, detail=detail)
    if not after.owed and bill.owed:
        settle_bill(office, records, file, after, {"fee_paid": True, "bill_exempt": True, "bill_no": bill.number})
    bill_told(office, records, file, after, lines, again=True)


def _computed(records: Records, bill: BillRow, claims: Sequence[Claimed]) -> Any:
    if BillState(bill.state) not in OPEN:
        exempt(account_of(records, bill), bill.total)  # says in its words that this state cannot be exempted
    basis = bill.basis
    known = {claim["standard"]: Claimed(**claim) for claim in basis["claims"]}
    known |= {one.standard: one for one in claims}
    standards = records.fees.in_force(bill.issued_on)
    codes = {line.standard for line in records.bills.lines_of([bill.id])}
    for one in claims:
        if one.standard not in codes:
            raise refuse("claims", "EXEMPTION_UNKNOWN", "收费标准在该日没有减免 {exemption}。", exemption=one.code)
    return lines_of(
        billed_items(bill),
        standards,
        basis["values"],
        bill.issued_on,
        only=tuple(basis["only"]),
        claims=tuple(known.values()),
    )


def _found(
    records: Records, actor: Actor, exemption_id: UUID
) -> tuple[CaseFile, BillRow, tuple[BillLineRow, ...], ExemptionRow]:
    """A request under the lock of its case. Refused: Missing EXEMPTION_NOT_FOUND."""
    missing = Missing("EXEMPTION_NOT_FOUND", "没有这个减免申请。")
    found = records.bills.exemption(exemption_id)
    bill = records.bills.find(found.bill_id) if found is not None else None
    if bill is None:
        raise missing
    file, bill, lines = locked_bill(records, actor, bill.number)
    row = records.bills.exemption(exemption_id)
    if row is None:
        raise missing
    return file, bill, lines, row


def _said(text: str, agree: bool) -> str:
    said = text.strip()[:LONGEST_TEXT]
    if not agree and not said:
        raise refuse("answer", "EXEMPTION_ANSWER_MISSING", "不同意减免时请写明理由。")
    return said


def _plain(claim: Claimed) -> dict[str, str]:
    return {"standard": claim.standard, "code": claim.code, "reason": claim.reason.strip()[:LONGEST_TEXT]}


def _note(
    records: Records, file: CaseFile, bill: BillRow, row: ExemptionRow, action: JournalAction, actor: Actor, **more: Any
) -> None:
    detail = {"bill": str(bill.id), "number": bill.number, "exemption": str(row.id), "claims": list(row.claims), **more}
    write(records, file, action, actor, detail=detail)
