"""Who held a task, and the cards that follow from rungs and silence: one per item, violation and addressee (C.5.4).

A card is written before the line that explains it; both must be there, and agree.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

LEVELS = {
    "YELLOW_LIGHT": "HINT",
    "STAGE_OVERDUE": "YELLOW",
    "ORDER": "HINT",
    "STAGE_UNATTENDED": "RED",
    "CASE_OVERDUE": "RED",
    "STATUTORY_OVERDUE": "RED",
    "LATE_CORRECTION_NOTICE": "RED",
    "TACIT_OPINION": "YELLOW",
    "TACIT_STAGE": "YELLOW",
    "TACIT_DECISION": "RED",
    "NO_COVER": "HINT",
    "IDLE": "HINT",
}
UNASKED = ("NO_COVER", "IDLE")  # follow from absences and from claims left alone, not from clocks
CENTRE_POSTS = {"counter_clerk": "wangfang", "issue_clerk": "wuqian"}
POSTS = {"reviewer_a": "a", "reviewer_b": "b", "chief_rep": "rep", "resident_leader": "head"}
CAST = {"104-a": "zhangwei", "104-b": "liuyang", "104-rep": "chengang", "104-head": "zhaomin"}
Key = tuple[str | None, str, str]


CHAIN = ("reviewer_a", "reviewer_b", "chief_rep", "resident_leader")  # who stands in for whom, within the department
BARS = {"REVIEW": ("ACCEPT",), "APPROVE": ("ACCEPT", "REVIEW"), "ISSUE": ("APPROVE",)}  # S-01, S-02, S-03


def post_holder(department: str, role: str, barred: Collection[str] = ()) -> str:
    """Who holds a post of the demo city; the next of the department when its holder did an earlier stage."""
    if role in CENTRE_POSTS:
        return CENTRE_POSTS[role]
    line = CHAIN[CHAIN.index(role) :] if role in CHAIN else ()
    names = [CAST.get(name, name) for name in (f"{department}-{POSTS[one]}" for one in line)]
    return next((name for name in names if name not in barred), department)


@dataclass
class Holding:
    """Who has a task, since it opened and after every move."""

    department: str
    opened: datetime
    first: str
    moves: list[tuple[datetime, str]] = field(default_factory=list)

    @property
    def now(self) -> str:
        """Who has it."""
        return self.moves[-1][1] if self.moves else self.first

    def move(self, to: str, at: datetime) -> None:
        """It goes to a person, or to a group, which is the department's."""
        self.moves.append((at, self.department if ":" in to else to))

    def at(self, instant: datetime) -> str:
        """Who had it when this instant came: before it moved then, but after what opening it brought."""
        last = [to for when, to in self.moves if when < instant or when == self.opened]
        return last[-1] if last else self.first


@dataclass
class Cards:
    """The cards of one case."""

    differ: Callable[[str], None]
    holdings: dict[str, Holding] = field(default_factory=dict)
    given: dict[Key, datetime] = field(default_factory=dict)
    open: dict[Key, datetime] = field(default_factory=dict)  # raised, not explained yet
    grave: set[str | None] = field(default_factory=set)  # items that have had a card above a hint

    def raised(self, detail: Mapping[str, Any], at: datetime, task: str | None) -> None:
        """A card of the journal: its level is what the rule says, and nobody gets the same one twice, but an order a task."""
        scope, violation, to = detail.get("scope"), detail["violation"], detail["to"]
        key = scope, f"ORDER {task}" if violation == "ORDER" else violation, to
        level = LEVELS.get(violation, "")
        upgraded = level == "YELLOW" and scope in self.grave
        wanted = "RED" if upgraded else level
        if detail["level"] != wanted or bool(detail.get("upgraded")) != upgraded:
            self.differ(f"{violation} to {to} has level {detail['level']}, expected {wanted}")
        if key in self.given:
            self.differ(f"{violation} to {to} was given twice")
        self.given[key] = at
        if violation not in UNASKED:
            self.open[key] = at
        if level != "HINT":
            self.grave.add(scope)

    def explained(self, scope: str | None, violation: str, to: str, at: datetime) -> None:
        """Something has happened that costs this card, unless it was given before."""
        key = scope, violation, to
        raised = self.open.pop(key, None)
        if raised is None and key not in self.given:
            given = [f"{one[2]}" for one in self.given if one[:2] == key[:2]]
            self.differ(f"{violation} to {to} at {at:%m-%d %H:%M} was not given ({', '.join(given) or 'to nobody'})")
        elif raised is not None and raised != at:
            self.differ(f"{violation} to {to} was given at {raised:%m-%d %H:%M}, expected {at:%m-%d %H:%M}")

    def close(self) -> None:
        """What nothing has explained."""
        for scope, violation, to in self.open:
            self.differ(f"{violation} to {to} (item {scope or '-'}) which nothing explains")
