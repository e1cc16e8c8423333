"""What differs between two versions of an item: field by field, entry by entry of a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.rules.items import ItemCard, card_data

NAMED_BY = {"materials": "name", "basis": "name", "fields": "key", "exceptions": "reason", "procedures": "kind"}
ACTS_OF_LAW = frozenset(
    {"tacit", "tacit_basis", "lock", "lock_reason", "fees", "fee_statement", "fee_basis", "basis", "statutory"}
)


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One field. `entry`: which entry of a list; `before` or `after` None: it was not there, it is gone."""

    field: str
    entry: str = ""
    before: Any
    after: Any


def differences(before: ItemCard | None, after: ItemCard) -> tuple[Difference, ...]:
    """Everything that differs, in the order of the card; all of it when there is nothing before."""
    old, new = {} if before is None else card_data(before), card_data(after)
    found: list[Difference] = []
    for name in ItemCard.__dataclass_fields__:
        was, now = old.get(name), new.get(name)
        if was == now:
            continue
        if name in NAMED_BY:
            found += _entries(name, NAMED_BY[name], was or [], now or [])
        else:
            found.append(Difference(field=name, before=was, after=now))
    return tuple(found)


def needs_legal_check(before: ItemCard | None, after: ItemCard) -> bool:
    """Whether 法制审核 has to see a change: basis, statutory limit, silence or fees (DOMAIN B.2, P02 and P29)."""
    return any(one.field in ACTS_OF_LAW for one in differences(before, after))


def _entries(
    name: str, key: str, was: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]]
) -> list[Difference]:
    old = {str(one.get(key)): one for one in was}
    new = {str(one.get(key)): one for one in now}
    found = [
        Difference(field=name, entry=entry, before=old.get(entry), after=new.get(entry))
        for entry in dict.fromkeys((*old, *new))
        if old.get(entry) != new.get(entry)
    ]
    if not found:  # the same entries in another order, or twice
        found.append(Difference(field=name, before=list(was), after=list(now)))
    return found
