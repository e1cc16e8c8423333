"""Ending a case from outside."""

from __future__ import annotations

from uuid import UUID

from service.casework.actors import Actor
from service.casework.journalling import CaseFile, write
from service.casework.office import Office
from service.casework.projection import settle, take_up
from service.casework.reading import get_case
from service.casework.rights import require_keeper
from service.casework.views import CaseView
from service.rules.refusals import Conflict, Missing
from service.rules.vocabulary import JournalAction

LONGEST_REASON = 500


def terminate_case(office: Office, actor: Actor, case_id: UUID, reason: str | None = None) -> CaseView:
    """Cancel everything of a running case, suspended or not.

    Refused: Missing CASE_NOT_FOUND, Conflict CASE_ENDED, Forbidden KEEPER_ONLY.
    """
    require_keeper(actor)

    def act() -> None:
        with office.transaction() as records:
            row = records.cases.lock(case_id)
            if row is None:
                raise Missing("CASE_NOT_FOUND", "没有这个办件，或者您无权查看。")
            if row.ended_at is not None:
                raise Conflict("CASE_ENDED", "办件已经结束，不能再办理")
            file = CaseFile(row)
            running = take_up(office, records, file)
            running.run.cancel()
            why = (reason or "").strip()[:LONGEST_REASON] or None
            file.change(reason=why)
            write(records, file, JournalAction.CASE_TERMINATED, actor, detail={"reason": why} if why else None)
            settle(records, running)

    office.attempt(act)
    return get_case(office, actor, case_id)
