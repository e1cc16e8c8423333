"""Cases as data: read from the `.case` file beside every diagram."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent
VERBS = frozenset(
    "start complete fail escalate message signal advance set activate finish retry open listening timers variables absent "
    "incident fine thrown passed count cancelled alive ended refused".split()
)


@dataclass(frozen=True)
class Step:
    """One line: a verb, its words and the JSON behind them."""

    verb: str
    words: tuple[str, ...]
    given: Any
    line: int


@dataclass(frozen=True)
class Case:
    """One play on one diagram."""

    group: str
    diagram: Path
    title: str
    cites: str
    steps: tuple[Step, ...]

    @property
    def id(self) -> str:
        """Group, diagram and title as one word."""
        return f"{self.group}/{self.diagram.stem}/{self.title.replace(' ', '_')}"

    @property
    def refused(self) -> tuple[str, str | None] | None:
        """Rule code and element when the linter must refuse the diagram."""
        for step in self.steps:
            if step.verb == "refused":
                return step.words[0], step.words[1] if len(step.words) > 1 else None
        return None


def all_cases() -> list[Case]:
    """Every case of the suite, by group and diagram."""
    return [case for path in sorted(ROOT.glob("*/*.case")) for case in read_cases(path)]


def read_cases(path: Path) -> list[Case]:
    """The cases of one file. Raises ValueError naming file and line."""
    found: list[tuple[str, list[Step]]] = []
    cites = ""
    for number, raw in enumerate(path.read_text("utf-8").splitlines(), 1):
        line = re.sub(r"(^|\s)#(?!\d).*", "", raw).strip()
        if not line:
            continue
        verb, _, rest = line.partition(" ")
        if verb == "cites":
            cites = rest
        elif verb == "case":
            found.append((rest.strip(), []))
        elif verb not in VERBS or not found:
            raise ValueError(f"{path}:{number}: expected a verb of README.md inside a case, but got {line!r}")
        else:
            found[-1][1].append(read_step(verb, rest, number))
    group, diagram = path.parent.name, path.with_suffix(".bpmn")
    return [Case(group, diagram, title, cites, tuple(steps)) for title, steps in found]


def read_step(verb: str, rest: str, number: int) -> Step:
    """Words up to the first bracket, JSON from there on."""
    start = re.search(r"[{\[]", rest)
    words, given = (rest, None) if start is None else (rest[: start.start()], json.loads(rest[start.start() :]))
    return Step(verb, tuple(words.split()), given, number)
