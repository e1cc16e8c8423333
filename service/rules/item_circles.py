"""Circular pre-conditions: to get A one must already have B, and to get B one must already have A (BV-21).

What a material asks for is known by its name: the name of another item's result stands in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from service.rules.item_words import MaterialNeed
from service.rules.items import ItemCard

SHORTEST = 4  # characters of a result's name that can be told from ordinary words
NOISE = re.compile(r"[（(][^（()）]*[)）]|[\s《》“”\"']")


def circles(cards: Iterable[ItemCard]) -> tuple[tuple[str, ...], ...]:
    """Every group of items that wait for each other, by code.

    Conditional materials do not bind (a renewal asks for the old certificate); an item does not wait for itself.
    """
    asked = preconditions(cards)
    found: dict[frozenset[str], None] = {}
    for code in asked:
        ahead = _ahead(asked, code)
        if code in ahead:
            found[frozenset(one for one in ahead if code in _ahead(asked, one))] = None
    return tuple(tuple(sorted(group)) for group in found)


def preconditions(cards: Iterable[ItemCard]) -> dict[str, set[str]]:
    """Item → the items whose results it asks for."""
    every = list(cards)
    results: dict[str, set[str]] = {}
    for card in every:
        for name in card.result.name.split("、"):
            if len(plain(name)) >= SHORTEST:
                results.setdefault(plain(name), set()).add(card.code)
    asked: dict[str, set[str]] = {}
    for card in every:
        wanted = [plain(one.name) for one in card.materials if one.need is MaterialNeed.MANDATORY]
        asked[card.code] = {
            code
            for name, codes in results.items()
            for code in codes
            if code != card.code and any(name in w for w in wanted)
        }
    return asked


def plain(name: str) -> str:
    """A name without remarks in parentheses and signs."""
    return NOISE.sub("", name)


def _ahead(asked: Mapping[str, set[str]], code: str) -> set[str]:
    seen: set[str] = set()
    waiting = list(asked.get(code, ()))
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            waiting += asked.get(one, ())
    return seen
