"""Which values a cell lets through, where that can be told from its text: to find rows that overlap or are never reached."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from service.engine.decisions.model import Expression, Row, Table

MOST_ROWS = 400  # pairs are compared: more would take too long for a lint

_NUMBER = r"-?\d+(?:\.\d+)?"
_TEXTS = re.compile(r'"(?:[^"\\]|\\.)*"(?:\s*,\s*"(?:[^"\\]|\\.)*")*\Z')
_TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"')
_NOT = re.compile(r"not\((.*)\)\Z", re.DOTALL)
_COMPARED = re.compile(rf"(<=|>=|<|>)\s*({_NUMBER})\Z")
_RANGE = re.compile(rf"([\[\](])\s*({_NUMBER})\s*\.\.\s*({_NUMBER})\s*([\]\[)])\Z")
_PLAIN = re.compile(rf"{_NUMBER}\Z")


@dataclass(frozen=True)
class Span:
    """Numbers from `low` to `high`; the ends belong to it or not."""

    low: float
    low_in: bool
    high: float
    high_in: bool

    def meets(self, other: Span) -> bool:
        """Whether some number is in both."""
        low = max((self.low, not self.low_in), (other.low, not other.low_in))
        high = min((self.high, self.high_in), (other.high, other.high_in))
        return low[0] < high[0] or low[0] == high[0] and not low[1] and high[1]

    def holds(self, other: Span) -> bool:
        """Whether every number of the other is in it."""
        begins = (self.low, not self.low_in) <= (other.low, not other.low_in)
        return begins and (self.high, self.high_in) >= (other.high, other.high_in)


@dataclass(frozen=True)
class Region:
    """Texts (or all but these), or numbers in spans."""

    words: frozenset[str] | None = None
    excluded: bool = False
    spans: tuple[Span, ...] = ()


def region(cell: Expression) -> Region | None:
    """The region of a cell, None when it cannot be told."""
    text = cell.text.strip()
    if text in ("true", "false"):
        return Region(words=frozenset({f"={text}"}))
    if _TEXTS.match(text):
        return Region(words=frozenset(_TEXT.findall(text)))
    inverse = _NOT.match(text)
    if inverse and _TEXTS.match(inverse[1].strip()):
        return Region(words=frozenset(_TEXT.findall(inverse[1])), excluded=True)
    spans = [_span(part.strip()) for part in text.split(",")]
    known = tuple(span for span in spans if span is not None)
    return Region(spans=known) if len(known) == len(spans) else None


def _span(text: str) -> Span | None:
    if _PLAIN.match(text):
        return Span(float(text), True, float(text), True)
    compared = _COMPARED.match(text)
    if compared:
        value, closed = float(compared[2]), compared[1].endswith("=")
        if compared[1].startswith("<"):
            return Span(-math.inf, False, value, closed)
        return Span(value, closed, math.inf, False)
    ranged = _RANGE.match(text)
    if ranged:
        return Span(float(ranged[2]), ranged[1] == "[", float(ranged[3]), ranged[4] == "]")
    return None


def meets(one: Region, other: Region) -> bool:
    """Whether a value can be in both. Of different sorts: never."""
    if one.words is None or other.words is None:
        return one.words is other.words and any(a.meets(b) for a in one.spans for b in other.spans)
    if one.excluded and other.excluded:
        return True
    if one.excluded or other.excluded:
        inside, outside = (other, one) if one.excluded else (one, other)
        assert inside.words is not None and outside.words is not None
        return bool(inside.words - outside.words)
    return bool(one.words & other.words)


def holds(one: Region, other: Region) -> bool:
    """Whether everything of the other is in the first, as far as single spans tell."""
    if one.words is None or other.words is None:
        return one.words is other.words and all(any(a.holds(b) for a in one.spans) for b in other.spans)
    if one.excluded:
        return one.words <= other.words if other.excluded else not one.words & other.words
    return not other.excluded and other.words <= one.words


def overlaps(table: Table) -> list[tuple[Row, Row]]:
    """Pairs of rows that some input makes hold together; each later row once."""
    rows = _told(table)
    found = []
    for n, (row, cells) in enumerate(rows):
        for earlier, others in rows[:n]:
            if all(a is None or b is None or meets(a, b) for a, b in zip(cells, others, strict=True)):
                found.append((earlier, row))
                break
    return found


def hidden(table: Table) -> list[tuple[Row, Row]]:
    """Rows that an earlier one hides completely: (the earlier, the hidden one)."""
    rows = _told(table)
    found = []
    for n, (row, cells) in enumerate(rows):
        for earlier, others in rows[:n]:
            if all(b is None or a is not None and holds(b, a) for a, b in zip(cells, others, strict=True)):
                found.append((earlier, row))
                break
    return found


def _told(table: Table) -> list[tuple[Row, list[Region | None]]]:
    """Rows whose every cell can be told; None stands for a cell that asks for nothing."""
    told = []
    for row in table.rows[:MOST_ROWS]:
        regions = [(cell, None if cell is None else region(cell)) for cell in row.cells]
        if all(cell is None or found is not None for cell, found in regions):
            told.append((row, [found for _, found in regions]))
    return told
