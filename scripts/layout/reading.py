"""A BPMN file as it is drawn: planes with shapes, lines and the words beside them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree as ET

from scripts.layout.geometry import Box, Point

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
BOUNDS = "{http://www.omg.org/spec/DD/20100524/DC}Bounds"
WAYPOINT = "{http://www.omg.org/spec/DD/20100524/DI}waypoint"
BESIDE = ("Event", "Gateway")  # what has its name beside it, not in it
NODES = ("Event", "Task", "Gateway", "ubProcess", "callActivity", "transaction")
LINES = ("sequenceFlow", "messageFlow")
FRAMES = ("lane", "participant")
TEXT_WIDTH = 90  # pixels after which the viewer breaks a name that stands beside its element
SIGN, HALF_SIGN, LINE = 11, 6.2, 13.2  # pixels of a Chinese and a Latin sign and of a line beside an element


@dataclass(eq=False, kw_only=True)
class Shape:
    """One node, lane or pool. `words`: where its name stands when it stands beside it."""

    id: str
    kind: str
    name: str
    box: Box
    words: Box | None = None
    host: str = ""  # of a boundary event
    expanded: bool = False

    @property
    def frame(self) -> bool:
        """Whether others are meant to stand in it."""
        return self.kind in FRAMES or self.expanded

    def docks(self, point: Point, slack: float) -> bool:
        """Whether a line may begin or end at a point: a corner of a diamond, else the edge, give or take `slack` pixels."""
        if self.kind.endswith("Gateway"):
            (x, y), across, down = self.box.middle, self.box.width / 2, self.box.height / 2
            corners = ((x - across, y), (x + across, y), (x, y - down), (x, y + down))
            return any(abs(point[0] - at) + abs(point[1] - height) <= slack for at, height in corners)
        return self.box.touches(point, slack)


@dataclass(eq=False, kw_only=True)
class Line:
    """One flow."""

    id: str
    kind: str
    source: str
    target: str
    points: tuple[Point, ...]
    words: Box | None = None


@dataclass(eq=False, kw_only=True)
class Plane:
    """One sheet: the process, or the inside of a collapsed sub-process."""

    shapes: dict[str, Shape] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)


@dataclass(eq=False, kw_only=True)
class Drawn:
    """One file. `lanes`: the lane of every element that stands in one; `laned`: nodes of processes that have lanes;
    `missing`: elements nobody drew."""

    file: str
    planes: list[Plane]
    lanes: dict[str, str]
    laned: set[str]
    missing: list[str]


def read(path: Path) -> Drawn:
    """The drawing of a file."""
    root = ET.parse(path).getroot()
    elements = {one.get("id", ""): one for one in root.iter() if one.tag.startswith(BPMN)}
    planes = [_plane(plane, elements) for plane in root.iter(f"{DI}BPMNPlane")]
    lanes = {
        (ref.text or "").strip(): lane.get("id", "")
        for lane in root.iter(f"{BPMN}lane")
        for ref in lane.iter(f"{BPMN}flowNodeRef")
    }
    processes = [one for one in root.iter(f"{BPMN}process") if one.find(f"{BPMN}laneSet") is not None]
    laned = {node.get("id", "") for process in processes for node in process if node.tag.endswith(NODES)}
    drawn = {id for plane in planes for id in (*plane.shapes, *(line.id for line in plane.lines))}
    missing = [id for id, element in elements.items() if _is_drawn(element) and id not in drawn]
    return Drawn(file=str(path), planes=planes, lanes=lanes, laned=laned, missing=missing)


def text_box(name: str, x: float, y: float) -> Box:
    """What a name beside an element covers, from its left upper corner: the viewer breaks it after 90 pixels."""
    width = sum(SIGN if ord(sign) > 255 else HALF_SIGN for sign in name)
    lines = -(-width // TEXT_WIDTH)
    return Box(x, y, min(width, TEXT_WIDTH), LINE * lines)


def _plane(plane: ET.Element, elements: dict[str, ET.Element]) -> Plane:
    made = Plane()
    for one in plane:
        id = one.get("bpmnElement", "")
        element = elements.get(id)
        if element is None:
            continue
        kind = element.tag.removeprefix(BPMN)
        name = " ".join((element.get("name") or element.findtext(f"{BPMN}text") or "").split())
        if one.tag == f"{DI}BPMNShape" and (box := _box(one)):
            words = _words(one, name, box) if kind.endswith(BESIDE) else None
            made.shapes[id] = Shape(
                id=id,
                kind=kind,
                name=name,
                box=box,
                words=words,
                host=element.get("attachedToRef", ""),
                expanded=kind.endswith("ubProcess") and one.get("isExpanded") == "true",
            )
        elif one.tag == f"{DI}BPMNEdge" and kind in LINES:
            points = tuple((float(p.get("x", 0)), float(p.get("y", 0))) for p in one.findall(WAYPOINT))
            made.lines.append(
                Line(
                    id=id,
                    kind=kind,
                    source=element.get("sourceRef", ""),
                    target=element.get("targetRef", ""),
                    points=points,
                    words=_words(one, name, None),
                )
            )
    return made


def _box(element: ET.Element) -> Box | None:
    found = element.find(BOUNDS)
    if found is None:
        return None
    x, y, width, height = (float(found.get(name, 0)) for name in ("x", "y", "width", "height"))
    return Box(x, y, width, height)


def _words(element: ET.Element, name: str, box: Box | None) -> Box | None:
    """Where the name stands: as the file says, else under the shape as the viewer does."""
    if not name:
        return None
    label = element.find(f"{DI}BPMNLabel")
    at = _box(label) if label is not None else None
    if at is not None:
        return text_box(name, at.x, at.y)
    if box is None:
        return None
    below = text_box(name, 0, box.bottom + 6)
    return Box(box.middle[0] - below.width / 2, below.y, below.width, below.height)


def _is_drawn(element: ET.Element) -> bool:
    kind = element.tag.removeprefix(BPMN)
    return kind.endswith(NODES) or kind in (*LINES, *FRAMES, "task", "textAnnotation")
