"""What the register says of the items that diagrams carry out, so that the linter can compare (BV-16, BV-21, BV-24, BV-34, BV-35)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from service.casework.register.rows import card_of
from service.engine.facts import Register, Resource
from service.rules.items import ItemCard
from service.rules.worktime import SHANGHAI
from service.store.records import Records

OURS = b"urn:lianban:bpmn:zw:1"


def what_the_register_says(
    records: Records, resources: Sequence[Resource], cards: Iterable[ItemCard] = ()
) -> Register | None:
    """The cards in force, those that are deployed along in their place, and the standards; None: no file asks for it."""
    if not any(OURS in one.content or b"\x00" in one.content[:200] for one in resources):
        return None
    items = {row.code: card_of(row) for row in records.register.current(records.now, whole=True)}
    items |= {card.code: card for card in cards}
    standards = records.fees.in_force(records.now.astimezone(SHANGHAI).date())
    return Register(items=items, standards=frozenset(row.code for row in standards))
