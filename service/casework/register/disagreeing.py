"""Where the deployed diagrams say something else than a card that is about to be published: for who decides, before they do.

Nothing is refused: the card is right (BV-34), and the diagram is to follow. What would be beyond the law is refused when the
diagram is deployed (BV-35).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from service.casework.linting import lint
from service.engine.facts import Register, Resource
from service.rules.items import ItemCard
from service.rules.materials import Source, checklist_of, kind_of
from service.store.deployments import DefinitionRow
from service.store.records import Records

RULES = frozenset({"BV-16", "BV-24", "BV-34", "BV-35"})  # of the linter: what a card and a diagram both say
FORM = "申请"  # the application itself is what is filled in here, whatever it is called
VARIANTS = ("", "_chain", "_joint")  # of an item, drawn for chains


@dataclass(frozen=True, kw_only=True)
class Disagreement:
    """One thing the newest version of a process says differently; Chinese and English."""

    process: str
    version: int
    text: str
    english: str


def disagreements(records: Records, card: ItemCard) -> tuple[Disagreement, ...]:
    """Limits, stages, silence, fees and materials in which the deployed processes of an item differ from its card."""
    stem = f"item_{card.code.replace('-', '_')}"
    keys = dict.fromkeys([*(stem + one for one in VARIANTS), *([card.process] if card.process else [])])
    rows = records.deployments.newest(list(keys))
    wanted = {row.resource_id for row in rows.values()} | {
        UUID(id) for row in rows.values() for name, id in row.forms.items() if ":" not in name
    }
    contents = records.deployments.contents(wanted) if wanted else {}
    return tuple(
        one for row in rows.values() for one in (*_rules(row, contents, card), *_materials(row, contents, card))
    )


def _rules(row: DefinitionRow, contents: Mapping[UUID, bytes], card: ItemCard) -> Iterator[Disagreement]:
    files = [Resource(name=f"{row.key}.bpmn", content=contents[row.resource_id])]
    files += [
        Resource(name=f"{name}.form", content=contents[UUID(id)]) for name, id in row.forms.items() if ":" not in name
    ]
    found = lint(files, register=Register(items={card.code: card}))
    seen = set[str]()
    for one in found.findings:
        if one.code in RULES and one.text not in seen:
            seen.add(one.text)
            yield Disagreement(process=row.key, version=row.version, text=one.text, english=one.english)


def _materials(row: DefinitionRow, contents: Mapping[UUID, bytes], card: ItemCard) -> Iterator[Disagreement]:
    schemas: list[dict[str, Any]] = [
        json.loads(contents[UUID(id)]) for name, id in row.forms.items() if ":" not in name
    ]
    asked = {
        kind_of(one.name): one.name
        for one in checklist_of(schemas)
        if one.source is not Source.FORM and not one.name.startswith(FORM)
    }
    if not asked:
        return
    listed = {kind_of(one.name): one.name for one in card.materials if not one.name.startswith(FORM)}
    missing = [name for kind, name in listed.items() if kind not in asked]
    more = [name for kind, name in asked.items() if kind not in listed]
    if missing:
        names = "、".join(missing)
        yield Disagreement(
            process=row.key,
            version=row.version,
            text=f"受理表单没有列出材料：{names}",
            english=f"the form does not list {names}",
        )
    if more:
        names = "、".join(more)
        yield Disagreement(
            process=row.key,
            version=row.version,
            text=f"受理表单多列了材料：{names}",
            english=f"the form lists {names} as well",
        )
