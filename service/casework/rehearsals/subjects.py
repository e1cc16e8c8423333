"""What is rehearsed: one process of a draft, or of a release that was handed in. The same files are the same rehearsal."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from service.casework.actors import Actor
from service.casework.measures.releases import require_reader, wanted_release
from service.casework.studio.rights import require_designer, wanted_draft
from service.engine.studio import drawn_process
from service.rules.refusals import Missing
from service.store.records import Records
from service.store.rehearsals import RehearsalRow


@dataclass(frozen=True, kw_only=True)
class Subject:
    """One process with the files it stands in. `open`: whether a rehearsal of it can be begun."""

    process: str
    name: str
    files: Mapping[str, bytes]
    open: bool
    draft_id: UUID | None = None
    draft_version: int | None = None
    release_id: UUID | None = None

    @property
    def digest(self) -> str:
        """Of its files: other content is another rehearsal."""
        found = hashlib.sha256()
        for name in sorted(self.files):
            found.update(name.encode() + b"\0" + hashlib.sha256(self.files[name]).digest())
        return found.hexdigest()


def subject_of_draft(records: Records, actor: Actor, draft_id: UUID) -> Subject:
    """Refused: Forbidden STUDIO_FORBIDDEN; Missing PROCESS_DRAFT_NOT_FOUND."""
    require_designer(actor)
    return _draft(records, draft_id)


def subject_of_release(records: Records, actor: Actor, release_id: UUID, process: str) -> Subject:
    """Refused: Forbidden PROCESSES_FORBIDDEN; Missing RELEASE_NOT_FOUND, DEFINITION_NOT_FOUND."""
    require_reader(actor)
    return _release(records, release_id, process)


def draft_of(records: Records, release_id: UUID, process: str) -> Subject | None:
    """The draft a release was handed in from, with its files as they were: nobody draws it any more."""
    draft_id = records.process_drafts.handed_in_as(release_id, process)
    return None if draft_id is None else _draft(records, draft_id)


def subject_of(records: Records, row: RehearsalRow) -> Subject:
    """What a rehearsal is of, as it is now; nobody is asked. Refused: Missing."""
    if row.draft_id is not None:
        return _draft(records, row.draft_id)
    if row.release_id is None:
        raise Missing("REHEARSAL_NOT_FOUND", "没有这次试演。")
    return _release(records, row.release_id, row.process)


def _draft(records: Records, draft_id: UUID) -> Subject:
    row = wanted_draft(records, draft_id)
    return Subject(
        process=row.process,
        name=row.name,
        files=records.process_drafts.files(row.id),
        open=row.state == "OPEN",
        draft_id=row.id,
        draft_version=row.version,
    )


def _release(records: Records, release_id: UUID, process: str) -> Subject:
    row, files = wanted_release(records, release_id), records.measures.files_of(release_id)
    change = next((one for one in row.changes if one["key"] == process), None)
    if change is None or all((drawn_process(content) or ("",))[0] != process for content in files.values()):
        raise Missing("DEFINITION_NOT_FOUND", "没有这个流程版本。")
    return Subject(
        process=process, name=str(change["name"]), files=files, open=row.state == "OPEN", release_id=release_id
    )
