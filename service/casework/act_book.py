"""Which acts there are and which errands are carried: one line each, for whoever carries them out."""

from __future__ import annotations

from service.casework.actions import escalate, record
from service.casework.acts.outbox import Carrier
from service.casework.acts.request import Act

ACTS: dict[str, Act] = {"escalate": escalate, "record": record}
CARRIERS: dict[str, Carrier] = {}
