"""减免: three people, then the bill is computed again for less; nothing else changes what it costs."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import pytest

from service.casework.money.exempting import ask_exemption, decide_exemption, review_exemption
from service.casework.money.lines import Claimed
from service.casework.office import Office
from service.rules.refusals import Conflict, Forbidden, Invalid, Missing
from tests.casework.clocks.items import clocks_of
from tests.casework.desk import actions_of, open_tasks
from tests.casework.money.till import (
    MANAGER,
    SECOND_MANAGER,
    TREASURER,
    begin,
    bills_of,
    deploy_billed,
    lines_of_bill,
    pay,
    person,
    the_bill,
    work,
)

SCHOOL = Claimed(standard="RF-1", code="XX", reason="市第三中学新建教学楼")
HOMES = Claimed(standard="RF-1", code="LZ", reason="公共租赁住房项目")


def claimed(**changed: str) -> Claimed:
    return Claimed(**({"standard": "RF-1", "code": "XX", "reason": "市第三中学"} | changed))


def asked(office: Office, case: UUID, claim: Claimed = SCHOOL) -> UUID:
    return ask_exemption(office, person(office, "wangfang"), the_bill(office, case).number, [claim]).id


@pytest.mark.parametrize(
    ("claim", "code"),
    [
        (claimed(code="NO"), "EXEMPTION_UNKNOWN"),
        (claimed(standard="ZD-1"), "EXEMPTION_UNKNOWN"),
        (claimed(reason=" "), "EXEMPTION_WITHOUT_REASON"),
    ],
)
def test_what_the_standard_does_not_know_is_refused_at_once(demo_office: Office, claim: Claimed, code: str) -> None:
    deploy_billed(demo_office)
    case = begin(demo_office)
    with pytest.raises(Invalid) as refused:
        asked(demo_office, case, claim)
    assert refused.value.code == code
    with pytest.raises(Missing):
        ask_exemption(demo_office, person(demo_office, "zhangwei"), the_bill(demo_office, case).number, [SCHOOL])


def test_nobody_acts_twice_and_each_in_their_turn(any_demo_office: Office) -> None:
    office = any_demo_office
    deploy_billed(office)
    request = asked(office, begin(office))
    with pytest.raises(Conflict):
        decide_exemption(office, person(office, TREASURER), request, grant=True, answer="")
    for username in ("wangfang", TREASURER, "cashier"):
        with pytest.raises(Forbidden):
            review_exemption(office, person(office, username), request, agree=True, opinion="")
    review_exemption(office, person(office, SECOND_MANAGER), request, agree=True, opinion="符合规定第四条")
    for username in (MANAGER, SECOND_MANAGER, "wangfang"):
        with pytest.raises(Forbidden):
            decide_exemption(office, person(office, username), request, grant=True, answer="")
    with pytest.raises(Invalid):
        decide_exemption(office, person(office, TREASURER), request, grant=False, answer="")
    decide_exemption(office, person(office, TREASURER), request, grant=True, answer="同意")
    with pytest.raises(Conflict):
        decide_exemption(office, person(office, TREASURER), request, grant=True, answer="")


def test_exempt_as_a_whole_lets_the_case_go_on(any_demo_office: Office) -> None:
    office = any_demo_office
    deploy_billed(office)
    case = begin(office)
    request = asked(office, case)
    review_exemption(office, person(office, MANAGER), request, agree=True, opinion="属实")
    decide_exemption(office, person(office, TREASURER), request, grant=True, answer="同意")
    bill = the_bill(office, case)
    assert (bill.state, bill.total) == ("EXEMPT", Decimal("0.00"))
    [line] = lines_of_bill(office, bill)
    assert line.exempted == Decimal("600000.00") and "市第三中学新建教学楼" in line.reason
    assert "Issue" in open_tasks(office, case) and clocks_of(office, case)["CASE"].state == "RUNNING"
    assert [one for one in actions_of(office, case) if "exempt" in one] == [
        "exemption:asked",
        "exemption:reviewed",
        "exemption:decided",
        "bill:exempted",
    ]


def test_exempt_in_part_is_paid_for_less_and_the_old_amount_is_wrong_now(demo_office: Office) -> None:
    deploy_billed(demo_office)
    case = begin(demo_office)
    before = the_bill(demo_office, case)
    request = asked(demo_office, case, HOMES)
    review_exemption(demo_office, person(demo_office, MANAGER), request, agree=True, opinion="属实")
    decide_exemption(demo_office, person(demo_office, TREASURER), request, grant=True, answer="同意")
    bill = the_bill(demo_office, case)
    assert (bill.state, bill.total, bill.order_no) == ("PARTLY_EXEMPT", Decimal("300000.00"), None)
    work(demo_office)
    assert the_bill(demo_office, case).order_no == bill.number
    assert pay(demo_office, before, "T1").effects == ("ANOMALY",)
    pay(demo_office, bill, "T2")
    assert the_bill(demo_office, case).state == "PAID" and "Issue" in open_tasks(demo_office, case)


def test_paid_meanwhile_it_is_too_late_to_exempt(demo_office: Office) -> None:
    deploy_billed(demo_office)
    case = begin(demo_office)
    request = asked(demo_office, case)
    review_exemption(demo_office, person(demo_office, MANAGER), request, agree=True, opinion="属实")
    pay(demo_office, the_bill(demo_office, case))
    with pytest.raises(Conflict) as refused:
        decide_exemption(demo_office, person(demo_office, TREASURER), request, grant=True, answer="同意")
    assert refused.value.code == "BILL_STATE" and "已缴费" in refused.value.sentence()
    assert len(bills_of(demo_office, case)) == 1


def test_a_refused_request_can_be_followed_by_another(demo_office: Office) -> None:
    deploy_billed(demo_office)
    case = begin(demo_office)
    request = asked(demo_office, case)
    with pytest.raises(Conflict):
        asked(demo_office, case)
    review_exemption(demo_office, person(demo_office, MANAGER), request, agree=False, opinion="不属实")
    assert asked(demo_office, case, HOMES) != request
