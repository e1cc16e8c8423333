"""Hands for tests of money: a procedure that bills and waits, the people of money, notices as the channel signs them."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from service.casework import attend_due, carry_due, find_actor, start_case
from service.casework.actors import Actor
from service.casework.money.errands import CALLBACK
from service.casework.money.receiving import Kept, receive_notice
from service.casework.money.standards import APPROVED, Proposal, checked, standard_row
from service.casework.office import Office
from service.connectors.cashier_desk import CashierDesk
from service.connectors.signing import SignedRequest
from service.store.bills import BillLineRow, BillRow
from tests.casework.clocks.items import MARK, item, task
from tests.casework.desk import CLERK, deploy_text
from tests.conftest import CHINA

PAID = '<messageEventDefinition messageRef="Paid"/>'
ROOT = (
    '<message id="Paid" name="MSG_PAID"/><message id="Gone" name="MSG_BILL_ABANDONED"/>'
    '<message id="Off" name="MSG_BILL_CANCELLED"/>'
)
BILLED_BODY = (
    '<startEvent id="S"/>'
    + task("Accept", "受理", "ACCEPT")
    + MARK.format(id="Accepted", mark="ACCEPTED")
    + '<serviceTask id="Bill" name="出具收费一表" zw:action="bill"/>'
    + '<exclusiveGateway id="Owes" default="Free"/>'
    + f'<intermediateCatchEvent id="Wait" name="等待缴费">{PAID}</intermediateCatchEvent>'
    + '<exclusiveGateway id="Settled"/>'
    + task("Issue", "发证", "ISSUE", more='zw:reaches="READY"')
    + '<endEvent id="E" zw:reaches="DELIVERED"/>'
    + '<sequenceFlow id="Due" sourceRef="Owes" targetRef="Wait"><conditionExpression>=fee_due</conditionExpression></sequenceFlow>'
    + '<sequenceFlow id="Free" sourceRef="Owes" targetRef="Settled"/>'
    + "\nS -> Accept\nAccept -> Accepted\nAccepted -> Bill\nBill -> Owes\nWait -> Settled\nSettled -> Issue\nIssue -> E\n"
)
LIMITS = {"limit": "10wd", "statutory": "20wd", "receipt": "5wd"}
SHELTER = {"shelter_area": 500}  # 600,000.00 元
MANAGER, SECOND_MANAGER, TREASURER, SECOND_TREASURER, CASHIER = "feehan", "feeren", "caiwu", "caizheng", "cashier"


def deploy_billed(office: Office, code: str = "105-XK-001", *, key: str = "billed", body: str = BILLED_BODY) -> None:
    """A procedure of an item that bills after 受理 and waits for the money."""
    deploy_text(office, item(body, key=key, item=code, **LIMITS) + ROOT)


def person(office: Office, username: str) -> Actor:
    """Somebody of the demo city."""
    found = find_actor(office, username)
    assert found is not None
    return found


def begin(office: Office, **variables: Any) -> UUID:
    """A case that has been accepted and billed."""
    from tests.casework.clocks.items import do

    case = start_case(office, CLERK, key="billed", title="云溪示例公司-人防结建", variables=variables or SHELTER)
    do(office, case.id, "Accept")
    work(office)
    return case.id


def work(office: Office) -> None:
    """Everything that is due, in house and out of it."""
    while attend_due(office) + carry_due(office):
        pass


def bills_of(office: Office, case_id: UUID) -> tuple[BillRow, ...]:
    """The bills of a case, the first one first."""
    with office.reading() as records:
        return records.bills.of_case(case_id)


def the_bill(office: Office, case_id: UUID) -> BillRow:
    """The only bill of a case."""
    [found] = bills_of(office, case_id)
    return found


def lines_of_bill(office: Office, bill: BillRow) -> tuple[BillLineRow, ...]:
    """Its lines."""
    with office.reading() as records:
        return records.bills.lines_of([bill.id])


def notice(office: Office, bill: str, amount: str, transaction: str = "T1", **more: Any) -> SignedRequest:
    """A notice signed with the installation's own key, as the channel would send it."""
    with office.reading() as records:
        at = records.now.astimezone(CHINA).isoformat()
    said = {
        "kind": "PAYMENT",
        "bill": bill,
        "transaction": transaction,
        "amount": amount,
        "currency": "CNY",
        "at": at,
        "channel": "UNIONPAY",
        "receipt": "410100260000123456",
        "reference": "",
        **more,
    }
    return signed(office, json.dumps(said).encode())


def signed(office: Office, body: bytes) -> SignedRequest:
    """Any content, signed."""
    channel = office.connectors.payment
    desk = getattr(channel, "desk", channel)
    assert isinstance(desk, CashierDesk)
    headers = desk._signer.headers("POST", CALLBACK, body)
    return SignedRequest(method="POST", path=CALLBACK, headers=headers, body=body)


def pay(office: Office, bill: BillRow, transaction: str = "T1", amount: str | None = None, **more: Any) -> Kept:
    """The channel tells that a bill was paid."""
    return receive_notice(office, notice(office, bill.number, amount or f"{bill.total:.2f}", transaction, **more))


def put_standard(office: Office, content: dict[str, Any], *, items: tuple[str, ...], on_demand: bool = False) -> None:
    """A standard in force, as if it had been approved."""
    from dataclasses import replace

    proposal = Proposal(content=content, items=items, on_demand=on_demand, document="测试文件")
    with office.transaction() as records:
        row = standard_row(proposal, checked(proposal), by=MANAGER, at=records.now)
        records.fees.add([replace(row, state=APPROVED, decided_by=TREASURER, decided_at=records.now)])
