"""What casework hands to the doors: frozen copies of what is stored, nothing that can change it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from service.rules.vocabulary import CaseState


@dataclass(frozen=True, kw_only=True)
class TypedValue:
    """One variable with Camunda's type name (String, Integer, Long, Double, Boolean, Json, Date, Null …)."""

    type: str
    value: Any


@dataclass(frozen=True, kw_only=True)
class CaseView:
    """One case (办件). `title`: 主体-事项; `version`: number of the last journal line."""

    id: UUID
    definition_id: UUID
    key: str
    business_key: str | None
    title: str | None
    state: str
    version: int
    started_at: datetime
    started_by: str | None
    ended_at: datetime | None = None
    end_element: str | None = None
    reason: str | None = None

    @property
    def suspended(self) -> bool:
        """Whether nothing may be done until it is resumed."""
        return self.state == CaseState.SUSPENDED

    @property
    def ended(self) -> bool:
        """Whether it is over, either way."""
        return self.ended_at is not None


@dataclass(frozen=True, kw_only=True)
class TaskView:
    """One user task, open or ended, with who may take it and the case it belongs to.

    `seen`: case version at which this task last changed; a form carries it back to `complete_task`.
    """

    id: UUID
    case: CaseView
    definition_id: UUID
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
    ended_at: datetime | None
    ended_by: str | None
    outcome: str | None
    candidate_users: tuple[str, ...] = ()
    candidate_groups: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TaskForm:
    """What a task asks: form-js schema (None: no form), the values to begin with, and what was seen."""

    task: TaskView
    schema: Mapping[str, Any] | None
    data: Mapping[str, Any]
    seen: int
    may_complete: bool


@dataclass(frozen=True, kw_only=True)
class StartForm:
    """What starting a procedure asks: form-js schema of the newest version, None when it asks nothing."""

    definition_id: UUID
    key: str
    name: str
    schema: Mapping[str, Any] | None
    form_key: str | None


@dataclass(frozen=True, kw_only=True)
class Completion:
    """A task was completed: its case, its name, whether that ended the case, and the process variables afterwards.

    `held`: it was submitted only, and takes effect when everybody who is asked has been heard.
    """

    case_id: UUID
    task: str
    ended: bool
    variables: Mapping[str, TypedValue]
    held: bool = False


@dataclass(frozen=True, kw_only=True)
class JournalView:
    """One line of a case's journal. `actor` null: the system by rule."""

    line: int
    written_at: datetime
    action: str
    actor: str | None
    element: str | None
    task_id: UUID | None
    detail: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class ActivityView:
    """One element instance of a case, user tasks included. outcome: COMPLETED, CANCELLED or null while it lasts."""

    id: UUID
    definition_id: UUID
    scope_id: UUID | None
    element: str
    kind: str
    started_at: datetime
    ended_at: datetime | None
    outcome: str | None
    task_id: UUID | None = None
    assignee: str | None = None


@dataclass(frozen=True, kw_only=True)
class CommentView:
    """What somebody wrote at a case or task."""

    id: UUID
    case_id: UUID
    task_id: UUID | None
    author: str
    written_at: datetime
    message: str


@dataclass(frozen=True, kw_only=True)
class Correlation:
    """Where a message went. kind: "execution" (a waiting token) or "definition" (it started a case)."""

    kind: str
    case: CaseView
    execution_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class TopicRequest:
    """One topic of a fetch. `lock_ms`: milliseconds; `variables`: names wanted, None: all."""

    topic: str
    lock_ms: int
    variables: Sequence[str] | None = None
    local_only: bool = False
    properties: bool = False  # also camunda:properties of the element
    business_key: str | None = None
    definition_ids: tuple[UUID, ...] | None = None
    definition_keys: tuple[str, ...] | None = None
    version_tag: str | None = None
    process_variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class LockedTask:
    """One external task a worker has got."""

    id: UUID
    case_id: UUID
    definition_id: UUID
    definition_key: str
    version_tag: str | None
    scope_id: UUID | None
    element: str
    topic: str
    worker: str
    locked_until: datetime
    created_at: datetime
    priority: int
    retries: int | None
    error_message: str | None
    error_details: str | None
    business_key: str | None
    variables: Mapping[str, TypedValue]
    properties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class IncidentView:
    """One trouble an administrator has to look at; open while `closed_at` is null."""

    id: UUID
    case_id: UUID | None
    definition_id: UUID | None
    kind: str
    element: str | None
    token_id: UUID | None
    message: str
    opened_at: datetime
    closed_at: datetime | None
