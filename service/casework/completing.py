"""Completing user tasks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from service.casework.actors import Actor
from service.casework.office import Office
from service.casework.views import Completion


def complete_task(
    office: Office,
    actor: Actor,
    task_id: UUID,
    *,
    variables: Mapping[str, Any] | None = None,
    types: Mapping[str, str] | None = None,
    answers: Mapping[str, Any] | None = None,
    seen: int | None = None,
) -> Completion:
    """Complete an open task: `answers` are filed under the element's id, `variables` are process variables.

    `seen` is the task's version the form was made from. Refused: Missing TASK_NOT_FOUND, Conflict TASK_ALREADY_COMPLETED
    (names the winner), TASK_CANCELLED, TASK_CHANGED, CASE_SUSPENDED, Forbidden TASK_FORBIDDEN or DUTIES_SEPARATED.
    """
    raise NotImplementedError
