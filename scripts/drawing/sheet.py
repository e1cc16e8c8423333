"""A sheet of BPMN: nodes at places, flows between sides, written as BPMN 2.0 with its drawing.

Coordinates are pixels; a node is placed by its centre. Flows leave one side of a node and enter another, with at
most two bends, so that every line is orthogonal.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree as ET

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DD = "http://www.omg.org/spec/DD/20100524/DI"
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
ZW = "urn:lianban:bpmn:zw:1"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
PREFIXES = {"bpmn": BPMN, "bpmndi": DI, "dc": DC, "di": DD, "camunda": CAMUNDA, "zw": ZW, "xsi": XSI}
SIZES = {"Event": (36, 36), "Gateway": (50, 50), "subProcess": (110, 70), "callActivity": (110, 70)}
NOTE = 24  # pixels a remark is high
OTHERWISE = "otherwise"  # as a condition: the default flow
Point = tuple[float, float]


def q(name: str) -> str:
    """`camunda:formKey` as ElementTree wants it; names without prefix stay."""
    prefix, _, local = name.rpartition(":")
    return f"{{{PREFIXES[prefix]}}}{local}" if prefix else name


@dataclass
class Node:
    """One flow node: what it is, where it stands and what it says."""

    kind: str
    id: str
    name: str
    x: float
    y: float
    width: float
    height: float
    attributes: dict[str, str]
    extensions: list[ET.Element]
    body: list[ET.Element]
    label: tuple[float, float] | None = None  # top left corner of the label, for events and gateways
    inside: Sheet | None = None  # of a collapsed sub-process

    def side(self, name: str, shift: float = 0) -> Point:
        """The middle of one side, moved along it."""
        dx, dy = {"left": (-1, 0), "right": (1, 0), "top": (0, -1), "bottom": (0, 1)}[name]
        return (self.x + dx * self.width / 2 + shift * abs(dy), self.y + dy * self.height / 2 + shift * abs(dx))


@dataclass
class Flow:
    """One sequence flow with its way over the sheet."""

    id: str
    source: Node
    target: Node
    name: str
    condition: str
    points: list[Point]
    label: Point | None


@dataclass
class Note:
    """A remark beside a node, placed by its centre."""

    id: str
    text: str
    x: float
    y: float
    width: float


@dataclass
class Lane:
    """One lane: a horizontal band."""

    id: str
    name: str
    top: float
    height: float

    @property
    def middle(self) -> float:
        """Vertical middle of the band."""
        return self.top + self.height / 2


@dataclass
class Sheet:
    """One plane: the process itself or the inside of a collapsed sub-process."""

    key: str
    lanes: list[Lane] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    flows: list[Flow] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def lane(self, name: str, height: float) -> Lane:
        """Add a lane under the ones there are."""
        top = self.lanes[-1].top + self.lanes[-1].height if self.lanes else 160
        made = Lane(f"Lane_{len(self.lanes) + 1}", name, top, height)
        self.lanes.append(made)
        return made

    def node(self, kind: str, id: str, name: str, x: float, y: float, *, size: tuple[float, float] | None = None,
             label: tuple[float, float] | None = None, extensions: list[ET.Element] | None = None,
             body: list[ET.Element] | None = None, **attributes: str) -> Node:  # fmt: skip
        """Place a node. Attribute names write their prefix with two underscores: `zw__stage`."""
        width, height = size or next((s for end, s in SIZES.items() if kind.endswith(end)), (100, 64))
        named = {name.replace("__", ":"): value for name, value in attributes.items()}
        made = Node(kind, id, name, x, y, width, height, named, extensions or [], body or [], label)
        self.nodes.append(made)
        return made

    def flow(self, source: Node, target: Node, name: str = "", condition: str = "", *, way: str = "right-left",
             bend: float | None = None, shift: tuple[float, float] = (0, 0), label: Point | None = None) -> Flow:  # fmt: skip
        """Join two nodes. `way` names the sides; `bend` fixes the middle line of a way with two bends."""
        leave, enter = way.split("-")
        points = _route(source.side(leave, shift[0]), target.side(enter, shift[1]), leave, enter, bend)
        if name and label is None:
            x, y = points[0]
            ahead = {"right": (6, -18), "left": (-30, -18), "top": (6, -20), "bottom": (6, 6)}[leave]
            label = (x + ahead[0], y + ahead[1])
        made = Flow(f"Flow_{len(self.flows) + 1}_{source.id}", source, target, name, condition, points, label)
        if condition == OTHERWISE:
            source.attributes["default"], made.condition = made.id, ""
        self.flows.append(made)
        return made

    def note(self, about: Node, text: str, place: str = "below") -> Note:
        """A remark at a node: `above` or `below` its middle, under its name (`foot`), above its right half (`corner`), `left` of it."""
        width = 2 * (_text_width(text) // 2 + 9)
        across, down = about.width / 2, about.height / 2
        x, y = {
            "above": (about.x, about.y - down - 16),
            "below": (about.x, about.y + down + 16),
            "foot": (about.x, about.y + down + 34),
            "corner": (about.x + 6 + width / 2, about.y - down - 14),
            "left": (about.x - across - 8 - width / 2, about.y),
        }[place]
        made = Note(f"Note_{about.id}", text, x, y, width)
        self.notes.append(made)
        return made

    def make_room(self, x: float, width: float) -> None:
        """Move what has been drawn right of `x` further right: for a step that comes in between."""

        def moved(point: Point) -> Point:
            return (point[0] + width, point[1]) if point[0] > x else point

        for node in self.nodes:
            node.x, node.y = moved((node.x, node.y))
            node.label = moved(node.label) if node.label else None
        for note in self.notes:
            note.x, note.y = moved((note.x, note.y))
        for flow in self.flows:
            flow.points = [moved(one) for one in flow.points]
            flow.label = moved(flow.label) if flow.label else None


def _route(a: Point, b: Point, leave: str, enter: str, bend: float | None) -> list[Point]:
    sideways, enters_sideways = leave in ("left", "right"), enter in ("left", "right")
    if sideways and enters_sideways:
        if a[1] == b[1] and bend is None:
            return [a, b]
        x = (a[0] + b[0]) / 2 if bend is None else bend
        return [a, (x, a[1]), (x, b[1]), b]
    if not sideways and not enters_sideways:
        if a[0] == b[0] and bend is None:
            return [a, b]
        y = (a[1] + b[1]) / 2 if bend is None else bend
        return [a, (a[0], y), (b[0], y), b]
    return [a, (b[0], a[1]) if sideways else (a[0], b[1]), b]


def element(name: str, text: str | None = None, /, *children: ET.Element, **attributes: str) -> ET.Element:
    """One XML element; attribute names write their prefix with two underscores."""
    made = ET.Element(q(name), {q(k.replace("__", ":")): v for k, v in attributes.items()})
    made.text = text
    made.extend(children)
    return made


def expression(name: str, text: str) -> ET.Element:
    """A formal expression: a condition, a time."""
    return element(name, text, xsi__type="bpmn:tFormalExpression")


@dataclass
class Drawing:
    """One file: a collaboration with one executable pool, its sheet, and the definitions beside it."""

    key: str
    name: str
    sheet: Sheet
    attributes: dict[str, str]
    width: float
    outsider: str | None = None  # name of the black-box pool above
    outsider_flow: tuple[str, str] | None = None  # message flow: its name and the node it reaches
    roots: list[ET.Element] = field(default_factory=list)  # messages, errors, escalations

    def write(self, path: Path) -> None:
        """Write the file."""
        for prefix, uri in PREFIXES.items():
            ET.register_namespace(prefix, uri)
        root = element("bpmn:definitions", id=f"Definitions_{self.key}", targetNamespace="urn:lianban:processes")
        if self.sheet.lanes:
            root.append(self._collaboration())
        process = element("bpmn:process", id=self.key, name=self.name, isExecutable="true")
        process.attrib.update({q(k.replace("__", ":")): v for k, v in self.attributes.items()})
        root.append(process)
        self._lanes(process)
        _fill(process, self.sheet)
        root.extend(self.roots)
        plane = "Collaboration_1" if self.sheet.lanes else self.key
        root.append(self._plane(self.sheet, plane, "Diagram_1", pools=bool(self.sheet.lanes)))
        for node in self.sheet.nodes:
            if node.inside:
                root.append(self._plane(node.inside, node.id, f"Diagram_{node.id}", pools=False))
        ET.indent(root)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b'<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, "utf-8") + b"\n")

    def _collaboration(self) -> ET.Element:
        made = element("bpmn:collaboration", id="Collaboration_1")
        if self.outsider:
            made.append(element("bpmn:participant", id="Participant_Outside", name=self.outsider))
        made.append(element("bpmn:participant", id="Participant_1", name=self.name, processRef=self.key))
        if self.outsider_flow:
            name, target = self.outsider_flow
            made.append(
                element(
                    "bpmn:messageFlow",
                    id="MessageFlow_1",
                    name=name,
                    sourceRef="Participant_Outside",
                    targetRef=target,
                )
            )
        return made

    def _lanes(self, process: ET.Element) -> None:
        if not self.sheet.lanes:
            return
        lane_set = element("bpmn:laneSet", id="LaneSet_1")
        for lane in self.sheet.lanes:
            made = element("bpmn:lane", id=lane.id, name=lane.name)
            for node in self.sheet.nodes:
                middle = node.y - (1 if node.kind == "boundaryEvent" else 0)
                if lane.top <= middle < lane.top + lane.height:
                    made.append(element("bpmn:flowNodeRef", node.id))
            lane_set.append(made)
        process.append(lane_set)

    def _plane(self, sheet: Sheet, about: str, id: str, *, pools: bool) -> ET.Element:
        plane = element("bpmndi:BPMNPlane", id=f"{id}_plane", bpmnElement=about)
        if pools:
            bottom = sheet.lanes[-1].top + sheet.lanes[-1].height
            if self.outsider:
                plane.append(_shape("Participant_Outside", 100, 60, self.width - 100, 60, isHorizontal="true"))
            plane.append(_shape("Participant_1", 100, 160, self.width - 100, bottom - 160, isHorizontal="true"))
            for lane in sheet.lanes:
                plane.append(_shape(lane.id, 130, lane.top, self.width - 130, lane.height, isHorizontal="true"))
        for node in sheet.nodes:
            plane.append(_node_shape(node, 163 if pools else 0))
        for note in sheet.notes:
            plane.append(_shape(note.id, note.x - note.width / 2, note.y - NOTE / 2, note.width, NOTE))
        for flow in sheet.flows:
            plane.append(_edge(flow.id, flow.points, flow.name, flow.label))
        if pools and self.outsider_flow:
            target = next(n for n in sheet.nodes if n.id == self.outsider_flow[1])
            points = [(target.x, 120), target.side("top")]
            plane.append(_edge("MessageFlow_1", points, self.outsider_flow[0], (target.x + 8, 132)))
        return element("bpmndi:BPMNDiagram", None, plane, id=id)


def _fill(parent: ET.Element, sheet: Sheet) -> None:
    for node in sheet.nodes:
        made = element(f"bpmn:{node.kind}", id=node.id)
        if node.name:
            made.set("name", node.name)
        made.attrib.update({q(k): v for k, v in node.attributes.items()})
        if node.extensions:
            made.append(element("bpmn:extensionElements", None, *node.extensions))
        made.extend(element("bpmn:incoming", flow.id) for flow in sheet.flows if flow.target is node)
        made.extend(element("bpmn:outgoing", flow.id) for flow in sheet.flows if flow.source is node)
        made.extend(node.body)
        if node.inside:
            _fill(made, node.inside)
        parent.append(made)
    for flow in sheet.flows:
        made = element("bpmn:sequenceFlow", id=flow.id, sourceRef=flow.source.id, targetRef=flow.target.id)
        if flow.name:
            made.set("name", flow.name)
        if flow.condition:
            made.append(expression("bpmn:conditionExpression", flow.condition))
        parent.append(made)
    for note in sheet.notes:
        parent.append(element("bpmn:textAnnotation", None, element("bpmn:text", note.text), id=note.id))


def _bounds(x: float, y: float, width: float, height: float) -> ET.Element:
    return element("dc:Bounds", x=f"{x:g}", y=f"{y:g}", width=f"{width:g}", height=f"{height:g}")


def _shape(about: str, x: float, y: float, width: float, height: float, **attributes: str) -> ET.Element:
    bounds = _bounds(x, y, width, height)
    return element("bpmndi:BPMNShape", None, bounds, id=f"{about}_di", bpmnElement=about, **attributes)


def _text_width(name: str) -> float:
    return sum(12 if ord(sign) > 255 else 7 for sign in name) + 2


def _node_shape(node: Node, least: float) -> ET.Element:
    """A node with its name; `least`: how far left a name may begin, so that it does not lie on the head of its lane."""
    marks = {"isExpanded": "false"} if node.inside else {}
    if node.kind == "exclusiveGateway":
        marks["isMarkerVisible"] = "true"
    left, top = node.x - node.width / 2, node.y - node.height / 2
    made = _shape(node.id, left, top, node.width, node.height, **marks)
    if node.name and node.kind.endswith(("Event", "Gateway")):
        width = _text_width(node.name)
        x, y = node.label or (node.x - width / 2, node.y + node.height / 2 + 6)
        made.append(element("bpmndi:BPMNLabel", None, _bounds(max(x, least), y, width, 14)))
    return made


def _edge(about: str, points: list[Point], name: str, label: Point | None) -> ET.Element:
    made = element("bpmndi:BPMNEdge", id=f"{about}_di", bpmnElement=about)
    made.extend(element("di:waypoint", x=f"{x:g}", y=f"{y:g}") for x, y in points)
    if name and label:
        made.append(element("bpmndi:BPMNLabel", None, _bounds(*label, _text_width(name), 14)))
    return made
