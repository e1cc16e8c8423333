"""Tasks open and ended, their candidates and their comments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, func, not_, or_, select, true

from service.store.listing.conditions import variable_conditions
from service.store.listing.criteria import (
    TENANTS,
    Criterion,
    Kind,
    after,
    among,
    at,
    at_least,
    at_most,
    before,
    concerns_case,
    concerns_task,
    equals,
    flag,
    id_among,
    like,
    like_any_case,
    not_among,
    same_id,
    whole,
)
from service.store.listing.listing import Listing, pick
from service.store.schema import case, comment, definition, task, task_candidate


@dataclass(frozen=True, kw_only=True)
class TaskRow:
    """One user task with what its case and definition say about it."""

    id: UUID
    case_id: UUID
    case_state: str
    case_key: str
    title: str | None
    business_key: str | None
    definition_id: UUID
    definition_key: str
    definition_name: str
    scope_id: UUID | None
    element: str
    name: str
    description: str | None
    form_key: str | None
    assignee: str | None
    owner: str | None
    delegation: str | None
    priority: int
    created_at: datetime
    due_at: datetime | None
    follow_up_at: datetime | None
    seen: int
    stage: str | None
    department: str | None
    role: str | None
    escalated_at: datetime | None
    acting_for: str | None
    ended_at: datetime | None
    ended_by: str | None
    outcome: str | None


@dataclass(frozen=True, kw_only=True)
class CandidateRow:
    """One candidate of an open task. kind: user, group."""

    task_id: UUID
    kind: str
    value: str


@dataclass(frozen=True, kw_only=True)
class CommentRow:
    """One remark on a case or a task."""

    id: UUID
    case_id: UUID
    task_id: UUID | None
    author: str
    written_at: datetime
    message: str


def _candidate(
    kind: str, test: Callable[[ColumnElement[str]], ColumnElement[bool]] | None = None
) -> ColumnElement[bool]:
    found = select(task_candidate.c.task_id).where(task_candidate.c.task_id == task.c.id, task_candidate.c.kind == kind)
    return exists(found if test is None else found.where(test(task_candidate.c.value)))


def _candidate_user(value: str, groups: Sequence[str] = ()) -> ColumnElement[bool]:
    return _candidate("user", lambda column: column == value)


_open = task.c.ended_at.is_(None)
_unassigned = task.c.assignee.is_(None)

_shared: dict[str, Criterion] = {
    "task_id": same_id(task.c.id),
    "task_id_in": id_among(task.c.id),
    "process_instance_id": same_id(task.c.case_id),
    "process_instance_id_in": id_among(task.c.case_id),
    "root_process_instance_id": same_id(task.c.case_id),
    "execution_id": Criterion(kind=Kind.ID, clause=lambda value, now: or_(task.c.id == value, task.c.case_id == value)),
    "activity_instance_id_in": id_among(task.c.id),
    "process_instance_business_key": equals(case.c.business_key),
    "process_instance_business_key_in": among(case.c.business_key),
    "process_instance_business_key_like": like(case.c.business_key),
    "process_definition_id": same_id(task.c.definition_id),
    "process_definition_key": equals(definition.c.key),
    "process_definition_key_in": among(definition.c.key),
    "process_definition_name": equals(definition.c.name),
    "process_definition_name_like": like(definition.c.name),
    "task_definition_key": equals(task.c.element),
    "task_definition_key_in": among(task.c.element),
    "task_definition_key_like": like(task.c.element),
    "task_definition_key_not_in": not_among(task.c.element),
    "task_name": equals(task.c.name),
    "task_name_like": like_any_case(task.c.name),
    "task_description": equals(task.c.description),
    "task_description_like": like_any_case(task.c.description),
    "task_assignee": equals(task.c.assignee),
    "task_assignee_like": like(task.c.assignee),
    "task_owner": equals(task.c.owner),
    "task_owner_like": like(task.c.owner),
    "task_priority": whole(task.c.priority),
    "assigned": flag(task.c.assignee.is_not(None)),
    "unassigned": flag(_unassigned),
    "task_due_date": at(task.c.due_at),
    "task_due_date_before": before(task.c.due_at),
    "task_due_date_after": after(task.c.due_at),
    "without_task_due_date": flag(task.c.due_at.is_(None)),
    "task_follow_up_date": at(task.c.follow_up_at),
    "task_follow_up_date_before": before(task.c.follow_up_at),
    "task_follow_up_date_after": after(task.c.follow_up_at),
    "process_variables": variable_conditions(task.c.case_id, task.c.case_id),
    "task_variables": variable_conditions(task.c.case_id, task.c.id),
    **TENANTS,
}

TASKS: Listing[TaskRow] = Listing(
    row=TaskRow,
    columns={
        "id": task.c.id,
        "case_id": task.c.case_id,
        "case_state": case.c.state,
        "case_key": case.c.key,
        "title": case.c.title,
        "business_key": case.c.business_key,
        "definition_id": task.c.definition_id,
        "definition_key": definition.c.key,
        "definition_name": definition.c.name,
        **pick(task, TaskRow),
    },
    source=task.join(case, case.c.id == task.c.case_id).join(definition, definition.c.id == task.c.definition_id),
    identity=task.c.id,
    criteria={
        **_shared,
        # open tasks
        "open": flag(_open),
        "name": like_any_case(task.c.name),
        "name_not_equal": Criterion(kind=Kind.TEXT, clause=lambda value, now: func.lower(task.c.name) != value.lower()),
        "name_like": like_any_case(task.c.name),
        "name_not_like": Criterion(
            kind=Kind.TEXT, clause=lambda value, now: not_(func.lower(task.c.name).like(value.lower()))
        ),
        "description": equals(task.c.description),
        "description_like": like_any_case(task.c.description),
        "assignee": equals(task.c.assignee),
        "assignee_like": like(task.c.assignee),
        "assignee_in": among(task.c.assignee),
        "assignee_not_in": not_among(task.c.assignee),
        "owner": equals(task.c.owner),
        "candidate_user": Criterion(kind=Kind.TEXT, clause=lambda value, now: _candidate_user(value)),
        "candidate_group": Criterion(
            kind=Kind.TEXT, clause=lambda value, now: _candidate("group", lambda column: column == value)
        ),
        "candidate_group_like": Criterion(
            kind=Kind.TEXT, clause=lambda value, now: _candidate("group", lambda column: column.like(value))
        ),
        "candidate_groups": Criterion(
            kind=Kind.TEXTS, clause=lambda values, now: _candidate("group", lambda column: column.in_(values))
        ),
        "include_assigned_tasks": flag(true()),
        "candidate_of": Criterion(  # (username, groups): queue of one person
            kind=Kind.TEXTS,
            clause=lambda values, now: or_(
                _candidate("user", lambda column: column == values[0]),
                _candidate("group", lambda column: column.in_(values[1:])),
            ),
        ),
        "workable_by": Criterion(  # (username, groups): held by the person, shared, or free for the person to take
            kind=Kind.TEXTS,
            clause=lambda values, now: or_(
                task.c.assignee == values[0],
                _candidate("share", lambda column: column.in_(values[1:])),
                and_(
                    _unassigned,
                    or_(
                        _candidate("user", lambda column: column == values[0]),
                        _candidate("group", lambda column: column.in_(values[1:])),
                    ),
                ),
            ),
        ),
        "with_candidate_groups": flag(_candidate("group")),
        "without_candidate_groups": flag(not_(_candidate("group"))),
        "with_candidate_users": flag(_candidate("user")),
        "without_candidate_users": flag(not_(_candidate("user"))),
        "involved_user": Criterion(
            kind=Kind.TEXT,
            clause=lambda value, now: or_(task.c.assignee == value, task.c.owner == value, _candidate_user(value)),
        ),
        "priority": whole(task.c.priority),
        "min_priority": at_least(task.c.priority),
        "max_priority": at_most(task.c.priority),
        "due_date": at(task.c.due_at),
        "due_before": before(task.c.due_at),
        "due_after": after(task.c.due_at),
        "without_due_date": flag(task.c.due_at.is_(None)),
        "follow_up_date": at(task.c.follow_up_at),
        "follow_up_before": before(task.c.follow_up_at),
        "follow_up_after": after(task.c.follow_up_at),
        "follow_up_before_or_not_existent": Criterion(
            kind=Kind.INSTANT, clause=lambda value, now: or_(task.c.follow_up_at.is_(None), task.c.follow_up_at < value)
        ),
        "created_on": at(task.c.created_at),
        "created_before": before(task.c.created_at),
        "created_after": after(task.c.created_at),
        "delegation_state": equals(task.c.delegation),
        "active": flag(case.c.state == "ACTIVE"),
        "suspended": flag(case.c.state == "SUSPENDED"),
        "parent_task_id": Criterion(kind=Kind.TEXT, clause=lambda value, now: false()),
        "case_instance_id": Criterion(kind=Kind.TEXT, clause=lambda value, now: false()),
        "case_definition_id": Criterion(kind=Kind.TEXT, clause=lambda value, now: false()),
        # history
        "finished": flag(task.c.ended_at.is_not(None)),
        "unfinished": flag(_open),
        "process_finished": flag(case.c.ended_at.is_not(None)),
        "process_unfinished": flag(case.c.ended_at.is_(None)),
        "started_before": before(task.c.created_at),
        "started_after": after(task.c.created_at),
        "finished_before": before(task.c.ended_at),
        "finished_after": after(task.c.ended_at),
        "task_delete_reason": Criterion(
            kind=Kind.TEXT,
            clause=lambda value, now: (
                task.c.outcome == {"completed": "COMPLETED", "deleted": "CANCELLED"}.get(value, "")
            ),
        ),
        "task_involved_user": Criterion(
            kind=Kind.TEXT, clause=lambda value, now: or_(task.c.assignee == value, task.c.ended_by == value)
        ),
        "task_involved_group": Criterion(
            kind=Kind.TEXT, clause=lambda value, now: _candidate("group", lambda column: column == value)
        ),
        "task_had_candidate_user": Criterion(kind=Kind.TEXT, clause=lambda value, now: _candidate_user(value)),
        "task_had_candidate_group": Criterion(
            kind=Kind.TEXT, clause=lambda value, now: _candidate("group", lambda column: column == value)
        ),
    },
    sorts={
        "id": task.c.id,
        "task_id": task.c.id,
        "instance_id": task.c.case_id,
        "process_instance_id": task.c.case_id,
        "execution_id": task.c.id,
        "activity_instance_id": task.c.id,
        "process_definition_id": task.c.definition_id,
        "due_date": task.c.due_at,
        "follow_up_date": task.c.follow_up_at,
        "assignee": task.c.assignee,
        "owner": task.c.owner,
        "created": task.c.created_at,
        "start_time": task.c.created_at,
        "end_time": task.c.ended_at,
        "name": task.c.name,
        "task_name": task.c.name,
        "name_case_insensitive": func.lower(task.c.name),
        "description": task.c.description,
        "task_description": task.c.description,
        "task_definition_key": task.c.element,
        "priority": task.c.priority,
        "delete_reason": task.c.outcome,
    },
    default=(task.c.created_at,),
    sees=concerns_task,
    of_case=task.c.case_id,
)

CANDIDATES: Listing[CandidateRow] = Listing(
    row=CandidateRow,
    columns={"task_id": task_candidate.c.task_id, "kind": task_candidate.c.kind, "value": task_candidate.c.value},
    source=task_candidate,
    identity=task_candidate.c.value,
    criteria={"task_id": same_id(task_candidate.c.task_id), "kind": equals(task_candidate.c.kind)},
    sorts={},
    default=(task_candidate.c.kind.desc(),),
)

COMMENTS: Listing[CommentRow] = Listing(
    row=CommentRow,
    columns=pick(comment, CommentRow),
    source=comment,
    identity=comment.c.id,
    criteria={
        "id": same_id(comment.c.id),
        "task_id": same_id(comment.c.task_id),
        "case_id": same_id(comment.c.case_id),
    },
    sorts={},
    default=(comment.c.written_at.desc(),),
    sees=lambda sight: and_(concerns_case(comment.c.case_id, sight)),
    of_case=comment.c.case_id,
)
