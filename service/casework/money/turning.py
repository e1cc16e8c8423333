"""What follows from nobody paying: overdue and reminders after every five working days, given up after sixty (J-06, J-07)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from service.casework.acts.outbox import put_out
from service.casework.acts.request import Request
from service.casework.journalling import CaseFile, write
from service.casework.money.accounts import account_of
from service.casework.money.billing import MSG_ABANDONED, family, withdraw
from service.casework.money.looking import REMINDERS, next_look
from service.casework.money.notices import LOOK, look_again, reminder_told
from service.casework.money.receiving import go_on
from service.casework.money.waiting import tell
from service.casework.office import Office
from service.casework.projection import settle, take_up
from service.connectors.cashier_desk import CashierDesk
from service.rules.payments import OPEN, BillState, lapse
from service.rules.vocabulary import CaseState, JournalAction
from service.rules.worktime import SHANGHAI
from service.store.bills import BillRow
from service.store.records import Records

ABANDONED = "逾期未缴费，视为放弃申请"


def look_at_bill(office: Office, records: Records, file: CaseFile, request: Request) -> None:
    """The act of a bill that comes up: with a gateway the channel is asked first, without one it turns at once.

    What was settled while its case was suspended lets the case go on now.
    """
    bill = records.bills.find(UUID(str(request.values["bill"])))
    if bill is None or file.row.ended_at is not None or file.row.state != CaseState.ACTIVE:
        return
    if "settled" in request.values:
        go_on(office, records, file, bill, dict(request.values["settled"]))
    elif bill.state in OPEN and not isinstance(office.connectors.payment, CashierDesk):
        put_out(records, carrier=LOOK, ref=bill.id, case_id=bill.case_id)
    else:
        turn_bill(office, records, file, bill.id)


def turn_bill(office: Office, records: Records, file: CaseFile, bill_id: UUID) -> None:
    """What is due of an open bill, under the lock of its case."""
    bill = records.bills.find(bill_id)
    if bill is None or bill.state not in OPEN or file.row.state != CaseState.ACTIVE:
        return
    if next_look(records.calendar, bill, records.now) > records.now:  # the calendar has changed
        look_again(records, bill)
    elif bill.reminded < REMINDERS:
        _remind(office, records, file, bill)
    else:
        _give_up(office, records, file, bill)


def _remind(office: Office, records: Records, file: CaseFile, bill: BillRow) -> None:
    today = records.now.astimezone(SHANGHAI).date()
    if today > bill.due_on and bill.state != BillState.OVERDUE:
        after = lapse(account_of(records, bill)).account.state.value
        records.bills.change(bill.id, state=after)
        bill = replace(bill, state=after)
        write(records, file, JournalAction.BILL_OVERDUE, None, detail=_told(bill))
    bill = replace(bill, reminded=bill.reminded + 1)
    records.bills.change(bill.id, reminded=bill.reminded)
    write(records, file, JournalAction.BILL_REMINDED, None, detail={**_told(bill), "nth": bill.reminded})
    reminder_told(office, records, file, bill)
    look_again(records, bill)


def _give_up(office: Office, records: Records, file: CaseFile, bill: BillRow) -> None:
    """视为放弃. A diagram that waits for it ends the way it draws; a whole case ends; an item of a chain whose diagram does
    not draw it keeps its bill, and the hint says so."""
    running = take_up(office, records, file)
    numbers = family(records, bill)
    waits = running.run.waits().values()
    drawn = any(wait.event == MSG_ABANDONED for wait in waits)
    if not drawn and bill.scope_id is not None:
        write(records, file, JournalAction.BILL_ABANDONED, None, detail={**_told(bill), "reason": ABANDONED})
        return
    withdraw(records, running, bill, None, ABANDONED, abandoned=True)
    told = {"bill_no": bill.number, "fee_paid": False, "fee_due": False}
    if not tell(records, running, MSG_ABANDONED, numbers, bill.scope_id, told) and bill.scope_id is None:
        running.run.cancel()
        file.change(reason=ABANDONED)
        write(records, file, JournalAction.CASE_TERMINATED, None, detail={"reason": ABANDONED})
    settle(records, running)


def _told(bill: BillRow) -> dict[str, Any]:
    return {
        "bill": str(bill.id),
        "number": bill.number,
        "total": f"{bill.total:.2f}",
        "due_on": bill.due_on.isoformat(),
    }
