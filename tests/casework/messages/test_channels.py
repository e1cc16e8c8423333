"""Messages through real servers on the loopback: mail by SMTP, SMS by SMPP and by a gateway; their receipts come back once."""

from __future__ import annotations

import email
import email.policy
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from aiosmtpd.controller import Controller
from werkzeug.test import TestResponse

from service.casework import carry_due
from service.casework.messages.channels import tend_channels
from service.casework.messages.queueing import queue_message
from service.casework.messages.receivers import Receiver
from service.casework.office import Office
from service.rules.message_texts import PLACES, TEMPLATES, Audience
from service.rules.messages import places, write
from service.rules.sending import inside_only
from service.web.app import create_app
from tests.casework.messages.conftest import messages
from tests.connectors.conftest import SECRET, certificate, free_port, serving  # noqa: F401
from tests.connectors.gateway import Gateway
from tests.connectors.smsc import Smsc, delivery, receipt
from tests.rules.test_messages import OWN_SAMPLES

NETWORKS = {"LIANBAN_CONNECTOR_NETWORKS": "127.0.0.0/8"}


def tell_everything(office: Office, **reached: str) -> dict[str, str]:
    """Queue every template, each for somebody of its own; code → the words that leave the house."""
    said = {}
    with office.transaction() as records:
        for code, template in TEMPLATES.items():
            values = {name: PLACES[name].sample for name in places(template.text)} | OWN_SAMPLES.get(code, {})
            if not inside_only(code):
                said[code] = write(code, values).text
            queue_message(
                office,
                records,
                code=code,
                values=values,
                to=Receiver(audience=template.to[0], account=f"someone-{code}" if code[0] != "M" else "", **reached),
            )
    return said


def addressed(office: Office, **reached: str) -> None:
    """Everybody of the house has the same address."""
    from service.store.messages import ContactRow

    with office.transaction() as records:
        for code in TEMPLATES:
            records.messages.put_contact(
                ContactRow(username=f"someone-{code}", changed_at=records.now, changed_by="test", **reached)
            )


def connect_to(office: Office, **settings: str) -> None:
    office.environment = {**NETWORKS, **settings}
    office._connectors = None


class Letters:
    def __init__(self) -> None:
        self.got: list[Any] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.got.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"


def test_every_template_goes_through_a_real_mail_server(office: Office) -> None:
    letters = Letters()
    controller = Controller(letters, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        connect_to(
            office,
            LIANBAN_SMTP_URL=f"smtp://127.0.0.1:{controller.port}",
            LIANBAN_SMTP_SENDER="联办 <office@example.org>",
        )
        addressed(office, email="one@example.org")
        said = tell_everything(office, email="one@example.org")
        while carry_due(office):
            pass
    finally:
        controller.stop()
    assert sorted(one.get_content().strip() for one in letters.got) == sorted(
        text for code, text in said.items() if code != "M24"
    )
    assert {one.state for one in messages(office, channel="EMAIL")} == {"SENT"}


@pytest.fixture
def smsc() -> Iterator[Smsc]:
    one = Smsc()
    yield one
    one.close()


def test_every_template_goes_through_an_operator_and_its_receipts_come_back(office: Office, smsc: Smsc) -> None:
    connect_to(
        office,
        LIANBAN_SMS_URL=f"smpp://lianban@127.0.0.1:{smsc.port}",
        LIANBAN_SMS_SECRET="secret",
        LIANBAN_SMPP_SOURCE="10690000",
        LIANBAN_SMPP_RATE="1000",
    )
    addressed(office, mobile="13800000001")
    said = tell_everything(office, mobile="13800000001")
    while carry_due(office):
        pass
    assert sorted(one.text for one in smsc.submitted) == sorted(said.values())
    assert all(len(one.raw) <= 140 and one.target == "8613800000001" for one in smsc.submitted)
    sent = messages(office, channel="SMS")
    assert {one.state for one in sent} == {"SENT"} and len({one.reference for one in sent}) == len(said)
    smsc.push(delivery(1, receipt("id-1")) + delivery(2, receipt("id-2", "UNDELIV")) + delivery(3, receipt("nobody")))
    for _ in range(50):
        tend_channels(office)
        if len(smsc.answers) == 3:
            break
        time.sleep(0.02)
    assert [status for _, status, _, _ in smsc.answered(3)] == [0, 0, 0x64], "an unknown one is to be said again"
    states = {one.reference: one.state for one in messages(office, channel="SMS")}
    assert (states["id-1"], states["id-2"]) == ("DELIVERED", "FAILED")


@pytest.fixture
def gateway(serving: Any) -> Iterator[Gateway]:  # noqa: F811
    one = Gateway(tls=serving)
    one.usual = lambda method, path, headers, body: (  # type: ignore[assignment]
        200,
        {},
        {"status": "accepted", "reference": f"GW-{json.loads(body)['id']}"},
    )
    yield one
    one.close()


@pytest.fixture
def through(office: Office, gateway: Gateway, certificate: Any) -> Office:  # noqa: F811
    """An office whose short messages go through the gateway."""
    connect_to(
        office,
        LIANBAN_SMS_URL=f"https://localhost:{gateway.port}/v1",
        LIANBAN_SMS_KEY="sms-1",
        LIANBAN_SMS_SECRET=SECRET.decode(),
        LIANBAN_CONNECTOR_CA_FILE=str(certificate[0]),
        LIANBAN_CONNECTOR_NETWORKS="127.0.0.0/8, ::1/128",
    )
    return office


def test_every_template_goes_through_a_gateway(through: Office, gateway: Gateway) -> None:
    addressed(through, mobile="13800000001")
    said = tell_everything(through, mobile="13800000001")
    while carry_due(through):
        pass
    bodies = [json.loads(body) for _, _, _, body in gateway.requests]
    assert sorted(one["text"] for one in bodies) == sorted(said.values())
    assert {one["to"] for one in bodies} == {"13800000001"} and len({one["id"] for one in bodies}) == len(said)


def report(office: Office, said: dict[str, Any] | bytes, *, nonce: str = "", secret: bytes = SECRET) -> TestResponse:
    """A gateway posts a report, signed as the contract says, by code that is not ours."""
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    stamp, nonce = str(int(time.time())), nonce or uuid4().hex
    lines = f"LIANBAN1\nPOST\n/callbacks/sms\n{stamp}\n{nonce}\n{hashlib.sha256(body).hexdigest()}"
    headers = {
        "Lianban-Key": "sms-1",
        "Lianban-Timestamp": stamp,
        "Lianban-Nonce": nonce,
        "Lianban-Signature": hmac.new(secret, lines.encode(), "sha256").hexdigest(),
    }
    return create_app(office).test_client().post("/callbacks/sms", data=body, headers=headers)


def told(office: Office) -> str:
    """A message that was taken over; its reference."""
    with office.transaction() as records:
        to = Receiver(audience=Audience.APPLICANT, mobile="13800138000")
        queue_message(office, records, code="M10", values={"item": "施工许可证核发", "day": "3月19日"}, to=to)
    while carry_due(office):
        pass
    [one] = messages(office)
    assert one.reference is not None
    return one.reference


def test_the_report_of_a_gateway_is_kept_once_and_answered_alike_when_it_comes_again(through: Office) -> None:
    reference = told(through)
    for _ in range(2):
        assert report(through, {"reference": reference, "status": "delivered"}).status_code == 204
    [one] = messages(through)
    assert one.state == "DELIVERED"
    assert report(through, {"reference": reference, "status": "failed"}).status_code == 204
    assert messages(through)[0].state == "DELIVERED"


def test_a_report_that_is_not_signed_not_fresh_or_not_known_changes_nothing(through: Office) -> None:
    reference = told(through)
    said = {"reference": reference, "status": "delivered"}
    assert report(through, said, secret=b"another secret of 32 bytes .....").status_code == 403
    assert report(through, {"reference": "GW-unknown", "status": "delivered"}).status_code == 404
    assert report(through, b"[[[[").status_code == 400
    assert report(through, b"x" * 20_000).status_code == 413
    nonce = uuid4().hex
    assert report(through, {"reference": reference, "status": "failed"}, nonce=nonce).status_code == 204
    again = report(through, said, nonce=nonce)
    assert (again.status_code, again.get_json()) == (403, {"code": "SIGNATURE_INVALID"})
    assert messages(through)[0].state == "FAILED"
    assert create_app(through).test_client().get("/callbacks/sms").status_code == 405


def test_without_a_gateway_there_is_no_such_address(office: Office) -> None:
    assert report(office, {"reference": "x", "status": "delivered"}).status_code == 404
