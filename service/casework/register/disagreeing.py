"""Where the deployed diagrams say something else than a card that is about to be published: for who decides, before they do.

Nothing is refused: the card is right (BV-34), and the diagram is to follow. What would be beyond the law is refused when the
diagram is deployed (BV-35).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from service.casework.linting import lint
from service.engine.facts import Register, Resource
from service.rules.items import ItemCard
from service.store.deployments import DefinitionRow
from service.store.records import Records

RULES = frozenset({"BV-16", "BV-24", "BV-34", "BV-35"})  # of the linter: what a card and a diagram both say
VARIANTS = ("", "_chain", "_joint")  # of an item, drawn for chains


@dataclass(frozen=True, kw_only=True)
class Disagreement:
    """One thing the newest version of a process says differently; Chinese and English."""

    process: str
    version: int
    text: str
    english: str


def disagreements(records: Records, card: ItemCard, before: ItemCard | None) -> tuple[Disagreement, ...]:
    """Limits, stages, silence and fees in which the deployed processes of an item differ from its card, and materials that change
    against the card `before`."""
    stem = f"item_{card.code.replace('-', '_')}"
    keys = dict.fromkeys([*(stem + one for one in VARIANTS), *([card.process] if card.process else [])])
    rows = records.deployments.newest(list(keys))
    wanted = {row.resource_id for row in rows.values()} | {
        UUID(id) for row in rows.values() for name, id in row.forms.items() if ":" not in name
    }
    contents = records.deployments.contents(wanted) if wanted else {}
    return tuple(one for row in rows.values() for one in (*_rules(row, contents, card), *_materials(row, card, before)))


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


def _materials(row: DefinitionRow, card: ItemCard, before: ItemCard | None) -> Iterator[Disagreement]:
    """Forms and cards word their lines differently, so what the draft takes off or adds is told, not every name."""
    if before is None:
        return
    was, now = ([one.name for one in each.materials] for each in (before, card))
    gone, new = ([one for one in a if one not in b] for a, b in ((was, now), (now, was)))
    for names, chinese, english in ((gone, "不再需要", "no longer needed"), (new, "新增", "new")):
        if names:
            said = "、".join(names)
            yield Disagreement(
                process=row.key,
                version=row.version,
                text=f"材料清单有变动（{chinese}：{said}），受理表单还是原来的",
                english=f"the list of materials changes ({english}: {said}); the form at the window does not",
            )
