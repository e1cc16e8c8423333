"""Payment channels: the gateway's contract and the cashier desk, amounts as text, notices that are signed."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from service.connectors.cashier_desk import CashierDesk
from service.connectors.http_exchange import HttpExchange, Place
from service.connectors.payment import ChannelNotice, Order, RefundOrder
from service.connectors.payment_gateway import PaymentGateway
from service.connectors.signing import SignedRequest, Signer
from service.rules.payments import BillState, Callback, PaymentChannel, called_back, issue
from service.rules.reconciling import EntryKind, read_channel_file
from service.rules.refusals import Forbidden, Invalid
from tests.connectors.conftest import LOOPBACK, SECRET, trouble
from tests.connectors.gateway import Gateway

BILL = "SF2026031900011"
AT = datetime(2026, 3, 19, 7, 2, tzinfo=UTC)
PATH = "/callbacks/payment"
ORDER = Order(
    bill=BILL,
    amount=Decimal("600220.50"),
    subject="收费一表",
    expires_at=datetime(2026, 3, 26, 9, tzinfo=UTC),
    notify="https://lianban.example/callbacks/payment",
)
REFUND = RefundOrder(reference="R-1", bill=BILL, transaction="T1", amount=Decimal("600220.50"), reason="不予许可")
NOTICE = {
    "kind": "PAYMENT",
    "bill": BILL,
    "transaction": "T1",
    "amount": "600220.50",
    "currency": "CNY",
    "at": "2026-03-19T15:02:00+08:00",
    "channel": "UNIONPAY",
    "receipt": "410100260000123456",
}


@pytest.fixture
def other_side():
    one = Gateway()
    yield one
    one.close()


@pytest.fixture
def signer(clock):
    return Signer(key="pay-1", secret=SECRET, clock=clock)


@pytest.fixture
def gateway(other_side, signer):
    place = Place(False, "127.0.0.1", other_side.port, "/pay/v1")
    return PaymentGateway(HttpExchange(place, LOOPBACK, timeout=3), signer, pay_hosts=["Pay.example"])


def notice(signer, content, path=PATH) -> SignedRequest:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return SignedRequest(method="POST", path=path, headers=signer.headers("POST", path, body), body=body)


@pytest.mark.parametrize(
    "url",
    [
        "http://pay.example/x",
        "https://evil.example/x",
        "https://pay.example.evil.example/",
        "https://pay.example@evil.example/",
        "https://user@pay.example/",
        "https://evil.example\\@pay.example/",
        "https://pay.example\\.evil.example/",
        "javascript:alert(1)",
        "//pay.example",
        "https://pay.example/\r\nx",
        "https://[",
        5,
    ],
)
def test_a_payer_is_sent_to_named_hosts_only(gateway, other_side, url):
    other_side.answers.append((200, {}, {"order": "O-1", "pay_url": url}))
    found = trouble(gateway.create_order, ORDER)
    assert (found.code, found.retryable) == ("PAY_URL_REFUSED", False)


@pytest.mark.parametrize("said", [{}, {"order": ""}, {"order": 7}, {"order": "x" * 65}, {"order": "a\nb"}])
def test_an_order_has_a_name(gateway, other_side, said):
    other_side.answers.append((200, {}, said))
    assert trouble(gateway.create_order, ORDER).code == "ANSWER_UNREADABLE"


def test_an_order_is_signed_exact_and_the_same_when_repeated(gateway, other_side, clock):
    for _ in range(2):
        other_side.answers.append((201, {}, {"order": "O-1", "pay_url": "https://pay.example/o/1"}))
        answer = gateway.create_order(ORDER)
        assert (answer.reference, answer.pay_url) == ("O-1", "https://pay.example/o/1")
        assert other_side.verifies(clock.now.timestamp())
    (method, path, headers, body), (_, _, again, repeated) = other_side.requests
    assert (method, path, headers["idempotency-key"]) == ("POST", "/pay/v1/orders", f"{BILL}/600220.50")
    assert body == repeated and headers["idempotency-key"] == again["idempotency-key"]
    assert json.loads(body) == {
        "bill": BILL,
        "amount": "600220.50",
        "currency": "CNY",
        "subject": "收费一表",
        "expires_at": "2026-03-26T09:00:00+00:00",
        "notify": "https://lianban.example/callbacks/payment",
    }


def test_an_order_may_have_no_page_to_pay_at(gateway, other_side):
    other_side.answers.append((200, {}, {"order": "O-1"}))
    assert gateway.create_order(ORDER).pay_url == ""


@pytest.mark.parametrize(
    "said",
    [
        {"state": "MAYBE"},
        {"state": "PAID"},
        {"state": "PAID", "payment": NOTICE | {"amount": 600220.5}},
        {"state": "PAID", "payment": NOTICE | {"bill": "SF2026031900012"}},
    ],
)
def test_a_state_that_cannot_be_read_is_asked_for_again(gateway, other_side, said):
    other_side.answers.append((200, {}, said))
    found = trouble(gateway.query, BILL)
    assert (found.code, found.retryable) == ("ANSWER_UNREADABLE", True)


def test_a_lost_notice_is_asked_for(gateway, other_side, clock):
    other_side.answers += [
        (200, {}, {"state": "OPEN"}),
        (200, {}, {"state": "CLOSED"}),
        (200, {}, {"state": "PAID", "payment": NOTICE}),
        (404, {}, {"code": "ORDER_UNKNOWN"}),
    ]
    assert gateway.query(BILL).open
    assert not gateway.query(BILL).open
    found = gateway.query(BILL).notice
    assert (found.transaction, found.amount, found.at) == ("T1", Decimal("600220.50"), AT)
    assert not trouble(gateway.query, BILL).retryable
    assert other_side.requests[-1][1] == f"/pay/v1/orders/{BILL}" and other_side.verifies(clock.now.timestamp())


def test_a_refund_is_ordered_once(gateway, other_side, clock):
    other_side.answers += [
        (202, {}, {"state": "ACCEPTED", "number": "B-1"}),
        (200, {}, {"state": "DONE", "number": "B-1"}),
        (200, {}, {"state": "LATER", "number": "B-1"}),
        (200, {}, {"state": "DONE"}),
    ]
    assert not gateway.refund(REFUND).done
    done = gateway.refund(REFUND)
    assert (done.done, done.number) == (True, "B-1")
    assert {request[2]["idempotency-key"] for request in other_side.requests} == {"R-1"}
    assert json.loads(other_side.requests[0][3])["amount"] == "600220.50" and other_side.verifies(clock.now.timestamp())
    for _ in range(2):
        assert trouble(gateway.refund, REFUND).code == "ANSWER_UNREADABLE"


def test_the_file_of_a_day(gateway, other_side):
    text = "kind,transaction,bill,amount,at\nPAYMENT,T1,SF2026031900011,600220.50,2026-03-19T15:02:00+08:00\n"
    other_side.answers += [(200, {"Content-Type": "text/csv"}, text.encode()), (200, {}, "缴费".encode("gb18030"))]
    (entry,) = read_channel_file(gateway.statement(date(2026, 3, 19)))
    assert (entry.transaction, entry.amount) == ("T1", Decimal("600220.50"))
    assert other_side.requests[-1][1] == "/pay/v1/statements/2026-03-19"
    assert trouble(gateway.statement, date(2026, 3, 19)).code == "ANSWER_UNREADABLE"
    gateway.close()


def test_a_notice_pays_the_bill(gateway, signer):
    found, seen = gateway.read_notice(notice(signer, NOTICE))
    assert (found.kind, found.bill, found.channel) == (EntryKind.PAYMENT, BILL, PaymentChannel.UNIONPAY)
    assert (found.receipt, seen.key) == ("410100260000123456", "pay-1")
    callback = Callback(transaction=found.transaction, amount=found.amount, at=found.at, channel=found.channel)
    assert called_back(issue(Decimal("600220.50")).account, callback).account.state is BillState.PAID


@pytest.mark.parametrize(
    "change",
    [
        {"amount": 600220.50},
        {"amount": "600220.5"},
        {"amount": "600220.500"},
        {"amount": "-600220.50"},
        {"amount": "0.00"},
        {"amount": "6e5"},
        {"currency": "USD"},
        {"kind": "GIFT"},
        {"at": "2026-03-19T15:02:00"},
        {"at": "yesterday"},
        {"channel": "CASH"},
        {"transaction": ""},
        {"transaction": 5},
        {"bill": None},
        {"transaction": "x" * 65},
    ],
)
def test_a_notice_against_the_contract_is_refused(gateway, signer, change):
    with pytest.raises(Invalid) as caught:
        gateway.read_notice(notice(signer, NOTICE | change))
    assert caught.value.code == "NOTICE_INVALID"


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b"\xff", b"[" * 100_000])
def test_a_notice_that_is_no_object_is_refused(gateway, signer, body):
    with pytest.raises(Invalid):
        gateway.read_notice(notice(signer, body))


def test_a_notice_with_a_wrong_signature_pays_nothing(gateway, signer, clock):
    good = notice(signer, NOTICE)
    stranger = Signer(key="pay-1", secret=b"not the shared secret", clock=clock)
    for bad in (
        notice(stranger, NOTICE),
        SignedRequest(method="POST", path=PATH, headers=good.headers, body=good.body.replace(b"600220", b"100220")),
        SignedRequest(method="POST", path="/callbacks/sms", headers=good.headers, body=good.body),
        SignedRequest(method="POST", path=PATH, headers={}, body=good.body),
    ):
        with pytest.raises(Forbidden):
            gateway.read_notice(bad)


def test_the_desk_goes_the_same_way_as_every_channel(signer, clock):
    desk = CashierDesk(Signer(key="desk", secret=b"secret of this installation", clock=clock))
    assert desk.create_order(ORDER).reference == BILL and desk.create_order(ORDER).pay_url == ""
    taken = ChannelNotice(
        kind=EntryKind.PAYMENT,
        bill=BILL,
        transaction="POS-20260319-0007",
        amount=Decimal("600220.50"),
        at=AT,
        channel=PaymentChannel.BANK_COUNTER,
        receipt="410100260000123456",
    )
    request = desk.confirm(taken, PATH)
    assert desk.read_notice(request)[0] == taken
    with pytest.raises(Forbidden):
        CashierDesk(signer).read_notice(request)
    clock.turn(minutes=6)
    with pytest.raises(Forbidden):
        desk.read_notice(request)


def test_the_desk_pays_refunds_out_by_hand(signer):
    desk = CashierDesk(signer)
    assert desk.query(BILL).open
    answer = desk.refund(REFUND)
    assert (answer.done, answer.number) == (False, "R-1")
    paid_out = ChannelNotice(
        kind=EntryKind.REFUND,
        bill=BILL,
        transaction="T1",
        amount=Decimal("600220.50"),
        at=AT,
        channel=PaymentChannel.BANK_COUNTER,
        reference="R-1",
    )
    assert desk.read_notice(desk.confirm(paid_out, PATH))[0].reference == "R-1"
    assert trouble(desk.statement, date(2026, 3, 19)).code == "STATEMENT_BY_HAND"
    desk.close()
