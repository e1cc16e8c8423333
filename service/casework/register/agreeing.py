"""What the register says of the items that diagrams carry out, so that the linter can compare (BV-16, BV-21, BV-24, BV-34, BV-35)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from service.casework.register.rows import card_of
from service.engine.facts import Register, Resource
from service.rules.item_circles import circles
from service.rules.items import ItemCard
from service.rules.refusals import FieldProblem
from service.rules.sentences import Sentence
from service.rules.worktime import SHANGHAI
from service.store.records import Records

OURS = b"urn:lianban:bpmn:zw:1"
CIRCLE = Sentence("事项互为前置条件：{items}。请去掉其中一项对另一项结果的要求。")


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


def in_circles(cards: Iterable[ItemCard], wanted: Iterable[str]) -> Iterator[tuple[str, FieldProblem]]:
    """Which of the wanted items wait for each other, with what is wrong with them (BV-21)."""
    codes = set(wanted)
    for group in circles(cards):
        problem = FieldProblem(
            field="materials", code="ITEM_CIRCLE", text=CIRCLE.text, params=(("items", "、".join(group)),)
        )
        yield from ((code, problem) for code in group if code in codes)


def new_circles(records: Records, changed: Sequence[ItemCard]) -> tuple[tuple[str, FieldProblem], ...]:
    """The circles that cards would close in the register as it would be."""
    rows = records.register.current(records.now, whole=True) if changed else ()
    whole = {row.code: card_of(row) for row in rows} | {card.code: card for card in changed}
    return tuple(in_circles(whole.values(), [card.code for card in changed]))
