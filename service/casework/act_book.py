"""Which acts there are and which errands are carried: one line each, for whoever carries them out."""

from __future__ import annotations

from service.casework.actions import escalate, record
from service.casework.acts.outbox import Carrier
from service.casework.acts.request import Act
from service.casework.archive.checking import CARRIER as ARCHIVE_CHECK
from service.casework.archive.checking import CheckCarrier
from service.casework.archive.sealing import ArchiveCarrier, archive
from service.casework.backups.scheduled import CARRIER as BACKUP
from service.casework.backups.scheduled import BackupCarrier
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
from service.casework.measures.extension import extension
from service.casework.measures.orders import card, order
from service.casework.measures.refunds import refund
from service.casework.measures.releases import release
from service.casework.measures.renewals import renewal
from service.casework.measures.reviews import review
from service.casework.measures.silences import tacit
from service.casework.measures.withdrawal import withdrawal
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
from service.casework.papers.revoking import revoke
from service.casework.quality import acting as quality
from service.casework.support_asking import BEGIN, FOLLOW, MEET
from service.casework.support_cases import follow, meet, support
from service.casework.supporting import start_supporting
from service.casework.window.deferring import ACT as DEFERRED
from service.casework.window.deferring import deferral_turn
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
    InHouseAction.REVOKE: revoke,
    InHouseAction.START: start_supporting,
    InHouseAction.CARD: quality.raise_card,
    InHouseAction.DISPATCH: quality.dispatch,
    InHouseAction.EXCLUDE_RATING: quality.exclude_rating,
    InHouseAction.SAMPLE: quality.sample,
    InHouseAction.ORDER: order,
    InHouseAction.ORDER_STEP: card,
    InHouseAction.EXTENSION: extension,
    InHouseAction.WITHDRAWAL: withdrawal,
    InHouseAction.RENEWAL: renewal,
    InHouseAction.REVIEW: review,
    InHouseAction.REFUND: refund,
    InHouseAction.RELEASE: release,
    InHouseAction.TACIT: tacit,
    BEGIN: support,  # asked for by what cases come to, not drawn
    FOLLOW: follow,
    MEET: meet,
    TURN: look_at_bill,  # asked for by bills, not drawn
    "delivery": deliver,  # asked for by marks, not drawn
    REMIND: remind,  # asked for by the job of every morning
    DEFERRED: deferral_turn,  # asked for by promises of the window
    "materials": list_materials,  # asked for when an item begins
    "exchange_answer": deliver_answer,  # asked for by the inbox, not drawn
}
CARRIERS: dict[str, Carrier] = {
    "archive": ArchiveCarrier(),
    ARCHIVE_CHECK: CheckCarrier(),
    BACKUP: BackupCarrier(),
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
