"""Every table, whichever module declares it: what migrations and tests compare a database with."""

from __future__ import annotations

from service.store import (
    exchange_schema,
    message_schema,
    money_schema,
    records_schema,
    time_schema,
)
from service.store.schema import metadata

__all__ = [
    "exchange_schema",
    "message_schema",
    "metadata",
    "money_schema",
    "records_schema",
    "time_schema",
]
