"""What two diagrams differ in, element by element and in the terms of the trade; how they are drawn does not count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from service.engine.lint.diagram import BPMN, CAMUNDA, ZW, local
from service.engine.lint.xml import read_xml

SKIPPED = frozenset({"incoming", "outgoing", "flowNodeRef", "BPMNDiagram"})
INSIDE = frozenset({"laneSet", "lane", "subProcess", "transaction", "adHocSubProcess", "process", "collaboration"})
TIMERS = ("timeDate", "timeDuration", "timeCycle")
REFERRED = ("messageRef", "signalRef", "errorRef", "escalationRef")


@dataclass(frozen=True, kw_only=True)
class Part:
    """One thing an element says otherwise. `aspect`: what kind of thing (name, form, limit …); `field`: which of them;
    None: it does not say it."""

    aspect: str
    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One element that is new (ADDED), gone (REMOVED) or says something else (CHANGED)."""

    how: str
    element: str
    kind: str  # its BPMN tag
    name: str
    parts: tuple[Part, ...] = ()


def compare_diagrams(before: bytes | None, after: bytes) -> tuple[Difference, ...]:
    """Elements in the order of the diagram they stand in; those that are gone last."""
    old, was_called = ({}, {}) if before is None else _read(before)
    new, is_called = _read(after)
    called = (was_called, is_called)
    found = []
    for id, (kind, said) in new.items():
        name = said.get(("name", "")) or ""
        if id not in old:
            found.append(Difference(how="ADDED", element=id, kind=kind, name=name, parts=_parts({}, said, called)))
        elif parts := _parts(old[id][1], said, called, (old[id][0], kind)):
            found.append(Difference(how="CHANGED", element=id, kind=kind, name=name, parts=parts))
    for id, (kind, said) in old.items():
        if id not in new:
            found.append(Difference(how="REMOVED", element=id, kind=kind, name=said.get(("name", "")) or "", parts=()))
    return tuple(found)


Said = Mapping[tuple[str, str], str]
Names = Mapping[str, str]


def _parts(
    before: Said, after: Said, called: tuple[Names, Names], kinds: tuple[str, str] = ("", "")
) -> tuple[Part, ...]:
    """References are compared by what they mean and told by its name, which may be another one now."""
    keys = [*after, *(key for key in before if key not in after)]
    found = [
        Part(
            aspect=aspect,
            field=field,
            before=_named(aspect, before.get((aspect, field)), called[0]),
            after=_named(aspect, after.get((aspect, field)), called[1]),
        )
        for aspect, field in keys
        if before.get((aspect, field)) != after.get((aspect, field)) and (before or aspect != "name")
    ]
    if kinds[0] != kinds[1]:
        found.insert(0, Part(aspect="kind", field="", before=kinds[0], after=kinds[1]))
    return tuple(found)


def _named(aspect: str, value: str | None, names: Names) -> str | None:
    return names.get(value or "") or value if aspect in ("flow", "event") else value


def _read(content: bytes) -> tuple[dict[str, tuple[str, Said]], Names]:
    """Every element with an id and what it says; what everything is called."""
    root = read_xml(content).root
    names = {one.get("id"): one.get("name") or "" for one in root.iter() if isinstance(one.tag, str) and one.get("id")}
    lanes = {
        (reference.text or "").strip(): lane.get("name") or ""
        for lane in root.iter(f"{BPMN}lane")
        for reference in lane.iterchildren(f"{BPMN}flowNodeRef")
    }
    found: dict[str, tuple[str, Said]] = {}
    for element in _elements(root):
        said = dict(_said(element))
        if lane := lanes.get(element.get("id")):
            said["lane", ""] = lane
        found[element.get("id")] = (local(element), said)
    return found, names


def _elements(holder: Any) -> Iterator[Any]:
    """What can be pointed at: processes, nodes, flows, lanes, data; not the parts they are made of."""
    for child in holder:
        kind = local(child)
        if kind.startswith("{") or not kind or kind in SKIPPED:
            continue
        if child.get("id") and kind not in ("laneSet", "collaboration"):
            yield child
        if kind in INSIDE:
            yield from _elements(child)


def _said(element: Any) -> Iterator[tuple[tuple[str, str], str]]:
    """Attribute by attribute and part by part."""
    for name, value in element.attrib.items():
        if name == "id":
            continue
        if name == "name":
            yield ("name", ""), " ".join(value.split())
        elif name in (f"{CAMUNDA}formKey", f"{CAMUNDA}formRef", f"{ZW}form"):
            yield ("form", ""), value.strip()
        elif name.startswith(ZW):
            yield ("zw", name.removeprefix(ZW)), value.strip()
        elif name.startswith(CAMUNDA):
            yield ("camunda", name.removeprefix(CAMUNDA)), value.strip()
        elif name in ("sourceRef", "targetRef", "attachedToRef", "default", *REFERRED):
            yield ("flow", name), value
        else:
            yield ("attribute", name.rpartition("}")[2]), value
    for child in element:
        kind = local(child)
        if kind in SKIPPED or kind in ("sequenceFlow", "lane", "laneSet") or child.get("id") and _stands_alone(kind):
            continue
        yield from _part(child, kind)


def _stands_alone(kind: str) -> bool:
    """Whether an element inside another one is compared by itself."""
    return not kind.endswith(("EventDefinition", "LoopCharacteristics", "Expression")) and kind not in (
        "documentation",
        "script",
        "ioSpecification",
        "dataInputAssociation",
        "dataOutputAssociation",
        "extensionElements",
    )


def _part(child: Any, kind: str) -> Iterator[tuple[tuple[str, str], str]]:
    if kind == "conditionExpression":
        yield ("condition", ""), _text(child)
    elif kind in ("documentation", "script"):
        yield (kind, ""), _text(child)
    elif kind == "timerEventDefinition":
        for timer in child:
            if local(timer) in TIMERS:
                yield ("timer", local(timer)), _text(timer)
    elif kind.endswith("EventDefinition"):
        referred = next((child.get(one) for one in REFERRED if child.get(one)), None)
        condition = child.find(f"{BPMN}condition")
        yield (
            ("event", kind.removesuffix("EventDefinition")),
            _text(condition) if condition is not None else referred or "",
        )
    elif kind.endswith("LoopCharacteristics"):
        yield ("loop", ""), _canonical(child)
    elif kind == "extensionElements":
        for extension in child:
            yield from _extension(extension)
    else:
        yield ("part", kind.rpartition("}")[2]), _canonical(child)


def _extension(extension: Any) -> Iterator[tuple[tuple[str, str], str]]:
    if extension.tag == f"{CAMUNDA}inputOutput":
        for parameter in extension:
            direction = str(parameter.tag).removeprefix(CAMUNDA).removesuffix("Parameter")  # input, output
            yield (direction, parameter.get("name") or ""), _text(parameter) or _canonical(parameter)
    elif extension.tag in (f"{CAMUNDA}in", f"{CAMUNDA}out"):
        direction = "handed_in" if extension.tag == f"{CAMUNDA}in" else "handed_out"
        target = extension.get("target") or extension.get("variables") or "businessKey"
        yield (
            (direction, target),
            extension.get("source") or extension.get("sourceExpression") or extension.get("businessKey") or target,
        )
    else:
        yield ("extension", str(extension.tag).rpartition("}")[2]), _canonical(extension)


def _text(element: Any) -> str:
    return (element.text or "").strip()


def _canonical(element: Any) -> str:
    """An element on one line without prefixes, whatever order its attributes are written in."""
    attributes = "".join(
        f" {name.rpartition('}')[2]}={value}" for name, value in sorted(element.attrib.items()) if name != "id"
    )
    inside = "".join(_canonical(child) for child in element if isinstance(child.tag, str))
    return f"{str(element.tag).rpartition('}')[2]}{attributes} {_text(element)}{inside}".strip()
