"""Data exchange with other systems: nothing is sent that was not written first, nothing comes in but through the inbox."""

from __future__ import annotations

from service.casework.exchange.receiving import deliver_answer, receive, receive_exchange
from service.casework.exchange.sending import CARRIER, ExchangeCarrier, exchange
from service.casework.exchange.viewing import (
    CONNECTION_STATES,
    EXCHANGE_READERS,
    ExchangePage,
    change_connection,
    exchange_page,
)

__all__ = [
    "CARRIER",
    "CONNECTION_STATES",
    "EXCHANGE_READERS",
    "ExchangeCarrier",
    "ExchangePage",
    "change_connection",
    "deliver_answer",
    "exchange",
    "exchange_page",
    "receive",
    "receive_exchange",
]
