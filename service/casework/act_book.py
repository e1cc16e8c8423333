"""Which acts there are and which errands are carried: one line each, for whoever carries them out."""

from __future__ import annotations

from service.casework.actions import escalate, record
from service.casework.acts.outbox import Carrier
from service.casework.acts.request import Act
from service.casework.archive.checking import CARRIER as ARCHIVE_CHECK
from service.casework.archive.checking import CheckCarrier
from service.casework.archive.sealing import ArchiveCarrier, archive
from service.casework.delivery.acting import deliver
from service.casework.delivery.reminding import ACT as REMIND
from service.casework.delivery.reminding import remind

ACTS: dict[str, Act] = {
    "archive": archive,
    "delivery": deliver,
    "escalate": escalate,
    "record": record,
    REMIND: remind,
}
CARRIERS: dict[str, Carrier] = {"archive": ArchiveCarrier(), ARCHIVE_CHECK: CheckCarrier()}
