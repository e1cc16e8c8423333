"""Texts of short messages: UCS-2 in one part or several with a header that joins them, and receipts read back."""

from __future__ import annotations

import re

from service.connectors.outgoing import ConnectorTrouble, DeliveryReport
from service.connectors.smpp.pdus import MESSAGE_STATE, RECEIPTED_MESSAGE_ID, Delivery
from service.rules.sending import Report

SINGLE, JOINED = 140, 134  # bytes of text in a single part, and beside a header of six
MOST_PARTS = 10
RECEIPT = re.compile(r"\bid:\s*(?P<id>[^\s]{1,65}).*?\bstat:\s*(?P<stat>[A-Z]{4,7})", re.S | re.I)
STATES = {
    "DELIVRD": Report.DELIVERED,
    "EXPIRED": Report.REFUSED,
    "DELETED": Report.REFUSED,
    "UNDELIV": Report.REFUSED,
    "REJECTD": Report.REFUSED,
}
NUMBERED = {2: "DELIVRD", 3: "EXPIRED", 4: "DELETED", 5: "UNDELIV", 8: "REJECTD"}


def parts_of(text: str, reference: int) -> tuple[bytes, ...]:
    """The parts as they are sent; several carry the header 05 00 03 with the same reference. A character of two units is
    never torn. Raises ConnectorTrouble: TEXT_TOO_LONG.
    """
    whole = text.encode("utf-16-be")
    if len(whole) <= SINGLE:
        return (whole,)
    pieces, piece = [], b""
    for character in text:
        unit = character.encode("utf-16-be")
        if len(piece) + len(unit) > JOINED:
            pieces.append(piece)
            piece = b""
        piece += unit
    pieces.append(piece)
    if len(pieces) > MOST_PARTS:
        raise ConnectorTrouble("TEXT_TOO_LONG", f"{len(pieces)} parts", retryable=False)
    return tuple(bytes((5, 0, 3, reference & 0xFF, len(pieces), n)) + piece for n, piece in enumerate(pieces, start=1))


def read_receipt(delivery: Delivery) -> DeliveryReport | None:
    """What a receipt says, by its parameters or else by its text; None for states on the way and what cannot be read."""
    found = RECEIPT.search(delivery.text.decode("latin-1"))
    reference = delivery.extras.get(RECEIPTED_MESSAGE_ID, b"").rstrip(b"\0").decode("latin-1")
    reference = reference or (found["id"] if found else "")
    number = delivery.extras.get(MESSAGE_STATE, b"\0")[:1]
    stat = NUMBERED.get(number[0] if number else 0) or (found["stat"].upper() if found else "")
    if not reference or stat not in STATES:
        return None
    return DeliveryReport(reference=reference, report=STATES[stat], detail=stat)
