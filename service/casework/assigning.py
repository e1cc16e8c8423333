"""Who holds a task: claim, release, assign, delegate, resolve, update, comment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID, uuid4

from service.casework.actors import Actor
from service.casework.completing import take_task
from service.casework.duties import group_of, is_candidate, require_apart, require_doer
from service.casework.journalling import CaseFile, put_back, write
from service.casework.office import Office
from service.casework.projection import settle, take_up
from service.casework.reading import comment_view, get_task, readable_task
from service.casework.rights import HEADS, KEEPERS
from service.casework.views import CommentView, TaskView
from service.rules.refusals import Conflict, FieldProblem, Forbidden, Invalid
from service.rules.vocabulary import JournalAction
from service.store.history import CommentRow
from service.store.records import Records
from service.store.tasks import Candidate, TaskFile, TaskRow

CHANGEABLE = frozenset({"name", "description", "assignee", "owner", "delegation", "due_at", "follow_up_at", "priority"})
LONGEST_NAME, LONGEST_COMMENT = 255, 4000


def claim_task(office: Office, actor: Actor, task_id: UUID, user: str | None = None) -> TaskView:
    """Take an unassigned task (for `user`, by default oneself); again by its holder changes nothing.

    Refused: Conflict TASK_ALREADY_CLAIMED names the holder; Forbidden TASK_FORBIDDEN, DUTIES_SEPARATED.
    """

    def act(records: Records, file: CaseFile, task: TaskFile) -> None:
        row = task.row
        taker = _behind(records, user) if user and user != actor.username else actor.username
        if row.assignee == taker:
            return
        if row.assignee is not None:
            raise Conflict(
                "TASK_ALREADY_CLAIMED",
                "任务“{task}”已由{person}（{username}）认领",
                task=row.name,
                person=records.people.names([row.assignee]).get(row.assignee, row.assignee),
                username=row.assignee,
            )
        if taker == actor.username:
            if not actor.service and not is_candidate(actor, task.candidates):
                raise Forbidden("TASK_FORBIDDEN", "任务“{task}”不属于您的岗位，您不能办理", task=row.name, owner="")
            require_apart(actor, row, task.stages)
        else:
            require_assigner(actor, row)
        version = write(records, file, JournalAction.TASK_CLAIMED, actor, element=row.element, task_id=row.id)
        records.tasks.change(row.id, {"assignee": taker, "seen": version})

    return _change(office, actor, task_id, act)


def release_task(office: Office, actor: Actor, task_id: UUID) -> TaskView:
    """Give a task back to its candidates; one that its post owned becomes that post's queue.

    Refused: Forbidden TASK_FORBIDDEN for anybody but its holder, the heads of its department and keepers.
    """

    def act(records: Records, file: CaseFile, task: TaskFile) -> None:
        row = task.row
        if row.assignee is None:
            return
        if row.assignee != actor.username:
            require_assigner(actor, row)
        if not task.candidates and row.role:
            group = group_of(row.department, row.role)
            records.tasks.add_candidates([Candidate(task_id=row.id, kind="group", value=group)])
        version = write(
            records,
            file,
            JournalAction.TASK_RELEASED,
            actor,
            element=row.element,
            task_id=row.id,
            detail={"from": row.assignee},
        )
        records.tasks.change(row.id, {"assignee": None, "delegation": None, "seen": version})

    return _change(office, actor, task_id, act)


def assign_task(office: Office, actor: Actor, task_id: UUID, user: str | None) -> TaskView:
    """Set or clear the assignee, whoever it was. Refused: Forbidden ASSIGN_FORBIDDEN, Invalid PERSON_UNKNOWN."""

    def act(records: Records, file: CaseFile, task: TaskFile) -> None:
        row = task.row
        require_assigner(actor, row)
        taker = _person(records, actor, user) if user is not None else None
        version = write(
            records,
            file,
            JournalAction.TASK_ASSIGNED,
            actor,
            element=row.element,
            task_id=row.id,
            detail={"from": row.assignee, "to": taker},
        )
        records.tasks.change(row.id, {"assignee": taker, "seen": version})

    return _change(office, actor, task_id, act)


def delegate_task(office: Office, actor: Actor, task_id: UUID, user: str) -> TaskView:
    """Let somebody else prepare the task; it comes back to its owner when resolved.

    Refused: Forbidden TASK_FORBIDDEN unless it is one's own, Invalid PERSON_UNKNOWN.
    """

    def act(records: Records, file: CaseFile, task: TaskFile) -> None:
        row = task.row
        require_doer(actor, row, task.candidates)
        helper = _person(records, actor, user)
        owner = row.owner or row.assignee or actor.username
        version = write(
            records,
            file,
            JournalAction.TASK_DELEGATED,
            actor,
            element=row.element,
            task_id=row.id,
            detail={"from": owner, "to": helper},
        )
        records.tasks.change(row.id, {"owner": owner, "assignee": helper, "delegation": "PENDING", "seen": version})

    return _change(office, actor, task_id, act)


def resolve_task(
    office: Office,
    actor: Actor,
    task_id: UUID,
    variables: Mapping[str, Any] | None = None,
    types: Mapping[str, str] | None = None,
) -> TaskView:
    """Give a delegated task back to its owner, with variables that were prepared.

    Refused: Forbidden TASK_FORBIDDEN unless it was delegated to oneself.
    """

    def act(records: Records, file: CaseFile, task: TaskFile) -> None:
        row = task.row
        require_doer(actor, row, task.candidates)
        version = write(records, file, JournalAction.TASK_RESOLVED, actor, element=row.element, task_id=row.id)
        back = {"assignee": row.owner or row.assignee, "delegation": "RESOLVED", "seen": version}
        records.tasks.change(row.id, back)
        if variables:
            running = take_up(office, records, file)
            running.run.set_variables(dict(variables), types=types, scope=row.scope_id)
            settle(records, running)

    return _change(office, actor, task_id, act)


def update_task(office: Office, actor: Actor, task_id: UUID, changes: Mapping[str, Any]) -> TaskView:
    """Change name, description, assignee, owner, delegation, due_at, follow_up_at or priority of an open task.

    Refused: Invalid TASK_FIELD_UNKNOWN, TASK_NAME_INVALID, PERSON_UNKNOWN; Forbidden ASSIGN_FORBIDDEN.
    """
    for name in changes:
        if name not in CHANGEABLE:
            raise Invalid("TASK_FIELD_UNKNOWN", "任务没有可修改的字段“{field}”", field=name)
    if "name" in changes and not 1 <= len(str(changes["name"] or "")) <= LONGEST_NAME:
        raise Invalid("TASK_NAME_INVALID", "任务名称应为 1 到 {most} 个字", most=LONGEST_NAME)

    def act(records: Records, file: CaseFile, task: TaskFile) -> None:
        row = task.row
        require_assigner(actor, row)
        people = {
            name: _person(records, actor, changes[name])
            for name in ("assignee", "owner")
            if changes.get(name) is not None
        }
        real = {name: value for name, value in {**changes, **people}.items() if getattr(row, name) != value}
        if not real:
            return
        version = write(
            records,
            file,
            JournalAction.TASK_UPDATED,
            actor,
            element=row.element,
            task_id=row.id,
            detail={"fields": sorted(real)},
        )
        records.tasks.change(row.id, {**real, "seen": version})

    return _change(office, actor, task_id, act)


def comment_task(office: Office, actor: Actor, task_id: UUID, text: str) -> CommentView:
    """Write a comment at a task. Refused: Invalid COMMENT_EMPTY or COMMENT_TOO_LONG, Missing TASK_NOT_FOUND."""
    message = text.strip()
    if not message:
        problem = FieldProblem(field="message", code="COMMENT_EMPTY", text="请填写意见")
        raise Invalid("COMMENT_EMPTY", "请填写意见", fields=(problem,))
    if len(message) > LONGEST_COMMENT:
        raise Invalid("COMMENT_TOO_LONG", "意见不能超过 {most} 个字", most=LONGEST_COMMENT)

    def act() -> CommentView:
        with office.transaction() as records:
            case, task = readable_task(records, actor, task_id, lock=True)
            file = CaseFile(case)
            row = CommentRow(
                id=uuid4(),
                case_id=case.id,
                task_id=task_id,
                author=actor.username,
                written_at=records.now,
                message=message,
            )
            records.history.comment(row)
            write(records, file, JournalAction.TASK_COMMENTED, actor, element=task.element, task_id=task_id)
            put_back(records, file)
            return comment_view(row)

    return office.attempt(act)


def task_comments(office: Office, actor: Actor, task_id: UUID) -> tuple[CommentView, ...]:
    """The comments of a task, oldest first. Refused: Missing TASK_NOT_FOUND."""
    with office.reading() as records:
        case, _ = readable_task(records, actor, task_id)
        return tuple(comment_view(row) for row in records.history.comments(case.id, task_id))


def _change(
    office: Office, actor: Actor, task_id: UUID, act: Callable[[Records, CaseFile, TaskFile], None]
) -> TaskView:
    """One act on an open task under the lock of its case."""

    def attempt() -> None:
        with office.transaction() as records:
            file, task = take_task(records, actor, task_id)
            act(records, file, task)
            put_back(records, file)

    office.attempt(attempt)
    return get_task(office, actor, task_id, changed=True)


def require_assigner(actor: Actor, row: TaskRow) -> None:
    """Refused: Forbidden ASSIGN_FORBIDDEN unless keeper, or head in the task's department."""
    if actor.has(*KEEPERS) or (actor.has(*HEADS) and actor.department == row.department):
        return
    raise Forbidden("ASSIGN_FORBIDDEN", "您无权指定任务“{task}”的承办人", task=row.name)


def _person(records: Records, actor: Actor, user: str) -> str:
    """Whom the name means. Refused: Invalid PERSON_UNKNOWN; programs may name people only they know, as in Camunda."""
    if actor.service:
        return _behind(records, user)
    person = records.people.find(user)
    if person is None or not person.active:
        raise Invalid("PERSON_UNKNOWN", "没有用户“{user}”，或者该用户已停用", user=user)
    return person.username


def _behind(records: Records, user: str) -> str:
    """The username behind a name that may be an alias."""
    return records.people.behind([user]).get(user, user)
