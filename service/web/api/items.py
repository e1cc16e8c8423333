"""事项目录 for programs: the register as it is published, one item with its whole card, and its versions."""

from __future__ import annotations

import re
from typing import Any

from flask import Response

from service.casework.register import catalogue, guide, item_history, may_watch
from service.rules.item_words import ItemCategory, ItemKind, ItemStatus, ItemTheme, ItemType
from service.rules.items import card_data
from service.web.api.door import answer, door, this_office, who
from service.web.api.paging import only_parameters, page_and_size, parameter, serve_rows
from service.web.bodies import field_refused
from service.web.instants import iso_instant

CHOICES = {
    "kind": tuple(one.value for one in ItemKind),
    "type": tuple(one.value for one in ItemType),
    "category": tuple(one.value for one in ItemCategory),
    "theme": tuple(one.value for one in ItemTheme),
    "status": (*(one.value for one in ItemStatus), "all"),
}
KEPT_INSIDE = ("to_confirm",)  # what a department still has to confirm, for those who keep the register


def item(row: Any) -> dict[str, Any]:
    """One item of the register; `promised` in working days."""
    return {
        "code": row.code,
        "name": row.name,
        "shortName": row.short_name,
        "department": row.department,
        "kind": row.kind,
        "type": row.type,
        "category": row.category,
        "status": row.status,
        "themes": row.themes.split(),
        "process": row.process or None,
        "promised": row.promised,
        "version": row.version,
        "effectiveFrom": iso_instant(row.effective_from),
    }


@door.get("/items")
def list_items() -> Response:
    """Items in use, by code, unless another status is asked for."""
    only_parameters("text", "department", *CHOICES)
    page, size = page_and_size()
    filters = {name: parameter(name, among) or "" for name, among in CHOICES.items()}
    filters["department"] = parameter("department") or ""
    found = catalogue(this_office(), search=parameter("text") or "", filters=filters, page=page, size=size)
    items = [{**item(one.row), "online": one.online} for one in found.items] if page <= found.pages else []
    return answer({"items": items, "total": found.total, "page": page, "size": size})


@door.get("/items/<code>")
def get_item(code: str) -> Response:
    """One item as it is in force, or one version of it, with its card."""
    only_parameters("version")
    found = guide(this_office(), who(), code, version=_version())
    card = card_data(found.card)
    if not may_watch(who()):
        card = {name: value for name, value in card.items() if name not in KEPT_INSIDE}
    later = found.next.effective_from if found.next is not None else None
    return answer({**item(found.row), "current": found.current, "nextFrom": iso_instant(later), "card": card})


@door.get("/items/<code>/versions")
def list_item_versions(code: str) -> Response:
    """Every version, the latest first, with the fields it changed."""
    only_parameters()
    lines, _ = item_history(this_office(), who(), code)
    return serve_rows(
        lines, lambda one: {**item(one.row), "changed": list(dict.fromkeys(change.field for change in one.changes))}
    )


def _version() -> int | None:
    text = parameter("version")
    if text is None:
        return None
    if not re.fullmatch(r"[1-9]\d{0,8}", text, re.ASCII):
        raise field_refused("version", "从 1 起的整数")
    return int(text)
