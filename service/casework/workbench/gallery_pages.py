"""流程图库: every deployed diagram as a picture, items by department, then chains, supporting and other processes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from service.casework.register.reading import found_by, startable_items
from service.casework.workbench.process_pages import diagram_source, process_list
from service.engine.picture import picture
from service.rules.refusals import Missing
from service.store.register import VersionRow as ItemRow
from service.store.workbench import VersionRow

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.casework.office import Office

DEPARTMENT = re.compile(r"item_(\d{3})_")
ORDER = {"ITEM": 0, "CHAIN": 1, "SUPPORT": 2}


@dataclass(frozen=True, kw_only=True)
class GalleryCard:
    """One process with its newest version. `item`: code of the item it carries out."""

    version: VersionRow
    item: str | None


@dataclass(frozen=True, kw_only=True)
class GalleryGroup:
    """Cards under one heading: a kind of process, of items those of one department (its code and name)."""

    kind: str
    department: str
    name: str
    cards: tuple[GalleryCard, ...]


def gallery(office: Office, actor: Actor, *, search: str = "") -> tuple[GalleryGroup, ...]:
    """Every process whose name, key, item or department has the words. Refused: Forbidden PROCESSES_FORBIDDEN."""
    lines = process_list(office, actor)
    items = startable_items(office)
    with office.reading() as records:
        names = {one.code: one.name for one in records.people.departments()}
    groups: dict[tuple[int, str, str], list[GalleryCard]] = {}
    for line in lines:
        one = line.newest
        item = items.get(one.key)
        kind = one.zw_kind if one.zw_kind in ORDER else "OTHER"
        number = DEPARTMENT.match(one.key)
        department = "" if kind != "ITEM" else item.department if item else number[1] if number else ""
        if _fits(one, item, names.get(department, ""), search):
            card = GalleryCard(version=one, item=item.code if item else None)
            groups.setdefault((ORDER.get(kind, 3), kind, department), []).append(card)
    return tuple(
        GalleryGroup(kind=kind, department=code, name=names.get(code, code), cards=tuple(cards))
        for (_, kind, code), cards in sorted(groups.items())
    )


def process_picture(office: Office, actor: Actor, definition_id: UUID) -> str:
    """The diagram of a version as SVG. Refused: Missing DEFINITION_NOT_FOUND, PICTURE_MISSING (nothing is drawn)."""
    version, content = diagram_source(office, actor, definition_id)
    found = picture(content, version.name or version.key)
    if found is None:
        raise Missing("PICTURE_MISSING", "这个流程没有可以显示的图形。")
    return found


def process_pictures(office: Office, actor: Actor, groups: Sequence[GalleryGroup]) -> Mapping[UUID, str | None]:
    """The pictures of a gallery that goes on paper, by version."""
    found: dict[UUID, str | None] = {}
    for card in (card for group in groups for card in group.cards):
        version, content = diagram_source(office, actor, card.version.id)
        found[version.id] = picture(content, version.name or version.key)
    return found


def _fits(version: VersionRow, item: ItemRow | None, department: str, search: str) -> bool:
    text = f"{version.key} {version.name} {department}".casefold()
    words = search.casefold().split()
    return all(word in text for word in words) or item is not None and found_by(item, search, department)
