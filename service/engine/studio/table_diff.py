"""What two versions of a decision file differ in: columns, rows and cells of its tables, expressions, what a decision needs."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from service.engine.decisions.reading import is_dmn
from service.engine.lint.xml import XmlRefused, read_xml


@dataclass(frozen=True, kw_only=True)
class TablePart:
    """One thing a decision says otherwise. `aspect`: name, policy, input, output, row, order, cell …; `row`: its number, in the
    later table unless it is gone; `column`: what the column is called. None: it does not say it."""

    aspect: str
    row: int | None = None
    column: str = ""
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True, kw_only=True)
class TableDifference:
    """One decision that is new (ADDED), gone (REMOVED) or decides otherwise (CHANGED)."""

    how: str
    decision: str
    name: str
    parts: tuple[TablePart, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Column:
    id: str
    label: str
    said: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class _Row:
    id: str
    number: int
    cells: tuple[str, ...]
    note: str


@dataclass(frozen=True, kw_only=True)
class _Decision:
    name: str
    said: Mapping[str, str]
    inputs: tuple[_Column, ...] = ()
    outputs: tuple[_Column, ...] = ()
    rows: tuple[_Row, ...] = field(default=())


def compare_tables(before: bytes | None, after: bytes | None) -> tuple[TableDifference, ...]:
    """Decisions in the order of the later file; those that are gone last. A file that cannot be read has none."""
    old, new = _read(before), _read(after)
    found = []
    for id, decision in new.items():
        if id not in old:
            found.append(TableDifference(how="ADDED", decision=id, name=decision.name))
        elif parts := tuple(_parts(old[id], decision)):
            found.append(TableDifference(how="CHANGED", decision=id, name=decision.name, parts=parts))
    found += [TableDifference(how="REMOVED", decision=id, name=one.name) for id, one in old.items() if id not in new]
    return tuple(found)


def _parts(old: _Decision, new: _Decision) -> Iterator[TablePart]:
    for aspect in [*new.said, *(one for one in old.said if one not in new.said)]:
        if old.said.get(aspect) != new.said.get(aspect):
            yield TablePart(aspect=aspect, before=old.said.get(aspect), after=new.said.get(aspect))
    pairs: list[tuple[int, int, str]] = []  # places of a column before and after, and what it is called
    for aspect, before, after, was, now in (
        ("input", old.inputs, new.inputs, 0, 0),
        ("output", old.outputs, new.outputs, len(old.inputs), len(new.inputs)),
    ):
        matched = _matched([(one.id, one.label) for one in before], [(one.id, one.label) for one in after])
        pairs += [(was + a, now + b, after[b].label) for a, b in matched]
        yield from _columns(aspect, before, after, matched)
    yield from _rows(old.rows, new.rows, pairs)


def _columns(
    aspect: str, old: Sequence[_Column], new: Sequence[_Column], matched: Sequence[tuple[int, int]]
) -> Iterator[TablePart]:
    came, went = {b for _, b in matched}, {a for a, _ in matched}
    for b, one in enumerate(new):
        if b not in came:
            yield TablePart(aspect=aspect, column=one.label, after=one.label)
    for a, one in enumerate(old):
        if a not in went:
            yield TablePart(aspect=aspect, column=one.label, before=one.label)
    for a, b in matched:
        for name in dict.fromkeys((*new[b].said, *old[a].said)):
            if old[a].said.get(name) != new[b].said.get(name):
                yield TablePart(
                    aspect=f"{aspect}.{name}",
                    column=new[b].label,
                    before=old[a].said.get(name),
                    after=new[b].said.get(name),
                )


def _rows(old: Sequence[_Row], new: Sequence[_Row], pairs: Sequence[tuple[int, int, str]]) -> Iterator[TablePart]:
    matched = _matched([(one.id, one.cells) for one in old], [(one.id, one.cells) for one in new])
    came, went = {b for _, b in matched}, {a for a, _ in matched}
    stayed = _in_order([a for a, _ in matched])
    for place, (a, b) in enumerate(matched):
        for at, now, column in pairs:
            was, says = old[a].cells[at : at + 1], new[b].cells[now : now + 1]
            if was != says:
                yield TablePart(aspect="cell", row=new[b].number, column=column, before=_first(was), after=_first(says))
        if old[a].note != new[b].note:
            yield TablePart(aspect="note", row=new[b].number, before=old[a].note or None, after=new[b].note or None)
        if place not in stayed:
            yield TablePart(aspect="order", row=new[b].number, before=str(old[a].number), after=str(new[b].number))
    for b, row in enumerate(new):
        if b not in came:
            yield TablePart(aspect="row", row=row.number, after=_said(row))
    for a, row in enumerate(old):
        if a not in went:
            yield TablePart(aspect="row", row=row.number, before=_said(row))


def _matched(old: Sequence[tuple[str, Hashable]], new: Sequence[tuple[str, Hashable]]) -> list[tuple[int, int]]:
    """Which are the same: by id, else by what they say. In the order of the later ones."""
    places = {id: place for place, (id, _) in enumerate(old) if id}
    found = [(places[id], place) for place, (id, _) in enumerate(new) if id in places]
    taken, given = {a for a, _ in found}, {b for _, b in found}
    before = [place for place in range(len(old)) if place not in taken]
    after = [place for place in range(len(new)) if place not in given]
    alike = SequenceMatcher(None, [old[place][1] for place in before], [new[place][1] for place in after], False)
    for block in alike.get_matching_blocks():
        found += [(before[block.a + step], after[block.b + step]) for step in range(block.size)]
    return sorted(found, key=lambda pair: pair[1])


def _in_order(numbers: Sequence[int]) -> set[int]:
    """Places of the longest part that rises: what was not moved."""
    lowest: list[int] = []  # by length of a rising part: the lowest number one ends with
    length = []
    for number in numbers:
        at = bisect_left(lowest, number)
        lowest[at : at + 1] = [number]
        length.append(at)
    found, wanted = set(), len(lowest) - 1
    for place in reversed(range(len(numbers))):
        if length[place] == wanted:
            found.add(place)
            wanted -= 1
    return found


def _read(content: bytes | None) -> dict[str, _Decision]:
    try:
        root = read_xml(content).root if content is not None else None
    except XmlRefused:
        return {}
    if root is None or not is_dmn(root):
        return {}
    return {one.get("id") or "": _decision(one) for one in _children(root, "decision")}


def _decision(element: Any) -> _Decision:
    name = element.get("name") or element.get("id") or ""
    said = {"name": name, "requires": "、".join(_needed(element))}
    for variable in _children(element, "variable"):
        said |= {"variable": variable.get("name") or "", "type": variable.get("typeRef") or ""}
    for body in _children(element, "literalExpression"):
        said["expression"] = _text(body)
    tables = _children(element, "decisionTable")
    if not tables:
        return _Decision(name=name, said=_without_nothing(said))
    table = tables[0]
    said |= {"policy": table.get("hitPolicy") or "UNIQUE", "aggregation": table.get("aggregation") or ""}
    return _Decision(
        name=name,
        said=_without_nothing(said),
        inputs=tuple(map(_input, _children(table, "input"))),
        outputs=tuple(map(_output, _children(table, "output"))),
        rows=tuple(_row(one, number) for number, one in enumerate(_children(table, "rule"), 1)),
    )


def _needed(element: Any) -> list[str]:
    return [
        (needed.get("href") or "").removeprefix("#")
        for requirement in _children(element, "informationRequirement")
        for needed in requirement
        if isinstance(needed.tag, str)
    ]


def _input(element: Any) -> _Column:
    asked = next(iter(_children(element, "inputExpression")), None)
    text = "" if asked is None else _text(asked)
    said = {"label": element.get("label") or "", "expression": text, "values": _inner(element, "inputValues")}
    said["type"] = "" if asked is None else asked.get("typeRef") or ""
    return _Column(id=element.get("id") or "", label=said["label"] or text, said=_without_nothing(said))


def _output(element: Any) -> _Column:
    said = {name: element.get(name) or "" for name in ("label", "name")} | {"type": element.get("typeRef") or ""}
    said |= {"values": _inner(element, "outputValues"), "default": _inner(element, "defaultOutputEntry")}
    return _Column(id=element.get("id") or "", label=said["label"] or said["name"], said=_without_nothing(said))


def _row(element: Any, number: int) -> _Row:
    asked = ["" if (text := _text(cell)) == "-" else text for cell in _children(element, "inputEntry")]
    given = [_text(cell) for cell in _children(element, "outputEntry")]
    note = next(((one.text or "").strip() for one in _children(element, "description")), "")
    return _Row(id=element.get("id") or "", number=number, cells=(*asked, *given), note=note)


def _said(row: _Row) -> str:
    return " | ".join(cell or "-" for cell in row.cells)


def _first(cells: tuple[str, ...]) -> str | None:
    return (cells[0] or "-") if cells else None


def _inner(element: Any, name: str) -> str:
    return next((_text(one) for one in _children(element, name)), "")


def _text(element: Any) -> str:
    return next(((one.text or "").strip() for one in _children(element, "text")), "")


def _children(element: Any, name: str) -> list[Any]:
    return [one for one in element if isinstance(one.tag, str) and one.tag.rpartition("}")[2] == name]


def _without_nothing(said: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in said.items() if value}
