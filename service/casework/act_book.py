"""Which acts there are and which errands are carried: one line each, for whoever carries them out."""

from __future__ import annotations

from service.casework.actions import escalate, record
from service.casework.acts.outbox import Carrier
from service.casework.acts.request import Act
from service.casework.papers import acts as papers
from service.casework.papers.issuing import PRINT
from service.casework.papers.printing import Press

ACTS: dict[str, Act] = {
    "escalate": escalate,
    "record": record,
    # papers
    "document": papers.document,
    "number": papers.number,
    "certificate": papers.certificate,
}
CARRIERS: dict[str, Carrier] = {PRINT: Press()}
