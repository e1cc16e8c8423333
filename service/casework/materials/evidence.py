"""Files that come with what starts a case and that no checklist asks for: evidence of a complaint, on a line of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import uuid4

from service.casework.journalling import CaseFile, put_back
from service.casework.materials.receiving import ReceivedFile, file_received
from service.rules.materials import Source, kind_of
from service.store.materials import MaterialRow

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.store.records import Records

LINE = "投诉证据材料"


def keep_evidence(
    records: Records, file: CaseFile, by: Actor | None, process: str, files: Sequence[tuple[str, ReceivedFile]]
) -> MaterialRow:
    """The line of the case, on which more may be handed in later, with the files that came; under the case's lock.

    `by` None: who did not sign in, or wants to stay unknown.
    """
    line = MaterialRow(
        id=uuid4(),
        case_id=file.id,
        scope_id=file.id,
        process=process,
        position=1,
        name=LINE,
        kind=kind_of(LINE),
        source=Source.APPLICANT.value,
    )
    records.materials.add_lines([line])
    for number, (name, found) in enumerate(files, start=1):
        file_received(records, file, by, line, found, name=name, number=number)
    put_back(records, file)
    return line
