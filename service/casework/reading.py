"""What the doors show of one case or task."""

from __future__ import annotations

from uuid import UUID

from service.casework.actors import Actor
from service.casework.office import Office
from service.casework.views import ActivityView, CaseView, CommentView, IncidentView, JournalView, TaskForm, TaskView
from service.engine.facts import ScopeView


def get_case(office: Office, actor: Actor, case_id: UUID) -> CaseView:
    """One case. Refused: Missing CASE_NOT_FOUND, also for who may not read it."""
    raise NotImplementedError


def get_task(office: Office, actor: Actor, task_id: UUID) -> TaskView:
    """One task, open or ended. Refused: Missing TASK_NOT_FOUND, also for who may not read it."""
    raise NotImplementedError


def task_form(office: Office, actor: Actor, task_id: UUID) -> TaskForm:
    """What a task asks and what was already answered. Refused: Missing TASK_NOT_FOUND."""
    raise NotImplementedError


def case_journal(office: Office, actor: Actor, case_id: UUID) -> tuple[JournalView, ...]:
    """The journal, first line first."""
    raise NotImplementedError


def case_activities(office: Office, actor: Actor, case_id: UUID) -> tuple[ActivityView, ...]:
    """Every element instance, user tasks included, in the order they began."""
    raise NotImplementedError


def case_scopes(office: Office, actor: Actor, case_id: UUID) -> tuple[ScopeView, ...]:
    """The living scopes: the case and its sub- and called processes; empty when it has ended."""
    raise NotImplementedError


def case_comments(office: Office, actor: Actor, case_id: UUID) -> tuple[CommentView, ...]:
    """The comments of a case and its tasks, oldest first."""
    raise NotImplementedError


def case_incidents(office: Office, actor: Actor, case_id: UUID) -> tuple[IncidentView, ...]:
    """The open incidents of a case."""
    raise NotImplementedError
