"""A chain that another case files has one bill for what it has received itself; filed again, nothing is charged twice."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from service.casework import start_case
from service.casework.office import Office
from service.rules.payments import BillState
from tests.casework.clocks.items import MARK, do, item, task
from tests.casework.desk import CLERK, deploy_text, open_tasks
from tests.casework.money.till import LIMITS, ROOT, SHELTER, bills_of, lines_of_bill, pay, work

PART = item(
    '<startEvent id="S"/>'
    + task("Accept", "受理", "ACCEPT")
    + MARK.format(id="Accepted", mark="ACCEPTED")
    + task("Approve", "批准", "APPROVE", more='zw:reaches="READY"')
    + '<endEvent id="E" zw:reaches="DELIVERED"/>\nS -> Accept\nAccept -> Accepted\nAccepted -> Approve\nApprove -> E\n',
    "part",
    item="105-XK-001",
    **LIMITS,
)
CALL = '<callActivity id="{id}" name="{id}" calledElement="{called}"/>'
CHAIN = item(
    '<startEvent id="S"/>'
    + CALL.format(id="Part", called="part")
    + '<serviceTask id="Bill" name="出具收费一表" zw:action="bill"/>'
    + '<exclusiveGateway id="Owes" default="Free"/>'
    + '<intermediateCatchEvent id="Wait" name="等待缴费"><messageEventDefinition messageRef="Paid"/></intermediateCatchEvent>'
    + '<exclusiveGateway id="Settled"/><endEvent id="E"/>'
    + '<sequenceFlow id="Due" sourceRef="Owes" targetRef="Wait"><conditionExpression>=fee_due</conditionExpression></sequenceFlow>'
    + '<sequenceFlow id="Free" sourceRef="Owes" targetRef="Settled"/>'
    + "\nS -> Part\nPart -> Bill\nBill -> Owes\nWait -> Settled\nSettled -> E\n",
    "filed",
    kind="CHAIN",
    lead="104",
    limit="25wd",
)
AGENCY = item(
    f'<startEvent id="S"/>{CALL.format(id="First", called="filed")}{task("Again", "重新申报", "OTHER")}{CALL.format(id="Second", called="filed")}'
    '<endEvent id="E"/>\nS -> First\nFirst -> Again\nAgain -> Second\nSecond -> E\n',
    "agency",
    kind="SUPPORT",
)


def filed(office: Office, **variables: object) -> UUID:
    """A case that files the chain: its first filing has got as far as its bill."""
    for text in (PART, CHAIN.replace('zw:item="104-XK-001"', "") + ROOT, AGENCY.replace('zw:item="104-XK-001"', "")):
        deploy_text(office, text)
    case = start_case(office, CLERK, key="agency", title="云溪示例公司-代办", variables=variables).id
    grant(office, case)
    return case


def grant(office: Office, case: UUID) -> None:
    """The item of the filing is granted."""
    work(office)
    do(office, case, "Accept")
    do(office, case, "Approve")
    work(office)


def test_the_filed_chain_bills_the_items_it_has_received(demo_office: Office) -> None:
    case = filed(demo_office, **SHELTER)
    [bill] = bills_of(demo_office, case)
    assert (bill.state, bill.total) == ("ISSUED", Decimal("600000.00"))
    assert [line.item for line in lines_of_bill(demo_office, bill)] == ["105-XK-001"]


def test_what_an_earlier_filing_has_paid_is_not_charged_again(demo_office: Office) -> None:
    case = filed(demo_office, **SHELTER)
    [bill] = bills_of(demo_office, case)
    pay(demo_office, bill)
    work(demo_office)
    do(demo_office, case, "Again")
    grant(demo_office, case)
    first, second = bills_of(demo_office, case)
    assert (first.state, second.state, second.total) == (BillState.PAID, BillState.EXEMPT, Decimal("0.00"))
    assert [line.reason for line in lines_of_bill(demo_office, second)] == [f"已由收费单 {first.number} 收取"]
    assert open_tasks(demo_office, case) == {}
    with demo_office.reading() as records:
        row = records.cases.find(case)
        assert row is not None and row.ended_at is not None
        assert records.incidents.open_of_case(case) == ()


def test_what_was_free_the_first_time_is_computed_anew(demo_office: Office) -> None:
    case = filed(demo_office, shelter_area=0)
    [bill] = bills_of(demo_office, case)
    assert bill.state == BillState.EXEMPT
    do(demo_office, case, "Again", variables={"shelter_area": 500})
    grant(demo_office, case)
    second = bills_of(demo_office, case)[1]
    assert (second.state, second.total) == ("ISSUED", Decimal("600000.00"))
