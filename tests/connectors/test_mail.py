"""E-mail through a real SMTP server: protected as configured, letters that cannot carry more than they should."""

from __future__ import annotations

import email
import email.policy
import smtplib
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from service.connectors.addresses import AddressGuard
from service.connectors.mail import Mailbox, MailConnector, MailSecurity
from service.rules.message_texts import PLACES, TEMPLATES
from service.rules.messages import places, write
from service.rules.sending import Report
from tests.connectors.conftest import ID, LOOPBACK, free_port, message, trouble

TO = "lizhao@example.com"
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning")


class Desk:
    """The server's side: keeps letters, answers RCPT and DATA as the test says."""

    def __init__(self) -> None:
        self.letters: list = []
        self.tos: list[list[str]] = []
        self.recipient = self.data = ""

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.recipient:
            return self.recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.data:
            return self.data
        self.letters.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        self.tos.append(envelope.rcpt_tos)
        return "250 OK"


def password(server, session, envelope, mechanism, given):
    right = isinstance(given, LoginPassword) and (given.login, given.password) == (b"lianban", b"pass word")
    return AuthResult(success=right, handled=False)


@contextmanager
def server(desk, **more):
    controller = Controller(desk, hostname="127.0.0.1", port=free_port(), server_hostname="localhost", **more)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@pytest.fixture
def desk():
    return Desk()


def connector(port, security=MailSecurity.NONE, *, guard=LOOPBACK, trust=None, **more):
    box = {"host": "localhost", "port": port, "sender": "联办中心 <office@lianban.example>", "timeout": 3.0}
    return MailConnector(Mailbox(**box | more, security=security), guard, trust=trust)


def test_a_password_never_goes_over_an_open_wire():
    with pytest.raises(ValueError, match="unprotected"):
        connector(25, username="lianban", password="x")
    assert "pass word" not in repr(Mailbox(host="h", port=1, sender="s", password="pass word"))


def test_a_server_without_starttls_gets_nothing(desk):
    with server(desk) as port:
        found = trouble(connector(port, MailSecurity.STARTTLS).send, message(TO))
    assert (found.code, found.retryable, desk.letters) == ("TLS_MISSING", True, [])


def test_a_certificate_nobody_vouches_for_is_refused(desk, serving):
    with server(desk, tls_context=serving) as port:
        found = trouble(connector(port, MailSecurity.STARTTLS).send, message(TO))
        assert (found.code, found.retryable) == ("TLS_FAILED", True)
    assert desk.letters == []


def test_an_internal_server_nobody_named_gets_nothing(desk):
    with server(desk) as port:
        assert trouble(connector(port, guard=AddressGuard()).send, message(TO)).code == "ADDRESS_REFUSED"


@pytest.mark.parametrize(
    "to", ["", "x", "a@b.cn, c@d.cn", "a@b.cn\r\nBcc: c@d.cn", "<a@b.cn>", "13800138000", "a@b.cn\nRCPT TO:<c@d.cn>"]
)
def test_an_address_that_is_none_is_final(to):
    found = trouble(connector(free_port()).send, message(to))
    assert (found.code, found.retryable) == ("ADDRESS_INVALID", False)


def test_a_subject_cannot_add_a_header(desk):
    with server(desk) as port:
        connector(port).send(message(TO, subject="【云溪政务】受理\r\nBcc: x@y.cn\n\nhello"))
    (letter,) = desk.letters
    assert letter["Subject"] == "【云溪政务】受理 Bcc: x@y.cn hello" and letter["Bcc"] is None
    assert desk.tos == [[TO]]


@pytest.mark.parametrize(
    ("field", "answer", "code", "retryable"),
    [
        ("recipient", "550 no such user", "RECIPIENT_REFUSED", False),
        ("recipient", "450 greylisted", "RECIPIENT_REFUSED", True),
        ("data", "554 spam", "MAIL_REFUSED", False),
        ("data", "452 full", "MAIL_REFUSED", True),
    ],
)
def test_refusals_of_a_moment_and_for_good(desk, field, answer, code, retryable):
    setattr(desk, field, answer)
    with server(desk) as port:
        found = trouble(connector(port).send, message(TO))
    assert (found.code, found.retryable) == (code, retryable) and answer[:3] in found.detail


def test_nobody_there_and_a_server_that_says_nothing(mute):
    assert trouble(connector(free_port()).send, message(TO)).code == "UNREACHABLE"
    found = trouble(connector(mute(lambda line: None).port, timeout=0.2).send, message(TO))
    assert (found.code, found.retryable) == ("TIMED_OUT", True)
    hello = mute(lambda line: (line.sendall(b"220 hi\r\n"), line.close()))
    assert trouble(connector(hello.port).send, message(TO)).retryable


@pytest.mark.parametrize("security", [MailSecurity.STARTTLS, MailSecurity.TLS])
def test_signing_in_over_tls(desk, serving, trusting, security):
    tls = (
        {"ssl_context": serving} if security is MailSecurity.TLS else {"tls_context": serving, "require_starttls": True}
    )
    more = {"username": "lianban", "password": "pass word", "trust": trusting}
    with server(
        desk, authenticator=password, auth_required=True, auth_require_tls=security is not MailSecurity.TLS, **tls
    ) as port:
        connector(port, security, **more).send(message(TO))
        found = trouble(connector(port, security, **more | {"password": "wrong"}).send, message(TO))
    assert (found.code, found.retryable, len(desk.letters)) == ("SIGN_IN_REFUSED", True, 1)


def test_a_server_that_wants_a_password_we_do_not_have_refuses_us_not_the_message(desk, serving, trusting):
    with server(desk, authenticator=password, auth_required=True, tls_context=serving) as port:
        found = trouble(connector(port, MailSecurity.STARTTLS, trust=trusting).send, message(TO))
    assert (found.code, found.retryable) == ("SIGN_IN_REFUSED", True)


@pytest.mark.parametrize("code", TEMPLATES)
def test_every_template_arrives_as_written(desk, code):
    written = write(code, {name: PLACES[name].sample for name in places(TEMPLATES[code].text)})
    with server(desk) as port:
        receipt = connector(port).send(message(TO, subject=written.subject, text=written.text))
    (letter,) = desk.letters
    assert letter.get_content().strip() == written.text and letter["Subject"] == written.subject
    assert receipt.report is Report.ACCEPTED and receipt.reference == letter["Message-ID"]


def test_a_letter_has_what_a_letter_has(desk):
    with server(desk) as port:
        one = connector(port)
        for _ in range(2):
            one.send(message(TO, text="𠮷 䶮\n.\n第二行"))
        one.tend()
        one.close()
    first, second = desk.letters
    assert first.get_content().splitlines() == ["𠮷 䶮", ".", "第二行"]
    assert first["Message-ID"] == second["Message-ID"] == f"<{ID}@lianban.example>"
    assert first["Auto-Submitted"] == "auto-generated" and first["To"] == TO
    assert first["From"].addresses[0].display_name == "联办中心"
    assert parsedate_to_datetime(first["Date"]) == datetime(2026, 3, 19, 10, tzinfo=UTC)


def test_the_socket_of_smtplib_comes_from_the_guard():
    """smtplib's own way to open one has this name in 3.11 to 3.14; should it change, nothing would be judged."""
    assert hasattr(smtplib.SMTP, "_get_socket") and "_get_socket" in vars(smtplib.SMTP_SSL)
