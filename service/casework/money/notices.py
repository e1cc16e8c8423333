"""What goes out about a bill: the order at the channel, the paper, messages, and the next look at an unpaid bill."""

from __future__ import annotations

from service.casework.acts.outbox import put_out
from service.casework.journalling import CaseFile
from service.casework.money.looking import next_look
from service.casework.office import Office
from service.store.bills import BillLineRow, BillRow, PaymentRow, RefundRow
from service.store.records import Records

ORDER, LOOK, REFUND, STATEMENT = "order", "bill", "refund", "statement"  # errands


def bill_told(
    office: Office,
    records: Records,
    file: CaseFile,
    bill: BillRow,
    lines: tuple[BillLineRow, ...],
    *,
    again: bool = False,
) -> None:
    """A bill was issued, or (`again`) computed for less: who has to pay is told, the channel gets its order."""
    if bill.total > 0:
        put_out(records, carrier=ORDER, ref=bill.id, case_id=bill.case_id, detail={"amount": f"{bill.total:.2f}"})
        if not again:
            look_again(records, bill)


def look_again(records: Records, bill: BillRow) -> None:
    """An open bill comes up again when the next thing follows from nobody paying it."""
    put_out(
        records, carrier=LOOK, ref=bill.id, case_id=bill.case_id, due=next_look(records.calendar, bill, records.now)
    )


def stop_looking(records: Records, bill: BillRow) -> None:
    """Nobody has to look at a bill any more that is settled or withdrawn; its case may be archived."""
    rows = [row for row in records.agenda.of_case(bill.case_id) if (row.detail or {}).get("carrier") == LOOK]
    over = [row.id for row in rows if (row.detail or {}).get("ref") == str(bill.id) and row.due_at > records.now]
    records.agenda.drop(over)


def payment_told(office: Office, records: Records, file: CaseFile, bill: BillRow) -> None:
    """The money is there: the payer is told, and who works on the case."""


def refund_told(
    office: Office, records: Records, file: CaseFile, bill: BillRow, refund: RefundRow, payment: PaymentRow
) -> None:
    """A refund was approved: its paper."""


def reminder_told(office: Office, records: Records, file: CaseFile, bill: BillRow) -> None:
    """The payer is reminded."""
