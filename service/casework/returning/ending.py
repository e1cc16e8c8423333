"""终止: a running case is ended by who answers for it, on a ground of the law, before anything was decided (DOMAIN C.5.1, note 4);
of a chain what was decided stands.

Departments end their own cases by SP-10 (`measures.withdrawal`); this is for the keepers of the service: the page behind
Camunda's DELETE, with a ground and a reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from uuid import UUID

from service.casework.actors import Actor
from service.casework.chains.withdrawing import ChainSplit
from service.casework.journalling import CaseFile
from service.casework.measures.withdrawal import LONGEST_REASON, end_running, require_open
from service.casework.office import Office
from service.casework.projection import take_up
from service.casework.reading import get_case
from service.casework.returning.guards import read_reason, require_seen
from service.casework.returning.previews import EndPreview, mark_of
from service.casework.rights import require_keeper, require_seer
from service.casework.views import CaseView
from service.rules.refusals import Conflict, refuse
from service.rules.sentences import Sentence
from service.rules.vocabulary import Mark
from service.store.records import Records


class Ground(StrEnum):
    """Why a case may be ended."""

    GONE = "GONE"  # the applicant died or was dissolved
    LAPSED = "LAPSED"  # what it is about no longer exists
    FALSE = "FALSE"  # false materials (许可法 art. 78)
    MISFILED = "MISFILED"  # begun by mistake, or twice


GROUNDS: Mapping[Ground, Sentence] = {
    Ground.GONE: Sentence("申请人死亡或者终止"),
    Ground.LAPSED: Sentence("申请的标的灭失，办理已无必要"),
    Ground.FALSE: Sentence("隐瞒情况或者提供虚假材料（《行政许可法》第七十八条）"),
    Ground.MISFILED: Sentence("误立或者重复立件"),
}


def end_preview(office: Office, actor: Actor, case_id: UUID) -> EndPreview:
    """The tasks that would end. Refused: as `end_case`, but for ground and reason."""
    require_keeper(actor)

    def look() -> EndPreview:
        with office.reading() as records:
            file = CaseFile(require_seer(records, actor, records.cases.find(case_id)))
            split = _split(office, records, file)
            ends, stands = ((), ()) if split is None else (split.ends, split.stands)
            tasks = records.tasks.open_of(case_id)
            return EndPreview(
                case=case_id,
                title=file.row.title or "",
                tasks=tuple(one.name for one in tasks),
                mark=mark_of(file.row.version, ()),
                ends=tuple(one.name for one in ends),
                stands=tuple(one.name for one in stands),
            )

    return office.attempt(look)


def end_case(
    office: Office, actor: Actor, case_id: UUID, *, ground: str, reason: str, seen: str | None = None
) -> CaseView:
    """End a running case, suspended or not.

    Refused: Forbidden KEEPER_ONLY; Missing CASE_NOT_FOUND; Conflict CASE_ENDED, WITHDRAWAL_DECIDED, WITHDRAWAL_ISSUING,
    WITHDRAWAL_UNPAID, MOVE_CHANGED; Invalid
    END_GROUND, REASON_MISSING, REASON_TOO_LONG.
    """
    require_keeper(actor)
    if ground not in set(Ground):
        raise refuse("ground", "END_GROUND", "请选择终止的事由")
    said = read_reason(reason)

    def act() -> None:
        with office.transaction() as records:
            row = require_seer(records, actor, records.cases.lock(case_id))
            file = CaseFile(row)
            split = _split(office, records, file)
            require_seen(mark_of(row.version, ()), seen)
            told = f"{GROUNDS[Ground(ground)]}：{said}"[:LONGEST_REASON]
            end_running(records, take_up(office, records, file), split, Mark.TERMINATED, actor, told, ground=ground)

    office.attempt(act)
    return get_case(office, actor, case_id)


def _split(office: Office, records: Records, file: CaseFile) -> ChainSplit | None:
    """Of a chain what ends and what stands."""
    if file.row.ended_at is not None:
        raise Conflict("CASE_ENDED", "办件已经结束，不能再办理")
    return require_open(office, records, file)
