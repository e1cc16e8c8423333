"""Every table, whichever module declares it: what migrations and tests compare a database with."""

from __future__ import annotations

from service.store import (
    audit_schema,
    duty_schema,
    exchange_schema,
    identity_schema,
    inbox_schema,
    intake_schema,
    materials_schema,
    measures_schema,
    message_schema,
    migration_schema,
    money_schema,
    notes_schema,
    papers_schema,
    quality_schema,
    records_schema,
    register_schema,
    rehearsal_schema,
    staff_schema,
    studio_schema,
    time_schema,
    together_schema,
)
from service.store.schema import metadata

__all__ = [
    "audit_schema",
    "duty_schema",
    "materials_schema",
    "measures_schema",
    "message_schema",
    "exchange_schema",
    "identity_schema",
    "inbox_schema",
    "intake_schema",
    "metadata",
    "migration_schema",
    "money_schema",
    "notes_schema",
    "papers_schema",
    "quality_schema",
    "records_schema",
    "register_schema",
    "rehearsal_schema",
    "staff_schema",
    "studio_schema",
    "time_schema",
    "together_schema",
]
