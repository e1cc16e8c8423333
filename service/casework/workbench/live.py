"""What has changed in a list while somebody looks at it: how much is new, and what became of the rows that are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from service.casework.duties import is_candidate, is_shared
from service.casework.rights import may_read
from service.casework.taking import was_offered
from service.casework.workbench.work import VIEWS, holder_of, lights_of
from service.rules.work_filters import WorkFilter
from service.store.open_work import OpenWork

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.casework.office import Office
    from service.store.records import Records
    from service.store.tasks import TaskRow

MOST_ROWS = 50
APART = timedelta(milliseconds=1)  # tasks opened in one instant are kept microseconds apart


@dataclass(frozen=True, kw_only=True)
class Turned:
    """What became of a row: done, cancelled, tacit, or taken by somebody else. `by`: a name for people."""

    id: UUID
    state: str
    by: str


@dataclass(frozen=True, kw_only=True)
class Changes:
    """The counts of a list as they are now, how many tasks came since, and which of the shown rows are over."""

    counts: Mapping[str, int]
    fresh: int
    rows: tuple[Turned, ...]


def changes_of(office: Office, actor: Actor, wanted: WorkFilter, *, since: datetime, shown: Sequence[UUID]) -> Changes:
    """The changes of an open list since an instant; of at most fifty of its rows."""
    with office.reading() as records:
        work = OpenWork(records, holder_of(actor), wanted)
        look = work.look(lights_of(records, work), VIEWS, skip=0, limit=0, since=since + APART)
        rows = records.tasks.some(shown[:MOST_ROWS])
        turned = [(row, state, who) for row in rows.values() if (state := _turn(actor, wanted, row, who := _who(row)))]
        names = records.people.names({who for _, _, who in turned if who})
        return Changes(
            counts=look.counts,
            fresh=look.fresh,
            rows=tuple(
                Turned(id=row.id, state=state, by=names.get(who, who))
                for row, state, who in turned
                if _may_know(records, actor, row)
            ),
        )


def _who(row: TaskRow) -> str:
    return (row.ended_by if row.ended_at is not None else row.assignee) or ""


def _turn(actor: Actor, wanted: WorkFilter, row: TaskRow, who: str) -> str:
    if row.ended_at is not None:
        return {"COMPLETED": "done", "TACIT": "tacit"}.get(row.outcome or "", "cancelled")
    taken = bool(who) and who != actor.username and wanted.tab in ("all", "mine", "post")
    return "taken" if taken else ""


def _may_know(records: Records, actor: Actor, row: TaskRow) -> bool:
    """Names are told to who may read the case or was offered the task; what A岗 and B岗 share is nobody's alone."""
    candidates = records.tasks.candidates(row.id)
    if row.ended_at is None and is_shared(actor, candidates):
        return False
    if is_candidate(actor, candidates) or was_offered(records, actor, row):
        return True
    case = records.cases.find(row.case_id)
    return case is not None and may_read(records, actor, case)
