"""转办, 委派 and taking back: a task goes to a named colleague who may do it, or only for their opinion."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID, uuid4

from service.casework.actors import Actor
from service.casework.assigning import require_assigner
from service.casework.duties import require_doer
from service.casework.handing.colleagues import require_colleague
from service.casework.journalling import CaseFile, put_back, write
from service.casework.messages.notices import notice
from service.casework.office import Office
from service.casework.reading import get_task
from service.casework.taking import take_seen
from service.casework.views import TaskView
from service.rules.refusals import Conflict, Forbidden, refuse
from service.rules.vocabulary import JournalAction
from service.store.agenda import AgendaRow
from service.store.history import CommentRow, JournalLine
from service.store.records import Records
from service.store.tasks import TaskFile, TaskRow

LONGEST = 500
HANDED = "T13"  # message: somebody gives you something to do
HANDING = (JournalAction.TASK_TRANSFERRED, JournalAction.TASK_DELEGATED)


def transfer_task(
    office: Office, actor: Actor, task_id: UUID, to: str, reason: str, *, seen: int | None = None
) -> TaskView:
    """转办: a colleague of the post, or of one above it, does the task instead.

    By its holder, or by the heads of its department and keepers (P11). Refused: Forbidden TASK_FORBIDDEN,
    ASSIGN_FORBIDDEN and what `require_colleague` refuses (S-01 to S-04, S-12, S-16); Invalid REASON_MISSING,
    REASON_LONG; Conflict TASK_DELEGATED, TASK_CHANGED, PERSON_AWAY, TASK_SUBMITTED.
    """
    why = reason_of(reason)

    def act(records: Records, file: CaseFile, task: TaskFile) -> None:
        row = task.row
        if row.assignee != actor.username:
            require_assigner(actor, row)
        _require_free(records, row, seen)
        person = require_colleague(records, actor, task, to)
        detail = {"from": row.assignee, "to": person.username, "reason": why}
        version = _line(records, file, JournalAction.TASK_TRANSFERRED, actor, row, detail)
        records.tasks.change(row.id, {"assignee": person.username, "seen": version})
        file.notices.append(handed(records, actor, row, person.username, "办理"))

    return change(office, actor, task_id, act)


def delegate_work(
    office: Office, actor: Actor, task_id: UUID, to: str, question: str, *, seen: int | None = None
) -> TaskView:
    """委派: a colleague of the department says what they think; the task comes back to its holder, who decides.

    The limit goes on. Refused: as 转办, by the holder only (Forbidden TASK_FORBIDDEN).
    """
    asked = reason_of(question, "question")

    def act(records: Records, file: CaseFile, task: TaskFile) -> None:
        row = task.row
        require_doer(actor, row, task.candidates)
        _require_free(records, row, seen)
        person = require_colleague(records, actor, task, to, opinion=True)
        owner = row.assignee or actor.username
        detail = {"from": owner, "to": person.username, "reason": asked}
        version = _line(records, file, JournalAction.TASK_DELEGATED, actor, row, detail)
        records.tasks.change(
            row.id, {"owner": owner, "assignee": person.username, "delegation": "PENDING", "seen": version}
        )
        file.notices.append(handed(records, actor, row, person.username, "出具意见"))

    return change(office, actor, task_id, act)


def answer_delegation(office: Office, actor: Actor, task_id: UUID, opinion: str) -> TaskView:
    """What the colleague thinks; the task goes back to who asked. Refused: Conflict NOT_DELEGATED, Forbidden TASK_FORBIDDEN,
    Invalid OPINION_MISSING, OPINION_LONG (field `opinion`).
    """
    said = opinion_of(opinion)

    def act(records: Records, file: CaseFile, task: TaskFile) -> None:
        row = task.row
        if row.delegation != "PENDING":
            raise Conflict("NOT_DELEGATED", "任务“{task}”没有委派，不需要交回", task=row.name)
        if row.assignee != actor.username:
            raise Forbidden(
                "TASK_FORBIDDEN", "任务“{task}”由{owner}承办，您不能办理", task=row.name, owner=row.assignee or ""
            )
        comment(records, file, actor, row, said)
        detail = {"from": actor.username, "to": row.owner}
        version = _line(records, file, JournalAction.TASK_RESOLVED, actor, row, detail)
        back = {"assignee": row.owner, "delegation": "RESOLVED", "seen": version}
        records.tasks.change(row.id, back)
        if row.owner is not None:
            file.notices.append(handed(records, actor, row, row.owner, "继续办理"))

    return change(office, actor, task_id, act)


def take_back(office: Office, actor: Actor, task_id: UUID) -> TaskView:
    """收回 what oneself gave to a colleague, as long as they have not touched it.

    Refused: Conflict HANDING_TOUCHED naming who has begun, Forbidden NOT_HANDED_BY_YOU.
    """

    def act(records: Records, file: CaseFile, task: TaskFile) -> None:
        row = task.row
        line = last_handing(records.history.lines(file.id), row)
        if line is None or line.actor != actor.username:
            raise Forbidden("NOT_HANDED_BY_YOU", "任务“{task}”不是您转出的，不能收回", task=row.name)
        if was_touched(records, line, row):
            holder = row.assignee or ""
            name = records.people.names([holder]).get(holder, holder)
            raise Conflict("HANDING_TOUCHED", "{person}已经开始办理任务“{task}”，不能收回", person=name, task=row.name)
        back = (line.detail or {}).get("from")
        version = _line(records, file, JournalAction.TASK_TAKEN_BACK, actor, row, {"from": row.assignee, "to": back})
        records.tasks.change(row.id, {"assignee": back, "owner": None, "delegation": None, "seen": version})

    return change(office, actor, task_id, act)


def last_handing(lines: tuple[JournalLine, ...], row: TaskRow) -> JournalLine | None:
    """The line by which the task came to who has it, when a colleague gave it to them."""
    found = next((one for one in reversed(lines) if one.task_id == row.id and one.action in HANDING), None)
    return found if found is not None and (found.detail or {}).get("to") == row.assignee else None


def was_touched(records: Records, line: JournalLine, row: TaskRow) -> bool:
    """Whether anything happened to a task since it was handed on, or its holder has begun to fill in the form."""
    later = any(one.task_id == row.id and one.line > line.line for one in records.history.lines(row.case_id))
    return later or (row.assignee is not None and records.together.draft_of(row.id, row.assignee) is not None)


def change(office: Office, actor: Actor, task_id: UUID, act: Callable[[Records, CaseFile, TaskFile], None]) -> TaskView:
    """One act on an open task under the lock of its case. Refused: Missing TASK_NOT_FOUND, also for who may not read it."""

    def attempt() -> None:
        with office.transaction() as records:
            file, task = take_seen(records, actor, task_id)
            act(records, file, task)
            put_back(records, file)
            records.prompt = True

    office.attempt(attempt)
    return get_task(office, actor, task_id, changed=True)


def handed(records: Records, actor: Actor, row: TaskRow, to: str, deed: str) -> AgendaRow:
    """That somebody gives a colleague something to do with a task."""
    values = {"person": actor.name, "deed": deed}
    return notice(records.now, HANDED, [to], case_id=row.case_id, scope=row.scope_id, task=row.id, values=values)


def comment(records: Records, file: CaseFile, actor: Actor, row: TaskRow, text: str) -> None:
    """Keep an opinion where every opinion of a task is read."""
    records.history.comment(
        CommentRow(
            id=uuid4(),
            case_id=file.id,
            task_id=row.id,
            author=actor.username,
            written_at=records.now,
            message=text,
        )
    )


def reason_of(text: str, field: str = "reason") -> str:
    """Why. Refused: Invalid REASON_MISSING, REASON_LONG."""
    why = text.strip()
    if not why:
        raise refuse(field, "REASON_MISSING", "请写明理由或要求")
    if len(why) > LONGEST:
        raise refuse(field, "REASON_LONG", "理由不能超过 {most} 个字", most=LONGEST)
    return why


def opinion_of(text: str) -> str:
    """What somebody thinks. Refused: Invalid OPINION_MISSING, OPINION_LONG."""
    said = text.strip()
    if not said:
        raise refuse("opinion", "OPINION_MISSING", "请填写意见")
    if len(said) > 2000:
        raise refuse("opinion", "OPINION_LONG", "意见不能超过 {most} 个字", most=2000)
    return said


def _require_free(records: Records, row: TaskRow, seen: int | None) -> None:
    if row.delegation == "PENDING":
        raise Conflict("TASK_DELEGATED", "任务“{task}”正在委托他人办理，请先交回", task=row.name)
    if seen is not None and seen != row.seen:
        raise Conflict("TASK_CHANGED", "任务“{task}”在您办理期间已有变化，请刷新后再提交", task=row.name)
    if records.together.held(row.id) is not None:
        raise Conflict("TASK_SUBMITTED", "任务“{task}”已经提交，正在等待会签意见", task=row.name)


def _line(
    records: Records,
    file: CaseFile,
    action: JournalAction,
    actor: Actor,
    row: TaskRow,
    detail: Mapping[str, str | None],
) -> int:
    return write(records, file, action, actor, element=row.element, task_id=row.id, detail=detail)
