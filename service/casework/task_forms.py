"""What an open task asks, as the engine in hand knows it: its form, and the values it begins with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from service.casework.projection import Running
from service.casework.typed_values import plain
from service.store.tasks import TaskRow


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The name of a task, its form-js schema (None: no form), and what the task sees, earlier answers on top."""

    name: str
    schema: Mapping[str, Any] | None
    data: Mapping[str, Any]


Fill = Callable[[Asked], Mapping[str, Any] | None]  # the answers to what is asked; refuses what does not fit


def asked(running: Running, row: TaskRow) -> Asked:
    """What a waiting task asks, without a statement."""
    program = running.program
    schema: Mapping[str, Any] | None = None
    if row.form_key is not None:
        schema = program.forms(running.run.waits()[row.id].process).get(row.form_key)
    return Asked(name=row.name, schema=schema, data=begun(plain(running.run.variables(row.id)), row.element))


def begun(values: Mapping[str, Any], element: str) -> dict[str, Any]:
    """Values a form begins with: what was answered to it before lies on top."""
    earlier = values.get(element)
    return {**values, **earlier} if isinstance(earlier, dict) else dict(values)
