"""Care of the blob store: is every file that is referred to there and whole, and what nobody refers to any more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from service.casework.office import Office
from service.connectors.blobs import Swept
from service.rules.refusals import Missing
from service.settings import real_time
from service.store.blob_uses import every_reference, referred

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
