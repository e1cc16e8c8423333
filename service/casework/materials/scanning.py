"""The virus scanner: asked at once; while it cannot be reached, a file is kept but nobody may open it (隔离)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from service.casework.acts.outbox import PlainCarrier, put_out, ref_of
from service.casework.journalling import case_file, put_back
from service.casework.materials.files import note
from service.connectors.outgoing import ConnectorTrouble
from service.connectors.virus_scanner import Scan
from service.rules.materials import Verdict
from service.rules.vocabulary import JournalAction
from service.store.agenda import AgendaRow
from service.store.materials import VersionRow

if TYPE_CHECKING:
    from service.store.records import Records

CARRIER = "scan"
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60, 120, 240))


def scan_now(office: Any, path: Path) -> tuple[Verdict, str]:
    """What the scanner says of a file, and the name of what it found."""
    scanner = office.connectors.scanner
    if scanner is None:
        return Verdict.UNSCANNED, ""
    try:
        with path.open("rb") as stream:
            said = scanner.scan(stream)
    except ConnectorTrouble:
        return Verdict.PENDING, ""
    return (Verdict.CLEAN, "") if said.clean else (Verdict.INFECTED, said.signature)


def scan_later(records: Records, version: VersionRow) -> None:
    """Put the question on the agenda."""
    due = records.now + WAITS[0]
    put_out(records, carrier=CARRIER, ref=version.id, case_id=version.case_id, due=due, retries=len(WAITS) + 1)


@dataclass(frozen=True, kw_only=True)
class Errand:
    """One file to be scanned."""

    digest: str


@dataclass(kw_only=True)
class ScanCarrier(PlainCarrier):
    """Asks the scanner about a file in quarantine, again and again over hours, then an administrator is told."""

    back_off: tuple[timedelta, ...] = WAITS

    def take(self, office: Any, records: Records, row: AgendaRow) -> Errand | None:
        """The file, unless somebody has withdrawn it."""
        version = records.materials.version(ref_of(row))
        if version is None or version.verdict != Verdict.PENDING or version.withdrawn_at is not None:
            return None
        return Errand(digest=version.digest)

    def carry(self, office: Any, row: AgendaRow, errand: Errand) -> Scan:
        """Ask. Raises ConnectorTrouble."""
        scanner = office.connectors.scanner
        if scanner is None:
            raise ConnectorTrouble("SCANNER_GONE", "LIANBAN_CLAMD_URL is not set", retryable=True)
        with office.blobs.open(errand.digest) as stream:
            said: Scan = scanner.scan(stream)
        return said

    def keep(self, office: Any, records: Records, row: AgendaRow, errand: Errand, result: Scan) -> None:
        """The verdict, and a line in the journal."""
        version = records.materials.version(ref_of(row))
        if version is None or version.verdict != Verdict.PENDING:
            return
        verdict = Verdict.CLEAN if result.clean else Verdict.INFECTED
        records.materials.change_version(
            version.id, verdict=verdict.value, scanned_at=records.now, signature=result.signature
        )
        line = records.materials.line(version.material_id)
        file = case_file(records.cases.lock(version.case_id), alive=False)
        if line is not None:
            told = {"verdict": verdict.value, "signature": result.signature}
            note(records, file, JournalAction.MATERIAL_SCANNED, None, line, version, **told)
        put_back(records, file)

    def not_before(self, office: Any, records: Records, row: AgendaRow, when: datetime) -> datetime:
        """Any time will do."""
        return when
