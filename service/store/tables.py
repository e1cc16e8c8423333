"""Every table, whichever module declares it: what migrations and tests compare a database with."""

from __future__ import annotations

from service.store import (
    money_schema,
    records_schema,
    time_schema,
)
from service.store.schema import metadata

__all__ = [
    "metadata",
    "money_schema",
    "records_schema",
    "time_schema",
]
