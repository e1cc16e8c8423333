"""One case as its journal has told it so far: its clocks, marks, proceedings, and what was found to be wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from scripts.campaigns.quarter_cards import Cards
from scripts.campaigns.quarter_diagrams import diagrams
from scripts.campaigns.quarter_law import CHINA, DAY, Calendar, Limit, Pause, ends, warns
from scripts.campaigns.quarter_world import World

Line = Mapping[str, Any]
LONG_AGO = datetime.min.replace(tzinfo=CHINA)


@dataclass
class Watch:
    """One clock as the facts make it. `known`: since when they are what they are; `fired`: what has been claimed."""

    id: str
    scope: str | None
    kind: str
    name: str
    element: str | None
    limit: Limit
    known: datetime
    light: str = "GREEN"
    red_since: datetime | None = None
    fired: set[str] = field(default_factory=set)
    stopped: date | None = None
    stopped_at: datetime | None = None
    waits: bool = False  # of a chain: a task at which the applicant is waited for
    department: str = ""
    stage: str = ""
    tacit: str = ""  # what silence means: opinion, stage_skip, decision
    silence: datetime | None = None  # when it is asked for again, after a hold
    told: set[str] = field(default_factory=set)  # why it was held last
    ladder: str = "none"
    recount: datetime | None = None  # a recount is owed since then

    def went_on(self, due: datetime) -> datetime:
        """When the last pause ended: what fell into it happens then. The last day of a limit is never part of one."""
        ended = [one.ended or self.days_end(one.through, due) for one in self.limit.pauses if one.through is not None]
        return max(ended, default=LONG_AGO)

    def days_end(self, last: date, due: datetime) -> datetime:
        """The end of a pause known by its days only."""
        return midnight(last if last == due.date() else last + DAY)

    def stand_still(self, now: datetime, due: datetime | None) -> None:
        """While a pause holds it, it shows neither green nor yellow."""
        if self.light != "RED" and any(self.holds(one, now, due) for one in self.limit.pauses):
            self.light = "GREEN"

    def holds(self, pause: Pause, now: datetime, due: datetime | None) -> bool:
        """Whether a pause holds the clock at an instant; one known by its days begins with the first of them."""
        if now < (pause.began or midnight(pause.after + DAY)):
            return False
        if pause.through is None:
            return True
        return now < (pause.ended or self.days_end(pause.through, due or now))


@dataclass
class Verdict:
    """What was found. `turns`, `rungs`, `counts`: what was compared."""

    differences: list[str] = field(default_factory=list)
    turns: Counter[str] = field(default_factory=Counter)
    rungs: Counter[str] = field(default_factory=Counter)
    cards: Counter[str] = field(default_factory=Counter)
    silent: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)


class Told:
    """What one case's journal has told; the recomputation grows on it, layer by layer."""

    def __init__(self, number: int, process: str, world: World, verdict: Verdict) -> None:
        self.number, self.world, self.verdict = number, world, verdict
        self.almanac, self.outages = world.almanac, world.outages
        self.process_of: dict[str | None, str] = {None: process}
        self.moved_chain = False
        self.chained = diagrams()[process].own.get("kind") == "CHAIN"
        self.watches: dict[str, Watch] = {}
        self.cards = Cards(self.differ)
        self.done: dict[str | None, list[tuple[str, str]]] = {}  # stages of an item and who did them
        self.proceedings: dict[str, tuple[str, str | None, date | None]] = {}  # open ones: kind, item, until
        self.late_chain: tuple[str, datetime] | None = None  # who answers for it, since when
        self.must_stop: list[tuple[datetime, str | None, str]] = []
        self.must: list[tuple[datetime, str | None, str]] = []  # clocks a mark starts: since when, item, kind
        self.tacit_cards: list[tuple[str | None, str, str, str, datetime]] = []
        self.marks: dict[str | None, list[tuple[str, date]]] = {}
        self.now = LONG_AGO
        self.calendar: Calendar = world.almanac.at(self.now)
        self.moments = sorted([one.known for one in self.almanac.notices] + [one.known for one in self.outages])

    def due(self, watch: Watch) -> datetime | None:
        """When it ends as the facts are; what has become red keeps its end, whatever comes to be known (R-CAL-6)."""
        return watch.red_since if watch.red_since is not None else ends(self.calendar, watch.limit)

    def fire(self, watch: Watch, name: str) -> None:
        """It has been claimed."""
        if name in ("YELLOW", "RED"):
            if name == "RED":
                watch.red_since = self.due(watch)
            watch.light = name
        else:
            watch.fired.add(name)

    def relight(self, watch: Watch, now: datetime) -> None:
        """Red stays red; yellow goes when there is time again."""
        due = self.due(watch)
        if watch.light == "RED" or due is None:
            return
        if watch.light == "YELLOW" and now < warns(self.calendar, watch.limit, due):
            watch.light = "GREEN"

    def same_due(self, watch: Watch, detail: Line, what: str) -> None:
        """The end the journal gives is the one the facts give."""
        told = None if detail.get("due") is None else instant(detail["due"])
        due = self.due(watch)
        if told != due:
            self.differ(f"{called(watch)} {what} with due {short(told)}, expected {short(due)}")

    def live(self, *kinds: str, scope: str | None) -> Iterator[Watch]:
        """Running clocks of a scope."""
        for watch in list(self.watches.values()):
            if not watch.stopped and watch.scope == scope and watch.kind in kinds:
                yield watch

    def named(self, ids: Sequence[str]) -> Iterator[Watch]:
        """Clocks by id; one that never started is a difference."""
        for one in ids:
            if one in self.watches:
                yield self.watches[one]
            else:
                self.differ(f"clock {one} was never started")

    def differ(self, what: str) -> None:
        """One difference."""
        self.verdict.differences.append(f"case {self.number}, {self.now:%m-%d %H:%M}: {what}")


def instant(text: str) -> datetime:
    """An instant of the journal."""
    return datetime.fromisoformat(text).astimezone(CHINA)


def midnight(day: date) -> datetime:
    """The first instant of a day."""
    return datetime.combine(day, time(), CHINA)


def morning(day: date) -> datetime:
    """09:00 of a day."""
    return datetime.combine(day, time(9), CHINA)


def called(watch: Watch) -> str:
    """What people call a clock."""
    return f"{watch.kind} {watch.name} ({watch.element or '-'})"


def short(at: datetime | None) -> str:
    """An instant in a sentence."""
    return "none" if at is None else f"{at:%m-%d %H:%M}"


def pause_of(told: Line) -> Pause:
    """A pause as the journal tells it."""
    return Pause(
        kind=told["kind"],
        after=date.fromisoformat(told["after"]),
        through=date.fromisoformat(told["through"]) if told.get("through") else None,
        began=instant(told["began_at"]) if told.get("began_at") else None,
        ended=instant(told["ended_at"]) if told.get("ended_at") else None,
    )
