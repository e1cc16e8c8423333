"""Care of the blob store: is every file that is referred to there and whole, and what nobody refers to any more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from service.casework.acts.outbox import PlainCarrier, put_out
from service.casework.office import Office
from service.connectors.blobs import Swept
from service.rules.refusals import Missing
from service.rules.vocabulary import LedgerAction
from service.settings import real_time
from service.store.agenda import AgendaRow
from service.store.blob_uses import every_reference, referred
from service.store.records import Records

CARRIER = "sweep"
GRACE = timedelta(days=7)  # a file may be brought long before the row that refers to it is written


@dataclass(frozen=True, kw_only=True)
class BlobReport:
    """What a check found: how many files were read, which are missing, which are not what their digest says."""

    checked: int
    missing: tuple[str, ...]
    damaged: tuple[str, ...]


def verify_blobs(office: Office) -> BlobReport:
    """Read every file that is referred to. Refused: BLOBS_UNREACHABLE."""
    checked, missing, damaged = 0, [], []
    with office.reading() as records:
        digests = list(every_reference(records))
    for digest in digests:
        checked += 1
        try:
            if not office.blobs.verify(digest):
                damaged.append(digest)
        except Missing:
            missing.append(digest)
    return BlobReport(checked=checked, missing=tuple(missing), damaged=tuple(damaged))


def sweep_blobs(office: Office, *, grace: timedelta = GRACE) -> Swept:
    """Bin what nobody refers to since `grace`, delete what was binned that long ago. Refused: BLOBS_UNREACHABLE."""

    def in_use(digests: Sequence[str]) -> frozenset[str]:
        with office.reading() as records:
            return referred(records, digests)

    return office.blobs.sweep(in_use, before=real_time() - grace)


def sweep_weekly(office: Office, records: Records, at: datetime) -> Mapping[str, Any]:
    """The scheduled job: sweeping is asked for; it goes on outside of the transaction."""
    put_out(records, carrier=CARRIER, ref=uuid4())
    return {"asked": 1}


class SweepCarrier(PlainCarrier):
    """Sweeps; nothing is kept of it but what it did to the files."""

    def take(self, office: Any, records: Records, row: AgendaRow) -> bool:
        """There is always something to look at."""
        return True

    def carry(self, office: Any, row: AgendaRow, errand: bool) -> Swept:
        """Sweep; twice at once does no harm."""
        return sweep_blobs(office)

    def keep(self, office: Any, records: Records, row: AgendaRow, errand: bool, result: Swept) -> None:
        """A line of the ledger when anything was moved."""
        told = {"binned": result.binned, "deleted": result.deleted, "restored": result.restored}
        if any(told.values()):
            records.ledger.write(LedgerAction.FILES_SWEPT, None, None, told)
