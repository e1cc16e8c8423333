"""What an open task asks, as the engine in hand knows it: its form, and the values it begins with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from service.casework.projection import Running
from service.casework.typed_values import plain
from service.store.tasks import TaskRow


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The name of a task, its form-js schema (None: no form), what the task sees, earlier answers on top, and its `zw:` words."""

    name: str
    schema: Mapping[str, Any] | None
    data: Mapping[str, Any]
    stage: str | None = None
    zw: Mapping[str, str] = field(default_factory=dict)


Fill = Callable[[Asked], Mapping[str, Any] | None]  # the answers to what is asked; refuses what does not fit


def asked(running: Running, row: TaskRow) -> Asked:
    """What a waiting task asks, without a statement."""
    schema: Mapping[str, Any] | None = None
    wait = running.run.waits()[row.id]
    if row.form_key is not None:
        schema = running.program.forms(wait.process).get(row.form_key)
    data = begun(plain(running.run.variables(row.id)), row.element)
    return Asked(name=row.name, schema=schema, data=data, stage=row.stage, zw=wait.zw)


def begun(values: Mapping[str, Any], element: str) -> dict[str, Any]:
    """Values a form begins with: what was answered to it before lies on top."""
    earlier = values.get(element)
    return {**values, **earlier} if isinstance(earlier, dict) else dict(values)
