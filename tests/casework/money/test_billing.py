"""One bill: computed from the standards of the day, with a line for every charging body; who owes waits (D.9)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from service.casework import complete_task
from service.casework.money.billing import bill_by_hand, cancel_bill
from service.casework.money.settled import require_settled
from service.casework.office import Office
from service.rules.payments import BillState
from service.rules.refusals import Conflict, Forbidden, Invalid
from tests.casework.clocks.items import clocks_of, do, lines_of
from tests.casework.desk import ENGINE, actions_of, open_tasks
from tests.casework.money.till import (
    MANAGER,
    begin,
    bills_of,
    deploy_billed,
    lines_of_bill,
    pay,
    person,
    put_standard,
    the_bill,
    work,
)
from tests.conftest import Clock
from tests.rules.fee_cards import (
    DIGGING,
    HOUSING,
    OCCUPATION,
    REGISTRATION,
    RELOCATION_SHARE,
    SHARE_OF_COST,
    TIERS,
    WATER_SOIL,
)

VECTORS: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    ("V18-01", REGISTRATION, {"pieces": 1, "certificates": 3}, "570.00"),
    ("V18-02", HOUSING, {"pieces": 1}, "80.00"),
    ("V18-05", RELOCATION_SHARE, {"area": 12345.67}, "592596.00"),
    ("V18-06", OCCUPATION, {"area": 24.5, "days": 15}, "220.50"),
    ("V18-07", DIGGING, {"area": 12.4}, "4712.00"),
    ("V18-08", WATER_SOIL, {"area": 45678.9}, "63950.46"),
    ("V18-09", SHARE_OF_COST, {"cost": 35000000}, "30000.00"),
    ("V18-10", TIERS, {"area": 12500}, "18500.00"),
]


def test_a_range_of_prices_and_a_number_nobody_gave_make_no_bill(demo_office: Office) -> None:
    put_standard(demo_office, {**OCCUPATION, "department": "107"}, items=("104-XK-001",))
    deploy_billed(demo_office, "104-XK-001")
    case = begin(demo_office, area=20)
    assert bills_of(demo_office, case) == ()
    with demo_office.reading() as records:
        [incident] = records.incidents.open_of_case(case)
    assert "计费需要天数" in incident.message and open_tasks(demo_office, case) == {}


@pytest.mark.parametrize(("name", "standard", "inputs", "amount"), VECTORS, ids=[one[0] for one in VECTORS])
def test_a_real_bill_comes_to_what_the_vector_says(
    demo_office: Office, name: str, standard: dict[str, Any], inputs: dict[str, Any], amount: str
) -> None:
    put_standard(demo_office, {**standard, "department": "107"}, items=("104-XK-001",))
    deploy_billed(demo_office, "104-XK-001")
    bill = the_bill(demo_office, begin(demo_office, **inputs))
    assert f"{bill.total:.2f}" == amount
    [line] = [one for one in lines_of_bill(demo_office, bill) if one.standard]
    assert (line.amount, line.basis) == (Decimal(amount), "《测试法》第九条")


def test_the_demo_standard_bills_the_shelter(any_demo_office: Office) -> None:
    deploy_billed(any_demo_office)
    case = begin(any_demo_office)
    bill = the_bill(any_demo_office, case)
    assert (bill.number, bill.state, bill.total) == ("SF2026031600001", "ISSUED", Decimal("600000.00"))
    assert bill.due_on.isoformat() == "2026-03-23" and bill.order_no == bill.number
    [line] = lines_of_bill(any_demo_office, bill)
    assert (line.department, line.basis) == ("105", "《人民防空法》第二十二条")
    assert line.formula == "500㎡ × 1,200.00 元/㎡"


def test_numbers_of_a_day_have_no_gap(demo_office: Office) -> None:
    deploy_billed(demo_office)
    numbers = [the_bill(demo_office, begin(demo_office)).number for _ in range(3)]
    assert numbers == ["SF2026031600001", "SF2026031600002", "SF2026031600003"]


def test_who_owes_waits_and_goes_on_when_it_is_paid(any_demo_office: Office, clock: Clock) -> None:
    deploy_billed(any_demo_office)
    case = begin(any_demo_office)
    assert clocks_of(any_demo_office, case)["CASE"].state == "PAUSED"
    [paused] = lines_of(any_demo_office, case, "clock:paused")
    assert paused.detail["pause"]["kind"] == "PAYMENT" and paused.detail["pause"]["notice"].startswith("SF")
    clock.set("2026-03-19 15:02")
    pay(any_demo_office, the_bill(any_demo_office, case))
    work(any_demo_office)
    row = clocks_of(any_demo_office, case)["CASE"]
    assert row.state == "RUNNING" and "Issue" in open_tasks(any_demo_office, case)
    assert the_bill(any_demo_office, case).state == BillState.PAID
    assert "proceeding:closed" in actions_of(any_demo_office, case)


def test_an_item_that_charges_nothing_has_a_line_of_nothing_and_does_not_wait(demo_office: Office) -> None:
    deploy_billed(demo_office, "104-XK-001")
    case = begin(demo_office, anything=1)
    bill = the_bill(demo_office, case)
    assert (bill.state, bill.total) == ("EXEMPT", Decimal("0.00"))
    [line] = lines_of_bill(demo_office, bill)
    assert (line.department, line.reason) == ("104", "不收费")
    assert clocks_of(demo_office, case)["CASE"].state == "RUNNING" and "Issue" in open_tasks(demo_office, case)


def test_nothing_is_handed_out_before_it_is_paid(demo_office: Office) -> None:
    deploy_billed(demo_office, body=_straight())
    case = begin(demo_office)
    assert "Issue" in open_tasks(demo_office, case)
    with demo_office.reading() as records, pytest.raises(Conflict) as refused:
        require_settled(records, case, None)
    assert refused.value.code == "FEE_UNPAID"
    with pytest.raises(Conflict) as refused:
        complete_task(demo_office, ENGINE, open_tasks(demo_office, case)["Issue"].id)
    assert refused.value.code == "FEE_UNPAID"
    pay(demo_office, the_bill(demo_office, case))
    do(demo_office, case, "Issue")


def _straight() -> str:
    """The bill is issued beside the path."""
    from tests.casework.clocks.items import MARK, task

    return (
        '<startEvent id="S"/>'
        + task("Accept", "受理", "ACCEPT")
        + MARK.format(id="Accepted", mark="ACCEPTED")
        + '<serviceTask id="Bill" name="出具收费一表" zw:action="bill"/>'
        + task("Issue", "发证", "ISSUE", more='zw:reaches="READY"')
        + '<endEvent id="E" zw:reaches="DELIVERED"/>'
        + "\nS -> Accept\nAccept -> Accepted\nAccepted -> Bill\nBill -> Issue\nIssue -> E\n"
    )


def test_a_withdrawn_bill_is_computed_again_with_what_was_wrong(demo_office: Office) -> None:
    deploy_billed(demo_office)
    case = begin(demo_office)
    old = the_bill(demo_office, case)
    with pytest.raises(Forbidden):
        cancel_bill(demo_office, person(demo_office, "wangfang"), old.number, reason="面积有误")
    with pytest.raises(Invalid):
        cancel_bill(demo_office, person(demo_office, MANAGER), old.number, reason=" ")
    made = cancel_bill(
        demo_office, person(demo_office, MANAGER), old.number, reason="面积有误", inputs={"shelter_area": "493.83"}
    )
    assert made is not None and made.row.total == Decimal("592596.00") and made.row.replaces == old.id
    first, second = bills_of(demo_office, case)
    assert (first.state, second.state) == ("CANCELLED", "ISSUED")
    with demo_office.reading() as records:
        papers = {one.facts["bill_no"]: one for one in records.documents.of_case(case) if one.code == "W21"}
    assert (papers[first.number].state, papers[second.number].state) == ("VOID", "ISSUED")
    assert "面积有误" in (papers[first.number].void_reason or "")
    assert clocks_of(demo_office, case)["CASE"].state == "PAUSED"
    pay(demo_office, second)
    assert "Issue" in open_tasks(demo_office, case)


def test_the_same_item_is_not_billed_twice(demo_office: Office) -> None:
    deploy_billed(demo_office)
    case = begin(demo_office)
    with pytest.raises(Conflict) as refused:
        bill_by_hand(demo_office, person(demo_office, MANAGER), case, scope=None, inputs={"shelter_area": "1"})
    assert refused.value.code == "BILL_OPEN" and the_bill(demo_office, case).number in refused.value.sentence()


def test_the_paper_of_a_bill_says_what_the_bill_says_and_comes_once_for_each_amount(demo_office: Office) -> None:
    deploy_billed(demo_office)
    case = begin(demo_office)
    bill = the_bill(demo_office, case)
    with demo_office.reading() as records:
        papers = [one for one in records.documents.of_case(case) if one.code == "W21"]
    assert [(one.state, one.facts["bill_no"], one.facts["total"]) for one in papers] == [
        ("ISSUED", bill.number, "600000.00")
    ]
    [line] = papers[0].facts["lines"]
    assert (line["basis"], line["formula"]) == ("《人民防空法》第二十二条", "500㎡ × 1,200.00 元/㎡")
    assert "国防动员办公室" in line["department"]
