"""Who holds a task: claim, release, assign, delegate, resolve, update, comment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from service.casework.actors import Actor
from service.casework.office import Office
from service.casework.views import CommentView, TaskView


def claim_task(office: Office, actor: Actor, task_id: UUID, user: str | None = None) -> TaskView:
    """Take an unassigned task (for `user`, by default oneself). Refused: Conflict TASK_ALREADY_CLAIMED names the holder."""
    raise NotImplementedError


def release_task(office: Office, actor: Actor, task_id: UUID) -> TaskView:
    """Give a task back to its candidates."""
    raise NotImplementedError


def assign_task(office: Office, actor: Actor, task_id: UUID, user: str | None) -> TaskView:
    """Set or clear the assignee, whoever it was."""
    raise NotImplementedError


def delegate_task(office: Office, actor: Actor, task_id: UUID, user: str) -> TaskView:
    """Let somebody else prepare the task; it comes back when resolved."""
    raise NotImplementedError


def resolve_task(
    office: Office,
    actor: Actor,
    task_id: UUID,
    variables: Mapping[str, Any] | None = None,
    types: Mapping[str, str] | None = None,
) -> TaskView:
    """Give a delegated task back to its owner with what was prepared."""
    raise NotImplementedError


def update_task(office: Office, actor: Actor, task_id: UUID, changes: Mapping[str, Any]) -> TaskView:
    """Change name, description, assignee, owner, delegation, due_at, follow_up_at or priority of an open task."""
    raise NotImplementedError


def comment_task(office: Office, actor: Actor, task_id: UUID, text: str) -> CommentView:
    """Write a comment at a task. Refused: Invalid COMMENT_EMPTY."""
    raise NotImplementedError


def task_comments(office: Office, actor: Actor, task_id: UUID) -> tuple[CommentView, ...]:
    """The comments of a task, oldest first."""
    raise NotImplementedError
