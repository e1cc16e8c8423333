"""Asks a list on behalf of somebody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from service.casework.actors import Actor
from service.casework.masking import narrowed, shown_rows
from service.casework.office import Office
from service.casework.rights import COORDINATORS, READERS, SEERS, department_of, withheld_from
from service.casework.untitled import reads_titles, untitled
from service.rules.refusals import Forbidden, Missing
from service.store.listing import COMMENTS, OPERATIONS, VARIABLES, Listing, Sight
from service.store.listing.variables import VariableRow
from service.store.records import Records

Row = TypeVar("Row")
SAID: tuple[Listing[Any], ...] = (VARIABLES, OPERATIONS, COMMENTS)  # their rows hold what is said in a case


@dataclass(frozen=True, kw_only=True)
class Inquiry:
    """One question to a list: filters in the words of its criteria, order as (sort, descending), and the page wanted."""

    filters: Mapping[str, Any] = field(default_factory=dict)
    any_of: Sequence[Mapping[str, Any]] = ()
    sorting: Sequence[tuple[str, bool]] = ()
    first: int = 0
    size: int | None = None


def sight_of(actor: Actor, listing: Listing[Any] | None = None) -> Sight:
    """What the actor may see in lists: everything, the department's and their own; the same as one by one."""
    everywhere = READERS if any(listing is one for one in SAID) else SEERS
    overseers = everywhere if listing is None or listing.overseers is None else listing.overseers
    return Sight(
        everything=actor.has(*overseers),
        username=actor.username,
        groups=actor.groups,
        department=department_of(actor),
        withheld=withheld_from(actor),
        leads=actor.department if actor.has(*COORDINATORS) else None,
    )


def list_rows(office: Office, actor: Actor, listing: Listing[Row], inquiry: Inquiry) -> tuple[Row, ...]:
    """The rows the actor may see, in order. Refused: Invalid LIST_TOO_LONG, Forbidden CONTACT_FILTER."""
    with office.reading() as records:
        rows = listing.rows(
            records,
            sight_of(actor, listing),
            _asked(actor, inquiry.filters),
            any_of=[_asked(actor, one) for one in inquiry.any_of],
            sorting=inquiry.sorting,
            first=inquiry.first,
            size=inquiry.size,
        )
        return _masked(records, actor, listing, rows)


def _asked(actor: Actor, filters: Mapping[str, Any]) -> Mapping[str, Any]:
    """What somebody may ask: nothing is found out by comparing that is not shown. Refused: Forbidden CONTACT_FILTER, TITLE_FILTER."""
    if filters.get("title_like") and not reads_titles(actor):
        raise Forbidden("TITLE_FILTER", "系统管理员看不到办件名称，不能按名称查询")
    return narrowed(actor, filters)


def _masked(records: Records, actor: Actor, listing: Listing[Row], rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Values of cases as the actor may see them (S-18)."""
    if listing is VARIABLES:
        return cast("tuple[Row, ...]", shown_rows(records, actor, cast("tuple[VariableRow, ...]", rows)))
    return untitled(actor, rows)


def count_rows(office: Office, actor: Actor, listing: Listing[Row], inquiry: Inquiry) -> int:
    """How many rows the same question lists."""
    with office.reading() as records:
        any_of = [_asked(actor, one) for one in inquiry.any_of]
        return listing.count(records, sight_of(actor, listing), _asked(actor, inquiry.filters), any_of=any_of)


def one_row(office: Office, actor: Actor, listing: Listing[Row], code: str, text: str, **filters: Any) -> Row:
    """The only row, or `Missing(code, text)`, also when the actor may not see it."""
    rows = list_rows(office, actor, listing, Inquiry(filters=filters, size=1))
    if not rows:
        params: dict[str, Any] = {name: str(value) for name, value in filters.items()}
        raise Missing(code, text, **params)
    return rows[0]
