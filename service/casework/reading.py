"""What the doors show of one case or task. An object nobody granted does not exist for who asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from service.casework.actors import Actor
from service.casework.duties import may_do
from service.casework.journalling import CaseFile
from service.casework.masking import reader_of, shown, shown_lines
from service.casework.office import Office
from service.casework.projection import take_up
from service.casework.rights import may_read, may_see, require_reader, require_seer
from service.casework.separation import barred_by
from service.casework.taking import task_missing
from service.casework.task_forms import Asked, asked, begun
from service.casework.untitled import without_title
from service.casework.views import (
    ActivityView,
    CaseView,
    CommentView,
    IncidentView,
    JournalView,
    TaskForm,
    TaskView,
)
from service.rules.vocabulary import CaseState
from service.store.cases import CaseRow
from service.store.history import CommentRow
from service.store.records import Records
from service.store.tasks import Candidate, TaskFile, TaskRow

if TYPE_CHECKING:
    from service.engine.facts import ScopeView, Wait

_OF_CASE = tuple(field.name for field in fields(CaseView))
_OF_TASK = tuple(
    field.name for field in fields(TaskView) if field.name not in ("case", "candidate_users", "candidate_groups")
)

_ACTIVITY = tuple(field.name for field in fields(ActivityView) if field.name not in ("task_id", "assignee"))


def case_view(row: CaseRow) -> CaseView:
    """The case as the doors see it."""
    return CaseView(**{name: getattr(row, name) for name in _OF_CASE})


def task_view(row: TaskRow, case: CaseView, candidates: Sequence[Candidate]) -> TaskView:
    """The task as the doors see it."""
    return TaskView(
        **{name: getattr(row, name) for name in _OF_TASK},
        case=case,
        candidate_users=tuple(one.value for one in candidates if one.kind == "user"),
        candidate_groups=tuple(one.value for one in candidates if one.kind == "group"),
    )


def comment_view(row: CommentRow) -> CommentView:
    """The comment as the doors see it."""
    return CommentView(**{field.name: getattr(row, field.name) for field in fields(CommentView)})


def get_case(office: Office, actor: Actor, case_id: UUID) -> CaseView:
    """One case. Refused: Missing CASE_NOT_FOUND, also for who may not read it."""
    with office.reading() as records:
        return without_title(actor, case_view(require_seer(records, actor, records.cases.find(case_id))))


def get_task(office: Office, actor: Actor, task_id: UUID, *, changed: bool = False) -> TaskView:
    """One task, open or ended, without what is said in it. Refused: Missing TASK_NOT_FOUND, also for who may not read it.

    `changed`: who asks has just been allowed to change it, and sees it once more whatever that did.
    """
    with office.reading() as records:
        case, task = _find(records, task_id)
        candidates = records.tasks.candidates(task_id)
        if not changed and not may_do(actor, task, candidates) and not may_see(records, actor, case):
            raise task_missing()
        return without_title(actor, task_view(task, case_view(case), candidates))


def readable_task(records: Records, actor: Actor, task_id: UUID, *, lock: bool = False) -> tuple[CaseRow, TaskRow]:
    """A task and its case, for who may read them. Refused: Missing TASK_NOT_FOUND."""
    case, task = _find(records, task_id, lock=lock)
    if not may_do(actor, task, records.tasks.candidates(task_id)) and not may_read(records, actor, case):
        raise task_missing()
    return case, task


def task_form(office: Office, actor: Actor, task_id: UUID) -> TaskForm:
    """What a task asks and what is known already: variables of its item, its own, and earlier answers on top.

    Refused: Missing TASK_NOT_FOUND.
    """
    with office.reading() as records:
        case, _ = readable_task(records, actor, task_id)
        task = records.tasks.file(task_id)
        if task is None:
            raise task_missing()
        row = task.row
        form = (
            asked(take_up(office, records, CaseFile(case)), row)
            if row.ended_at is None
            else _was_asked(office, records, case, row)
        )
        return TaskForm(
            task=task_view(row, case_view(case), task.candidates),
            schema=form.schema,
            data=shown(records, actor, case, form.data),
            seen=row.seen,
            may_complete=_may_complete(actor, case, task),
        )


def _was_asked(office: Office, records: Records, case: CaseRow, row: TaskRow) -> Asked:
    """What a task asked that has ended, with the values of its item as they are now."""
    schema: Mapping[str, Any] | None = None
    if row.form_key is not None:
        definition = records.deployments.definition(row.definition_id)
        program = office.programs.for_binding(records, case.binding_id, case.key)
        schema = program.forms(definition.key).get(row.form_key) if definition else None
    scopes = (row.scope_id or case.id, row.id)
    values = {one.name: one.value for scope in scopes for one in records.variables.of_scope(case.id, scope)}
    return Asked(name=row.name, schema=schema, data=begun(values, row.element))


def _may_complete(actor: Actor, case: CaseRow, task: TaskFile) -> bool:
    row = task.row
    return (
        row.ended_at is None
        and case.state == CaseState.ACTIVE
        and row.delegation != "PENDING"
        and may_do(actor, row, task.candidates)
        and (actor.service or barred_by(row.stage, row.scope_id, actor.username, task.stages) is None)
    )


def case_journal(office: Office, actor: Actor, case_id: UUID) -> tuple[JournalView, ...]:
    """The journal, first line first. Refused: Missing CASE_NOT_FOUND."""
    with office.reading() as records:
        case = require_reader(records, actor, records.cases.find(case_id))
        return tuple(
            JournalView(
                line=line.line,
                written_at=line.written_at,
                action=line.action,
                actor=line.actor,
                element=line.element,
                task_id=line.task_id,
                detail=line.detail or {},
            )
            for line in shown_lines(records, actor, case, records.history.lines(case_id))
        )


def case_activities(office: Office, actor: Actor, case_id: UUID) -> tuple[ActivityView, ...]:
    """Every element instance, user tasks included, in the order they began. Refused: Missing CASE_NOT_FOUND."""
    with office.reading() as records:
        require_seer(records, actor, records.cases.find(case_id))
        found = [
            ActivityView(**{name: getattr(row, name) for name in _ACTIVITY})
            for row in records.history.activities(case_id)
        ]
        found += [
            ActivityView(
                id=row.id,
                definition_id=row.definition_id,
                scope_id=row.scope_id,
                element=row.element,
                kind="userTask",
                started_at=row.created_at,
                ended_at=row.ended_at,
                outcome=row.outcome,
                task_id=row.id,
                assignee=row.ended_by or row.assignee,
            )
            for row in records.tasks.of_case(case_id)
        ]
        return tuple(sorted(found, key=lambda one: (one.started_at, one.ended_at or records.now)))


def case_scopes(office: Office, actor: Actor, case_id: UUID) -> tuple[ScopeView, ...]:
    """The living scopes: the case and its sub- and called processes; empty when it has ended.

    Refused: Missing CASE_NOT_FOUND.
    """
    with office.reading() as records:
        row = require_seer(records, actor, records.cases.find(case_id))
        if row.ended_at is not None:
            return ()
        scopes: tuple[ScopeView, ...] = take_up(office, records, CaseFile(row)).run.scopes()
        return scopes


def case_waits(office: Office, actor: Actor, case_id: UUID) -> tuple[Wait, ...]:
    """Every live wait point of a running case, for the activity-instance tree. Refused: Missing CASE_NOT_FOUND."""
    with office.reading() as records:
        row = require_seer(records, actor, records.cases.find(case_id))
        if row.ended_at is not None:
            return ()
        return tuple(take_up(office, records, CaseFile(row)).run.waits().values())


def case_comments(office: Office, actor: Actor, case_id: UUID) -> tuple[CommentView, ...]:
    """The comments of a case and its tasks, oldest first. Refused: Missing CASE_NOT_FOUND."""
    with office.reading() as records:
        case = require_reader(records, actor, records.cases.find(case_id))
        told = reader_of(records, actor, case)
        return tuple(
            replace(comment_view(row), message=told(row.message, row.author))
            for row in records.history.comments(case_id)
        )


def case_incidents(office: Office, actor: Actor, case_id: UUID) -> tuple[IncidentView, ...]:
    """The open incidents of a case. Refused: Missing CASE_NOT_FOUND."""
    with office.reading() as records:
        require_seer(records, actor, records.cases.find(case_id))
        return tuple(
            IncidentView(**{field.name: getattr(row, field.name) for field in fields(IncidentView)})
            for row in records.incidents.open_of_case(case_id)
        )


def _find(records: Records, task_id: UUID, *, lock: bool = False) -> tuple[CaseRow, TaskRow]:
    case = records.cases.lock_of_task(task_id) if lock else None
    task = records.tasks.find(task_id)
    if task is None:
        raise task_missing()
    case = case or records.cases.find(task.case_id)
    if case is None:
        raise task_missing()
    return case, task
