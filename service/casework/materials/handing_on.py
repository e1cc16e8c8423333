"""What an item has decided is the next item's material: into the shared base, and to lines that wait for it (SM-32)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from service.casework.journalling import case_file, put_back
from service.casework.materials.files import by_line, copy_to, current, note
from service.rules.materials import Origin, Source, Verdict, kind_of
from service.rules.vocabulary import JournalAction
from service.store.materials import SharedRow

if TYPE_CHECKING:
    from service.store.records import Records


def hand_on(
    records: Records,
    *,
    case_id: UUID,
    scope: UUID | None,
    name: str,
    digest: str,
    size: int,
    issuer: str = "",
    valid_to: date | None = None,
) -> None:
    """A certificate of an item has been printed: later cases of its holder have it by themselves, and so have the 共 lines of
    the same case that are still empty. Nothing happens when the case does not say whose it is.
    """
    lines = records.materials.lines(case_id)
    here = scope or case_id
    known = sorted((line for line in lines if line.subject), key=lambda line: line.scope_id != here)
    if not known or known[0].subject is None:
        return
    row = SharedRow(
        id=uuid4(),
        subject=known[0].subject,
        kind=kind_of(name)[:200],
        digest=digest,
        thumbnail=None,
        name=f"{name}.pdf"[:200],
        media_type="application/pdf",
        size=size,
        pages=None,
        issuer=issuer[:100],
        valid_to=valid_to,
        source_case=case_id,
        verdict=Verdict.CLEAN.value,
        scanned_at=None,
        kept_by=None,
        kept_at=records.now,
    )
    records.materials.keep_shared(row)
    have = by_line(records.materials.versions(case_id))
    waiting = [
        line
        for line in lines
        if line.kind == row.kind and line.source == Source.SHARED and not current(have.get(line.id, ()))
    ]
    if not waiting:
        return
    file = case_file(records.cases.lock(case_id), alive=False)
    for line in waiting:
        number = len(have.get(line.id, ())) + 1
        version = copy_to(line, row, origin=Origin.SHARED, number=number, records=records, by=None)
        records.materials.add_versions([version])
        note(records, file, JournalAction.MATERIAL_ATTACHED, None, line, version)
    put_back(records, file)
