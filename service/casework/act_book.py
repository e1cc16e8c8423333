"""Which acts there are and which errands are carried: one line each, for whoever carries them out."""

from __future__ import annotations

from service.casework.actions import escalate, record
from service.casework.acts.outbox import Carrier
from service.casework.acts.request import Act
from service.casework.messages.acting import message
from service.casework.messages.queueing import CARRIER
from service.casework.messages.sending import MessageCarrier

ACTS: dict[str, Act] = {"escalate": escalate, "record": record, "message": message}
CARRIERS: dict[str, Carrier] = {CARRIER: MessageCarrier()}
