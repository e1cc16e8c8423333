"""The escalation ladder in running cases: one line for every rung."""

from __future__ import annotations

from datetime import datetime

from service.casework.journalling import CaseFile, write
from service.casework.office import Office
from service.rules.vocabulary import JournalAction
from service.store.clocks import ClockRow
from service.store.records import Records


def climb(office: Office, records: Records, file: CaseFile, row: ClockRow, rung: str, at: datetime) -> None:
    """Note that a rung of a clock's ladder was climbed. `at`: the rung's own instant."""
    detail = {"clock": str(row.id), "kind": row.kind, "rung": rung, "at": at.isoformat()}
    write(records, file, JournalAction.LADDER_CLIMBED, None, element=row.element, detail=detail)
