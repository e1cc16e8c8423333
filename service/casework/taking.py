"""Taking up a task: its case locked, its file on the desk, or who was faster."""

from __future__ import annotations

from uuid import UUID

from service.casework.actors import Actor
from service.casework.duties import may_do, require_open
from service.casework.journalling import CaseFile, require_running
from service.casework.rights import may_see
from service.rules.refusals import Missing
from service.rules.vocabulary import JournalAction
from service.store.records import Records
from service.store.tasks import TaskFile, TaskRow


def take_task(records: Records, actor: Actor, task_id: UUID, *, number: str = "") -> tuple[CaseFile, TaskFile]:
    """Lock the case of an open task and read the task under the lock. `number`: of a certificate it may be about.

    Refused: Missing TASK_NOT_FOUND, Conflict TASK_ALREADY_COMPLETED, TASK_CANCELLED, CASE_SUSPENDED.
    """
    case, task = records.tasks.take(task_id, number)
    if case is None or task is None:
        raise task_missing()
    if task.row.ended_at is not None:
        if not (may_see(records, actor, case) or was_offered(records, actor, task.row)):
            raise task_missing()
        require_open(records, task.row)
    require_running(case)
    return CaseFile(case), task


def take_seen(records: Records, actor: Actor, task_id: UUID) -> tuple[CaseFile, TaskFile]:
    """The same for acts that others than its doer may do: whoever may neither read the case nor do the task finds none."""
    file, task = take_task(records, actor, task_id)
    if not may_do(actor, task.row, task.candidates) and not may_see(records, actor, file.row):
        raise task_missing()
    return file, task


def was_offered(records: Records, actor: Actor, row: TaskRow) -> bool:
    """Whether the ended task had been offered to this person, as its completion noted."""
    known = {f"user:{actor.username}", *(f"group:{group}" for group in actor.groups)}
    return any(
        not known.isdisjoint((line.detail or {}).get("offered", ()))
        for line in records.history.lines(row.case_id)
        if line.task_id == row.id and line.action == JournalAction.TASK_COMPLETED
    )


def task_missing() -> Missing:
    """There is no such task, or none for who asks."""
    return Missing("TASK_NOT_FOUND", "没有这个任务，或者您无权查看。")
