"""Which acts there are and which errands are carried: one line each, for whoever carries them out."""

from __future__ import annotations

from service.casework.actions import escalate, note_only, record
from service.casework.acts.outbox import Carrier
from service.casework.acts.request import Act
from service.casework.numbering import take_number
from service.casework.papers import acts as papers
from service.casework.papers.issuing import PRINT
from service.casework.papers.printing import Press
from service.rules.vocabulary import InHouseAction

ACTS: dict[str, Act] = {
    InHouseAction.ESCALATE: escalate,
    InHouseAction.RECORD: record,
    InHouseAction.NUMBER: take_number,
    InHouseAction.DOCUMENT: papers.document,
    InHouseAction.MESSAGE: note_only,
    InHouseAction.BILL: note_only,
    InHouseAction.CERTIFICATE: papers.certificate,
    InHouseAction.EXCHANGE: note_only,
    InHouseAction.ARCHIVE: note_only,
    InHouseAction.START: note_only,
}
CARRIERS: dict[str, Carrier] = {PRINT: Press()}
