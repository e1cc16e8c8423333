"""Which acts there are and which errands are carried: one line each, for whoever carries them out."""

from __future__ import annotations

from service.casework.actions import escalate, record
from service.casework.acts.outbox import Carrier
from service.casework.acts.request import Act
from service.casework.materials.opening import list_materials
from service.casework.materials.scanning import ScanCarrier

ACTS: dict[str, Act] = {"escalate": escalate, "materials": list_materials, "record": record}
CARRIERS: dict[str, Carrier] = {"scan": ScanCarrier()}
