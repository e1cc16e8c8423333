"""搁置: a task claimed from a queue and left alone for two half-days goes back to it (DOMAIN B.4 rule 4, XZ-06)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from service.casework.journalling import CaseFile, write
from service.casework.supervising import About, raise_card
from service.rules.cards import Violation
from service.rules.vocabulary import AgendaKind, CaseState, JournalAction
from service.store.agenda import AgendaRow
from service.store.records import Records
from service.store.tasks import TaskRow

IDLE_HALF_DAYS = 2


def watch_idleness(records: Records, task: TaskRow) -> None:
    """Look at a task that was just claimed again after two half-days, or at its limit when that is sooner.

    Only tasks of a stage with a limit: what has no clock may wait.
    """
    if task.stage is None or task.warn_at is None:
        return
    records.agenda.add([_look_again(records, task, records.now)])


def check_idleness(records: Records, file: CaseFile, item: AgendaRow) -> None:
    """Release the task if its claim is still the last thing that happened to it; look again later while its clock stands.

    The owner gets a hint (IDLE). Refused: CALENDAR_MISSING.
    """
    records.agenda.drop([item.id])
    task = records.tasks.find(UUID((item.detail or {})["task"]))
    if task is None or task.ended_at is not None or task.assignee is None:
        return
    if task.paused_at is not None or file.row.state == CaseState.SUSPENDED:
        records.agenda.add([_look_again(records, task, records.now)])
        return
    acts = [line for line in records.history.lines(file.id) if line.task_id == task.id and line.actor is not None]
    last = acts[-1:]
    if not last or last[0].action != JournalAction.TASK_CLAIMED or last[0].actor != task.assignee:
        return
    if not any(one.kind in ("user", "group") for one in records.tasks.candidates(task.id)):
        return
    raise_card(
        records,
        file,
        Violation.IDLE,
        to=task.assignee,
        department=task.department,
        at=item.due_at,
        about=About(scope=task.scope_id, task=task.id, element=task.element),
    )
    version = write(
        records,
        file,
        JournalAction.TASK_RELEASED,
        None,
        element=task.element,
        task_id=task.id,
        detail={"from": task.assignee, "why": Violation.IDLE.value},
    )
    records.tasks.change(task.id, {"assignee": None, "acting_for": None, "seen": version})


def _look_again(records: Records, task: TaskRow, since: datetime) -> AgendaRow:
    due = records.calendar.due_after_half_days(since, IDLE_HALF_DAYS)
    if task.due_at is not None and since < task.due_at < due:
        due = task.due_at
    return AgendaRow(
        id=uuid4(),
        kind=AgendaKind.IDLE,
        case_id=task.case_id,
        element=task.element,
        due_at=due,
        ready_at=due,
        detail={"task": str(task.id)},
    )
