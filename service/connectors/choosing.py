"""Which connectors an installation has: read once from LIANBAN_* variables, secrets from there or from files.

Nothing that comes from a case, a diagram or a table chooses where a connector connects to. docs/connectors.md lists the
variables.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from service.connectors.addresses import AddressGuard
from service.connectors.cashier_desk import CashierDesk
from service.connectors.data_exchange import Connection, connections_from
from service.connectors.environment import Given, wrong
from service.connectors.mail import Mailbox, MailConnector, MailSecurity
from service.connectors.outgoing import DeliveryReport, MessageConnector
from service.connectors.payment import PaymentConnector
from service.connectors.payment_gateway import PaymentGateway
from service.connectors.signing import SHORTEST_SECRET, Signer
from service.connectors.smpp import SmppAccount, SmppConnector
from service.connectors.sms_gateway import SmsGateway
from service.connectors.virus_scanner import Scanner, scanner_from
from service.rules.contacts import read_email
from service.rules.refusals import Refusal
from service.rules.sending import Channel

DESK_KEY = "desk"
MAIL_PORTS = {MailSecurity.TLS: 465, MailSecurity.STARTTLS: 587, MailSecurity.NONE: 25}


@dataclass(frozen=True, kw_only=True)
class Connectors:
    """What is there to send with. `payment` is always there, the cashier desk when nothing else is named."""

    messages: Mapping[Channel, MessageConnector]
    payment: PaymentConnector
    sms_gateway: SmsGateway | None = None  # takes delivery reports at an address of ours
    scanner: Scanner | None = None  # looks for viruses in what is handed in
    exchanges: Mapping[str, Connection] = field(default_factory=dict)  # other systems, by the name diagrams know

    def close(self) -> None:
        """Give back what is held open."""
        for one in self.messages.values():
            one.close()
        self.payment.close()


def connectors_from(
    environment: Mapping[str, str],
    *,
    clock: Callable[[], datetime],
    on_report: Callable[[DeliveryReport], None],
    desk_secret: str,
) -> Connectors:
    """The connectors of an installation; nothing is connected to yet.

    `clock`: real time. `on_report` keeps what became of a message. `desk_secret`: the installation's own, for the cashier
    desk. Refused: SETTING_INVALID naming the variable.
    """
    given = _Given(environment)
    guard = AddressGuard.reading(given.text("CONNECTOR_NETWORKS"))
    trust = given.trust()
    messages: dict[Channel, MessageConnector] = {}
    gateway = None
    if given.text("SMTP_URL"):
        messages[Channel.EMAIL] = MailConnector(given.mailbox(), guard, trust=trust)
    sms = given.text("SMS_URL")
    if sms.partition("://")[0] in ("smpp", "smpps"):
        messages[Channel.SMS] = SmppConnector(given.smpp(), guard, on_report, trust=trust)
    elif sms:
        gateway = SmsGateway(given.exchange("SMS", guard, trust), given.signer("SMS", clock))
        messages[Channel.SMS] = gateway
    payment: PaymentConnector = CashierDesk(Signer(key=DESK_KEY, secret=desk_secret.encode(), clock=clock))
    if given.text("PAYMENT_URL"):
        hosts = [host.strip() for host in given.text("PAYMENT_HOSTS").split(",") if host.strip()]
        payment = PaymentGateway(
            given.exchange("PAYMENT", guard, trust), given.signer("PAYMENT", clock), pay_hosts=hosts
        )
    return Connectors(
        messages=messages,
        payment=payment,
        sms_gateway=gateway,
        scanner=scanner_from(given, guard),
        exchanges=connections_from(environment, clock=clock),
    )


class _Given(Given):
    """What only the connectors of messages and payments are told."""

    def signer(self, name: str, clock: Callable[[], datetime]) -> Signer:
        """The secret shared with the other side, and the one before it while that is still in use."""
        older = {}
        if self.text(f"{name}_OLD_KEY"):
            older[self.text(f"{name}_OLD_KEY")] = self._strong(f"{name}_OLD_SECRET")
        algorithm = self.text(f"{name}_DIGEST", "sha256")
        if algorithm not in ("sha256", "sm3"):
            raise wrong(f"{name}_DIGEST", "sha256 / sm3", algorithm)
        key = self.text(f"{name}_KEY")
        if not key or not key.isascii() or not key.isprintable():
            raise wrong(f"{name}_KEY", "the name of the key", key)
        return Signer(key=key, secret=self._strong(f"{name}_SECRET"), clock=clock, algorithm=algorithm, older=older)

    def mailbox(self) -> Mailbox:
        """LIANBAN_SMTP_URL: smtps://host, smtp+starttls://user@host:587, smtp://host."""
        parts = self._server("SMTP_URL", [str(one) for one in MailSecurity])
        security = MailSecurity(parts["scheme"])
        password = self.secret("SMTP_PASSWORD")
        if password and security is MailSecurity.NONE:
            raise wrong("SMTP_URL", "smtps:// / smtp+starttls://", "smtp://")
        sender = self.text("SMTP_SENDER")
        try:
            read_email(sender.rpartition("<")[2].rstrip(">"))
        except Refusal:
            raise wrong("SMTP_SENDER", "name@example.org", sender) from None
        return Mailbox(
            host=parts["host"],
            port=parts["port"] or MAIL_PORTS[security],
            sender=sender,
            security=security,
            username=parts["user"],
            password=password,
            timeout=self.number("SMTP_TIMEOUT", 15, 120),
        )

    def smpp(self) -> SmppAccount:
        """LIANBAN_SMS_URL: smpp://system-id@host:2775, smpps://… with TLS."""
        parts = self._server("SMS_URL", ["smpp", "smpps"])
        source, password = self.text("SMPP_SOURCE"), self.secret("SMS_SECRET")
        system_type = self.text("SMPP_SYSTEM_TYPE")
        for name, value, least, most in (
            ("SMS_URL", parts["user"], 1, 15),
            ("SMPP_SOURCE", source, 1, 20),
            ("SMPP_SYSTEM_TYPE", system_type, 0, 12),
        ):
            if not value.isascii() or not least <= len(value) <= most:
                raise wrong(name, f"{least}–{most} ASCII", value)
        if len(password) > 8 or not password.isascii():
            raise wrong("SMS_SECRET", "0–8 ASCII (SMPP)", "…")
        return SmppAccount(
            host=parts["host"],
            port=parts["port"] or 2775,
            system_id=parts["user"],
            password=password,
            source=source,
            system_type=system_type,
            secure=parts["scheme"] == "smpps",
            country=self.text("SMPP_COUNTRY", "86"),
            timeout=self.number("SMS_TIMEOUT", 15, 120),
            rate=self.number("SMPP_RATE", 20, 1000),
        )

    def _server(self, name: str, schemes: list[str]) -> dict[str, Any]:
        """The parts of a URL that has a password nowhere."""
        text = self.text(name)
        try:
            parts = urlsplit(text)
            found = {
                "scheme": parts.scheme,
                "host": parts.hostname or "",
                "port": parts.port,
                "user": parts.username or "",
            }
            bare = not (parts.password or parts.query or parts.fragment or parts.path.strip("/"))
        except ValueError:
            found, bare = {"scheme": "", "host": ""}, False
        if not bare or found["scheme"] not in schemes or not found["host"]:
            raise wrong(name, " / ".join(f"{one}://[user@]host[:port]" for one in schemes), text.partition("://")[0])
        return found

    def _strong(self, name: str) -> bytes:
        secret = self.secret(name).encode()
        if len(secret) < SHORTEST_SECRET:
            raise wrong(name, f"≥ {SHORTEST_SECRET} bytes", f"{len(secret)} bytes")
        return secret
