"""SMS by a gateway: the contract kept on our side, whatever comes from the other."""

from __future__ import annotations

import json

import pytest

from service.connectors.addresses import AddressGuard
from service.connectors.http_exchange import HttpExchange, Place
from service.connectors.signing import SignedRequest, Signer
from service.connectors.sms_gateway import SmsGateway
from service.rules.message_texts import PLACES, TEMPLATES
from service.rules.messages import places, write
from service.rules.refusals import Forbidden, Invalid
from service.rules.sending import Report
from tests.connectors.conftest import ID, LOOPBACK, SECRET, message, trouble
from tests.connectors.gateway import Gateway


@pytest.fixture
def gateway():
    one = Gateway()
    yield one
    one.close()


@pytest.fixture
def signer(clock):
    return Signer(key="sms-1", secret=SECRET, clock=clock)


@pytest.fixture
def sms(gateway, signer):
    return SmsGateway(HttpExchange(Place(False, "127.0.0.1", gateway.port, "/v1"), LOOPBACK, timeout=3), signer)


def test_a_gateway_at_an_internal_address_nobody_named_gets_nothing(gateway, signer):
    sms = SmsGateway(HttpExchange(Place(False, "127.0.0.1", gateway.port, ""), AddressGuard(), timeout=3), signer)
    found = trouble(sms.send, message())
    assert (found.code, found.retryable, gateway.requests) == ("ADDRESS_REFUSED", False, [])


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"status": "accepted"},
        {"reference": "1"},
        {"status": "great", "reference": "1"},
        {"status": "accepted", "reference": ""},
        {"status": "accepted", "reference": 1},
        {"status": "accepted", "reference": "x" * 129},
        [],
    ],
)
def test_an_answer_against_the_contract_is_tried_again(sms, gateway, body):
    gateway.answers.append((200, {}, body))
    found = trouble(sms.send, message())
    assert (found.code, found.retryable) == ("ANSWER_UNREADABLE", True)


def test_trouble_tells_neither_number_nor_text(sms, gateway):
    gateway.answers.append((400, {}, {"code": "13800138000 is blocked"}))
    found = trouble(sms.send, message())
    assert found.code == "HTTP_400" and "施工许可证" not in str(found) and SECRET.decode() not in str(found)


@pytest.mark.parametrize("code", TEMPLATES)
def test_every_template_goes_out_as_written(sms, gateway, clock, code):
    text = write(code, {name: PLACES[name].sample for name in places(TEMPLATES[code].text)}).text
    receipt = sms.send(message(text=text))
    assert (receipt.report, receipt.reference) == (Report.ACCEPTED, "GW-1")
    method, path, headers, body = gateway.requests[-1]
    assert (method, path, headers["idempotency-key"]) == ("POST", "/v1/messages", str(ID))
    assert json.loads(body) == {"id": str(ID), "to": "13800138000", "text": text}
    assert gateway.verifies(clock.now.timestamp()) and headers["lianban-key"] == "sms-1"


def test_a_repeat_is_the_same_request_with_another_nonce(sms, gateway, clock):
    sms.send(message())
    clock.turn(seconds=61)
    sms.send(message())
    (_, _, first, one), (_, _, second, two) = gateway.requests
    assert one == two and first["idempotency-key"] == second["idempotency-key"]
    assert first["lianban-nonce"] != second["lianban-nonce"]


def test_a_gateway_that_knows_already_says_so(sms, gateway):
    gateway.answers.append((200, {}, {"status": "delivered", "reference": "GW-9"}))
    assert sms.send(message()).report is Report.DELIVERED
    sms.tend()
    sms.close()


def report(signer, content, **more) -> SignedRequest:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    path = "/callbacks/sms"
    return SignedRequest(method="POST", path=path, headers=signer.headers("POST", path, body), body=body, **more)


@pytest.mark.parametrize(("status", "expected"), [("delivered", Report.DELIVERED), ("failed", Report.REFUSED)])
def test_a_report_says_what_became_of_a_message(sms, signer, status, expected):
    found, seen = sms.read_report(report(signer, {"reference": "GW-1", "status": status, "detail": "0"}))
    assert (found.reference, found.report, found.detail, seen.key) == ("GW-1", expected, "0", "sms-1")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{",
        b"\xff",
        {"reference": "1"},
        {"reference": 1, "status": "delivered"},
        {"reference": "1", "status": "x"},
    ],
)
def test_a_report_that_cannot_be_read_is_refused(sms, signer, content):
    with pytest.raises(Invalid) as caught:
        sms.read_report(report(signer, content))
    assert caught.value.code == "REPORT_INVALID"


def test_a_report_of_somebody_else_is_refused_before_it_is_read(sms, clock):
    stranger = Signer(key="sms-1", secret=b"not the shared secret", clock=clock)
    with pytest.raises(Forbidden):
        sms.read_report(report(stranger, b"{"))
