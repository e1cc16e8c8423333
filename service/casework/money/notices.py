"""What goes out about a bill: the order at the channel, the paper, messages, and the next look at an unpaid bill."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from service.casework.acts.asking import asking
from service.casework.acts.outbox import put_out
from service.casework.journalling import CaseFile
from service.casework.money.looking import next_look
from service.casework.office import Office
from service.rules.bills import DUE_DAYS
from service.rules.vocabulary import InHouseAction
from service.store.agenda import AgendaRow
from service.store.bills import BillLineRow, BillRow, PaymentRow, RefundRow
from service.store.records import Records

DUE, PAID = "M13", "M14"
ORDER, LOOK, REFUND, STATEMENT = "order", "bill_query", "refund", "statement"  # errands
TURN = "bill_turn"  # act: what follows from nobody paying


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
        _tell(records, bill, DUE, {"bill": bill.number, "days": DUE_DAYS})


def look_again(records: Records, bill: BillRow) -> None:
    """An open bill comes up again when the next thing follows from nobody paying it; in house, in the order of its case."""
    records.agenda.add([turn_row(records, bill, due=next_look(records.calendar, bill, records.now))])


def turn_row(
    records: Records, bill: BillRow, *, due: datetime | None = None, settled: Mapping[str, Any] | None = None
) -> AgendaRow:
    """The turn of a bill on the agenda. `settled`: what its case is to be told when it can be."""
    values = {"bill": str(bill.id), **({"settled": dict(settled)} if settled else {})}
    return asking(
        bill.case_id, TURN, element=None, scope=bill.scope_id, inputs={}, values=values, now=records.now, due=due
    )


def payment_told(office: Office, records: Records, file: CaseFile, bill: BillRow) -> None:
    """The money is there: the payer is told. Who works on the case is, because its time is counted again."""
    _tell(records, bill, PAID, {})


def refund_told(
    office: Office, records: Records, file: CaseFile, bill: BillRow, refund: RefundRow, payment: PaymentRow
) -> None:
    """A refund was approved: its paper."""


def reminder_told(office: Office, records: Records, file: CaseFile, bill: BillRow) -> None:
    """The payer is reminded."""
    _tell(records, bill, DUE, {"bill": bill.number, "days": DUE_DAYS})


def _tell(records: Records, bill: BillRow, code: str, values: Mapping[str, Any]) -> None:
    """A message of the case, asked for like a diagram's: done by the worker, once."""
    records.agenda.add(
        [
            asking(
                bill.case_id,
                InHouseAction.MESSAGE.value,
                element=None,
                scope=bill.scope_id,
                inputs={"sms": code},
                values={"amount": f"{bill.total:.2f}", **values},
                now=records.now,
            )
        ]
    )
    records.prompt = True
