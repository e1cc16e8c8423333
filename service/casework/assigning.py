"""Who holds a task: claim, release, assign, delegate, resolve, update, comment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from service.casework.actors import Actor
from service.casework.duties import (
    SHARE,
    acting_for,
    is_candidate,
    is_shared,
    on_behalf,
    require_doer,
    require_no_supervisor,
)
from service.casework.idling import watch_idleness
from service.casework.journalling import CaseFile, put_back, write
from service.casework.masking import reader_of
from service.casework.notes.rights import is_insider
from service.casework.office import Office
from service.casework.posts import group_of
from service.casework.projection import settle, take_up
from service.casework.quality.rights import require_uninvolved
from service.casework.reading import comment_view, get_task, readable_task
from service.casework.rights import HEADS, KEEPERS, may_see
from service.casework.separation import matter_of, require_free
from service.casework.take_overs import give_back, require_not_taken_over, require_rung
from service.casework.taking import take_task
from service.casework.views import CommentView, TaskView
from service.rules.refusals import Conflict, FieldProblem, Forbidden, Invalid, refuse
from service.rules.vocabulary import JournalAction
from service.store.history import CommentRow
from service.store.records import Records
from service.store.tasks import Candidate, TaskFile, TaskRow

CHANGEABLE = frozenset({"name", "description", "assignee", "owner", "delegation", "due_at", "follow_up_at", "priority"})
LONGEST_NAME, LONGEST_COMMENT, LONGEST_REASON = 255, 4000, 500


def claim_task(office: Office, actor: Actor, task_id: UUID, user: str | None = None) -> TaskView:
    """Take an unassigned task (for `user`, by default oneself); again by its holder changes nothing.

    A task that A岗 and B岗 share may be taken from one another; a stand-in who claims what came from somebody absent keeps
    it when they are back. Refused: Conflict TASK_ALREADY_CLAIMED names the holder; Forbidden TASK_FORBIDDEN,
    DUTIES_SEPARATED, SUPERVISION_NEVER_ACTS.
    """

    def act(records: Records, file: CaseFile, task: TaskFile) -> None:
        row = task.row
        taker = actor.username
        if user and user != actor.username:
            taker = _assignable(records, row, user)
        else:
            require_no_supervisor(row, actor.roles)
        if row.assignee == taker:
            if row.acting_for is not None and taker == actor.username:
                version = write(
                    records,
                    file,
                    JournalAction.TASK_CLAIMED,
                    actor,
                    element=row.element,
                    task_id=row.id,
                    detail=on_behalf(row, actor),
                )
                records.tasks.change(row.id, {"seen": version})
            return
        if row.assignee is not None and taker == actor.username and is_shared(actor, task.candidates):
            _require_free(office, records, file, task, actor)
            _take_from(records, file, actor, row)
            return
        if row.assignee is not None:
            if not actor.service and not is_candidate(actor, task.candidates) and not may_see(records, actor, file.row):
                raise Forbidden("TASK_FORBIDDEN", "任务“{task}”不属于您的岗位，您不能办理", task=row.name, owner="")
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
            _require_free(office, records, file, task, actor)
            require_uninvolved(records, row, actor.username)
        else:
            require_assigner(actor, row)
            _require_free(office, records, file, task, actor, taker)
        version = write(
            records,
            file,
            JournalAction.TASK_CLAIMED,
            actor,
            element=row.element,
            task_id=row.id,
            detail=on_behalf(row, actor),
        )
        records.tasks.change(row.id, {"assignee": taker, "seen": version})
        watch_idleness(records, row)

    return _change(office, actor, task_id, act)


def release_task(office: Office, actor: Actor, task_id: UUID) -> TaskView:
    """Give a task back to its candidates; one that its post owned becomes that post's queue.

    Refused: Forbidden TASK_FORBIDDEN for anybody but its holder, the heads of its department and keepers; Conflict
    TASK_TAKEN_OVER after a take-over (`give_back_task`).
    """

    def act(records: Records, file: CaseFile, task: TaskFile) -> None:
        row = task.row
        if row.assignee is None:
            return
        if row.assignee != actor.username:
            require_assigner(actor, row)
        require_not_taken_over(actor, row)
        if not any(one.kind != SHARE for one in task.candidates) and row.role:
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
        records.tasks.change(row.id, {"assignee": None, "acting_for": None, "delegation": None, "seen": version})

    return _change(office, actor, task_id, act)


def assign_task(office: Office, actor: Actor, task_id: UUID, user: str | None) -> TaskView:
    """Set or clear the assignee, whoever it was.

    Refused: Forbidden ASSIGN_FORBIDDEN, SUPERVISION_NEVER_ACTS; Invalid PERSON_UNKNOWN; after a take-over Conflict
    TASK_TAKEN_OVER for everybody below the 首席代表, LADDER_NOT_THERE for the 分管领导 before rung L5.
    """

    def act(records: Records, file: CaseFile, task: TaskFile) -> None:
        row = task.row
        require_assigner(actor, row)
        taker = _assignable(records, row, user, actor) if user is not None else None
        if taker is None:
            require_not_taken_over(actor, row)
        else:
            _require_free(office, records, file, task, actor, taker)
        version = write(
            records,
            file,
            JournalAction.TASK_ASSIGNED,
            actor,
            element=row.element,
            task_id=row.id,
            detail={"from": row.assignee, "to": taker},
        )
        records.tasks.change(row.id, {"assignee": taker, "acting_for": None, "seen": version})

    return _change(office, actor, task_id, act)


def give_back_task(office: Office, actor: Actor, task_id: UUID, reason: str) -> TaskView:
    """After a take-over (L3) the 首席代表 gives a task back to who had it; the ladder does not climb to L3 again (rule 3).

    Refused: Forbidden GIVE_BACK_FORBIDDEN for anybody but its holder at the rung of the 首席代表; Conflict NOT_TAKEN_OVER;
    Invalid REASON_MISSING, REASON_LONG.
    """
    why = reason.strip()
    if not why:
        raise refuse("reason", "REASON_MISSING", "请写明退回的理由")
    if len(why) > LONGEST_REASON:
        raise refuse("reason", "REASON_LONG", "理由不能超过 {most} 个字", most=LONGEST_REASON)
    return _change(office, actor, task_id, lambda records, file, task: give_back(records, file, actor, task.row, why))


def delegate_task(office: Office, actor: Actor, task_id: UUID, user: str) -> TaskView:
    """Let somebody else prepare the task; it comes back to its owner when resolved.

    Refused: Forbidden TASK_FORBIDDEN unless it is one's own, Invalid PERSON_UNKNOWN.
    """

    def act(records: Records, file: CaseFile, task: TaskFile) -> None:
        row = task.row
        require_doer(actor, row, task.candidates)
        helper = _assignable(records, row, user, actor)
        _require_free(office, records, file, task, actor, helper)
        owner = row.owner or row.assignee or actor.username
        version = write(
            records,
            file,
            JournalAction.TASK_DELEGATED,
            actor,
            element=row.element,
            task_id=row.id,
            detail={"from": owner, "to": helper, **on_behalf(row, actor)},
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
        version = write(
            records,
            file,
            JournalAction.TASK_RESOLVED,
            actor,
            element=row.element,
            task_id=row.id,
            detail={"from": row.assignee, "to": row.owner or row.assignee, **on_behalf(row, actor)},
        )
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
            name: _assignable(records, row, changes[name], actor)
            for name in ("assignee", "owner")
            if changes.get(name) is not None
        }
        if people.get("assignee") not in (None, row.assignee):
            _require_free(office, records, file, task, actor, people["assignee"])
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
    """Write a comment at a task. Refused: Invalid COMMENT_EMPTY or COMMENT_TOO_LONG, Missing TASK_NOT_FOUND, Forbidden
    COMMENT_FORBIDDEN for an applicant at a task of the house."""
    message = text.strip()
    if not message:
        problem = FieldProblem(field="message", code="COMMENT_EMPTY", text="请填写意见")
        raise Invalid("COMMENT_EMPTY", "请填写意见", fields=(problem,))
    if len(message) > LONGEST_COMMENT:
        raise Invalid("COMMENT_TOO_LONG", "意见不能超过 {most} 个字", most=LONGEST_COMMENT)

    def act() -> CommentView:
        with office.transaction() as records:
            case, task = readable_task(records, actor, task_id, lock=True)
            if task.assignee != actor.username and not is_insider(actor):
                raise Forbidden("COMMENT_FORBIDDEN", "任务上的意见由工作人员填写")
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
            detail = on_behalf(task, actor) if task.assignee == actor.username else None
            write(
                records, file, JournalAction.TASK_COMMENTED, actor, element=task.element, task_id=task_id, detail=detail
            )
            put_back(records, file)
            return comment_view(row)

    return office.attempt(act)


def task_comments(office: Office, actor: Actor, task_id: UUID) -> tuple[CommentView, ...]:
    """The comments of a task, oldest first. Refused: Missing TASK_NOT_FOUND."""
    with office.reading() as records:
        case, _ = readable_task(records, actor, task_id)
        told = reader_of(records, actor, case)
        return tuple(
            replace(comment_view(row), message=told(row.message, row.author))
            for row in records.history.comments(case.id, task_id)
        )


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


def _assignable(records: Records, row: TaskRow, user: str, actor: Actor | None = None) -> str:
    """Whom the name means, if they may get this task; `actor` None: whatever the name, as in Camunda.

    Refused: Invalid PERSON_UNKNOWN, but programs may name people only they know; Forbidden SUPERVISION_NEVER_ACTS;
    COMPLAINED_PERSON; Conflict TASK_TAKEN_OVER, LADDER_NOT_THERE.
    """
    person = records.people.find(user)
    if actor is not None and not actor.service:
        if person is None or not person.active:
            raise Invalid("PERSON_UNKNOWN", "没有用户“{user}”，或者该用户已停用", user=user)
        if row.escalated_at is not None and person.username != row.assignee:
            require_rung(records, row, person.roles)
    if person is None:
        return user
    require_no_supervisor(row, person.roles)
    require_uninvolved(records, row, person.username)
    return person.username


def _require_free(
    office: Office, records: Records, file: CaseFile, task: TaskFile, actor: Actor, taker: str | None = None
) -> None:
    """B.4 rule 7: the rules of separation hold for who gets a task as for who does it. `taker` None: the actor.

    Programs give tasks as Camunda lets them; what people complete is asked again then.
    """
    if not actor.service:
        matter = matter_of(records, file, task.row, task.stages, office)
        require_free(records, matter, taker or actor.username, task.row)


def _take_from(records: Records, file: CaseFile, actor: Actor, row: TaskRow) -> None:
    """One of A岗 and B岗 takes over what the other has, from the yellow light on."""
    holder = acting_for(row, actor)
    version = write(
        records,
        file,
        JournalAction.TASK_CLAIMED,
        actor,
        element=row.element,
        task_id=row.id,
        detail={"from": row.assignee, "acting_for": holder},
    )
    records.tasks.change(row.id, {"assignee": actor.username, "acting_for": holder, "seen": version})
