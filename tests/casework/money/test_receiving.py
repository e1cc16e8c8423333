"""What the channel says counts once, counts only when signed, and never by halves (C.5.5, XZ-18)."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from functools import partial

import pytest

from service.casework import resume_case, suspend_case, terminate_case
from service.casework.money.desk import pay_out, take_payment
from service.casework.money.receiving import Kept, receive_notice
from service.casework.money.refunding import ask_refund, settle_refund
from service.casework.office import Office
from service.rules.payments import BillState, FeeEffect
from service.rules.refusals import Conflict, Forbidden, Invalid
from service.store.bills import PaymentRow, RefundRow
from service.store.listing import SUPERVISION, Sight
from tests.casework.clocks.items import clocks_of, lines_of
from tests.casework.desk import KEEPER, actions_of, open_tasks
from tests.casework.money.till import (
    CASHIER,
    MANAGER,
    SECOND_TREASURER,
    TREASURER,
    begin,
    deploy_billed,
    notice,
    pay,
    person,
    signed,
    the_bill,
    work,
)
from tests.casework.test_races import at_once
from tests.conftest import Clock


def payments(office: Office) -> list[PaymentRow]:
    with office.reading() as records:
        return list(records.bills.payments())


def refunds(office: Office) -> list[RefundRow]:
    with office.reading() as records:
        return [one for row in records.bills.payments() for one in records.bills.refunds_for(payment_id=row.id)]


def cards(office: Office) -> list[str]:
    with office.reading() as records:
        rows = SUPERVISION.rows(records, Sight(everything=True), {"violation": "FEE_ANOMALY"})
        return [row.detail["why"] for row in rows]


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Lianban-Signature", "0" * 64),
        ("Lianban-Key", "another"),
        ("Lianban-Nonce", "short"),
        ("Lianban-Timestamp", "1"),
        ("Lianban-Signature", ""),
    ],
)
def test_a_notice_that_is_not_signed_right_changes_nothing(demo_office: Office, header: str, value: str) -> None:
    deploy_billed(demo_office)
    bill = the_bill(demo_office, begin(demo_office))
    right = notice(demo_office, bill.number, "600000.00")
    with pytest.raises(Forbidden) as refused:
        receive_notice(demo_office, replace(right, headers={**right.headers, header: value}))
    assert refused.value.code == "SIGNATURE_INVALID"
    with pytest.raises(Forbidden):
        receive_notice(demo_office, replace(right, body=right.body.replace(b"600000.00", b"600000.01")))
    with pytest.raises(Forbidden):
        receive_notice(demo_office, replace(right, path="/callbacks/sms"))
    assert the_bill(demo_office, bill.case_id).state == "ISSUED" and payments(demo_office) == []


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"[]",
        b"{",
        b"\xff\xfe",
        b"[" * 5000,
        json.dumps({"kind": "PAYMENT"}).encode(),
        json.dumps({"amount": 600000.0}).encode(),
    ],
)
def test_signed_nonsense_is_refused_in_words(demo_office: Office, said: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        receive_notice(demo_office, signed(demo_office, said))
    assert refused.value.code == "NOTICE_INVALID"


def test_the_same_request_again_is_refused_and_the_same_notice_again_is_ignored(any_demo_office: Office) -> None:
    office = any_demo_office
    deploy_billed(office)
    bill = the_bill(office, begin(office))
    first = notice(office, bill.number, "600000.00")
    assert FeeEffect.RESUME in receive_notice(office, first).effects
    with pytest.raises(Forbidden) as refused:
        receive_notice(office, first)
    assert refused.value.code == "SIGNATURE_INVALID"
    again = receive_notice(office, notice(office, bill.number, "600000.00"))
    assert again.effects == (FeeEffect.DUPLICATE_IGNORED,) and len(payments(office)) == 1
    assert actions_of(office, bill.case_id).count("bill:paid") == 1


def test_two_notices_at_once_pay_once(any_demo_office: Office) -> None:
    office = any_demo_office
    deploy_billed(office)
    for number in range(4):
        bill = the_bill(office, begin(office))
        told = [notice(office, bill.number, "600000.00", f"T{number}") for _ in range(3)]
        results = at_once(*(partial(receive_notice, office, one) for one in told))
        kept = [one for one in results if isinstance(one, Kept)]
        assert len(kept) == 3, results
        assert sorted(one.effects[0] for one in kept) == ["DUPLICATE_IGNORED", "DUPLICATE_IGNORED", "RECEIPT"]
        assert actions_of(office, bill.case_id).count("bill:paid") == 1
        assert list(open_tasks(office, bill.case_id)) == ["Issue"]


def test_one_request_sent_twice_at_once_is_taken_once(any_demo_office: Office) -> None:
    office = any_demo_office
    deploy_billed(office)
    bill = the_bill(office, begin(office))
    one = notice(office, bill.number, "600000.00")
    results = at_once(*(partial(receive_notice, office, one) for _ in range(3)))
    assert sum(isinstance(found, Kept) for found in results) == 1
    assert all(isinstance(found, (Kept, Forbidden)) for found in results), results


def test_two_people_who_pay_at_once_pay_once_and_one_gets_it_back(any_demo_office: Office) -> None:
    office = any_demo_office
    deploy_billed(office)
    bill = the_bill(office, begin(office))
    told = [notice(office, bill.number, "600000.00", f"T{number}") for number in (1, 2)]
    at_once(*(partial(receive_notice, office, one) for one in told))
    assert the_bill(office, bill.case_id).state == "PAID"
    assert sorted(row.settles for row in payments(office)) == [False, True]
    [back] = refunds(office)
    assert (back.state, back.requested_by, back.reason) == ("REQUESTED", "system", "重复缴费")


@pytest.mark.parametrize("amount", ["599999.99", "600000.01", "0.01", "1200000.00"])
def test_a_wrong_amount_leaves_the_bill_open_and_is_reported(demo_office: Office, amount: str) -> None:
    deploy_billed(demo_office)
    case = begin(demo_office)
    kept = pay(demo_office, the_bill(demo_office, case), amount=amount)
    assert kept.effects == (FeeEffect.ANOMALY,)
    assert the_bill(demo_office, case).state == "ISSUED" and clocks_of(demo_office, case)["CASE"].state == "PAUSED"
    assert cards(demo_office) == ["amount"] and "bill:anomaly" in actions_of(demo_office, case)
    pay(demo_office, the_bill(demo_office, case), "T2", amount=amount)
    assert cards(demo_office) == ["amount", "amount"]
    pay(demo_office, the_bill(demo_office, case), "T3")
    assert the_bill(demo_office, case).state == "PAID"


def test_the_same_number_with_another_amount_or_for_another_bill_is_reported(demo_office: Office) -> None:
    deploy_billed(demo_office)
    one, two = the_bill(demo_office, begin(demo_office)), the_bill(demo_office, begin(demo_office))
    pay(demo_office, one)
    assert pay(demo_office, one, amount="1.00").effects == (FeeEffect.ANOMALY,)
    assert pay(demo_office, two).effects == (FeeEffect.ANOMALY,)
    assert the_bill(demo_office, two.case_id).state == "ISSUED" and len(payments(demo_office)) == 1


def test_money_for_a_bill_nobody_knows_is_kept_and_given_back(any_demo_office: Office) -> None:
    office = any_demo_office
    assert receive_notice(office, notice(office, "SF2026031699999", "12.00")).effects == (FeeEffect.ANOMALY,)
    again = receive_notice(office, notice(office, "SF2026031699999", "12.00"))
    assert again.effects == (FeeEffect.DUPLICATE_IGNORED,)
    [payment] = payments(office)
    assert payment.bill_id is None and cards(office) == ["bill"]
    asked = ask_refund(office, person(office, MANAGER), payment.id, Decimal("12.00"), reason="账单不存在")
    settle_refund(office, person(office, TREASURER), asked.id, grant=True)
    work(office)
    pay_out(office, person(office, CASHIER), asked.id)
    [back] = refunds(office)
    assert back.state == "REFUNDED" and back.number == back.id.hex


def test_money_that_comes_after_the_case_has_ended_is_kept(demo_office: Office) -> None:
    deploy_billed(demo_office)
    case = begin(demo_office)
    terminate_case(demo_office, KEEPER, case)
    assert FeeEffect.RESUME in pay(demo_office, the_bill(demo_office, case)).effects
    assert the_bill(demo_office, case).state == "PAID"


def test_a_suspended_case_goes_on_when_it_is_resumed(any_demo_office: Office) -> None:
    office = any_demo_office
    deploy_billed(office)
    case = begin(office)
    suspend_case(office, KEEPER, case)
    pay(office, the_bill(office, case))
    work(office)
    assert the_bill(office, case).state == "PAID" and open_tasks(office, case) == {}
    resume_case(office, KEEPER, case)
    work(office)
    assert "Issue" in open_tasks(office, case) and clocks_of(office, case)["CASE"].state == "RUNNING"


def test_a_window_takes_no_money_and_marks_nothing_paid(demo_office: Office) -> None:
    deploy_billed(demo_office)
    bill = the_bill(demo_office, begin(demo_office))
    for username in ("wangfang", "wuqian", "zhouqiang", MANAGER, TREASURER, "guotao", "engine", "lizhao"):
        with pytest.raises(Forbidden) as refused:
            take_payment(
                demo_office,
                person(demo_office, username),
                bill.number,
                amount=bill.total,
                channel="BANK_COUNTER",
                transaction="X1",
                receipt="1",
            )
        assert refused.value.code == "CASHIERS_ONLY"
    assert the_bill(demo_office, bill.case_id).state == "ISSUED"


def test_the_cashier_confirms_and_the_notice_goes_the_way_of_every_notice(any_demo_office: Office) -> None:
    office = any_demo_office
    deploy_billed(office)
    bill = the_bill(office, begin(office))
    teller = person(office, CASHIER)
    told = {"channel": "BANK_COUNTER", "transaction": "GT-20260316-0001", "receipt": "410100260000123456"}
    with pytest.raises(Conflict) as refused:
        take_payment(office, teller, bill.number, amount=Decimal("599999.00"), **told)
    assert refused.value.code == "BILL_AMOUNT"
    for field in ("transaction", "receipt", "channel"):
        with pytest.raises(Invalid):
            take_payment(office, teller, bill.number, amount=bill.total, **{**told, field: " "})
    take_payment(office, teller, bill.number, amount=bill.total, **told)
    [row] = payments(office)
    assert (row.signed_with, row.number, row.settles) == ("desk", "GT-20260316-0001", True)
    with pytest.raises(Conflict):
        take_payment(office, teller, bill.number, amount=bill.total, **{**told, "transaction": "GT-2"})
    assert the_bill(office, bill.case_id).state == BillState.PAID


# -- refunds -------------------------------------------------------------------------------------------------------


def test_who_asks_for_a_refund_never_approves_it(any_demo_office: Office) -> None:
    office = any_demo_office
    deploy_billed(office)
    bill = the_bill(office, begin(office))
    pay(office, bill)
    [payment] = payments(office)
    for username in ("wangfang", TREASURER, CASHIER, "engine", "sunli"):
        with pytest.raises(Forbidden):
            ask_refund(office, person(office, username), payment.id, bill.total, reason="不予许可")
    asked = ask_refund(office, person(office, MANAGER), payment.id, bill.total, reason="不予许可")
    assert the_bill(office, bill.case_id).state == "REFUND_REQUESTED"
    for username in (MANAGER, "wangfang", CASHIER, "engine"):
        with pytest.raises(Forbidden):
            settle_refund(office, person(office, username), asked.id, grant=True)
    both = replace(person(office, MANAGER), roles=frozenset({"fee_manager", "finance"}))
    with pytest.raises(Forbidden) as refused:
        settle_refund(office, both, asked.id, grant=True)
    assert refused.value.code == "REFUND_SAME_PERSON"
    with pytest.raises(Invalid):
        settle_refund(office, person(office, TREASURER), asked.id, grant=False)
    settle_refund(office, person(office, TREASURER), asked.id, grant=True)
    with pytest.raises(Conflict):
        settle_refund(office, person(office, SECOND_TREASURER), asked.id, grant=True)
    assert the_bill(office, bill.case_id).state == "REFUNDING"
    work(office)
    with office.reading() as records:
        [paper] = [one for one in records.documents.of_case(bill.case_id) if one.code == "W22"]
    assert (paper.state, paper.facts["requested_by"], paper.facts["approved_by"]) == ("ISSUED", "韩雪梅", "蒋文斌")
    with pytest.raises(Forbidden):
        pay_out(office, person(office, MANAGER), asked.id)
    pay_out(office, person(office, CASHIER), asked.id)
    assert the_bill(office, bill.case_id).state == "REFUNDED"
    done = [one for one in actions_of(office, bill.case_id) if one.startswith("refund:")]
    assert done == ["refund:asked", "refund:decided", "refund:done"]


def test_a_refused_refund_leaves_the_bill_paid(demo_office: Office) -> None:
    deploy_billed(demo_office)
    bill = the_bill(demo_office, begin(demo_office))
    pay(demo_office, bill)
    [payment] = payments(demo_office)
    asked = ask_refund(demo_office, person(demo_office, MANAGER), payment.id, Decimal("1.00"), reason="多收")
    settle_refund(demo_office, person(demo_office, TREASURER), asked.id, grant=False, answer="没有依据")
    assert the_bill(demo_office, bill.case_id).state == "PAID" and refunds(demo_office)[0].answer == "没有依据"


@pytest.mark.parametrize("amount", ["0.00", "600000.01"])
def test_no_more_goes_back_than_was_paid(demo_office: Office, amount: str) -> None:
    deploy_billed(demo_office)
    bill = the_bill(demo_office, begin(demo_office))
    pay(demo_office, bill)
    [payment] = payments(demo_office)
    with pytest.raises(Invalid) as refused:
        ask_refund(demo_office, person(demo_office, MANAGER), payment.id, Decimal(amount), reason="多收")
    assert refused.value.code == "REFUND_AMOUNT"


def test_two_treasurers_at_once_decide_once(any_demo_office: Office) -> None:
    office = any_demo_office
    deploy_billed(office)
    bill = the_bill(office, begin(office))
    pay(office, bill)
    [payment] = payments(office)
    asked = ask_refund(office, person(office, MANAGER), payment.id, bill.total, reason="不予许可")
    acts = [
        partial(settle_refund, office, person(office, name), asked.id, grant=True)
        for name in (TREASURER, SECOND_TREASURER)
    ]
    results = at_once(*acts)
    assert sorted(type(one).__name__ for one in results) == ["Conflict", "RefundRow"]
    with office.reading() as records:
        ordered = [row for row in records.agenda.of_case(bill.case_id) if (row.detail or {}).get("carrier") == "refund"]
    assert len(ordered) == 1


def test_the_forest_fee_goes_back_within_seven_days_of_the_refusal(demo_office: Office, clock: Clock) -> None:
    clock.set("2026-03-30 09:00")
    deploy_billed(demo_office, "121-XK-002")
    bill = the_bill(demo_office, begin(demo_office, forest_area=8800))
    assert bill.total == Decimal("88000.00")
    pay(demo_office, bill)
    [payment] = payments(demo_office)
    clock.set("2026-04-01 10:00")
    asked = ask_refund(
        demo_office,
        person(demo_office, MANAGER),
        payment.id,
        bill.total,
        reason="使用林地申请未获批准",
        refused_on=clock.now.date(),
    )
    assert (asked.amount, asked.refund_by and asked.refund_by.isoformat()) == (Decimal("88000.00"), "2026-04-08")


def test_another_amount_than_was_ordered_back_is_reported(demo_office: Office) -> None:
    deploy_billed(demo_office)
    bill = the_bill(demo_office, begin(demo_office))
    pay(demo_office, bill)
    [payment] = payments(demo_office)
    asked = ask_refund(demo_office, person(demo_office, MANAGER), payment.id, bill.total, reason="不予许可")
    told = {"kind": "REFUND", "reference": asked.id.hex}
    assert pay(demo_office, bill, **told).effects == (FeeEffect.ANOMALY,)
    settle_refund(demo_office, person(demo_office, TREASURER), asked.id, grant=True)
    assert pay(demo_office, bill, amount="1.00", **told).effects == (FeeEffect.ANOMALY,)
    assert pay(demo_office, bill, **told).effects == ()
    assert pay(demo_office, bill, **told).effects == (FeeEffect.DUPLICATE_IGNORED,)
    assert lines_of(demo_office, bill.case_id, "refund:done")[0].detail["amount"] == "600000.00"
    unknown = {"kind": "REFUND", "reference": "0" * 32}
    assert pay(demo_office, bill, "T77", **unknown).effects == (FeeEffect.ANOMALY,)
