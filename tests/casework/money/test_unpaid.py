"""Nobody pays: overdue, reminded of three times, given up after sixty working days; the channel is asked first (J-06, J-07)."""

from __future__ import annotations

import pytest

from service.casework import attend_due, carry_due, get_case
from service.casework.money.settled import require_settled
from service.casework.office import Office
from service.connectors.payment import ChannelNotice, OrderState
from service.rules.payments import PaymentChannel
from service.rules.reconciling import EntryKind
from service.rules.refusals import Conflict
from tests.casework.clocks.items import lines_of
from tests.casework.desk import CLERK, actions_of, open_tasks
from tests.casework.money.till import BILLED_BODY, begin, bills_of, deploy_billed, pay, the_bill
from tests.conftest import CHINA, Clock

WAITS = (
    BILLED_BODY.replace(
        '<intermediateCatchEvent id="Wait"',
        '<eventBasedGateway id="Which"/><intermediateCatchEvent id="GoneOff">'
        '<messageEventDefinition messageRef="Gone"/></intermediateCatchEvent>'
        '<endEvent id="Abandoned" zw:reaches="ABANDONED"/><intermediateCatchEvent id="Wait"',
    ).replace('targetRef="Wait"', 'targetRef="Which"')
    + "Which -> Wait\nWhich -> GoneOff\nGoneOff -> Abandoned\n"
)


def pass_until(office: Office, clock: Clock, text: str) -> None:
    """Let time pass, attending everything at its own instant."""
    target = Clock().set(text)
    while True:
        while attend_due(office) + carry_due(office):
            pass
        with office.reading() as records:
            stop = records.agenda.first_ready()
        if stop is None or stop > target:
            break
        clock.set(stop)
    clock.set(target)


def test_reminders_come_three_times_and_then_the_end(any_demo_office: Office, clock: Clock) -> None:
    office = any_demo_office
    deploy_billed(office, body=WAITS)
    case = begin(office)
    pass_until(office, clock, "2026-03-24 08:29")
    assert the_bill(office, case).state == "ISSUED"
    pass_until(office, clock, "2026-06-11 23:59")
    when = [
        line.written_at.astimezone(CHINA).strftime("%m-%d %H:%M") for line in lines_of(office, case, "bill:reminded")
    ]
    assert when == ["03-24 08:30", "03-31 08:30", "04-08 08:30"]
    assert the_bill(office, case).state == "OVERDUE" and get_case(office, CLERK, case).ended_at is None
    pass_until(office, clock, "2026-06-30 09:00")
    [gone] = lines_of(office, case, "bill:abandoned")
    assert gone.written_at.astimezone(CHINA).strftime("%m-%d %H:%M") == "06-12 01:00"
    assert (get_case(office, CLERK, case).state, get_case(office, CLERK, case).end_element) == (
        "COMPLETED",
        "Abandoned",
    )
    assert the_bill(office, case).state == "CANCELLED"


def test_a_case_whose_diagram_does_not_draw_it_ends_with_the_reason(demo_office: Office, clock: Clock) -> None:
    deploy_billed(demo_office)
    case = begin(demo_office)
    pass_until(demo_office, clock, "2026-06-30 09:00")
    view = get_case(demo_office, CLERK, case)
    assert (view.state, view.reason) == ("TERMINATED", "逾期未缴费，视为放弃申请")


def test_money_after_the_end_is_asked_back(demo_office: Office, clock: Clock) -> None:
    deploy_billed(demo_office, body=WAITS)
    case = begin(demo_office)
    pass_until(demo_office, clock, "2026-06-30 09:00")
    assert pay(demo_office, the_bill(demo_office, case)).effects == ("ANOMALY", "REFUND_REQUESTED")


def test_an_overdue_bill_is_still_paid(demo_office: Office, clock: Clock) -> None:
    deploy_billed(demo_office)
    case = begin(demo_office)
    pass_until(demo_office, clock, "2026-04-01 09:00")
    with demo_office.reading() as records, pytest.raises(Conflict):
        require_settled(records, case, None)
    pay(demo_office, the_bill(demo_office, case))
    assert "Issue" in open_tasks(demo_office, case)
    pass_until(demo_office, clock, "2026-04-15 09:00")
    assert actions_of(demo_office, case).count("bill:reminded") == 2


def test_a_notice_that_got_lost_is_found_when_the_bill_comes_up(
    demo_office: Office, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    deploy_billed(demo_office)
    case = begin(demo_office)
    [bill] = bills_of(demo_office, case)
    found = ChannelNotice(
        kind=EntryKind.PAYMENT,
        bill=bill.number,
        transaction="LOST-1",
        amount=bill.total,
        at=clock.now,
        channel=PaymentChannel.CARD,
        receipt="4101",
    )
    answer = OrderState(open=False, notice=found)
    monkeypatch.setattr(type(demo_office.connectors.payment), "query", lambda self, number: answer)
    monkeypatch.setattr("service.casework.money.turning.CashierDesk", type(None))  # as if it were a gateway
    pass_until(demo_office, clock, "2026-03-24 09:00")
    assert the_bill(demo_office, case).state == "PAID" and "bill:reminded" not in actions_of(demo_office, case)


def test_a_year_no_calendar_knows_holds_nothing_up(demo_office: Office, clock: Clock) -> None:
    clock.set("2026-11-02 09:00")
    deploy_billed(demo_office)
    case = begin(demo_office)
    bill = the_bill(demo_office, case)
    assert bill.abandon_on is None and bill.due_on.isoformat() == "2026-11-09"
    pass_until(demo_office, clock, "2026-12-20 09:00")
    assert the_bill(demo_office, case).reminded == 3
