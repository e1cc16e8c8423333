"""Which acts there are and which errands are carried: one line each, for whoever carries them out."""

from __future__ import annotations

from service.casework.actions import escalate, note_only, record
from service.casework.acts.outbox import Carrier
from service.casework.acts.request import Act
from service.casework.exchange import CARRIER as EXCHANGE
from service.casework.exchange import ExchangeCarrier, deliver_answer, exchange
from service.casework.numbering import take_number
from service.casework.supporting import start_supporting
from service.rules.vocabulary import InHouseAction

ACTS: dict[str, Act] = {
    InHouseAction.ESCALATE: escalate,
    InHouseAction.RECORD: record,
    InHouseAction.NUMBER: take_number,
    InHouseAction.DOCUMENT: note_only,
    InHouseAction.MESSAGE: note_only,
    InHouseAction.BILL: note_only,
    InHouseAction.CERTIFICATE: note_only,
    InHouseAction.EXCHANGE: exchange,
    "exchange_answer": deliver_answer,
    InHouseAction.ARCHIVE: note_only,
    InHouseAction.START: start_supporting,
}
CARRIERS: dict[str, Carrier] = {EXCHANGE: ExchangeCarrier()}
