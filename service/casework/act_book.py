"""Which acts there are and which errands are carried: one line each, for whoever carries them out."""

from __future__ import annotations

from service.casework.actions import escalate, note_only, record
from service.casework.acts.outbox import Carrier
from service.casework.acts.request import Act
from service.casework.money.acting import bill
from service.casework.money.errands import LookCarrier, OrderCarrier, RefundCarrier, StatementCarrier
from service.casework.numbering import take_number
from service.rules.vocabulary import InHouseAction

ACTS: dict[str, Act] = {
    InHouseAction.ESCALATE: escalate,
    InHouseAction.RECORD: record,
    InHouseAction.NUMBER: take_number,
    InHouseAction.DOCUMENT: note_only,
    InHouseAction.MESSAGE: note_only,
    InHouseAction.BILL: bill,
    InHouseAction.CERTIFICATE: note_only,
    InHouseAction.EXCHANGE: note_only,
    InHouseAction.ARCHIVE: note_only,
    InHouseAction.START: note_only,
}
CARRIERS: dict[str, Carrier] = {
    "order": OrderCarrier(),
    "refund": RefundCarrier(),
    "bill": LookCarrier(),
    "statement": StatementCarrier(),
}
