"""Who may read and write internal notes: whoever may read the case, but never the applicant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.casework.rights import require_reader
from service.rules.refusals import Forbidden

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.store.cases import CaseRow
    from service.store.records import Records

OUTSIDE = frozenset({"applicant"})


def is_insider(actor: Actor) -> bool:
    """Whether somebody is of the house; an account without any post is not."""
    return actor.service or not actor.roles <= OUTSIDE


def require_insider(records: Records, actor: Actor, row: CaseRow | None) -> CaseRow:
    """The case, for who may read its notes. Refused: Missing CASE_NOT_FOUND; Forbidden NOTES_FORBIDDEN."""
    found = require_reader(records, actor, row)
    if not is_insider(actor):
        raise Forbidden("NOTES_FORBIDDEN", "备注和内部查询只供工作人员使用。")
    return found
