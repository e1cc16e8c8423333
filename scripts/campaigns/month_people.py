"""The people of a simulated month: what they apply for, decide, put off, leave alone, pay and take back.

Every decision is a pure function of the seed and of where it is taken: case, process, element and how often it has come.
What a form offers is read from the form, so that any process that ships can be in the month.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

from scripts.campaigns.city import schema_of
from scripts.campaigns.quarter_law import CHINA, Calendar
from service.casework.workbench import feel
from service.rules.form_fields import fields
from service.rules.forms import choices_of

HOURS = (time(9, 20), time(11, 10), time(14, 15), time(16, 20))  # when people act on a working day
NEVER = 100_000  # ticks
GOOD = (
    "accept",
    "grant",
    "agree",
    "pass",
    "passed",
    "qualified",
    "proceed",
    "approve",
    "approved",
    "yes",
    "done",
    "ok",
)
ENDINGS = ("reject", "refuse", "disagree", "terminate", "fail", "failed")
UNPAID = 60  # one application of so many is of those nobody ever pays for
EARLY_TICKS = 5  # in which these are filed
CHARGED: Mapping[str, Mapping[str, Any]] = {  # items with a fee, and what makes it fall due
    "item_102_QR_005": {},
    "item_105_XK_001": {"relocate": True},
    "item_107_XK_003": {},
    "item_108_XK_002": {},
    "item_121_XK_002": {},
}
AGAIN = 6  # ticks after which somebody refused tries again, and does the usual


@dataclass(frozen=True, kw_only=True)
class Filing:
    """One application: when it comes in and for what. `nth`: whose sample it is; `unpaid`: of those who never pay."""

    number: int
    tick: int
    process: str
    nth: int
    chosen: Mapping[str, Any]
    unpaid: bool = False

    @property
    def name(self) -> str:
        """The number under which it is found again."""
        return f"M-{self.number:05d}"


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What somebody does about a task. `patience`: ticks until it is done."""

    patience: int
    chosen: Mapping[str, Any]


class MonthPeople:
    """What happens to `cases` applications of the given processes from the first tick on.

    Some are filed from `early` on, by people who do not pay; until `begins` one tick a day is enough for them.
    """

    def __init__(
        self, seed: int, cases: int, processes: Sequence[str], begins: date, ends: date, early: date | None = None
    ) -> None:
        self.seed, self.cases, self.processes = seed, cases, tuple(processes)
        before = tuple(_ticks(early, begins - timedelta(1), HOURS[:1])) if early is not None else ()
        self.opening = len(before)
        self.ticks = (*before, *_ticks(begins, ends))

    def filings(self, forms: Mapping[str, str | None]) -> tuple[Filing, ...]:
        """Every process at least once while there are cases, chains rarely, the rest by chance; in the order they come in."""
        items = [key for key in self.processes if not key.startswith("chain_")]
        chains = [key for key in self.processes if key.startswith("chain_")]
        charged = [key for key in items if key in CHARGED] if self.opening else []
        unpaid = max(1, self.cases // UNPAID) if charged else 0
        found = []
        for number in range(self.cases):
            chance = self.chance(number, "filing")
            if number >= self.cases - unpaid:
                process = charged[number % len(charged)]
                chosen = {name: _best(values) for name, values in offered(forms[process]).items()}
                found.append(
                    Filing(
                        number=number, tick=chance.randrange(EARLY_TICKS), process=process, nth=number,
                        chosen=chosen | CHARGED[process], unpaid=True,
                    )
                )  # fmt: skip
                continue
            if number < len(self.processes):
                process = self.processes[number]
            else:
                process = chance.choice(chains if chains and chance.random() < 0.02 else items or chains)
            chosen = {name: chance.choice(values) for name, values in offered(forms[process]).items()}
            tick = self.opening + chance.randrange(len(self.ticks) - self.opening)
            found.append(Filing(number=number, tick=tick, process=process, nth=number, chosen=chosen))
        return tuple(sorted(found, key=lambda one: (one.tick, one.number)))

    def decide(self, number: int, process: str, element: str, nth: int, form: str | None, *, waits: bool) -> Decision:
        """What the holder of a task does about it. `nth`: earlier tasks of this element; `waits`: for somebody outside."""
        chance = self.chance(number, process, element, nth)
        chosen = {name: _choose(chance, values, nth) for name, values in offered(form).items()}
        return Decision(patience=_patience(chance, waits=waits), chosen=chosen | {"delivery": _delivery(chance)})

    def usual(self, form: str | None) -> dict[str, Any]:
        """What lets a case go on."""
        found = {name: _best(values) for name, values in offered(form).items()}
        return found | {"delivery": "electronic"}

    def pays(self, number: str) -> int:
        """Ticks until a bill is paid."""
        chance = self.chance("bill", number)
        return NEVER if chance.random() < 0.12 else chance.randrange(1, 16)

    def hears(self, number: int, element: str, name: str, nth: int) -> int:
        """Ticks until a message comes; withdrawals hardly ever do."""
        chance = self.chance(number, element, name, nth)
        if name == "MSG_WITHDRAW":
            return chance.randrange(2, 20) if chance.random() < 0.02 else NEVER
        return chance.randrange(4, 50)

    def takes_back(self, number: int) -> int:
        """Ticks after its filing at which the applicant wants an application back; mostly never."""
        chance = self.chance(number, "withdrawn")
        return chance.randrange(1, 24) if chance.random() < 0.03 else NEVER

    def gives_up(self, number: int) -> int:
        """Ticks after its filing at which a case is ended by the centre; mostly never."""
        chance = self.chance(number, "terminated")
        return chance.randrange(3, 40) if chance.random() < 0.012 else NEVER

    def chance(self, *where: object) -> random.Random:
        """The dice thrown at one place, always the same."""
        return random.Random("/".join(str(one) for one in (self.seed, *where)))


@cache
def offered(form: str | None) -> Mapping[str, tuple[Any, ...]]:
    """Fields of a form in which something is chosen, and what may be."""
    if form is None:
        return {}
    found: dict[str, tuple[Any, ...]] = {}
    for one in fields(schema_of(form)):
        if one.kind in ("radio", "select"):
            found[one.name] = tuple(choice.value for choice in choices_of(one, {}, feel))
        elif one.kind == "checkbox" and not one.required:
            found[one.name] = (False, True)
        elif one.name == "gaps":  # what the office itself can look up may not be asked for
            found[one.name] = ([choice.value for choice in choices_of(one, {}, feel) if "(共)" not in choice.value],)
    return found


def _choose(chance: random.Random, values: Sequence[Any], nth: int) -> Any:
    good = _best(values)
    others = [value for value in values if value != good and not (nth and value in ("correct", "return", "procedure"))]
    if not others or chance.random() < (0.72 if nth == 0 else 0.9):
        return good
    ending = [value for value in others if value in ENDINGS]
    return chance.choice(ending if ending and chance.random() < 0.3 else others)


def _best(values: Sequence[Any]) -> Any:
    return next((value for word in GOOD for value in values if value == word), values[0] if values else None)


def _patience(chance: random.Random, *, waits: bool) -> int:
    luck = chance.random()
    if waits:
        return NEVER if luck < 0.12 else chance.randrange(4, 50)
    if luck < 0.72:
        return chance.randrange(0, 3)
    if luck < 0.88:
        return chance.randrange(3, 9)
    if luck < 0.96:
        return chance.randrange(9, 24)
    return chance.randrange(40, 120)


def _delivery(chance: random.Random) -> str:
    return chance.choices(("electronic", "window", "post"), (0.7, 0.2, 0.1))[0]


def _ticks(begins: date, ends: date, hours: Sequence[time] = HOURS) -> Iterator[datetime]:
    calendar, day = Calendar(), begins
    while day <= ends:
        if calendar.works(day):
            yield from (datetime.combine(day, hour, CHINA) for hour in hours)
        day += timedelta(1)
