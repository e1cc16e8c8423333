"""The simulated people of a quarter: what they file, decide and leave alone.

Every decision is a pure function of the seed and of where it is taken: case number, process, element and how often this
element has come in this case. No id, no clock, no earlier decision goes in, so that a run that was killed decides the same.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

import chinese_calendar

from scripts.campaigns.quarter_law import CHINA
from scripts.campaigns.served import ROOT

BEGINS, ENDS = date(2026, 1, 5), date(2026, 4, 3)
HOURS = (time(9, 20), time(11, 10), time(14, 15), time(16, 20))  # when people act on a working day
ONLINE = time(20, 30)  # when applicants file on a day of rest
FILING_SHARE = 0.7  # of the quarter in which cases are filed
NEVER = 10_000  # ticks
USCC, PHONE, PROJECT = "91420100MA4KWXY12A", "13800138000", "2601-990100-04-01-000001"
SINGLE_ITEMS = (  # four desks, 补正, 特别程序: what the quarter's own law judges; `soak month` plays all of them
    "item_101_QT_001", "item_101_XK_002", "item_102_XK_002", "item_102_XK_003_chain", "item_103_XK_001", "item_103_XK_002",
    "item_104_QT_005", "item_104_XK_001", "item_104_XK_002", "item_105_XK_001", "item_107_XK_001", "item_107_XK_005",
)  # fmt: skip
CHAIN = "chain_JS_35"


@dataclass(frozen=True, kw_only=True)
class Filing:
    """One application: when, by whom it is taken in, for what."""

    number: int
    tick: int
    process: str
    answers: Mapping[str, Any]

    @property
    def business_key(self) -> str:
        """The number under which it is found again."""
        return f"Q-{self.number:05d}"


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What somebody does about a task. `patience`: ticks until it is done."""

    patience: int
    answers: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Act:
    """Something done to a case beside its tasks, so many ticks after it was filed. `nth`: of the acts of the case."""

    tick: int
    nth: int
    what: str
    values: Mapping[str, Any]


class People:
    """Everybody who files, decides, is away or silent, drawn from one seed."""

    def __init__(self, seed: int, cases: int, begins: date = BEGINS, ends: date = ENDS) -> None:
        self.seed, self.cases = seed, cases
        self.ticks = tuple(_ticks(begins, ends))

    def filings(self) -> tuple[Filing, ...]:
        """All applications in the order they come in."""
        last = int(len(self.ticks) * FILING_SHARE)
        found = []
        for number in range(self.cases):
            chance = self.chance(number, "filing")
            process = CHAIN if chance.random() < 0.08 else chance.choice(SINGLE_ITEMS)
            found.append(
                Filing(
                    number=number,
                    tick=chance.randrange(last),
                    process=process,
                    answers=fill(
                        f"apply_{process.removeprefix('item_').removesuffix('_chain').removeprefix('chain_')}",
                        {
                            "initiation": chance.choice(("record", "approval")),
                            "eia_category": chance.choice(("book", "form", "registration")),
                            "special_project": chance.random() < 0.4,
                            "civil_building": chance.random() < 0.5,
                            "drawings_filed": True,
                            "project_name": f"项目{number:05d}",
                        },
                        self.ticks[0].date(),
                    ),
                )
            )
        return tuple(sorted(found, key=lambda one: (one.tick, one.number)))

    def decide(self, number: int, process: str, element: str, nth: int, form: str, day: date) -> Decision:
        """What the holder of a task does about it. `nth`: earlier tasks of this element in the case. `day`: the form's today."""
        chance = self.chance(number, process, element, nth)
        patience = _patience(chance, element)
        return Decision(patience=patience, answers=fill(form, _choices(chance, element, nth), day))

    def acts(self, number: int, process: str) -> tuple[Act, ...]:
        """What is done to a case beside its tasks."""
        chance = self.chance(number, process, "acts")
        found: list[Act] = []

        def act(tick: int, what: str, **values: Any) -> None:
            found.append(Act(tick=tick, nth=len(found), what=what, values=values))

        if chance.random() < 0.08:
            begins = chance.randrange(6, 30)
            act(begins, "ask_extension", amount=chance.choice((3, 5, 10)))
            act(begins + chance.randrange(1, 6), "decide_extension", grant=chance.random() < 0.8)
        if chance.random() < 0.06:
            begins = chance.randrange(5, 30)
            act(begins, "suspend", kind="APPLICANT_REQUEST", expected_days=chance.randrange(2, 15))
            act(begins + chance.randrange(1, 40), "resume", kind="APPLICANT_REQUEST")
        if chance.random() < 0.1:
            act(chance.randrange(3, 40), "hold", reason="督查正在了解情况")
        if chance.random() < 0.05:
            begins = chance.randrange(2, 30)
            act(begins, "object")
            act(begins + chance.randrange(1, 40), "settle")
        return tuple(sorted(found, key=lambda one: (one.tick, one.nth)))

    def chance(self, *where: object) -> random.Random:
        """The dice thrown at one place, always the same."""
        return random.Random("/".join(str(one) for one in (self.seed, *where)))


def _ticks(begins: date, ends: date) -> Iterator[datetime]:
    day = begins
    while day <= ends:
        if chinese_calendar.is_workday(day):
            yield from (datetime.combine(day, hour, CHINA) for hour in HOURS)
        else:
            yield datetime.combine(day, ONLINE, CHINA)
        day += timedelta(1)


def _patience(chance: random.Random, element: str) -> int:
    """Ticks until a task is done: mostly soon, sometimes late, now and then hardly ever."""
    luck = chance.random()
    if element == "Task_Correction":
        return NEVER if luck < 0.15 else chance.randrange(4, 70)
    if element in ("Task_Hearing", "Task_Inspection", "Task_Expert"):
        return chance.randrange(6, 70)
    if luck < 0.62:
        return chance.randrange(0, 3)
    if luck < 0.80:
        return chance.randrange(3, 9)
    if luck < 0.93:
        return chance.randrange(9, 20)
    return chance.randrange(40, 100)


def _choices(chance: random.Random, element: str, nth: int) -> dict[str, Any]:
    """What is ticked on the form."""

    def one_of(*weighted: tuple[str, float]) -> str:
        return chance.choices([word for word, _ in weighted], [weight for _, weight in weighted])[0]

    again = nth > 0
    return {
        "decision": (
            one_of(("grant", 0.75), ("refuse", 0.1), ("return", 0.15))
            if "Approve" in element or "Decide" in element
            else one_of(("accept", 0.93), ("reject", 0.07))
            if again
            else one_of(("accept", 0.73), ("correct", 0.2), ("reject", 0.07))
        ),
        "recommendation": one_of(("grant", 0.9), ("refuse", 0.1))
        if again
        else one_of(("grant", 0.72), ("refuse", 0.08), ("procedure", 0.2)),
        "procedure": one_of(("HEARING", 0.3), ("INSPECTION", 0.3), ("EXPERT", 0.3), ("none", 0.1)),
        "expected_days": chance.randrange(3, 20),
        "conclusion": one_of(("agree", 0.8), ("conditional", 0.1), ("disagree", 0.1)),
        "ruling": one_of(("proceed", 0.7), ("resubmit", 0.2), ("terminate", 0.1)),
        "delivery": "electronic",
    }


# -- forms ----------------------------------------------------------------------------------------------------------


@cache
def _components(form: str) -> tuple[Mapping[str, Any], ...]:
    schema = json.loads((ROOT / "forms" / f"{form}.form").read_text(encoding="utf-8"))
    return tuple(_flat(schema["components"]))


def _flat(components: list[dict[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for one in components:
        if "key" in one:
            yield one
        yield from _flat(one.get("components", []))


def fill(form: str, chosen: Mapping[str, Any], day: date) -> dict[str, Any]:
    """A form filled in: what is chosen, and something acceptable in every field that must not be empty."""
    answers: dict[str, Any] = {}
    for one in _components(form):
        key, values = one["key"], [choice["value"] for choice in one.get("values", [])]
        required = one.get("validate", {}).get("required", False)
        if key in chosen and (not values or chosen[key] in values):
            answers[key] = chosen[key]
        elif required:
            answers[key] = _something(one, values, day)
    return answers


def _something(field: Mapping[str, Any], values: list[str], day: date) -> Any:
    pattern = field.get("validate", {}).get("pattern", "")
    match field["type"]:
        case "radio" | "select":
            return values[0]
        case "checklist":
            return values
        case "checkbox":
            return True
        case "number":
            return max(1, field.get("validate", {}).get("min", 1))
        case "datetime":
            return day.isoformat()
    if pattern.startswith("^[0-9A-HJ"):
        return USCC
    if pattern.startswith("^1["):
        return PHONE
    if pattern.startswith("^[0-9]{4}-"):
        return PROJECT
    return "4700" if pattern else "按规定办理"
