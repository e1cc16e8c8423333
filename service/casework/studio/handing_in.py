"""From a draft to a release: handed in by who drew it, agreed to and deployed by others (S-07, SP-18)."""

from __future__ import annotations

from uuid import UUID

from service.casework.actors import Actor
from service.casework.measures.releases import examine_release, open_release
from service.casework.office import Office
from service.casework.studio.library import require_current
from service.casework.studio.locking import require_hold
from service.casework.studio.rights import open_draft, require_designer
from service.casework.workbench import Resource
from service.rules.refusals import Conflict, refuse
from service.rules.studio import LONGEST_NOTE, SHORTEST_WORD, DraftState
from service.rules.vocabulary import LedgerAction
from service.store.records import Records
from service.store.studio import ProcessDraftRow
from service.store.workbench import Workbench


def hand_in(office: Office, actor: Actor, draft_id: UUID, *, seen: int, note: str) -> UUID:
    """Hand a draft in to be released; the supporting case of the release.

    Refused: Forbidden STUDIO_FORBIDDEN; Missing; Invalid HAND_IN_NOTE, RELEASE_ERRORS with the findings, RELEASE_UNCHANGED;
    Conflict PROCESS_DRAFT_CLOSED, PROCESS_DRAFT_HELD, PROCESS_DRAFT_STALE, PROCESS_DRAFT_OUTDATED, DRAFT_FILE_OUTDATED,
    MEASURE_NOT_DEPLOYED.
    """
    require_designer(actor)
    note = note.strip()[:LONGEST_NOTE]
    if len(note) < SHORTEST_WORD:
        raise refuse("note", "HAND_IN_NOTE", "请写明修订了什么、为什么。")
    with office.transaction() as records:
        _fit(records, actor, draft_id, seen)
        files = [
            Resource(name=name, content=content) for name, content in records.process_drafts.files(draft_id).items()
        ]
    preview = examine_release(office, actor, files)  # takes a moment: outside the lock, held to it by `seen`

    def submit() -> UUID:
        with office.transaction() as records:
            row = _fit(records, actor, draft_id, seen)
            release, case_id = open_release(office, records, actor, preview, note=note)
            records.process_drafts.change(
                draft_id, state=DraftState.SUBMITTED, note=note, release_id=release, held_by=None, held_until=None
            )
            detail = {"draft": str(draft_id), "name": row.name, "note": note}
            records.ledger.write(LedgerAction.DRAFT_SUBMITTED, actor.username, row.process, detail)
            return case_id

    return office.attempt(submit)


def _fit(records: Records, actor: Actor, draft_id: UUID, seen: int) -> ProcessDraftRow:
    row = open_draft(records, draft_id)
    require_hold(records, actor, row)
    if row.version != seen:
        raise Conflict("PROCESS_DRAFT_STALE", "草稿刚刚又保存过，请重新打开后提交。")
    newest = next(iter(Workbench(records).versions(row.process)), None)
    if newest is not None and newest.id != row.based_on:
        raise Conflict(
            "PROCESS_DRAFT_OUTDATED",
            "现行版本已是 v{version}，不是这份草稿所依据的版本。请从现行版本重新修订。",
            version=newest.version,
        )
    require_current(records, row)
    return row
