"""What every payment channel does: an order for a bill, its state, refunds, the file of a day, and notices it signs.

Amounts are decimals of 元 with two places, as text on the wire. A channel never tells a bill's state, only what it did.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from service.connectors.outgoing import ConnectorTrouble
from service.connectors.signing import Seen, SignedRequest, Signer
from service.rules.money import decimal_number
from service.rules.payments import PaymentChannel
from service.rules.reconciling import EntryKind
from service.rules.refusals import Invalid

CURRENCY = "CNY"


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is to be paid. `notify`: the address of ours that the channel calls back."""

    bill: str
    amount: Decimal
    subject: str
    expires_at: datetime
    notify: str


@dataclass(frozen=True, kw_only=True)
class OrderAnswer:
    """How the payer pays: at `pay_url`, or with `reference` at the desk when there is none."""

    reference: str
    pay_url: str = ""


@dataclass(frozen=True, kw_only=True)
class ChannelNotice:
    """Money came in or went back; `reference` is the refund's own id for the latter."""

    kind: EntryKind
    bill: str
    transaction: str
    amount: Decimal
    at: datetime
    channel: PaymentChannel
    receipt: str = ""
    reference: str = ""


@dataclass(frozen=True, kw_only=True)
class OrderState:
    """What the channel knows of an order: paid with a notice, or still open, or closed."""

    open: bool
    notice: ChannelNotice | None = None


@dataclass(frozen=True, kw_only=True)
class RefundOrder:
    """Money that shall go back the way it came. `reference` is ours and makes a repeat harmless."""

    reference: str
    bill: str
    transaction: str
    amount: Decimal
    reason: str


@dataclass(frozen=True, kw_only=True)
class RefundAnswer:
    """The channel took the order; `done` when the money is back already, `number` is its number of the refund."""

    done: bool
    number: str


class PaymentConnector(Protocol):
    """A payment channel. Every call may be repeated; all raise ConnectorTrouble."""

    def create_order(self, order: Order) -> OrderAnswer:
        """Let a bill be paid; the same bill with the same amount again is the same order."""

    def query(self, bill: str) -> OrderState:
        """What became of an order, for bills whose notice got lost."""

    def refund(self, order: RefundOrder) -> RefundAnswer:
        """Give money back."""

    def statement(self, day: date) -> str:
        """The file of a day for reconciliation (`rules.reconciling.read_channel_file`)."""

    def read_notice(self, request: SignedRequest) -> tuple[ChannelNotice, Seen]:
        """A notice of the channel, verified. Refused: SIGNATURE_INVALID, NOTICE_INVALID."""

    def close(self) -> None:
        """Give back what is held open."""


def verified_notice(signer: Signer, request: SignedRequest) -> tuple[ChannelNotice, Seen]:
    """Signature first, then the content. Refused: SIGNATURE_INVALID, NOTICE_INVALID."""
    seen = signer.verify(request)
    try:
        said = json.loads(request.body)
    except (ValueError, RecursionError):
        said = None
    return notice_of(said), seen


def notice_of(said: Any) -> ChannelNotice:
    """A notice from its JSON object. Refused: NOTICE_INVALID."""
    try:
        at = datetime.fromisoformat(said["at"])
        if said["currency"] != CURRENCY or at.tzinfo is None:
            raise ValueError("currency, at")
        return ChannelNotice(
            kind=EntryKind(said["kind"]),
            bill=_text(said, "bill"),
            transaction=_text(said, "transaction"),
            amount=read_amount(said["amount"]),
            at=at,
            channel=PaymentChannel(said["channel"]),
            receipt=str(said.get("receipt", ""))[:64],
            reference=str(said.get("reference", ""))[:64],
        )
    except (ValueError, TypeError, KeyError, AttributeError, Invalid):
        raise Invalid("NOTICE_INVALID", "缴费通知内容无效。") from None


def read_amount(value: object) -> Decimal:
    """Text with exactly two decimals, above zero: a JSON number has passed through binary fractions somewhere."""
    if not isinstance(value, str) or value[-3:-2] != ".":
        raise ValueError("expected an amount as text with two decimals")
    amount = decimal_number("amount", value, places=2)
    if amount == 0:
        raise ValueError("expected an amount above zero")
    return amount


def answered_text(said: Mapping[str, Any], name: str) -> str:
    """A text of an answer. Raises ConnectorTrouble: ANSWER_UNREADABLE."""
    try:
        return _text(said, name)
    except (ValueError, KeyError):
        raise ConnectorTrouble("ANSWER_UNREADABLE", f"expected {name}", retryable=True) from None


def _text(said: Mapping[str, Any], name: str) -> str:
    value = said[name]
    if not isinstance(value, str) or not 0 < len(value) <= 64 or not value.isprintable():
        raise ValueError(name)
    return value
