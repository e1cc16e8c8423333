"""日对账: to the cent, every difference listed and handled by 财政 (YY-20)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from service.casework import attend_due
from service.casework.money.desk import pay_out
from service.casework.money.reconciling import handle_exception, reconcile_file, reconcile_yesterday
from service.casework.money.refunding import ask_refund, settle_refund
from service.casework.office import Office
from service.rules.refusals import Conflict, Forbidden, Invalid
from service.store.reconciliations import ExceptionRow
from tests.casework.money.till import (
    CASHIER,
    MANAGER,
    TREASURER,
    begin,
    deploy_billed,
    pay,
    person,
    put_standard,
    the_bill,
    work,
)
from tests.conftest import Clock
from tests.rules.fee_cards import OCCUPATION

DAY = date(2026, 3, 16)
HEAD = "kind,transaction,bill,amount,at\n"


def movements(office: Office) -> tuple[str, str]:
    """A day on which 600,220.50 came in for two bills and 220.50 of it went back; what the bank would write of it."""
    put_standard(office, {**OCCUPATION, "department": "107"}, items=("104-XK-001",))
    deploy_billed(office)
    deploy_billed(office, "104-XK-001", key="second")
    one = the_bill(office, begin(office))
    pay(office, one, "T1")
    two = the_bill(office, _second(office))
    pay(office, two, "T2")
    with office.reading() as records:
        paid = records.bills.payment(number="T2")
    assert paid is not None
    asked = ask_refund(office, person(office, MANAGER), paid.id, Decimal("220.50"), reason="重复占用已撤销")
    settle_refund(office, person(office, TREASURER), asked.id, grant=True)
    work(office)
    pay_out(office, person(office, CASHIER), asked.id)
    at = "2026-03-16T09:00:00+08:00"
    lines = (
        f"PAYMENT,T1,{one.number},600000.00,{at}\nPAYMENT,T2,{two.number},220.50,{at}\n"
        f"REFUND,{asked.id.hex},{two.number},220.50,{at}\n"
    )
    return HEAD + lines, one.number


def _second(office: Office):  # type: ignore[no-untyped-def]
    from service.casework import start_case
    from tests.casework.clocks.items import do
    from tests.casework.desk import CLERK

    case = start_case(office, CLERK, key="second", variables={"area": 24.5, "days": 15})
    do(office, case.id, "Accept")
    work(office)
    return case.id


def differences(office: Office) -> tuple[ExceptionRow, ...]:
    with office.reading() as records:
        return records.reconciliations.exceptions_of(DAY)


def test_a_day_that_fits_has_no_difference_to_the_cent(any_demo_office: Office) -> None:
    text, _ = movements(any_demo_office)
    row = reconcile_file(any_demo_office, person(any_demo_office, TREASURER), DAY, text.encode())
    assert (row.ours, row.theirs, row.matched, row.open) == (Decimal("600000.00"), Decimal("600000.00"), 3, 0)
    assert differences(any_demo_office) == ()


def test_every_difference_is_listed_and_together_they_explain_the_totals(any_demo_office: Office) -> None:
    office = any_demo_office
    text, number = movements(office)
    at = "2026-03-16T10:00:00+08:00"
    theirs = text.replace("600000.00", "600000.01").replace("PAYMENT,T2", "PAYMENT,T9")
    theirs += f"PAYMENT,T9,{number},220.50,{at}\n"
    row = reconcile_file(office, person(office, TREASURER), DAY, theirs.encode())
    assert row.theirs - row.ours == Decimal("220.51") and row.open == 4
    assert sorted((one.kind, one.number) for one in differences(office)) == [
        ("DIFFERING", "T1"),
        ("MISSING", "T2"),
        ("REPEATED", "T9"),
        ("SURPLUS", "T9"),
    ]
    first = differences(office)[0]
    with pytest.raises(Forbidden):
        handle_exception(office, person(office, MANAGER), first.id, "银行补账")
    with pytest.raises(Invalid):
        handle_exception(office, person(office, TREASURER), first.id, " ")
    handle_exception(office, person(office, TREASURER), first.id, "银行补账")
    with pytest.raises(Conflict):
        handle_exception(office, person(office, TREASURER), first.id, "银行补账")
    again = reconcile_file(office, person(office, TREASURER), DAY, theirs.encode())
    assert again.open == 3 and [one.note for one in differences(office) if one.note] == ["银行补账"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xff\xfe\x00", "CHANNEL_FILE"),
        (b"", "CHANNEL_FILE"),
        (b"kind,amount\n", "CHANNEL_FILE"),
        ((HEAD + "PAYMENT,T1,SF1,1,2026-03-16T09:00:00+08:00\n").encode(), "CHANNEL_FILE"),
        ((HEAD + "PAYMENT,T1,SF1,1.00,2026-03-17T00:00:00+08:00\n").encode(), "CHANNEL_FILE"),
        ((HEAD + "PAYMENT,T1,SF1,1.00,2026-03-16T09:00:00\n").encode(), "CHANNEL_FILE"),
        (b"x" * (4 * 1024 * 1024 + 1), "CHANNEL_FILE_LARGE"),
    ],
)
def test_a_file_that_is_none_is_refused_with_its_line(demo_office: Office, content: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        reconcile_file(demo_office, person(demo_office, TREASURER), DAY, content)
    assert refused.value.code == code
    with pytest.raises(Forbidden):
        reconcile_file(demo_office, person(demo_office, CASHIER), DAY, b"")


def test_a_day_that_has_not_come_is_not_reconciled(demo_office: Office) -> None:
    with pytest.raises(Invalid):
        reconcile_file(demo_office, person(demo_office, TREASURER), date(2026, 3, 17), HEAD.encode())


def test_the_night_job_leaves_the_desk_to_people(demo_office: Office, clock: Clock) -> None:
    with demo_office.transaction() as records:
        counts = reconcile_yesterday(demo_office, records, clock.now)
    assert counts == {"day": "2026-03-15", "by_hand": 1}
    assert attend_due(demo_office) >= 0
