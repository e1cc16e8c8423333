"""三员分立: a system administrator sees number, process, state and failures of a case; its title names who has applied.

The same for what is sent and exchanged: that it was, whither, and what failed, not what it says (P07, R22).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from service.casework.rights import READERS, TECHNICIANS
from service.rules.roles import ADMINISTRATORS

if TYPE_CHECKING:
    from service.casework.actors import Actor

Row = TypeVar("Row")


def reads_titles(actor: Actor) -> bool:
    """Whether what cases are about is shown to somebody who sees them."""
    return actor.service or not actor.has(*TECHNICIANS) or actor.has(*READERS)


def reads_contents(actor: Actor) -> bool:
    """Whether somebody who looks after messages or exchanges reads what is in them; the three administrators do not."""
    return actor.service or not actor.has(*ADMINISTRATORS) or actor.has(*READERS)


def untitled(actor: Actor, rows: Sequence[Row]) -> tuple[Row, ...]:
    """Rows of a list without the titles of cases; lists whose rows have none stay as they are."""
    if reads_titles(actor) or not rows or not hasattr(rows[0], "title"):
        return tuple(rows)
    return tuple(without_title(actor, row) for row in rows)


def without_title(actor: Actor, row: Row) -> Row:
    """One row, or a view of one case or task."""
    if reads_titles(actor):
        return row
    found: Any = row
    if getattr(found, "title", None) is not None:
        found = replace(found, title=None)
    inner = getattr(found, "case", None)
    if inner is not None and getattr(inner, "title", None) is not None:
        found = replace(found, case=replace(inner, title=None))
    return found  # type: ignore[no-any-return]
