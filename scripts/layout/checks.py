"""What is wrong with a drawing, by code. Everything is measured; nothing is guessed from names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from scripts.layout.geometry import Box, common, crosses, enters, segments
from scripts.layout.reading import Drawn, Plane, Shape

GRID = 1  # pixels: the centre of a node
TOUCH = 2  # pixels a line may begin or end beside the edge of its element
INSIDE = 2  # pixels of a shape's edge a line may run in
PARALLEL = 12  # pixels two lines may lie on each other, as where they meet
WORD = 1  # pixels names may come over something
AIR = 3  # pixels between two names
KINK = 6  # pixels: a shorter part of a line is a slip, not a bend
MOST_CROSSINGS = 0.08  # of the number of lines of a sheet
FEW = 3  # crossings any sheet may have
Said = Iterator[tuple[str, str, str]]  # code, element, what is wrong


@dataclass(frozen=True, order=True, kw_only=True)
class Finding:
    """One thing that is drawn badly."""

    file: str
    code: str
    element: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}: {self.code} {self.element} {self.message}"


def check(drawn: Drawn) -> list[Finding]:
    """Everything that is wrong with a file."""
    found = [("LY01", id, "is not drawn") for id in drawn.missing]
    for plane in drawn.planes:
        for one in (overlaps, words, lines_through, frames, places, crossings, direction, ends, doubles):
            found += one(plane, drawn)
    return sorted(Finding(file=drawn.file, code=code, element=id, message=said) for code, id, said in set(found))


def overlaps(plane: Plane, drawn: Drawn) -> Said:
    """LY02: two nodes on each other; a boundary event may lie on its host."""
    nodes = [shape for shape in plane.shapes.values() if not shape.frame]
    for one, other in combinations(nodes, 2):
        if one.box.shares(other.box) and other.host != one.id and one.host != other.id:
            yield "LY02", one.id, f"lies on {other.id}"


def words(plane: Plane, drawn: Drawn) -> Said:
    """LY03: a name over a node or another name. LY11: a line through a name."""
    named = [(one.id, one.words.shrunk(WORD)) for one in (*plane.shapes.values(), *plane.lines) if one.words]
    nodes = [shape for shape in plane.shapes.values() if not shape.frame]
    for (one, box), (other, covered) in combinations(named, 2):
        if box.shares(covered.shrunk(-WORD - AIR)):
            yield "LY03", one, f"has its name on, or hardly beside, the name of {other}"
    for id, box in named:
        for node in nodes:
            if _covers(box, node):
                yield "LY03", id, f"has its name on {node.id}"
        for line in plane.lines:
            if any(enters(part, box) for part in segments(line.points)):
                yield "LY11", id, f"has the line {line.id} through its name"


def lines_through(plane: Plane, drawn: Drawn) -> Said:
    """LY04: a line through a node it neither leaves nor enters."""
    nodes = [shape for shape in plane.shapes.values() if not shape.frame]
    insides = [(node.id, node.box.shrunk(INSIDE)) for node in nodes]
    for line in plane.lines:
        for part in segments(line.points):
            for id, box in insides:
                if id not in (line.source, line.target) and enters(part, box):
                    yield "LY04", line.id, f"runs through {id}"
                elif id in (line.source, line.target) and enters(part, box):
                    yield "LY04", line.id, f"runs through its own {id}"


def frames(plane: Plane, drawn: Drawn) -> Said:
    """LY05: a node outside its lane, a lane outside its pool or on another lane."""
    lanes = [shape for shape in plane.shapes.values() if shape.kind == "lane"]
    pools = [shape for shape in plane.shapes.values() if shape.kind == "participant"]
    for shape in plane.shapes.values():
        lane = plane.shapes.get(drawn.lanes.get(shape.id, ""))
        if lane is not None and not lane.box.holds(_inner(shape)):
            yield "LY05", shape.id, f"stands outside its lane {lane.name}"
        elif lane is None and lanes and shape.id in drawn.laned and not shape.frame and not shape.host:
            yield "LY05", shape.id, "stands in no lane"
    for one, other in combinations(lanes, 2):
        if one.box.shares(other.box) and not one.box.holds(other.box) and not other.box.holds(one.box):
            yield "LY05", one.id, f"lies on the lane {other.id}"
    for lane in lanes:
        if not any(pool.box.holds(lane.box) for pool in pools):
            yield "LY05", lane.id, "stands outside its pool"
    for one, other in combinations(pools, 2):
        if one.box.shares(other.box):
            yield "LY05", one.id, f"lies on the pool {other.id}"


def places(plane: Plane, drawn: Drawn) -> Said:
    """LY06: a node off the grid, a boundary event off its host's edge. LY12: a name the viewer would cut off."""
    for shape in plane.shapes.values():
        if shape.host:
            host = plane.shapes.get(shape.host)
            if host is not None and not host.box.touches(shape.box.middle, TOUCH):
                yield "LY06", shape.id, f"does not stand on the edge of {host.id}"
        elif not shape.frame and any(value % GRID for value in shape.box.middle):
            yield "LY06", shape.id, f"has its centre off the grid of {GRID} pixels"
    for shape in plane.shapes.values():
        if not _fits(shape):
            yield "LY12", shape.id, "has a name that does not fit"


def crossings(plane: Plane, drawn: Drawn) -> Said:
    """LY07: more crossings than the sheet's number of lines excuses; the line with most of them is named."""
    counts: dict[str, int] = {}
    total = 0
    for one, other in combinations(plane.lines, 2):
        met = sum(crosses(a, b) for a in segments(one.points) for b in segments(other.points))
        total += met
        for line in (one, other) if met else ():
            counts[line.id] = counts.get(line.id, 0) + met
    most = max(FEW, int(MOST_CROSSINGS * len(plane.lines)))
    if total > most:
        worst = max(counts, key=lambda id: counts[id])
        yield "LY07", worst, f"crosses {counts[worst]} lines; the sheet has {total} crossings, {most} are the most"


def direction(plane: Plane, drawn: Drawn) -> Said:
    """LY08: a flow from right to left that leads back to nothing it came from."""
    following: dict[str, list[str]] = {}
    for line in plane.lines:
        if line.kind == "sequenceFlow":
            following.setdefault(line.source, []).append(line.target)
    for shape in plane.shapes.values():
        if shape.host:
            following.setdefault(shape.host, []).append(shape.id)
    for line in plane.lines:
        source, target = plane.shapes.get(line.source), plane.shapes.get(line.target)
        if line.kind != "sequenceFlow" or source is None or target is None or target.box.right >= source.box.x:
            continue
        way_out = source.host and target.kind == "endEvent"  # an end right beside the edge it leaves
        if not way_out and not _reaches(following, line.target, line.source):
            yield "LY08", line.id, f"runs from right to left and does not lead back ({source.id} to {target.id})"


def ends(plane: Plane, drawn: Drawn) -> Said:
    """LY09: a line that is slanted, or does not begin and end at its elements. LY13: a kink nobody can have meant."""
    for line in plane.lines:
        if len(line.points) < 2:
            yield "LY09", line.id, "has no way"
            continue
        for (ax, ay), (bx, by) in segments(line.points):
            if ax != bx and ay != by:
                yield "LY09", line.id, "is slanted"
            elif abs(ax - bx) + abs(ay - by) < KINK:
                yield "LY13", line.id, f"has a part of {abs(ax - bx) + abs(ay - by):g} pixels"
        for id, point in ((line.source, line.points[0]), (line.target, line.points[-1])):
            shape = plane.shapes.get(id)
            if shape is not None and not shape.docks(point, TOUCH):
                yield "LY09", line.id, f"does not touch {id}"


def doubles(plane: Plane, drawn: Drawn) -> Said:
    """LY10: lines between different elements on each other, so that nobody can tell them apart."""
    for one, other in combinations(plane.lines, 2):
        if one.source == other.source or one.target == other.target:
            continue
        shared = sum(max(0.0, common(a, b)) for a in segments(one.points) for b in segments(other.points))
        if shared > PARALLEL:
            yield "LY10", one.id, f"lies on {other.id} for {shared:g} pixels"


def _inner(shape: Shape) -> Box:
    """What of a shape must stand in its lane: a boundary event by its centre."""
    return Box(*shape.box.middle, 0, 0) if shape.host else shape.box


def _covers(box: Box, node: Shape) -> bool:
    """Whether a name lies on a node; of a gateway only the diamond counts."""
    if not node.kind.endswith("Gateway"):
        return box.shares(node.box)
    (x, y), (across, down) = node.box.middle, (node.box.width / 2, node.box.height / 2)
    near = (min(max(x, box.x), box.right), min(max(y, box.y), box.bottom))
    return abs(near[0] - x) / across + abs(near[1] - y) / down < 1


def _reaches(following: dict[str, list[str]], start: str, wanted: str) -> bool:
    seen, waiting = set[str](), [start]
    while waiting:
        one = waiting.pop()
        if one == wanted:
            return True
        if one not in seen:
            seen.add(one)
            waiting += following.get(one, ())
    return False


def _fits(shape: Shape) -> bool:
    """Whether a name in a box is shown whole: 12 pixels a sign, lines of 14, written upright in lanes and pools."""
    width = sum(12 if ord(sign) > 255 else 6.5 for sign in shape.name)
    if shape.kind in ("lane", "participant"):
        return width <= shape.box.height
    if shape.words is not None or shape.expanded:
        return True
    a_line = (shape.box.width - 10) // 12 * 12
    return -(-width // a_line) * 14.4 <= shape.box.height - 4
