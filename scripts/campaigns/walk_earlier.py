"""What the written table says of walks in cases: where a diagram is still the same, it need not be walked again to be in the next one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

MARK = 8  # characters of a fingerprint
_ROW = re.compile(r"\| `(\w+)` \|.*?" + r"\| (\d+)/\d+ " * 4 + r"\| ([\d-]*) \| `(\w+)` \|")
_LEFT = re.compile(r"`(\w+): ([^`]+)`")


@dataclass(frozen=True)
class Passed:
    """What cases have passed of one file. `left`: the rest, in words; `whole`: every way that promised something has been gone;
    `engine`: flows and ends the engine alone has passed."""

    mark: str
    on: str
    flows: int
    ends: int
    left: Mapping[str, str]
    whole: bool
    engine: tuple[int, int]


def earlier(path: Path) -> dict[str, Passed]:
    """The rows of the table that is there, with what is listed as left over in cases."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    listed = text.partition("## Left in real cases")[2].partition("## Faults")[0]
    left: dict[str, dict[str, str]] = {}
    counted = set[str]()
    for key, what in _LEFT.findall(listed):
        if what.isdecimal():  # of those only the number is known
            counted.add(key)
            left[key] = dict.fromkeys(map(str, range(int(what))), "")
        else:
            left.setdefault(key, {})[what] = what
    return {
        key: Passed(mark, on, int(flows), int(ends), left.get(key, {}), key not in counted, (int(taken), int(reached)))
        for key, taken, reached, flows, ends, on, mark in _ROW.findall(text)
    }
