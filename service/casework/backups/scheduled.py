"""The backup every night: asked for by a scheduled job, made by the outbox's thread, kept as a line of the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from service.casework.acts.outbox import PlainCarrier, put_out
from service.casework.backups.making import Made, keep_of, make_backup
from service.casework.office import Office
from service.rules.vocabulary import LedgerAction
from service.store.agenda import AgendaRow
from service.store.records import Records

CARRIER = "backup"
FOLDER = "LIANBAN_BACKUP_DIR"
STALE = timedelta(hours=26)  # a nightly backup that is older has failed


@dataclass(frozen=True, kw_only=True)
class LastBackup:
    """What the ledger says. `scheduled`: whether the installation wants one every night; `stale`: and has none of today."""

    made_at: datetime | None
    files: int
    size: int
    scheduled: bool
    stale: bool


def back_up_nightly(office: Office, records: Records, at: datetime) -> Mapping[str, Any]:
    """The scheduled job: asks for a backup where LIANBAN_BACKUP_DIR names a folder; it is made outside of the transaction."""
    if not folder_of(office.environment):
        return {"asked": 0}
    put_out(records, carrier=CARRIER, ref=uuid4())
    return {"asked": 1}


def folder_of(environment: Mapping[str, str]) -> str:
    """Where nightly backups go; nothing when none are made."""
    return environment.get(FOLDER, "").strip()


def last_backup(office: Office, records: Records) -> LastBackup:
    """The newest backup that was made, whoever asked for it."""
    line = next(iter(records.ledger.lines(LedgerAction.BACKUP_MADE, limit=1)), None)
    detail = (line.detail or {}) if line else {}
    made_at, scheduled = line.written_at if line else None, bool(folder_of(office.environment))
    return LastBackup(
        made_at=made_at,
        files=int(detail.get("files", 0)),
        size=int(detail.get("bytes", 0)),
        scheduled=scheduled,
        stale=scheduled and (made_at is None or records.now - made_at > STALE),
    )


class BackupCarrier(PlainCarrier):
    """Makes one; a repeat after a crash makes another one, which does no harm."""

    def take(self, office: Any, records: Records, row: AgendaRow) -> bool:
        """There is always something to keep."""
        return True

    def carry(self, office: Any, row: AgendaRow, errand: bool) -> Made | None:
        """Make it, and let the oldest go."""
        folder = folder_of(office.environment)
        return make_backup(office, Path(folder), keep=keep_of(office.environment)) if folder else None

    def keep(self, office: Any, records: Records, row: AgendaRow, errand: bool, result: Made | None) -> None:
        """The line of the ledger is written by the making itself."""
