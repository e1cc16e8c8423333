"""SMS straight to an operator by SMPP 3.4.

One connection, opened when first needed and kept; one message at a time, so that no thread reads while another writes.
What the operator sends meanwhile is answered while a message waits for its answer, and by `tend`. A receipt is
acknowledged after `on_report` has kept it; when that fails the operator sends it again.
"""

from __future__ import annotations

import selectors
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from service.connectors.addresses import AddressGuard
from service.connectors.outgoing import ConnectorTrouble, DeliveryReport, Outgoing, Receipt
from service.connectors.smpp.pdus import (
    HEADER,
    IS_INTERMEDIATE,
    IS_RECEIPT,
    MESSAGE_KIND,
    RETRYABLE,
    Command,
    Malformed,
    Pdu,
    Status,
    bind_body,
    read_delivery,
    read_header,
    read_message_id,
    submit_body,
)
from service.connectors.smpp.texts import parts_of, read_receipt
from service.rules.contacts import read_mobile
from service.rules.refusals import Refusal
from service.rules.sending import Channel, Report

LAST_SEQUENCE = 0x7FFFFFFF
BUSY_WAIT = timedelta(minutes=1)  # what THROTTLED and QUEUE_FULL ask for
VALIDITY = "000001000000000R"  # the operator tries for one day
MOST_AT_ONCE = 500  # deliveries answered by one call of `tend`


@dataclass(frozen=True, kw_only=True)
class SmppAccount:
    """The operator's server and who we are there. `timeout` and `idle` in seconds, `rate` in parts a second."""

    host: str
    port: int
    system_id: str
    source: str
    password: str = field(default="", repr=False)
    system_type: str = ""
    secure: bool = False
    country: str = "86"
    timeout: float = 15.0
    idle: float = 30.0
    rate: float = 20.0


class SmppConnector:
    """The connector."""

    channel = Channel.SMS

    def __init__(
        self,
        account: SmppAccount,
        guard: AddressGuard,
        on_report: Callable[[DeliveryReport], None],
        *,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self._account, self._guard, self._on_report = account, guard, on_report
        self._trust = trust or (ssl.create_default_context() if account.secure else None)
        self._bind = bind_body(system_id=account.system_id, password=account.password, system_type=account.system_type)
        self._lock = threading.Lock()
        self._line: socket.socket | None = None
        self._sequence = 0
        self._quiet_since = 0.0
        self._next_part = 0.0

    def send(self, message: Outgoing) -> Receipt:
        """Hand over one message, in several parts when it is long; the receipt is asked for the last part.

        Without an answer in time it is not known whether the message went out: a repeat may arrive twice. Raises
        ConnectorTrouble.
        """
        try:
            target = self._account.country + read_mobile(message.to)
        except Refusal:
            raise ConnectorTrouble("ADDRESS_INVALID", "not a mobile number", retryable=False) from None
        reference = message.id.int & 0xFFFF
        parts = parts_of(message.text, reference)
        with self._lock:
            for n, part in enumerate(parts, start=1):
                body = submit_body(
                    source=self._account.source,
                    target=target,
                    text=part,
                    udh=len(parts) > 1,
                    receipt=n == len(parts),
                    reference=reference,
                    validity=VALIDITY,
                )
                self._keep_pace()
                answer = self._ask(Command.SUBMIT_SM, body)
                if answer.status:
                    raise _refused(answer.status)
        return Receipt(report=Report.ACCEPTED, reference=_message_id(answer))

    def tend(self) -> None:
        """Open the connection when there is none, answer what has come in, ask after a silence whether anybody is there.

        Raises ConnectorTrouble; the next call opens a new connection.
        """
        with self._lock:
            line = self._open()
            for _ in range(MOST_AT_ONCE):
                if not _readable(line):
                    break
                self._attend(self._read(time.monotonic() + self._account.timeout))
            if time.monotonic() - self._quiet_since >= self._account.idle:
                self._ask(Command.ENQUIRE_LINK)

    def close(self) -> None:
        """Say good-bye, when somebody is there to hear it."""
        with self._lock:
            if self._line is None:
                return
            try:
                self._ask(Command.UNBIND)
            except ConnectorTrouble:
                pass  # they have gone first
            self._drop()

    def _open(self) -> socket.socket:
        """The bound connection."""
        if self._line is not None:
            return self._line
        account = self._account
        line = self._guard.connect(account.host, account.port, timeout=account.timeout)
        if account.secure and self._trust is not None:
            try:
                line = self._trust.wrap_socket(line, server_hostname=account.host)
            except OSError as error:
                line.close()
                raise ConnectorTrouble(
                    "TLS_FAILED", f"{account.host}: {type(error).__name__}", retryable=True
                ) from None
        self._line, self._sequence = line, 0
        answer = self._ask(Command.BIND_TRANSCEIVER, self._bind)
        if answer.status:
            self._drop()
            # not the message's fault: the next try may find the right password
            raise ConnectorTrouble("BIND_REFUSED", f"status {answer.status:#x}", retryable=True)
        return line

    def _ask(self, command: Command, body: bytes = b"") -> Pdu:
        """Send a request and wait for its answer, attending to what comes in between."""
        if command is not Command.BIND_TRANSCEIVER:
            self._open()
        self._sequence = self._sequence % LAST_SEQUENCE + 1
        sequence = self._sequence
        self._write(Pdu(command=command, sequence=sequence, body=body))
        until = time.monotonic() + self._account.timeout
        while True:
            found = self._read(until)
            if found.sequence == sequence and found.command in (command | Command.GENERIC_NACK, Command.GENERIC_NACK):
                if found.command == Command.GENERIC_NACK and not found.status:
                    raise self._broken("NOT_UNDERSTOOD", "generic_nack")
                return found
            self._attend(found)

    def _attend(self, found: Pdu) -> None:
        """Answer what the operator asks."""
        if found.command == Command.ENQUIRE_LINK:
            self._write(Pdu(command=Command.ENQUIRE_LINK_RESP, sequence=found.sequence))
        elif found.command == Command.DELIVER_SM:
            status = self._take(found)
            self._write(Pdu(command=Command.DELIVER_SM_RESP, sequence=found.sequence, status=status, body=b"\0"))
        elif found.command == Command.UNBIND:
            self._write(Pdu(command=Command.UNBIND_RESP, sequence=found.sequence))
            raise self._broken("UNBOUND", "the operator ended the connection")
        elif not found.command & Command.GENERIC_NACK:
            self._write(Pdu(command=Command.GENERIC_NACK, sequence=found.sequence, status=Status.INVALID_COMMAND))

    def _take(self, found: Pdu) -> Status:
        """Keep a receipt; messages of telephones are not taken."""
        try:
            delivery = read_delivery(found.body)
        except Malformed:
            return Status.REJECTED
        kind = delivery.esm_class & MESSAGE_KIND
        if kind not in (IS_RECEIPT, IS_INTERMEDIATE):
            return Status.REJECTED
        report = read_receipt(delivery) if kind == IS_RECEIPT else None
        if report is not None:
            try:
                self._on_report(report)
            except Exception:
                # whatever kept it from being stored: not acknowledged, the operator sends it again
                return Status.TEMPORARY
        return Status.OK

    def _write(self, pdu: Pdu) -> None:
        line = self._line
        if line is None:
            raise ConnectorTrouble("UNREACHABLE", self._account.host, retryable=True)
        try:
            line.settimeout(self._account.timeout)
            line.sendall(pdu.encoded())
        except OSError as error:
            raise self._broken("UNREACHABLE", type(error).__name__) from None

    def _read(self, until: float) -> Pdu:
        """The next PDU, whole, before an instant of the monotonic clock."""
        try:
            more, command, status, sequence = read_header(self._exactly(HEADER.size, until))
            body = self._exactly(more, until)
        except TimeoutError:
            raise self._broken("TIMED_OUT", self._account.host) from None
        except (OSError, Malformed) as error:
            raise self._broken("UNREACHABLE", f"{type(error).__name__} {error}") from None
        self._quiet_since = time.monotonic()
        return Pdu(command=command, sequence=sequence, status=status, body=body)

    def _exactly(self, count: int, until: float) -> bytes:
        found = b""
        while len(found) < count:
            left = until - time.monotonic()
            if self._line is None or left <= 0:
                raise TimeoutError
            self._line.settimeout(left)
            piece = self._line.recv(count - len(found))
            if not piece:
                raise ConnectionResetError("closed by the operator")
            found += piece
        return found

    def _keep_pace(self) -> None:
        """Never more parts a second than the contract with the operator allows."""
        now = time.monotonic()
        begins = max(now, self._next_part)
        self._next_part = begins + 1 / self._account.rate
        if begins > now:
            time.sleep(begins - now)

    def _broken(self, code: str, detail: str) -> ConnectorTrouble:
        """Give the connection up; what was asked may be asked again on the next one."""
        self._drop()
        return ConnectorTrouble(code, detail, retryable=True)

    def _drop(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None


def _refused(status: int) -> ConnectorTrouble:
    wait = BUSY_WAIT if status in (Status.THROTTLED, Status.QUEUE_FULL) else None
    return ConnectorTrouble(f"SMPP_{status:#x}", "submit_sm refused", retryable=status in RETRYABLE, wait=wait)


def _message_id(answer: Pdu) -> str:
    try:
        return read_message_id(answer.body)
    except Malformed:
        return ""  # it is on its way all the same


def _readable(line: socket.socket) -> bool:
    """Whether something is there to read, in the kernel or already decrypted."""
    if isinstance(line, ssl.SSLSocket) and line.pending():
        return True
    with selectors.DefaultSelector() as selector:
        selector.register(line, selectors.EVENT_READ)
        return bool(selector.select(0))
