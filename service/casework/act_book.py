"""Which acts there are and which errands are carried: one line each, for whoever carries them out."""

from __future__ import annotations

from service.casework.actions import escalate, note_only, record
from service.casework.acts.outbox import Carrier
from service.casework.acts.request import Act
from service.casework.archive.checking import CARRIER as ARCHIVE_CHECK
from service.casework.archive.checking import CheckCarrier
from service.casework.archive.sealing import ArchiveCarrier, archive
from service.casework.delivery.acting import deliver
from service.casework.money.acting import bill
from service.casework.money.errands import LookCarrier, OrderCarrier, RefundCarrier, StatementCarrier
from service.casework.numbering import take_number
from service.casework.papers import acts as papers
from service.casework.papers.issuing import PRINT
from service.casework.papers.printing import Press
from service.rules.vocabulary import InHouseAction

ACTS: dict[str, Act] = {
    InHouseAction.ARCHIVE: archive,
    InHouseAction.BILL: bill,
    InHouseAction.CERTIFICATE: papers.certificate,
    InHouseAction.DOCUMENT: papers.document,
    InHouseAction.ESCALATE: escalate,
    InHouseAction.EXCHANGE: note_only,
    InHouseAction.MESSAGE: note_only,
    InHouseAction.NUMBER: take_number,
    InHouseAction.RECORD: record,
    InHouseAction.START: note_only,
    "delivery": deliver,  # asked for by marks, not drawn
}
CARRIERS: dict[str, Carrier] = {
    "archive": ArchiveCarrier(),
    ARCHIVE_CHECK: CheckCarrier(),
    "bill": LookCarrier(),
    "order": OrderCarrier(),
    PRINT: Press(),
    "refund": RefundCarrier(),
    "statement": StatementCarrier(),
}
