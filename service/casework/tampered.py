"""A record that is not what was written is told of once: a line of the ledger and of the log, whoever came across it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import structlog

from service.rules.refusals import Unavailable
from service.rules.vocabulary import LedgerAction
from service.store.seals import RecordTampered

if TYPE_CHECKING:
    from service.casework.office import Office
    from service.store.records import Records

log = structlog.get_logger("lianban.seals")


@contextmanager
def noting(office: Office) -> Iterator[list[Records]]:
    """Around a transaction: what it found is noted when it is over, however it ended."""
    units: list[Records] = []
    refused: RecordTampered | None = None
    try:
        yield units
    except RecordTampered as one:
        refused = one
        raise
    finally:
        grants = [one for records in units for one in records.seals.found]
        for found in (*grants, *([refused] if refused is not None else [])):
            note(office, found)


def note(office: Office, found: RecordTampered) -> None:
    """The line, once for each record, and by one process. When it cannot be written now, the next one who finds it writes it."""
    if found.subject in office.tampered:
        return
    office.tampered.add(found.subject)
    log.error("record-tampered", record=found.subject)
    try:
        with office.transaction() as records:
            if not records.ledger.lines(LedgerAction.RECORD_TAMPERED, 1, subject=found.subject):
                records.ledger.write(LedgerAction.RECORD_TAMPERED, None, found.subject)
    except Unavailable:
        office.tampered.discard(found.subject)
