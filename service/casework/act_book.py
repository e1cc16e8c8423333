"""Which acts there are and which errands are carried: one line each, for whoever carries them out."""

from __future__ import annotations

from service.casework.actions import escalate, record
from service.casework.acts.outbox import Carrier
from service.casework.acts.request import Act
from service.casework.money.acting import bill
from service.casework.money.errands import LookCarrier, OrderCarrier, RefundCarrier, StatementCarrier

ACTS: dict[str, Act] = {"escalate": escalate, "record": record, "bill": bill}
CARRIERS: dict[str, Carrier] = {
    "order": OrderCarrier(),
    "refund": RefundCarrier(),
    "bill": LookCarrier(),
    "statement": StatementCarrier(),
}
