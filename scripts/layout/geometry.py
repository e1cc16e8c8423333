"""Boxes and lines on a sheet, in pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

Point = tuple[float, float]
Segment = tuple[Point, Point]


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle by its left upper corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right side."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Its lower side."""
        return self.y + self.height

    @property
    def middle(self) -> Point:
        """Its centre."""
        return (self.x + self.width / 2, self.y + self.height / 2)

    def shares(self, other: Box) -> bool:
        """Whether the two cover a common area; boxes that only touch do not."""
        across = self.x < other.right and other.x < self.right
        return across and self.y < other.bottom and other.y < self.bottom

    def holds(self, other: Box) -> bool:
        """Whether the other stands wholly in it."""
        across = self.x <= other.x and other.right <= self.right
        return across and self.y <= other.y and other.bottom <= self.bottom

    def shrunk(self, by: float) -> Box:
        """The box less a margin on every side."""
        return Box(self.x + by, self.y + by, self.width - 2 * by, self.height - 2 * by)

    def touches(self, point: Point, slack: float) -> bool:
        """Whether a point lies on its edge, give or take `slack` pixels."""
        x, y = point
        near = self.shrunk(-slack)
        far = self.shrunk(slack)
        outside = not (far.x < x < far.right and far.y < y < far.bottom)
        return near.x <= x <= near.right and near.y <= y <= near.bottom and outside


def segments(points: Sequence[Point]) -> tuple[Segment, ...]:
    """The straight parts of a line."""
    return tuple(pairwise(points))


def enters(segment: Segment, box: Box) -> bool:
    """Whether a straight part runs through the inside of a box (Liang and Barsky)."""
    (ax, ay), (bx, by) = segment
    if max(ax, bx) <= box.x or min(ax, bx) >= box.right or max(ay, by) <= box.y or min(ay, by) >= box.bottom:
        return False
    first, last = 0.0, 1.0
    for start, delta, low, high in ((ax, bx - ax, box.x, box.right), (ay, by - ay, box.y, box.bottom)):
        if delta == 0:
            if not low < start < high:
                return False
            continue
        one, other = sorted(((low - start) / delta, (high - start) / delta))
        first, last = max(first, one), min(last, other)
    return first < last


def crosses(one: Segment, other: Segment) -> bool:
    """Whether two straight parts cross in the inside of both; touching and lying on each other is no crossing."""
    if not _meet(one, other):
        return False
    (a, b), (c, d) = one, other
    return _side(a, b, c) * _side(a, b, d) < 0 and _side(c, d, a) * _side(c, d, b) < 0


def common(one: Segment, other: Segment) -> float:
    """How many pixels two level or upright parts lie on each other."""
    if not _meet(one, other):
        return 0
    (ax, ay), (bx, by) = one
    (cx, cy), (dx, dy) = other
    if ay == by == cy == dy:
        return min(max(ax, bx), max(cx, dx)) - max(min(ax, bx), min(cx, dx))
    if ax == bx == cx == dx:
        return min(max(ay, by), max(cy, dy)) - max(min(ay, by), min(cy, dy))
    return 0


def _meet(one: Segment, other: Segment) -> bool:
    (ax, ay), (bx, by) = one
    (cx, cy), (dx, dy) = other
    across = max(ax, bx) >= min(cx, dx) and max(cx, dx) >= min(ax, bx)
    return across and max(ay, by) >= min(cy, dy) and max(cy, dy) >= min(ay, by)


def _side(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
