"""Variables of cases, items and tasks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from service.casework.actors import Actor
from service.casework.office import Office
from service.casework.views import TypedValue


def set_variables(
    office: Office,
    actor: Actor,
    case_id: UUID,
    values: Mapping[str, Any],
    types: Mapping[str, str] | None = None,
    remove: Sequence[str] = (),
    scope: UUID | None = None,
) -> None:
    """Write and remove process variables of a running case, or of one item of it (`scope`)."""
    raise NotImplementedError


def set_task_variables(
    office: Office,
    actor: Actor,
    task_id: UUID,
    values: Mapping[str, Any],
    types: Mapping[str, str] | None = None,
    remove: Sequence[str] = (),
) -> None:
    """Write and remove the process variables a task sees."""
    raise NotImplementedError


def set_task_local(
    office: Office,
    actor: Actor,
    task_id: UUID,
    values: Mapping[str, Any],
    types: Mapping[str, str] | None = None,
    remove: Sequence[str] = (),
) -> None:
    """Write and remove values only this task has; they end with it."""
    raise NotImplementedError


def case_variables(office: Office, actor: Actor, case_id: UUID, scope: UUID | None = None) -> dict[str, TypedValue]:
    """The process variables of a case (or of one item of it), also when it has ended."""
    raise NotImplementedError


def task_variables(office: Office, actor: Actor, task_id: UUID, *, local: bool = False) -> dict[str, TypedValue]:
    """What a task sees: process variables of its item, overlaid by its own; `local`: only its own."""
    raise NotImplementedError
