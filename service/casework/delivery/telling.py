"""Telling the applicant: M15 with the pick-up code, M18 with the waybill, M19 to come and fetch it."""

from __future__ import annotations

from typing import Any

from service.casework.acts.asking import asking
from service.store.deliveries import DeliveryRow
from service.store.records import Records

HOURS = "9:00至17:00"
PLACE = 700  # after everything else of the instant, before the archive


def tell(records: Records, row: DeliveryRow, code: str, **values: Any) -> None:
    """Ask for a message about a delivery; the act `message` knows receivers, words and the code."""
    asked = asking(
        row.case_id,
        "message",
        element=None,
        process=row.process,
        scope=row.scope_id,
        name=row.name,
        inputs={"sms": code},
        values=values,
        now=records.now,
        place=PLACE,
    )
    records.agenda.add([asked])
    records.prompt = True
