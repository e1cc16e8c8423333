"""What was answered: filed answers laid out to be read, the same on the task page and in the timeline."""

from __future__ import annotations

from typing import Any

from service.casework.workbench import feel
from service.rules.forms import entries_of, present

EMPTY: dict[str, Any] = {"components": []}


def answered_blocks(one: Any) -> Any:
    """The filed answers of a task as blocks to read."""
    schema = one.schema or EMPTY
    return present(schema, entries_of(schema, one.values), data=one.values, evaluate=feel)


def application_blocks(page: Any) -> Any:
    """What was filled in when the case was started, as blocks to read; nothing when it was started without a form."""
    schema, values = page.application
    return () if schema is None else present(schema, entries_of(schema, values), data=values, evaluate=feel)
