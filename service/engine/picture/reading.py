"""What is drawn on the first sheet of a BPMN file, as plain data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from service.engine.lint.diagram import BPMN, local
from service.engine.lint.xml import XmlRefused, read_xml

DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
BOUNDS = "{http://www.omg.org/spec/DD/20100524/DC}Bounds"
WAYPOINT = "{http://www.omg.org/spec/DD/20100524/DI}waypoint"
LINES = frozenset({"sequenceFlow", "messageFlow", "association", "dataInputAssociation", "dataOutputAssociation"})
MOST_SHAPES = 3_000


@dataclass(frozen=True, kw_only=True)
class Box:
    """A rectangle in pixels."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, kw_only=True)
class Shape:
    """One node, lane or pool. `event`: kind of an event's definition, `none` or `multiple`; `label`: beside it."""

    kind: str
    name: str
    box: Box
    label: Box | None
    event: str = "none"
    quiet: bool = False  # a non-interrupting event
    expanded: bool = False
    empty: bool = False  # a pool without a process: a black box
    default: str = ""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One flow."""

    id: str
    kind: str
    name: str
    points: tuple[tuple[float, float], ...]
    label: Box | None
    default: bool = False


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """Shapes in the order they are drawn, then lines."""

    shapes: tuple[Shape, ...]
    lines: tuple[Line, ...]


def read_sheet(bpmn: bytes) -> Sheet | None:
    """The first sheet that is no inside of a sub-process; None when nothing is drawn or the file cannot be read."""
    try:
        root = read_xml(bpmn).root
    except XmlRefused:
        return None
    elements = {one.get("id"): one for one in root.iter() if isinstance(one.tag, str) and one.tag.startswith(BPMN)}
    planes = list(root.iter(f"{DI}BPMNPlane"))
    whole = [one for one in planes if local(elements.get(one.get("bpmnElement"), root)) in ("collaboration", "process")]
    if not planes:
        return None
    plane = (whole or planes)[0]
    defaults = {element.get("default") for element in elements.values()} - {None}
    shapes = tuple(_shapes(plane, elements))
    return Sheet(shapes=shapes, lines=tuple(_lines(plane, elements, defaults))) if shapes else None


def _shapes(plane: Any, elements: dict[Any, Any]) -> Iterator[Shape]:
    for number, one in enumerate(plane.iterchildren(f"{DI}BPMNShape")):
        element, box = elements.get(one.get("bpmnElement")), _box(one)
        if element is None or box is None or number > MOST_SHAPES:
            continue
        kind = local(element)
        found = [
            local(child).removesuffix("EventDefinition")
            for child in element
            if local(child).endswith("EventDefinition")
        ]
        flag = element.get("cancelActivity" if kind == "boundaryEvent" else "isInterrupting", "true")
        text = next((child.text or "" for child in element if local(child) == "text"), "")
        yield Shape(
            kind=kind,
            name=" ".join((element.get("name") or text).split()),
            box=box,
            label=_box(one.find(f"{DI}BPMNLabel")),
            event=found[0] if len(found) == 1 else "multiple" if found else "none",
            quiet=flag in ("false", "0"),
            expanded=one.get("isExpanded") == "true",
            empty=kind == "participant" and not element.get("processRef"),
        )


def _lines(plane: Any, elements: dict[Any, Any], defaults: set[Any]) -> Iterator[Line]:
    for number, one in enumerate(plane.iterchildren(f"{DI}BPMNEdge")):
        element = elements.get(one.get("bpmnElement"))
        if element is None or local(element) not in LINES or number > MOST_SHAPES:
            continue
        points = [(_number(p.get("x")), _number(p.get("y"))) for p in one.iterchildren(WAYPOINT)]
        if len(points) > 1:
            yield Line(
                id=element.get("id") or "",
                kind=local(element),
                name=" ".join((element.get("name") or "").split()),
                points=tuple(points),
                label=_box(one.find(f"{DI}BPMNLabel")),
                default=element.get("id") in defaults,
            )


def _box(element: Any) -> Box | None:
    found = element.find(BOUNDS) if element is not None else None
    if found is None:
        return None
    x, y, width, height = (_number(found.get(name)) for name in ("x", "y", "width", "height"))
    return Box(x=x, y=y, width=width, height=height)


def _number(text: str | None) -> float:
    """A coordinate; what is none, or beyond any screen, is 0."""
    try:
        value = float(text or 0)
    except ValueError:
        return 0.0
    return value if abs(value) < 100_000 else 0.0
