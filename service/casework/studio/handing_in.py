"""From a draft to a release: handed in by who drew it, agreed to and deployed by others (S-07, SP-18)."""

from __future__ import annotations

from uuid import UUID

from service.casework.actors import Actor
from service.casework.measures.releases import submit_release
from service.casework.office import Office
from service.casework.studio.locking import require_hold
from service.casework.studio.rights import open_draft, require_designer
from service.casework.workbench import Resource
from service.rules.refusals import Conflict, refuse
from service.rules.studio import LONGEST_NOTE, SHORTEST_WORD, DraftState
from service.rules.vocabulary import LedgerAction
from service.store.workbench import Workbench


def hand_in(office: Office, actor: Actor, draft_id: UUID, *, seen: int, note: str) -> UUID:
    """Hand a draft in to be released; the supporting case of the release.

    Refused: Forbidden STUDIO_FORBIDDEN; Missing; Invalid HAND_IN_NOTE, RELEASE_ERRORS with the findings, RELEASE_UNCHANGED;
    Conflict PROCESS_DRAFT_CLOSED, PROCESS_DRAFT_HELD, PROCESS_DRAFT_STALE, PROCESS_DRAFT_OUTDATED, MEASURE_NOT_DEPLOYED.
    """
    require_designer(actor)
    note = note.strip()[:LONGEST_NOTE]
    if len(note) < SHORTEST_WORD:
        raise refuse("note", "HAND_IN_NOTE", "请写明修订了什么、为什么。")
    with office.transaction() as records:
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
        files = [Resource(name=name, content=content) for name, content in records.process_drafts.files(row.id).items()]
    case_id = submit_release(office, actor, files, note=note)
    with office.transaction() as records:
        about = records.measures.find(case_id)
        records.process_drafts.change(
            draft_id,
            state=DraftState.SUBMITTED,
            note=note,
            release_id=about.subject if about is not None else None,
            held_by=None,
            held_until=None,
        )
        detail = {"draft": str(draft_id), "name": row.name, "note": note}
        records.ledger.write(LedgerAction.DRAFT_SUBMITTED, actor.username, row.process, detail)
    return case_id
