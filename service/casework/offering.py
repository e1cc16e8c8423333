"""To whom a task is offered: candidates added and taken back by hand."""

from __future__ import annotations

from uuid import UUID

from service.casework.actors import Actor
from service.casework.assigning import require_assigner
from service.casework.journalling import put_back, write
from service.casework.office import Office
from service.casework.taking import take_task
from service.rules.vocabulary import JournalAction
from service.store.tasks import Candidate


def offer_task(office: Office, actor: Actor, task_id: UUID, *, kind: str, value: str, offered: bool = True) -> None:
    """Make somebody (`kind` user) or a group a candidate of an open task, or no longer one. Twice is once.

    Refused: Missing TASK_NOT_FOUND, Conflict TASK_ALREADY_COMPLETED, CASE_SUSPENDED, Forbidden ASSIGN_FORBIDDEN.
    """
    wanted = Candidate(task_id=task_id, kind=kind, value=value)

    def attempt() -> None:
        with office.transaction() as records:
            file, task = take_task(records, actor, task_id)
            require_assigner(actor, task.row)
            if (wanted in task.candidates) == offered:
                return
            kept = [one for one in task.candidates if one != wanted]
            records.tasks.drop_candidates([task_id])
            records.tasks.add_candidates([*kept, wanted] if offered else kept)
            version = write(
                records,
                file,
                JournalAction.TASK_UPDATED,
                actor,
                element=task.row.element,
                task_id=task_id,
                detail={"fields": ["candidates"]},
            )
            records.tasks.change(task_id, {"seen": version})
            put_back(records, file)

    office.attempt(attempt)
