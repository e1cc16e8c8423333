"""E-mail by SMTP: TLS from the first byte, or STARTTLS that is never silently left out, or none where the server is ours."""

from __future__ import annotations

import smtplib
import socket
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime, parseaddr
from enum import StrEnum
from typing import Any

from service.connectors.addresses import AddressGuard
from service.connectors.outgoing import ConnectorTrouble, Outgoing, Receipt
from service.rules.contacts import read_email
from service.rules.refusals import Refusal
from service.rules.sending import Channel, Report


class MailSecurity(StrEnum):
    """How the connection is protected."""

    TLS = "smtps"
    STARTTLS = "smtp+starttls"
    NONE = "smtp"  # a server on the same machine or wire; no password goes over it


@dataclass(frozen=True, kw_only=True)
class Mailbox:
    """The server and who we are there. `timeout` in seconds for each step."""

    host: str
    port: int
    sender: str
    security: MailSecurity = MailSecurity.STARTTLS
    username: str = ""
    password: str = field(default="", repr=False)
    timeout: float = 15.0


class MailConnector:
    """The connector: one connection per message, closed afterwards."""

    channel = Channel.EMAIL

    def __init__(self, mailbox: Mailbox, guard: AddressGuard, *, trust: ssl.SSLContext | None = None) -> None:
        if mailbox.password and mailbox.security is MailSecurity.NONE:
            raise ValueError("a password is never sent over an unprotected connection")
        self._mailbox, self._guard = mailbox, guard
        self._trust = trust or ssl.create_default_context()
        self._sender = parseaddr(mailbox.sender)[1]

    def send(self, message: Outgoing) -> Receipt:
        """Hand over one message; its Message-ID comes from its id, so that a repeat can be told. Raises ConnectorTrouble."""
        try:
            to = read_email(message.to)
        except Refusal:
            raise ConnectorTrouble("ADDRESS_INVALID", "not an e-mail address", retryable=False) from None
        letter = self._letter(message, to)
        try:
            with self._open() as server:
                server.send_message(letter, from_addr=self._sender, to_addrs=[to])
        except smtplib.SMTPRecipientsRefused as error:
            raise _told("RECIPIENT_REFUSED", *next(iter(error.recipients.values()))) from None
        except (smtplib.SMTPAuthenticationError, smtplib.SMTPSenderRefused, smtplib.SMTPHeloError) as error:
            # the next try may find the right password or sender: the message itself is not at fault
            raise ConnectorTrouble("SIGN_IN_REFUSED", f"{error.smtp_code}", retryable=True) from None
        except smtplib.SMTPResponseException as error:
            raise _told("MAIL_REFUSED", error.smtp_code, error.smtp_error) from None
        except ssl.SSLError as error:
            raise ConnectorTrouble("TLS_FAILED", f"{self._mailbox.host}: {error.reason}", retryable=True) from None
        except (smtplib.SMTPException, OSError) as error:
            late = isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)
            code = "TIMED_OUT" if late else "UNREACHABLE"
            raise ConnectorTrouble(code, f"{self._mailbox.host}: {type(error).__name__}", retryable=True) from None
        return Receipt(report=Report.ACCEPTED, reference=str(letter["Message-ID"]))

    def tend(self) -> None:
        """Mail has no receipts."""

    def close(self) -> None:
        """Nothing is held open."""

    def _open(self) -> smtplib.SMTP:
        """A connection that is protected as configured and signed in. Raises ConnectorTrouble: TLS_MISSING."""
        box = self._mailbox
        server: smtplib.SMTP
        if box.security is MailSecurity.TLS:
            server = _GuardedTls(self._guard, box.host, box.port, timeout=box.timeout, context=self._trust)
        else:
            server = _Guarded(self._guard, box.host, box.port, timeout=box.timeout)
        try:
            server.ehlo_or_helo_if_needed()
            if box.security is MailSecurity.STARTTLS:
                if not server.has_extn("starttls"):
                    raise ConnectorTrouble("TLS_MISSING", f"{box.host} offers no STARTTLS", retryable=True)
                server.starttls(context=self._trust)
                server.ehlo()
            if box.username:
                server.login(box.username, box.password)
        except BaseException:
            server.close()
            raise
        return server

    def _letter(self, message: Outgoing, to: str) -> EmailMessage:
        letter = EmailMessage(policy=SMTP_POLICY)
        letter["From"] = self._mailbox.sender
        letter["To"] = to
        letter["Subject"] = " ".join(message.subject.split())
        letter["Date"] = format_datetime(message.at)
        letter["Message-ID"] = f"<{message.id}@{self._sender.rpartition('@')[2]}>"
        letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notices in return
        letter.set_content(message.text)
        return letter


class _Guarded(smtplib.SMTP):
    """smtplib on a socket that the guard opened."""

    def __init__(self, guard: AddressGuard, host: str, port: int, **more: Any) -> None:
        self._guard = guard
        super().__init__(host, port, **more)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return self._guard.connect(host, port, timeout=timeout)


class _GuardedTls(smtplib.SMTP_SSL):
    """The same with TLS from the first byte."""

    def __init__(self, guard: AddressGuard, host: str, port: int, **more: Any) -> None:
        self._guard = guard
        super().__init__(host, port, **more)

    def _get_socket(self, host: str, port: int, timeout: float) -> ssl.SSLSocket:
        line = self._guard.connect(host, port, timeout=timeout)
        return self.context.wrap_socket(line, server_hostname=host)


def _told(code: str, status: int, words: bytes | str) -> ConnectorTrouble:
    """4xx may work later, 5xx never (RFC 5321)."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return ConnectorTrouble(code, f"{status} {text}", retryable=not 500 <= status < 600)
