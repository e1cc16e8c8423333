"""The states of a bill: only the channel pays, nothing twice, refunds by two persons (DOMAIN C.5.5, S-11)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.rules.payments import (
    AUTOMATIC,
    OPEN,
    SETTLED,
    STATE_NAMES,
    Account,
    BillState,
    Callback,
    FeeEffect,
    Payment,
    PaymentChannel,
    RefundState,
    called_back,
    cancel,
    check_settled,
    decide_refund,
    exempt,
    issue,
    lapse,
    refund_called_back,
    request_refund,
)
from service.rules.refusals import Refusal
from service.rules.worktime import SHANGHAI

TOTAL = Decimal("600220.50")
NOW = datetime(2026, 3, 19, 10, tzinfo=SHANGHAI)
ZERO = Decimal("0.00")


def money(transaction="T1", amount=TOTAL) -> Callback:
    return Callback(transaction=transaction, amount=amount, at=NOW, channel=PaymentChannel.UNIONPAY)


def account(state=BillState.ISSUED) -> Account:
    """A bill in any state, reached the way bills reach it."""
    steps = {
        BillState.ISSUED: lambda: issue(TOTAL).account,
        BillState.PARTLY_EXEMPT: lambda: exempt(account(), Decimal("100.00")).account,
        BillState.EXEMPT: lambda: exempt(account(), ZERO).account,
        BillState.OVERDUE: lambda: lapse(account()).account,
        BillState.CANCELLED: lambda: cancel(account()).account,
        BillState.PAID: lambda: called_back(account(), money()).account,
        BillState.REFUND_REQUESTED: lambda: ask(account(BillState.PAID)),
        BillState.REFUNDING: lambda: (
            decide_refund(account(BillState.REFUND_REQUESTED), "T1", by="b", grant=True).account
        ),
        BillState.REFUNDED: lambda: back(account(BillState.REFUNDING)).account,
    }
    return steps[state]()


def ask(one, transaction="T1", amount=TOTAL, by="a") -> Account:
    return request_refund(one, transaction, amount, reason="不予许可", by=by).account


def back(one, number="R1", amount=TOTAL):
    return refund_called_back(one, "T1", number=number, amount=amount)


def refused(act, *arguments, **named) -> str:
    with pytest.raises(Refusal) as caught:
        act(*arguments, **named)
    return caught.value.code


def test_a_wrong_amount_leaves_the_bill_open_and_is_an_anomaly():
    for state in (BillState.ISSUED, BillState.OVERDUE, BillState.PARTLY_EXEMPT):
        for amount in (TOTAL - Decimal("0.01"), TOTAL + 1, Decimal("0.01")):
            step = called_back(account(state), money(amount=amount))
            assert (step.account.state, step.effects) == (state, (FeeEffect.ANOMALY,))
            assert [one.settles for one in step.account.payments] == [False]


def test_two_halves_are_not_the_whole():
    step = called_back(account(), money("T1", TOTAL / 2))
    step = called_back(step.account, money("T2", TOTAL / 2))
    assert (step.account.state, step.effects) == (BillState.ISSUED, (FeeEffect.ANOMALY,))


def test_the_same_callback_again_is_ignored_in_every_state():
    for state in (BillState.PAID, BillState.REFUND_REQUESTED, BillState.REFUNDING, BillState.REFUNDED):
        before = account(state)
        step = called_back(before, money())
        assert (step.account, step.effects) == (before, (FeeEffect.DUPLICATE_IGNORED,))


def test_the_same_transaction_with_another_amount_is_an_anomaly_and_changes_nothing():
    before = account(BillState.PAID)
    step = called_back(before, money(amount=TOTAL + 1))
    assert (step.account, step.effects) == (before, (FeeEffect.ANOMALY,))


def test_another_payment_of_a_paid_bill_goes_back_by_itself():
    step = called_back(account(BillState.PAID), money("T2"))
    assert (step.account.state, step.effects) == (BillState.PAID, (FeeEffect.REFUND_REQUESTED,))
    refund = step.account.refund("T2")
    assert (refund.amount, refund.requested_by, refund.reason) == (TOTAL, AUTOMATIC, "重复缴费")
    assert called_back(step.account, money("T2")).effects == (FeeEffect.DUPLICATE_IGNORED,)


@pytest.mark.parametrize("state", [BillState.EXEMPT, BillState.CANCELLED])
def test_money_for_a_bill_that_waits_for_none_goes_back_and_is_an_anomaly(state):
    step = called_back(account(state), money())
    assert step.account.state is state
    assert step.effects == (FeeEffect.ANOMALY, FeeEffect.REFUND_REQUESTED)


def test_an_automatic_refund_needs_a_person_and_leaves_the_bill_paid():
    paid_twice = called_back(account(BillState.PAID), money("T2")).account
    assert refused(decide_refund, paid_twice, "T2", by=AUTOMATIC, grant=True) == "REFUND_SAME_PERSON"
    ordered = decide_refund(paid_twice, "T2", by="b", grant=True)
    assert (ordered.account.state, ordered.effects) == (BillState.PAID, (FeeEffect.ORDER_REFUND,))
    done = refund_called_back(ordered.account, "T2", number="R9", amount=TOTAL).account
    assert (done.state, done.refund("T2").state) == (BillState.PAID, RefundState.REFUNDED)


def test_who_asks_for_a_refund_does_not_approve_it():
    asked = account(BillState.REFUND_REQUESTED)
    for by in ("a", ""):
        assert refused(decide_refund, asked, "T1", by=by, grant=True) == "REFUND_SAME_PERSON"
        assert refused(decide_refund, asked, "T1", by=by, grant=False) == "REFUND_SAME_PERSON"


def test_a_refused_refund_leaves_the_bill_paid_and_may_be_asked_for_again():
    step = decide_refund(account(BillState.REFUND_REQUESTED), "T1", by="b", grant=False)
    assert (step.account.state, step.effects) == (BillState.PAID, ())
    assert ask(step.account).state is BillState.REFUND_REQUESTED


def test_a_refund_goes_by_way_of_the_channel():
    ordered = account(BillState.REFUNDING)
    assert ordered.refund("T1").decided_by == "b"
    wrong = back(ordered, amount=Decimal("1.00"))
    assert (wrong.account, wrong.effects) == (ordered, (FeeEffect.ANOMALY,))
    done = back(ordered).account
    assert (done.state, done.refund("T1").number) == (BillState.REFUNDED, "R1")
    assert back(done).effects == (FeeEffect.DUPLICATE_IGNORED,)
    assert back(done, number="R2").effects == (FeeEffect.ANOMALY,)
    assert back(done).account == done


def test_what_cannot_go_back():
    paid = account(BillState.PAID)
    assert refused(request_refund, paid, "T9", TOTAL, reason="x", by="a") == "PAYMENT_MISSING"
    for amount in (ZERO, TOTAL + 1):
        assert refused(request_refund, paid, "T1", amount, reason="x", by="a") == "REFUND_AMOUNT"
    assert refused(request_refund, paid, "T1", TOTAL, reason=" ", by="a") == "REFUND_WITHOUT_REASON"
    assert refused(request_refund, ask(paid), "T1", TOTAL, reason="x", by="a") == "BILL_STATE"
    assert refused(decide_refund, paid, "T1", by="b", grant=True) == "REFUND_MISSING"
    assert refused(back, account(BillState.REFUND_REQUESTED)) == "REFUND_MISSING"


def test_money_that_did_not_settle_a_bill_can_be_asked_back_once():
    odd = called_back(account(), money("T1", Decimal("5.00"))).account
    asked = ask(odd, amount=Decimal("5.00"))
    assert (asked.state, asked.refund("T1").state) == (BillState.ISSUED, RefundState.REQUESTED)
    assert refused(ask, asked, amount=Decimal("5.00")) == "REFUND_OPEN"


ALLOWED = {
    "cancel": (cancel, OPEN),
    "exempt": (lambda one: exempt(one, ZERO), OPEN),
    "exempt in part": (lambda one: exempt(one, Decimal("0.01")), {BillState.ISSUED, BillState.PARTLY_EXEMPT}),
    "request_refund": (ask, {BillState.PAID}),
}


@pytest.mark.parametrize("event", ALLOWED)
@pytest.mark.parametrize("state", list(BillState))
def test_every_other_act_is_refused(event, state):
    act, states = ALLOWED[event]
    before = account(state)
    if state in states:
        assert act(before).state if event == "request_refund" else act(before).account
    else:
        code = refused(act, before)
        assert code == ("PAYMENT_MISSING" if not before.payments and event == "request_refund" else "BILL_STATE")


def test_an_exemption_only_lowers():
    for total in (TOTAL, TOTAL + 1, Decimal("-1")):
        assert refused(exempt, account(), total) == "EXEMPTION_RAISES"
    assert exempt(account(), ZERO).effects == (FeeEffect.RESUME,)


def test_a_partly_exempt_bill_is_paid_by_what_is_left():
    step = called_back(account(BillState.PARTLY_EXEMPT), money(amount=Decimal("100.00")))
    assert (step.account.state, step.effects) == (BillState.PAID, (FeeEffect.RECEIPT, FeeEffect.RESUME))


def test_a_bill_of_nothing_stops_no_clock():
    assert (issue(ZERO).account.state, issue(ZERO).effects) == (BillState.EXEMPT, ())
    assert issue(TOTAL).effects == (FeeEffect.PAUSE,)


@pytest.mark.parametrize("state", list(BillState))
def test_the_due_day_only_moves_an_open_bill(state):
    step = lapse(account(state))
    moved = state in (BillState.ISSUED, BillState.PARTLY_EXEMPT)
    assert step.effects == ((FeeEffect.REMIND,) if moved else ())
    assert step.account.state is (BillState.OVERDUE if moved else state)


def test_an_overdue_bill_can_still_be_paid():
    assert called_back(account(BillState.OVERDUE), money()).account.state is BillState.PAID


@pytest.mark.parametrize("state", list(BillState))
def test_no_certificate_while_a_bill_is_open(state):
    if state in OPEN:
        assert refused(check_settled, [BillState.PAID, state]) == "FEE_UNPAID"
    else:
        check_settled([state])
    assert SETTLED.isdisjoint(OPEN) and len(STATE_NAMES) == len(BillState)


amounts = st.sampled_from([TOTAL, Decimal("100.00"), Decimal("1.00")])
events = st.one_of(
    st.tuples(st.just("pay"), st.sampled_from(["T1", "T2", "T3"]), amounts),
    st.tuples(st.just("ask"), st.sampled_from(["T1", "T2", "T3"]), amounts),
    st.tuples(st.just("decide"), st.sampled_from(["T1", "T2", "T3"]), st.booleans()),
    st.tuples(st.just("back"), st.sampled_from(["T1", "T2", "T3"]), amounts),
    st.tuples(st.sampled_from(["lapse", "cancel", "exempt"]), st.just(""), st.just(ZERO)),
)


def played(one, kind, transaction, value):
    acts = {
        "pay": lambda: called_back(one, money(transaction, value)),
        "ask": lambda: request_refund(one, transaction, value, reason="x", by="a"),
        "decide": lambda: decide_refund(one, transaction, by="b", grant=value),
        "back": lambda: refund_called_back(one, transaction, number=f"R{transaction}", amount=value),
        "lapse": lambda: lapse(one),
        "cancel": lambda: cancel(one),
        "exempt": lambda: exempt(one, ZERO),
    }
    return acts[kind]()


@given(st.lists(events, max_size=25))
def test_whatever_happens_no_bill_is_paid_twice_and_nothing_goes_back_that_did_not_come(found):
    one = issue(TOTAL).account
    for kind, transaction, value in found:
        try:
            step = played(one, kind, transaction, value)
        except Refusal:
            continue
        one = step.account
        settling = [p for p in one.payments if p.settles]
        assert len(settling) == (
            one.state in {BillState.PAID, BillState.REFUND_REQUESTED, BillState.REFUNDING, BillState.REFUNDED}
        )
        assert all(p.callback.amount == TOTAL for p in settling)
        assert len({p.callback.transaction for p in one.payments}) == len(one.payments)
        for payment in one.payments:
            going = [
                r.amount
                for r in one.refunds
                if r.transaction == payment.callback.transaction and r.state is not RefundState.REFUSED
            ]
            assert len(going) <= 1 and sum(going) <= payment.callback.amount
        assert all(r.decided_by != r.requested_by for r in one.refunds)


def test_a_payment_keeps_what_the_channel_said():
    paid = called_back(account(), replace(money(), receipt="票据0001")).account
    assert paid.payments == (Payment(callback=replace(money(), receipt="票据0001"), settles=True),)
