"""The messages of SMPP 3.4 that a sending client needs, as bytes and back (SMPP 3.4, sections 3 to 5)."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum

HEADER = struct.Struct(">IIII")
LARGEST = 64 * 1024
INTERFACE = 0x34
UCS2 = 0x08
UDH_PRESENT = 0x40
RECEIPT_ASKED = 0x01
MESSAGE_KIND = 0x3C  # bits of esm_class that say what a deliver_sm is
IS_RECEIPT, IS_INTERMEDIATE = 0x04, 0x20
USER_MESSAGE_REFERENCE, MESSAGE_PAYLOAD, RECEIPTED_MESSAGE_ID, MESSAGE_STATE = 0x0204, 0x0424, 0x001E, 0x0427


class Command(IntEnum):
    """What a PDU is; a response has the highest bit."""

    GENERIC_NACK = 0x80000000
    SUBMIT_SM = 0x00000004
    SUBMIT_SM_RESP = 0x80000004
    DELIVER_SM = 0x00000005
    DELIVER_SM_RESP = 0x80000005
    UNBIND = 0x00000006
    UNBIND_RESP = 0x80000006
    BIND_TRANSCEIVER = 0x00000009
    BIND_TRANSCEIVER_RESP = 0x80000009
    ENQUIRE_LINK = 0x00000015
    ENQUIRE_LINK_RESP = 0x80000015


class Status(IntEnum):
    """The answers this client tells apart."""

    OK = 0x00
    INVALID_COMMAND = 0x03
    SYSTEM_ERROR = 0x08
    QUEUE_FULL = 0x14
    SUBMIT_FAILED = 0x45
    THROTTLED = 0x58
    TEMPORARY = 0x64
    REJECTED = 0x66


RETRYABLE = frozenset(
    {Status.SYSTEM_ERROR, Status.QUEUE_FULL, Status.SUBMIT_FAILED, Status.THROTTLED, Status.TEMPORARY}
)


class Malformed(ValueError):
    """Bytes that are no PDU; the connection is of no use any more."""


@dataclass(frozen=True, kw_only=True)
class Pdu:
    """One message. `command` stays a number: what is not known is answered, not read."""

    command: int
    sequence: int
    status: int = 0
    body: bytes = b""

    def encoded(self) -> bytes:
        """As it goes over the wire."""
        return HEADER.pack(HEADER.size + len(self.body), self.command, self.status, self.sequence) + self.body


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """A deliver_sm: what kind it is, its text as bytes, its optional parameters by tag."""

    esm_class: int
    text: bytes
    extras: Mapping[int, bytes] = field(default_factory=dict)


def read_header(header: bytes) -> tuple[int, int, int, int]:
    """Bytes that follow, command, status, sequence. Raises Malformed."""
    length, command, status, sequence = HEADER.unpack(header)
    if not HEADER.size <= length <= LARGEST:
        raise Malformed(f"length {length}")
    return length - HEADER.size, command, status, sequence


def bind_body(*, system_id: str, password: str, system_type: str) -> bytes:
    """bind_transceiver."""
    return (
        c_string(system_id, 15) + c_string(password, 8) + c_string(system_type, 12) + bytes((INTERFACE, 0, 0)) + b"\0"
    )


def submit_body(
    *, source: str, target: str, text: bytes, udh: bool, receipt: bool, reference: int, validity: str = ""
) -> bytes:
    """submit_sm of one part in UCS-2. `source`: our number as the operator knows it; `target`: international, digits."""
    return b"".join(
        (
            c_string("", 5),  # service type
            bytes((0, 1)) + c_string(source, 20),
            bytes((1, 1)) + c_string(target, 20),
            bytes((UDH_PRESENT if udh else 0, 0, 0)),
            c_string("", 16),  # at once
            c_string(validity, 16),
            bytes((RECEIPT_ASKED if receipt else 0, 0, UCS2, 0, len(text))),
            text,
            struct.pack(">HHH", USER_MESSAGE_REFERENCE, 2, reference & 0xFFFF),
        )
    )


def read_message_id(body: bytes) -> str:
    """Of a submit_sm_resp; empty when the operator gives none. Raises Malformed."""
    return read_c_string(body, 0)[0] if body else ""


def read_delivery(body: bytes) -> Delivery:
    """A deliver_sm. Raises Malformed."""
    try:
        _, at = read_c_string(body, 0)
        for _ in range(2):  # two addresses, each with two bytes before it
            _, at = read_c_string(body, at + 2)
        esm_class, at = body[at], at + 3
        for _ in range(2):
            _, at = read_c_string(body, at)
        length, at = body[at + 4], at + 5
    except IndexError:
        raise Malformed("a deliver_sm that ends early") from None
    if at + length > len(body):
        raise Malformed("a deliver_sm that ends early")
    extras = dict(_extras(body, at + length))
    return Delivery(esm_class=esm_class, text=body[at : at + length] or extras.get(MESSAGE_PAYLOAD, b""), extras=extras)


def c_string(text: str, most: int) -> bytes:
    """ASCII with a zero at its end. ValueError when longer than the protocol allows."""
    found = text.encode("ascii")
    if len(found) > most or b"\0" in found:
        raise ValueError(f"expected at most {most} ASCII characters")
    return found + b"\0"


def read_c_string(body: bytes, at: int) -> tuple[str, int]:
    """The text and where the next field begins. Raises Malformed."""
    end = body.find(b"\0", at)
    if end < 0:
        raise Malformed("a text without end")
    return body[at:end].decode("latin-1"), end + 1


def _extras(body: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    while at < len(body):
        if at + 4 > len(body):
            raise Malformed("an optional parameter that ends early")
        tag, length = struct.unpack_from(">HH", body, at)
        if at + 4 + length > len(body):
            raise Malformed("an optional parameter that ends early")
        yield tag, body[at + 4 : at + 4 + length]
        at += 4 + length
