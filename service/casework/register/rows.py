"""Cards as they are stored: one row a version, with what lists and searches need beside it."""

from __future__ import annotations

import hashlib
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import uuid4

import orjson

from service.casework.register.initials import initials
from service.rules.item_reading import read_leniently
from service.rules.items import ItemCard, card_data
from service.store.register import PUBLISHED, VersionRow


class Source(StrEnum):
    """Where a version comes from."""

    FILE = "FILE"  # lianban deploy
    PAGE = "PAGE"
    IMPORT = "IMPORT"
    ACT = "ACT"  # suspended, taken up again, cancelled, devolved
    REVIEW = "REVIEW"  # 年规范


def digest_of(card: ItemCard) -> str:
    """The same for cards that say the same."""
    return hashlib.sha256(orjson.dumps(card_data(card), option=orjson.OPT_SORT_KEYS)).hexdigest()


def columns_of(card: ItemCard) -> dict[str, Any]:
    """The card and what is searched by."""
    return {
        "card": card_data(card),
        "digest": digest_of(card),
        "name": card.name,
        "short_name": card.short_name,
        "initials": initials(card.name, card.short_name),
        "department": card.department,
        "kind": card.kind.value,
        "type": card.type.value,
        "nature": card.nature.value,
        "category": card.category.value,
        "status": card.status.value,
        "themes": f" {' '.join(card.themes)} " if card.themes else "",
        "process": card.process,
        "promised": card.promised,
    }


def published_row(
    card: ItemCard, number: int, *, source: Source, by: str, at: datetime, effective_from: datetime, note: str
) -> VersionRow:
    """A version published at once, by an act of its own."""
    return VersionRow(
        id=uuid4(),
        code=card.code,
        version=number,
        state=PUBLISHED,
        source=source.value,
        note=note,
        drafted_by=by,
        drafted_at=at,
        decided_by=by,
        decided_at=at,
        effective_from=effective_from,
        based_on=number - 1 or None,
        **columns_of(card),
    )


def card_of(row: VersionRow) -> ItemCard:
    """The card of a stored version."""
    card, _ = read_leniently(row.card)
    return card
