"""What every connector for messages does: `send` hands one message over and gives a receipt, or says what the trouble is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from service.rules.sending import Channel, Report


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """One message. `id` is the agenda item's: the same message tried again has the same one. `at`: when it was written."""

    id: UUID
    to: str
    subject: str
    text: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """The other side took it over (ACCEPTED) or says that it arrived (DELIVERED); `reference` is its name for it."""

    report: Report
    reference: str


@dataclass(frozen=True, kw_only=True)
class DeliveryReport:
    """What became of a message, told later. `reference`: as in its receipt."""

    reference: str
    report: Report
    detail: str = ""


class ConnectorTrouble(Exception):
    """It did not work. `retryable`: the same may work later, after `wait` at least; if not, it never will.

    `code` is stable, `detail` is for the administrator and holds neither secrets nor what was to be sent.
    """

    def __init__(self, code: str, detail: str, *, retryable: bool, wait: timedelta | None = None) -> None:
        self.code = code
        self.detail = detail[:300]
        self.retryable = retryable
        self.wait = wait
        super().__init__(f"{code}: {self.detail}")


class MessageConnector(Protocol):
    """A channel to the outside. Safe for several threads."""

    channel: Channel

    def send(self, message: Outgoing) -> Receipt:
        """Hand over one message, within the connector's time-out. Raises ConnectorTrouble."""

    def tend(self) -> None:
        """Look after what is held open; the worker calls it every few seconds. Raises ConnectorTrouble."""

    def close(self) -> None:
        """Give back what is held open."""
