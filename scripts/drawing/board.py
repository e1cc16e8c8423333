"""A board of lanes, rows and columns on which a procedure is placed by its nodes only: the lines find their own way.

Every line is orthogonal and keeps to a grid of ten pixels. It goes around symbols and words, prefers few bends and few
crossings, and never lies on another line. Its word stands beside its beginning, where nothing else is.
"""

from __future__ import annotations

import heapq
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

from drawing.office import STAGES, choice, promoted
from drawing.sheet import OTHERWISE, Drawing, Flow, Node, Point, Sheet, _text_width, element, expression

GRID, COLUMN, ROW, LEFT = 10, 170, 120, 210
SIDES = {"right": (1, 0), "left": (-1, 0), "top": (0, -1), "bottom": (0, 1)}
BEND, CROSS, NEAR, OVER = 40, 30, 6, 400  # what a line pays beside its length: bends, crossings, closeness, words
Cell = tuple[int, int]
Box = tuple[float, float, float, float]
OVERDUE = {**STAGES, "COORDINATE": "办理到期", "SUPERVISE": "督查到期", "PUBLICITY": "公示期满"}


class Board:
    """One procedure being drawn. `lanes`: name → rows it needs; `given`: variables it is started with."""

    def __init__(self, key: str, name: str, short: str, lanes: dict[str, int], given: str = "") -> None:
        self.key, self.name = key, name
        self.sheet = Sheet(key)
        self.lanes = {title: self.sheet.lane(title, rows * ROW) for title, rows in lanes.items()}
        self.attributes = {"zw__kind": "SUPPORT", "zw__short": short, "camunda__versionTag": "1.0"}
        if given:
            self.attributes["zw__data_contract"] = given
        self.nodes: dict[str, Node] = {}
        self.wanted: list[tuple[str, str, str, str, str]] = []
        self.roots: dict[str, ET.Element] = {}

    # -- nodes

    def put(self, kind: str, id: str, name: str, column: float, lane: str, row: int = 0, **more: object) -> Node:
        """Place a node in the middle of a cell."""
        x, y = LEFT + COLUMN * column, self.lanes[lane].top + ROW / 2 + ROW * row
        made = self.sheet.node(kind, id, name, x, y, **more)  # type: ignore[arg-type]
        self.nodes[id] = made
        return made

    def start(self, id: str, name: str, lane: str, row: int = 0, *, form: str = "", message: str = "") -> None:
        """The beginning, in the first column. `message`: started by it, from outside too."""
        body = [self._hear(id, message)] if message else []
        asked = {"camunda__formKey": form} if form else {}
        self.put("startEvent", id, name, 0, lane, row, body=body, **asked)

    def end(self, id: str, name: str, column: float, lane: str, row: int = 0, *, label: Point | None = None) -> None:
        """One way to end."""
        self.put("endEvent", id, name, column, lane, row, label=label)

    def choice(self, id: str, name: str, column: float, lane: str, row: int = 0) -> None:
        """An exclusive gateway."""
        x, y = LEFT + COLUMN * column, self.lanes[lane].top + ROW / 2 + ROW * row
        self.nodes[id] = choice(self.sheet, id, name, x, y, (x + 12, y - 38))

    def act(self, id: str, name: str, column: float, lane: str, row: int = 0, *, action: str, **inputs: str) -> None:
        """A service task: the service does it."""
        given = {f"zw__{name}": value for name, value in inputs.items()}
        self.put("serviceTask", id, name, column, lane, row, size=(120, 60), zw__action=action, **given)

    def script(self, id: str, name: str, column: float, lane: str, row: int = 0, *, text: str) -> None:
        """A FEEL script task."""
        body = [element("bpmn:script", text)]
        self.put("scriptTask", id, name, column, lane, row, body=body, size=(120, 60), scriptFormat="feel")

    def mark(self, id: str, name: str, column: float, lane: str, row: int = 0, **more: str) -> None:
        """An event that is passed and hands something out."""
        self.put("intermediateThrowEvent", id, name, column, lane, row, **more)

    def catch(self, id: str, name: str, column: float, lane: str, row: int = 0, *, message: str) -> None:
        """An event that waits for a message."""
        self.put("intermediateCatchEvent", id, name, column, lane, row, body=[self._hear(id, message)])

    def waits(self, id: str, name: str, column: float, lane: str, row: int = 0) -> None:
        """An event-based gateway."""
        x, y = LEFT + COLUMN * column, self.lanes[lane].top + ROW / 2 + ROW * row
        self.put("eventBasedGateway", id, name, column, lane, row, label=(x + 12, y - 38))

    def desk(self, id: str, name: str, column: float, lane: str, row: int = 0, *, stage: str, role: str, dept: str,
             limit: str, form: str, gives: tuple[str, ...] = (), late: str = "", each: tuple[str, str] | None = None,
             **more: str) -> None:  # fmt: skip
        """A task for people. `late`: the act of its due timer (escalate, record), drawn in the row below; `each`:
        collection and variable when there is one task for every member of it."""
        extensions = promoted(id, *gives) if gives else None
        body = [_each(*each)] if each else []
        where = {"zw__dept": dept} if dept else {}
        self.put(
            "userTask", id, name, column, lane, row, size=(120, 60), extensions=extensions, body=body,
            camunda__formKey=form, zw__stage=stage, zw__role=role, zw__limit=limit, zw__ladder="none", **where, **more,
        )  # fmt: skip
        if late:
            self._late(id, column, lane, row, late, stage)

    def timer(self, host: str, id: str, name: str, stage: str) -> None:
        """An interrupting due timer on a desk."""
        self._boundary(host, id, name, stage)

    # -- lines

    def flow(self, source: str, target: str, name: str = "", condition: str = "", *, leave: str = "") -> None:
        """Join two nodes; `condition` may be OTHERWISE, the default; `leave`: the side it must leave by."""
        self.wanted.append((source, target, name, condition, leave))

    def write(self, folder: Path) -> None:
        """Find the ways and write the file."""
        columns = max(node.x + node.width / 2 for node in self.sheet.nodes)
        Router(self.sheet, width=columns + 80).join(self.nodes, self.wanted)
        Drawing(
            key=self.key, name=self.name, sheet=self.sheet, attributes=self.attributes, width=columns + 90,
            roots=list(self.roots.values()),
        ).write(folder / f"{self.key}.bpmn")  # fmt: skip

    # -- inside

    def _hear(self, id: str, message: str) -> ET.Element:
        self.roots.setdefault(message, element("bpmn:message", id=f"Message_{message}", name=message))
        return element("bpmn:messageEventDefinition", id=f"Hear_{id}", messageRef=f"Message_{message}")

    def _boundary(self, host: str, id: str, name: str, stage: str, **more: str) -> Node:
        at = self.nodes[host]
        when = element(
            "bpmn:timerEventDefinition", None, expression("bpmn:timeDate", f'due("{stage}")'), id=f"Timer_{id}"
        )
        x, y = at.x, at.y + at.height / 2
        made = self.sheet.node(
            "boundaryEvent", id, name, x, y, label=(x + 22, y + 6), body=[when], attachedToRef=host, **more
        )  # fmt: skip
        self.nodes[id] = made
        return made

    def _late(self, id: str, column: float, lane: str, row: int, act: str, stage: str) -> None:
        self.roots.setdefault(
            "ESC_OVERDUE",
            element("bpmn:escalation", id="Escalation_Overdue", name="办理超时", escalationCode="ESC_OVERDUE"),
        )
        self._boundary(id, f"Due_{id}", OVERDUE[stage], stage, cancelActivity="false")
        name = {"escalate": "升级首席代表", "record": "督办留痕"}[act]
        self.act(f"Late_{id}", name, column, lane, row + 1, action=act, target=id)
        raised = element("bpmn:escalationEventDefinition", id=f"Raise_{id}", escalationRef="Escalation_Overdue")
        self.put("endEvent", f"Overdue_{id}", "超时督办", column + 0.6, lane, row + 1, body=[raised])
        self.flow(f"Due_{id}", f"Late_{id}")
        self.flow(f"Late_{id}", f"Overdue_{id}")


def _each(collection: str, variable: str) -> ET.Element:
    return element(
        "bpmn:multiInstanceLoopCharacteristics", camunda__collection=collection, camunda__elementVariable=variable
    )


class Router:
    """Finds a way for every line of a sheet."""

    def __init__(self, sheet: Sheet, *, width: float) -> None:
        self.sheet = sheet
        lanes = sheet.lanes
        self.edges = {(lane.top + lane.height) / GRID for lane in lanes}
        self.box: Box = (150, lanes[0].top + 10, width, lanes[-1].top + lanes[-1].height - 10)
        self.solid: set[Cell] = set()
        self.words: list[Box] = []
        self.used: dict[Cell, set[str]] = {}  # directions in which lines go through a cell
        for node in sheet.nodes:
            self._close(node)

    def join(self, nodes: dict[str, Node], wanted: list[tuple[str, str, str, str, str]]) -> None:
        """Short lines first, so that they stay straight; flows keep the order they were asked for."""
        made: dict[int, Flow] = {}
        order = sorted(range(len(wanted)), key=lambda n: self._distance(nodes[wanted[n][0]], nodes[wanted[n][1]]))
        for n in order:
            source, target = nodes[wanted[n][0]], nodes[wanted[n][1]]
            points = self._way(source, target, wanted[n][4])
            id = f"Flow_{n + 1}_{source.id}"
            made[n] = Flow(id, source, target, wanted[n][2], wanted[n][3], points, None)
        for n in range(len(wanted)):
            flow = made[n]
            if flow.condition == OTHERWISE:
                flow.source.attributes["default"], flow.condition = flow.id, ""
            if flow.name:
                flow.label = self._word(flow)
            self.sheet.flows.append(flow)

    # -- ways

    def _way(self, source: Node, target: Node, leave: str) -> list[Point]:
        ends = {self._port(target, side)[1]: side for side in self._sides(target, entering=True)}
        goal = (target.x / GRID, target.y / GRID)
        heap: list[tuple[float, float, Cell, str, tuple[Cell, str] | None]] = []
        for number, side in enumerate((leave,) if leave else self._sides(source)):
            first = self._port(source, side)[1]
            if first not in self.used:
                heapq.heappush(heap, (12 * number, 12 * number, first, side, None))
        came: dict[tuple[Cell, str], tuple[Cell, str] | None] = {}
        while heap:
            _, cost, cell, heading, before = heapq.heappop(heap)
            here = (cell, heading)
            if here in came:
                continue
            came[here] = before
            inward = ends.get(cell)
            if inward is not None and SIDES[inward] == tuple(-d for d in SIDES[heading]):
                path: list[Cell] = []
                at: tuple[Cell, str] | None = here
                while at is not None:
                    path.append(at[0])
                    first, at = at, came[at]
                return self._points(source, target, path[::-1], first[1], inward)
            for side, (dx, dy) in SIDES.items():
                after = (cell[0] + dx, cell[1] + dy)
                price = None if SIDES[heading] == (-dx, -dy) else self._price(after, side)
                if price is not None and (after, side) not in came:
                    spent = cost + GRID * price + (0 if side == heading else BEND)
                    far = abs(after[0] - goal[0]) + abs(after[1] - goal[1])
                    heapq.heappush(heap, (spent + GRID * far, spent, after, side, here))
        raise ValueError(f"expected a way from {source.id} to {target.id}")

    def _price(self, cell: Cell, side: str) -> float | None:
        x, y = cell[0] * GRID, cell[1] * GRID
        if cell in self.solid or not (self.box[0] <= x <= self.box[2] and self.box[1] <= y <= self.box[3]):
            return None
        price = 1.0
        along = "h" if side in ("left", "right") else "v"
        through = self.used.get(cell, set())
        if along in through or along == "h" and cell[1] in self.edges:
            return None
        if through:
            price += CROSS / GRID
        if any(along in self.used.get((cell[0] + dx, cell[1] + dy), set()) for dx, dy in SIDES.values()):
            price += NEAR / GRID
        if any(b[0] - 4 <= x <= b[2] + 4 and b[1] - 4 <= y <= b[3] + 4 for b in self.words):
            price += OVER / GRID
        return price

    def _points(self, source: Node, target: Node, path: list[Cell], outward: str, inward: str) -> list[Point]:
        for a, b in pairwise(path):
            along = "h" if a[1] == b[1] else "v"
            self.used.setdefault(a, set()).add(along)
            self.used.setdefault(b, set()).add(along)
        self.used.setdefault(path[0], set()).add("h" if outward in ("left", "right") else "v")
        self.used.setdefault(path[-1], set()).add("h" if inward in ("left", "right") else "v")
        raw = [source.side(outward), *((c[0] * GRID, c[1] * GRID) for c in path), target.side(inward)]
        points = [raw[0]]
        for before, here, after in zip(raw, raw[1:], raw[2:], strict=False):
            if not (before[0] == here[0] == after[0] or before[1] == here[1] == after[1]):
                points.append(here)
        return [*points, raw[-1]]

    def _port(self, node: Node, side: str) -> tuple[Point, Cell]:
        """Where a line leaves a side, and the first free cell before it."""
        x, y = node.side(side)
        dx, dy = SIDES[side]
        cx, cy = round(x / GRID), round(y / GRID)
        cell = (cx, cy)
        while cell in self.solid:
            cell = (cell[0] + dx, cell[1] + dy)
        return (x, y), cell

    def _sides(self, node: Node, *, entering: bool = False) -> tuple[str, ...]:
        if node.kind == "boundaryEvent":
            return ("bottom",)
        timed = any(one.attributes.get("attachedToRef") == node.id for one in self.sheet.nodes)
        sides = ["left", "top", "bottom", "right"] if entering else ["right", "bottom", "top", "left"]
        if timed:
            sides.remove("bottom")
        if node.kind.endswith("Event") and node.name and not node.label:
            sides.remove("bottom")
        return tuple(sides)

    def _close(self, node: Node) -> None:
        """Cells a symbol takes, and where its word stands."""
        left, right = node.x - node.width / 2, node.x + node.width / 2
        top, bottom = node.y - node.height / 2, node.y + node.height / 2
        for cx in range(int(left // GRID), int(-(-right // GRID)) + 1):
            for cy in range(int(top // GRID), int(-(-bottom // GRID)) + 1):
                self.solid.add((cx, cy))
        if node.name and node.kind.endswith(("Event", "Gateway")):
            width = _text_width(node.name)
            x, y = node.label or (node.x - width / 2, node.y + node.height / 2 + 6)
            self.words.append((x, y, x + width, y + 14))

    @staticmethod
    def _distance(a: Node, b: Node) -> float:
        return abs(a.x - b.x) + 3 * abs(a.y - b.y)

    # -- words

    def _word(self, flow: Flow) -> Point:
        """Beside the first part of the line that is long enough, where nothing else stands."""
        width = _text_width(flow.name)
        for a, b in pairwise(flow.points):
            steps = max(abs(a[0] - b[0]), abs(a[1] - b[1]))
            for along in range(6, int(steps), 6):
                share = along / steps
                x, y = a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share
                places = [(x, y - 17), (x, y + 4)] if a[1] == b[1] else [(x + 6, y - 7), (x - width - 6, y - 7)]
                for left, top in places:
                    box = (left, top, left + width, top + 14)
                    if self._is_free(box, flow):
                        self.words.append(box)
                        return left, top
        raise ValueError(f"expected a place for the word {flow.name}")

    def _is_free(self, box: Box, flow: Flow) -> bool:
        left, top, right, bottom = box
        if any(left < b[2] + 2 and b[0] - 2 < right and top < b[3] and b[1] < bottom for b in self.words):
            return False
        for node in self.sheet.nodes:
            if abs(node.x - (left + right) / 2) < (node.width + right - left) / 2 and (
                abs(node.y - (top + bottom) / 2) < (node.height + bottom - top) / 2
            ):
                return False
        cells = {(cx, cy) for cx in range(int((left - 4) // GRID), int((right + 4) // GRID) + 1)
                 for cy in range(int(top // GRID), int(bottom // GRID) + 1)}  # fmt: skip
        return not any(
            cell in self.used and left - 4 <= cell[0] * GRID <= right + 4 and top <= cell[1] * GRID <= bottom
            for cell in cells
        )
