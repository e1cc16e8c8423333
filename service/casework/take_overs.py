"""After rung L3: a task is the 首席代表's, who may give it back with a reason; from L5 on the 分管领导 may get it (D.8)."""

from __future__ import annotations

from collections.abc import Collection

from service.casework.actors import Actor
from service.casework.journalling import CaseFile, write
from service.casework.posts import CHIEF, HEAD, LEADER
from service.rules.ladder import Rung
from service.rules.refusals import Conflict, Forbidden
from service.rules.vocabulary import JournalAction
from service.store.records import Records
from service.store.tasks import Candidate, TaskRow


def give_back(records: Records, file: CaseFile, actor: Actor, row: TaskRow, reason: str) -> None:
    """Undo a take-over. Refused: Conflict NOT_TAKEN_OVER, Forbidden GIVE_BACK_FORBIDDEN."""
    if row.escalated_at is None:
        raise Conflict("NOT_TAKEN_OVER", "任务“{task}”没有升级接管，不需要退回", task=row.name)
    if row.assignee != actor.username or not (actor.has(CHIEF) or row.acting_for is not None):
        raise Forbidden("GIVE_BACK_FORBIDDEN", "只有接管任务“{task}”的首席代表可以退回", task=row.name)
    before = next(
        str((line.detail or {}).get("from"))
        for line in records.history.lines(row.case_id)
        if line.task_id == row.id and line.action == JournalAction.TASK_ESCALATED
    )
    person = records.people.find(before)
    version = write(
        records,
        file,
        JournalAction.TASK_GIVEN_BACK,
        actor,
        element=row.element,
        task_id=row.id,
        detail={"from": row.assignee, "to": before, "reason": reason},
    )
    to = None if person is None else before
    records.tasks.change(row.id, {"assignee": to, "acting_for": None, "escalated_at": None, "seen": version})
    if to is None:
        records.tasks.add_candidates([Candidate(task_id=row.id, kind="group", value=before)])


def require_rung(records: Records, row: TaskRow, roles: Collection[str]) -> None:
    """Who may be given a task that was taken over: chiefs, from L5 on the 分管领导 and the head of the department.

    Refused: Conflict TASK_TAKEN_OVER, LADDER_NOT_THERE.
    """
    if {CHIEF, LEADER, HEAD}.isdisjoint(roles):
        raise _taken_over(row)
    clock = None if CHIEF in roles else records.clocks.find(row.id)
    if clock is not None and Rung.LEADER not in clock.fired:
        raise Conflict("LADDER_NOT_THERE", "任务“{task}”尚未升级到分管领导，现由首席代表办理", task=row.name)


def require_not_taken_over(actor: Actor, row: TaskRow) -> None:
    """Refused: Conflict TASK_TAKEN_OVER for people; programs keep what Camunda gives them."""
    if row.escalated_at is not None and not actor.service:
        raise _taken_over(row)


def _taken_over(row: TaskRow) -> Conflict:
    return Conflict("TASK_TAKEN_OVER", "任务“{task}”已由首席代表接管，只能由首席代表说明理由后退回", task=row.name)
