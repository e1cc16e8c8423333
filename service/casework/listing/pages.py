"""One page of a list for people: its rows, how many there are, and counts of other views of the same question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from service.casework.actors import Actor
from service.casework.listing.asking import sight_of
from service.casework.office import Office
from service.casework.untitled import untitled
from service.store.listing import Listing, Sight

Row = TypeVar("Row")
PAGE = 50


@dataclass(frozen=True, kw_only=True)
class RowPage(Generic[Row]):
    """Rows `(page - 1) * PAGE` and on. `counts`: per view; `more`: what else the page shows of them."""

    items: tuple[Row, ...]
    total: int
    page: int
    pages: int
    now: datetime
    counts: Mapping[str, int] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)


def row_page(
    office: Office,
    actor: Actor,
    listing: Listing[Row],
    filters: Mapping[str, Any],
    *,
    sort: str = "",
    page: int = 1,
    views: Mapping[str, Mapping[str, Any]] | None = None,
    view: str = "",
    size: int = PAGE,
    sight: Sight | None = None,
) -> RowPage[Row]:
    """One page the actor may see. `sort`: a name of the list's sorts, descending with a leading `-`; unknown ones count as
    none. `sight`: when the caller has decided what is seen. `views`: filters each view adds; the one called `view` is shown, all of them are counted."""
    chosen = sort.removeprefix("-")
    sorting = [(chosen, sort.startswith("-"))] if chosen in listing.sorts else []
    wanted = {name: value for name, value in filters.items() if value not in (None, "", False)}
    sight = sight or sight_of(actor, listing)
    with office.reading() as records:
        counts = {name: listing.count(records, sight, {**wanted, **added}) for name, added in (views or {}).items()}
        wanted |= (views or {}).get(view, {})
        total = counts[view] if view in counts else listing.count(records, sight, wanted)
        pages = max(1, -(-total // size))
        page = min(max(page, 1), pages)
        rows = listing.rows(records, sight, wanted, sorting=sorting, first=(page - 1) * size, size=size)
        return RowPage(items=untitled(actor, rows), total=total, page=page, pages=pages, now=records.now, counts=counts)
