"""What was answered: filed answers laid out to be read, the same on the task page and in the timeline."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from flask_babel import gettext

from service.casework.workbench import feel
from service.rules.forms import Block, entries_of, present

EMPTY: dict[str, Any] = {"components": []}


def answered_blocks(one: Any) -> Any:
    """The filed answers of a task as blocks to read."""
    schema = one.schema or EMPTY
    return in_language(present(schema, entries_of(schema, one.values), data=one.values, evaluate=feel))


def application_blocks(page: Any) -> Any:
    """What was filled in when the case was started, as blocks to read; nothing when it was started without a form."""
    schema, values = page.application
    if schema is None:
        return ()
    return in_language(present(schema, entries_of(schema, values), data=values, evaluate=feel))


def in_language(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The same blocks with yes and no in the language of the reader."""
    return tuple(
        replace(
            one,
            shown=(gettext("是") if one.value is True else gettext("否")) if one.kind == "checkbox" else one.shown,
            children=in_language(one.children),
        )
        for one in blocks
    )
