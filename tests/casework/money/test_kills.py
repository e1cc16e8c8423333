"""A node dies between any two steps of an errand: the order is one order, the refund goes back once, both are kept once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from service.casework import carry_due
from service.casework.act_book import CARRIERS
from service.casework.acts.outbox import Carrier
from service.casework.money.reconciling import reconcile_yesterday
from service.casework.money.refunding import ask_refund, settle_refund
from service.casework.office import Office
from service.connectors.outgoing import ConnectorTrouble
from service.store.schema import agenda
from tests.casework.desk import actions_of
from tests.casework.money.till import MANAGER, TREASURER, begin, deploy_billed, pay, person, the_bill, work
from tests.conftest import Clock


class Killed(BaseException):
    """The node is gone: no handler of ours sees it."""


@dataclass
class Channel:
    """A payment channel that keeps its own books by our keys, as the contract says."""

    orders: dict[str, int] = field(default_factory=dict)
    refunds: dict[str, int] = field(default_factory=dict)
    done: bool = False
    troubles: list[Exception] = field(default_factory=list)
    file: str = "kind,transaction,bill,amount,at\n"

    def create_order(self, order: Any) -> Any:
        from service.connectors.payment import OrderAnswer

        self._trouble()
        key = f"{order.bill}/{order.amount:.2f}"
        self.orders[key] = self.orders.get(key, 0) + 1
        assert order.notify.endswith("/callbacks/payment")
        return OrderAnswer(reference=f"O-{order.bill}", pay_url="https://pay.example/x")

    def refund(self, order: Any) -> Any:
        from service.connectors.payment import RefundAnswer

        self._trouble()
        self.refunds[order.reference] = self.refunds.get(order.reference, 0) + 1
        return RefundAnswer(done=self.done, number=f"B-{list(self.refunds).index(order.reference) + 1}")

    def statement(self, day: Any) -> str:
        self._trouble()
        return self.file

    def query(self, bill: str) -> Any:
        from service.connectors.payment import OrderState

        return OrderState(open=True)

    def read_notice(self, request: Any) -> Any:
        return self.desk.read_notice(request)

    def close(self) -> None:
        pass

    desk: Any = None

    def _trouble(self) -> None:
        if self.troubles:
            raise self.troubles.pop(0)


@pytest.fixture
def channel(any_demo_office: Office) -> Channel:
    """The installation has a gateway."""
    made = Channel(desk=any_demo_office.connectors.payment)
    object.__setattr__(any_demo_office.connectors, "payment", made)
    return made


@dataclass
class Deadly:
    """A carrier whose node dies at one step, once."""

    inner: Carrier
    step: str
    after: bool
    left: int = 1

    def __getattr__(self, name: str) -> Any:
        real = getattr(self.inner, name)
        if name != self.step or not self.left:
            return real

        def dying(*given: Any) -> Any:
            self.left -= 1
            if self.after:
                real(*given)
            raise Killed

        return dying


KILLS = [(step, after) for step in ("take", "carry", "keep") for after in (False, True)]


def carry(office: Office, clock: Clock) -> Iterator[bool]:
    """Carry until nothing is left; a killed node's claim lapses."""
    for _ in range(12):
        try:
            yield carry_due(office) > 0
        except Killed:
            yield True
        with office.transaction() as records:
            records.execute(update(agenda).values(locked_until=None))


@pytest.mark.parametrize(("step", "after"), KILLS)
def test_an_order_is_one_order_however_often_the_node_dies(
    any_demo_office: Office, channel: Channel, clock: Clock, monkeypatch: pytest.MonkeyPatch, step: str, after: bool
) -> None:
    office = any_demo_office
    deploy_billed(office)
    deadly = Deadly(CARRIERS["order"], step, after)
    monkeypatch.setitem(CARRIERS, "order", deadly)
    case = _billed(office)
    assert any([*carry(office, clock)]) and deadly.left == 0
    bill = the_bill(office, case)
    assert list(channel.orders) == [f"{bill.number}/600000.00"]
    assert (bill.order_no, bill.pay_url) == (f"O-{bill.number}", "https://pay.example/x")


@pytest.mark.parametrize("done", [False, True])
@pytest.mark.parametrize(("step", "after"), KILLS)
def test_a_refund_goes_back_once_however_often_the_node_dies(
    any_demo_office: Office,
    channel: Channel,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    after: bool,
    done: bool,
) -> None:
    office = any_demo_office
    channel.done = done
    deploy_billed(office)
    case = begin(office)
    pay(office, the_bill(office, case))
    with office.reading() as records:
        payment = records.bills.payment(number="T1")
    assert payment is not None
    asked = ask_refund(office, person(office, MANAGER), payment.id, payment.amount, reason="不予许可")
    settle_refund(office, person(office, TREASURER), asked.id, grant=True)
    deadly = Deadly(CARRIERS["refund"], step, after)
    monkeypatch.setitem(CARRIERS, "refund", deadly)
    assert any([*carry(office, clock)]) and deadly.left == 0
    assert list(channel.refunds) == [asked.id.hex]
    if not done:
        assert the_bill(office, case).state == "REFUNDING"
        pay(office, the_bill(office, case), kind="REFUND", reference=asked.id.hex)
    with office.reading() as records:
        [row] = records.bills.refunds_for(bill_id=the_bill(office, case).id)
    assert (row.state, row.number) == ("REFUNDED", "B-1")
    assert the_bill(office, case).state == "REFUNDED" and actions_of(office, case).count("refund:done") == 1


def test_a_notice_that_is_faster_than_the_answer_is_kept_once(any_demo_office: Office, channel: Channel) -> None:
    office = any_demo_office
    deploy_billed(office)
    case = begin(office)
    pay(office, the_bill(office, case))
    with office.reading() as records:
        payment = records.bills.payment(number="T1")
    assert payment is not None
    asked = ask_refund(office, person(office, MANAGER), payment.id, payment.amount, reason="不予许可")
    settle_refund(office, person(office, TREASURER), asked.id, grant=True)
    pay(office, the_bill(office, case), kind="REFUND", reference=asked.id.hex)
    work(office)
    with office.reading() as records:
        [row] = records.bills.refunds_for(bill_id=the_bill(office, case).id)
    assert row.state == "REFUNDED" and channel.refunds == {}  # nothing is ordered that is back already


def test_trouble_is_tried_again_and_what_is_final_becomes_an_incident(
    any_demo_office: Office, channel: Channel, clock: Clock
) -> None:
    office = any_demo_office
    deploy_billed(office)
    channel.troubles = [ConnectorTrouble("UNREACHABLE", "no route", retryable=True)]
    case = _billed(office)
    carry_due(office)
    assert the_bill(office, case).order_no is None
    clock.advance(timedelta(minutes=2))
    carry_due(office)
    assert the_bill(office, case).order_no is not None
    channel.troubles = [ConnectorTrouble("PAY_URL_REFUSED", "no", retryable=False)]
    second = _billed(office)
    carry_due(office)
    with office.reading() as records:
        [incident] = records.incidents.open_of_case(second)
    assert "PAY_URL_REFUSED" in incident.message
    pay(office, the_bill(office, second), "T9")  # it can be paid all the same
    assert the_bill(office, second).state == "PAID"


def test_the_file_of_a_day_is_fetched_at_night_and_compared(
    any_demo_office: Office, channel: Channel, clock: Clock
) -> None:
    office = any_demo_office
    deploy_billed(office)
    bill = the_bill(office, begin(office))
    pay(office, bill)
    channel.file += f"PAYMENT,T1,{bill.number},600000.00,2026-03-16T09:00:00+08:00\n"
    clock.set("2026-03-17 02:00")
    with office.transaction() as records:
        assert reconcile_yesterday(office, records, clock.now) == {"day": "2026-03-16", "fetched": 1}
    carry_due(office)
    from datetime import date

    with office.reading() as records:
        row = records.reconciliations.find(date(2026, 3, 16))
    assert row is not None and (row.source, row.matched, row.open, row.run_by) == ("GATEWAY", 1, 0, None)


def test_an_order_for_a_bill_that_is_paid_meanwhile_is_not_created(any_demo_office: Office, channel: Channel) -> None:
    office = any_demo_office
    deploy_billed(office)
    case = _billed(office)
    pay(office, the_bill(office, case))
    work(office)
    assert channel.orders == {}


def _billed(office: Office) -> Any:
    """A bill whose order has not been carried yet."""
    from service.casework import attend_due, start_case
    from tests.casework.clocks.items import do
    from tests.casework.desk import CLERK
    from tests.casework.money.till import SHELTER

    case = start_case(office, CLERK, key="billed", title="云溪示例公司", variables=SHELTER)
    do(office, case.id, "Accept")
    while attend_due(office):
        pass
    return case.id
