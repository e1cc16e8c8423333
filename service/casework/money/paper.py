"""收费一表 (W21) and 退付单 (W22): the papers of bills and refunds, once for each amount; void with their bill."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid5

from service.casework.actors import SYSTEM, Actor
from service.casework.journalling import CaseFile, write
from service.casework.office import Office
from service.casework.papers.authorities import authority_name
from service.casework.papers.issuing import issue_document
from service.rules.vocabulary import JournalAction, LedgerAction
from service.store.bills import BillLineRow, BillRow, PaymentRow, RefundRow
from service.store.records import Records

BILL, REFUND = "W21", "W22"
LONGEST = 200  # of a reason
WAY = "一卡通、银联、微信、支付宝或银行柜台"
ACCOUNT = "原缴费账户（原路退回）"


def print_bill(office: Office, records: Records, file: CaseFile, bill: BillRow, lines: Sequence[BillLineRow]) -> None:
    """Issue the paper of a bill as it is now."""
    facts = {
        "bill_no": bill.number,
        "lines": [
            {
                "department": authority_name(office, records, line.department),
                "name": line.name,
                "basis": line.basis or None,
                "formula": line.formula or None,
                "exempted": f"{line.exempted:.2f}",
                "amount": f"{line.amount:.2f}",
                "reason": line.reason or None,
            }
            for line in lines
        ],
        "total": f"{bill.total:.2f}",
        "way": WAY,
        "due_on": bill.due_on.isoformat(),
    }
    key = uuid5(bill.id, f"{BILL}/{bill.total:.2f}")
    issue_document(office, records, file, code=BILL, facts=facts, scope=bill.scope_id, key=key)


def void_bill_papers(records: Records, file: CaseFile, bill: BillRow, actor: Actor | None, reason: str) -> None:
    """The papers of a withdrawn bill ask for nothing any more: their numbers stay used."""
    by = (actor or SYSTEM).username
    for row in records.documents.of_case(file.id):
        if row.code != BILL or row.state != "ISSUED" or row.facts.get("bill_no") != bill.number:
            continue
        said = f"{bill.number}：{reason}"[:LONGEST]
        records.documents.change(row.id, {"state": "VOID", "void_at": records.now, "void_by": by, "void_reason": said})
        detail = {"document": str(row.id), "code": row.code, "number": row.number, "reason": said}
        write(records, file, JournalAction.DOCUMENT_VOIDED, actor, detail=detail)
        records.ledger.write(LedgerAction.DOCUMENT_VOIDED, by, row.reference, detail)


def print_refund(
    office: Office, records: Records, file: CaseFile, bill: BillRow, refund: RefundRow, payment: PaymentRow
) -> None:
    """Issue the paper of a refund that was approved."""
    names = records.people.names({name for name in (refund.requested_by, refund.decided_by or "") if name})
    facts = {
        "bill_no": bill.number,
        "receipt_no": payment.receipt or payment.number,
        "reason": refund.reason,
        "amount": f"{refund.amount:.2f}",
        "requested_by": names.get(refund.requested_by, "系统"),
        "approved_by": names.get(refund.decided_by or "", refund.decided_by or ""),
        "account": ACCOUNT,
    }
    key = uuid5(refund.id, REFUND)
    issue_document(office, records, file, code=REFUND, facts=facts, scope=bill.scope_id, key=key)
