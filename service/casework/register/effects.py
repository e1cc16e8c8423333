"""Taking effect (DOMAIN D.15, J-21): a version is in force from its instant on, whether anybody attends the agenda or not.

The agenda's item only says it in the ledger, once, at that instant; so nothing is ever late.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid5

from service.casework.correlating import AlreadyDone
from service.casework.office import Office
from service.rules.vocabulary import AgendaKind, LedgerAction
from service.store.agenda import AgendaRow
from service.store.records import Records
from service.store.register import PUBLISHED, VersionRow

NAMES = UUID("0d9a1c1e-6c0e-5a55-8d0b-0c7f2f3f5d21")  # namespace of the rows' ids


def tell_effect(records: Records, rows: list[VersionRow]) -> None:
    """Say now that versions are in force, or put it on the agenda for when they will be."""
    later = [row for row in rows if row.effective_from and row.effective_from > records.now]
    records.agenda.add([_waiting(row, row.effective_from) for row in later if row.effective_from])
    for row in rows:
        if row not in later:
            _tell(records, row)


def forget_effect(records: Records, version_id: UUID) -> None:
    """A version was withdrawn before its instant."""
    records.agenda.drop([uuid5(NAMES, str(version_id))])


def take_effect(office: Office, item: AgendaRow) -> bool:
    """Say that a version is in force now. Refused: AlreadyDone when it was said or withdrawn."""
    with office.transaction() as records:
        row = records.agenda.lock(item.id)
        if row is None or row.ready_at is None or row.ready_at > records.now:
            raise AlreadyDone
        version = records.register.find(UUID(str((row.detail or {}).get("version"))))
        if version is not None and version.state == PUBLISHED:
            _tell(records, version)
        records.agenda.drop([row.id])
    return False


def _waiting(row: VersionRow, due: datetime) -> AgendaRow:
    return AgendaRow(
        id=uuid5(NAMES, str(row.id)),
        kind=AgendaKind.EFFECT.value,
        element=row.code,
        due_at=due,
        ready_at=due,
        detail={"version": str(row.id)},
    )


def _tell(records: Records, row: VersionRow) -> None:
    detail = {
        "version": row.version,
        "source": row.source,
        "from": row.effective_from and row.effective_from.isoformat(),
    }
    records.ledger.write(LedgerAction.ITEM_EFFECTIVE, row.decided_by, row.code, {**detail, "note": row.note})
