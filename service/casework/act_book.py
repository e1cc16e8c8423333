"""Which acts there are and which errands are carried: one line each, for whoever carries them out."""

from __future__ import annotations

from service.casework.actions import escalate, record
from service.casework.acts.outbox import Carrier
from service.casework.acts.request import Act
from service.casework.archive.checking import CARRIER as ARCHIVE_CHECK
from service.casework.archive.checking import CheckCarrier
from service.casework.archive.sealing import ArchiveCarrier, archive
from service.casework.blob_care import CARRIER as SWEEP
from service.casework.blob_care import SweepCarrier
from service.casework.delivery.acting import deliver
from service.casework.delivery.reminding import ACT as REMIND
from service.casework.delivery.reminding import remind
from service.casework.exchange import CARRIER as EXCHANGE
from service.casework.exchange import ExchangeCarrier, deliver_answer, exchange
from service.casework.lots import draw_lot
from service.casework.materials.opening import list_materials
from service.casework.materials.scanning import ScanCarrier
from service.casework.messages.acting import message
from service.casework.messages.queueing import CARRIER as MESSAGE
from service.casework.messages.sending import MessageCarrier
from service.casework.money.acting import bill
from service.casework.money.errands import LookCarrier, OrderCarrier, RefundCarrier, StatementCarrier
from service.casework.money.notices import TURN
from service.casework.money.turning import look_at_bill
from service.casework.numbering import take_number
from service.casework.papers import acts as papers
from service.casework.papers.issuing import PRINT
from service.casework.papers.printing import Press
from service.casework.supporting import start_supporting
from service.rules.vocabulary import InHouseAction

ACTS: dict[str, Act] = {
    InHouseAction.ARCHIVE: archive,
    InHouseAction.BILL: bill,
    InHouseAction.CERTIFICATE: papers.certificate,
    InHouseAction.DOCUMENT: papers.document,
    InHouseAction.ESCALATE: escalate,
    InHouseAction.EXCHANGE: exchange,
    InHouseAction.LOT: draw_lot,
    InHouseAction.MESSAGE: message,
    InHouseAction.NUMBER: take_number,
    InHouseAction.RECORD: record,
    InHouseAction.START: start_supporting,
    TURN: look_at_bill,  # asked for by bills, not drawn
    "delivery": deliver,  # asked for by marks, not drawn
    REMIND: remind,  # asked for by the job of every morning
    "materials": list_materials,  # asked for when an item begins
    "exchange_answer": deliver_answer,  # asked for by the inbox, not drawn
}
CARRIERS: dict[str, Carrier] = {
    "archive": ArchiveCarrier(),
    ARCHIVE_CHECK: CheckCarrier(),
    "bill_query": LookCarrier(),
    EXCHANGE: ExchangeCarrier(),
    MESSAGE: MessageCarrier(),
    "order": OrderCarrier(),
    PRINT: Press(),
    "refund": RefundCarrier(),
    "scan": ScanCarrier(),
    "statement": StatementCarrier(),
    SWEEP: SweepCarrier(),
}
