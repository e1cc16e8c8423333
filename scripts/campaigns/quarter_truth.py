"""What a case's journal must say of time, recomputed from its facts: what was filed, done, paused, announced.

The journal is read line by line. Facts (marks, starts, pauses, ends, extensions, the calendar) change what is expected;
claims (lights, rungs, dues, recounts) are compared with it, and what is expected must have been claimed before anything
later. Written from the rules of section D; knows nothing of `service`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from scripts.campaigns.quarter_cards import BARS, Cards, Holding, post_holder
from scripts.campaigns.quarter_diagrams import Diagram, diagrams, limit
from scripts.campaigns.quarter_law import (
    CHINA,
    DAY,
    Calendar,
    Limit,
    Pause,
    ends,
    notice_at,
    outage_pauses,
    receipt_rungs,
    remaining_half_days,
    reminders,
    stage_rungs,
    used_days,
    warns,
)
from scripts.campaigns.quarter_world import World

Line = Mapping[str, Any]
ITEM_KINDS = ("RECEIPT", "CASE", "STATUTORY", "DELIVERY", "CORRECTION")
CHAIN_KINDS = ("CHAIN", "MILESTONE")
LONG_AGO = datetime.min.replace(tzinfo=CHINA)
MOVING = ("clock:started", "clock:stopped", "clock:paused", "clock:resumed")
CHAIN_WAIT = "CHAIN_WAIT"
ENDS = {
    "ACCEPTED": ("RECEIPT", "CORRECTION"),
    "DEEMED_ACCEPTED": ("RECEIPT", "CORRECTION"),
    "NOT_ACCEPTED": ("RECEIPT", "CORRECTION"),
    "SUPPLEMENTED": ("CORRECTION",),
    "READY": ("CASE", "STATUTORY", "CHAIN", "MILESTONE"),
    "DELIVERED": ("DELIVERY",),
}
HELD_BY = {"EXTENSION": "EXTENSION_PENDING", "INVESTIGATION": "INVESTIGATION", "CORRECTION": "MATERIAL_INCOMPLETE"}
KNOWN_REASONS = {"EXTENSION_PENDING", "INVESTIGATION", "MATERIAL_INCOMPLETE", "SUPERVISOR_HOLD", "SYSTEM_OUTAGE"}
OPINION_REASONS = {"SUPERVISOR_HOLD", "SYSTEM_OUTAGE"}
LAW = {"RECEIPT": (5, "WORKDAY"), "CORRECTION": (30, "WORKDAY"), "DELIVERY": (10, "WORKDAY")}


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
        return _midnight(last if last == due.date() else last + DAY)

    def stand_still(self, now: datetime, due: datetime | None) -> None:
        """While a pause holds it, it shows neither green nor yellow."""
        if self.light != "RED" and any(self.holds(one, now, due) for one in self.limit.pauses):
            self.light = "GREEN"

    def holds(self, pause: Pause, now: datetime, due: datetime | None) -> bool:
        """Whether a pause holds the clock at an instant; one known by its days begins with the first of them."""
        if now < (pause.began or _midnight(pause.after + DAY)):
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


class Truth:
    """One case, read from its first line to its last."""

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

    def read(self, lines: Sequence[Line], until: datetime) -> None:
        """Every line, then what should have happened by the end of the run."""
        self.verdict.counts["cases"] += 1
        for line in lines:
            self.verdict.counts["lines"] += 1
            self.pass_time(_instant(line["at"]))
            handler = getattr(self, "on_" + line["action"].replace(":", "_"), None)
            if handler is not None:
                handler(line, line["detail"])
            if line["action"] == "card:raised":
                self.explain_silence()
                if self.late_chain and line["detail"]["violation"] == "CASE_OVERDUE":
                    self.cards.explained(line["detail"].get("scope"), "CASE_OVERDUE", *self.late_chain)
                    self.late_chain = None
            self.moved_chain = self.moved_chain or (self.chained and line["action"] in MOVING)
        self.pass_time(until + timedelta(seconds=1))
        for _, level, silent, _, at in self.tacit_cards:
            self.differ(f"{level} of {silent} at {at:%m-%d %H:%M} cost no card")
        self.cards.close()

    # -- time

    def pass_time(self, now: datetime) -> None:
        """Everything expected before this instant must have been claimed; the calendar changes on the way."""
        while self.moments and self.moments[0] < now:
            moment = self.moments.pop(0)
            self.owed(moment)
            self.announced(moment)
        if now > self.now:
            self.refreeze()
            self.owed(now)
        self.now = max(self.now, now)
        if self.moments and self.moments[0] == now:
            self.announced(self.moments.pop(0))

    def announced(self, moment: datetime) -> None:
        """A calendar notice or an outage is known from here on: every clock is counted anew."""
        live = [one for one in self.watches.values() if not one.stopped]
        before = {one.id: self.due(one) for one in live}
        self.calendar = self.almanac.at(moment)
        for outage in self.outages:
            if outage.known == moment:
                pauses = outage_pauses(self.calendar, outage.down, outage.up)
                for watch in live:
                    if watch.limit.started < outage.up:
                        watch.limit = replace(watch.limit, pauses=(*watch.limit.pauses, *pauses))
        for watch in live:
            watch.stand_still(moment, self.due(watch))
            if self.due(watch) != before[watch.id]:
                watch.recount, watch.known = moment, moment
                self.relight(watch, moment)

    def owed(self, now: datetime) -> None:
        """What should have been claimed, started and stopped before `now`."""
        for since, scope, kind in self.must:
            self.differ(f"no {kind} clock of item {scope or '-'} has started since {since:%m-%d %H:%M}")
        for since, scope, kind in self.must_stop:
            for watch in self.live(kind, scope=scope):
                if watch.known <= since:
                    self.differ(f"{_of(watch)} should have stopped at {since:%m-%d %H:%M}")
        self.must, self.must_stop = [], []
        for watch in self.watches.values():
            if watch.recount is not None and watch.recount < now:
                self.differ(f"{_of(watch)} was not recounted at {watch.recount:%m-%d %H:%M}")
                watch.recount = None
            self.ask_again(watch, now)
            for name, at in list(self.expected(watch)):
                if max(at, watch.known) < now:
                    self.differ(
                        f"{_of(watch)} should have had {name} at {at:%m-%d %H:%M}, nothing by {now:%m-%d %H:%M}"
                    )
                    self.fire(watch, name)

    def expected(self, watch: Watch) -> Iterator[tuple[str, datetime]]:
        """What is still to come of a clock as it is now."""
        due = self.due(watch)
        if due is None or any(one.through is None for one in watch.limit.pauses):
            return
        if watch.stopped_at is not None:  # what fell due at the instant of its end is still owed
            end, watch.stopped_at = watch.stopped_at, None
            yield from ((name, at) for name, at in self.expected(watch) if at <= end and name != "TACIT")
            watch.stopped_at = end
            return
        since = watch.went_on(due)
        warn = warns(self.calendar, watch.limit, due)
        found: list[tuple[str, datetime]] = []
        if watch.light == "GREEN" and warn < due:
            found.append(("YELLOW", max(warn, since)))
        if watch.light != "RED":
            found.append(("RED", due))
        rungs: tuple[tuple[str, datetime], ...] = ()
        if watch.kind == "STAGE" and watch.ladder != "none":
            rungs = stage_rungs(self.calendar, watch.limit)
        elif watch.kind == "RECEIPT":
            rungs = receipt_rungs(self.calendar, watch.limit)
        elif watch.kind in ("CASE", "STATUTORY"):
            rungs = (("L6", due),)
        elif watch.kind == "CORRECTION":
            rungs = reminders(self.calendar, watch.limit)
        found += [(rung, max(at, since)) for rung, at in rungs if rung not in watch.fired]
        if watch.tacit and "TACIT" not in watch.fired:
            found.append(("TACIT", watch.silence or self.first_asked(watch, due)))
        yield from found

    def first_asked(self, watch: Watch, due: datetime) -> datetime:
        """When silence counts: at the end of a stage, two working days after the end of a promise."""
        return due if watch.kind == "STAGE" else notice_at(self.calendar, due)

    def ask_again(self, watch: Watch, now: datetime) -> None:
        """What silence was asked for in vain before an instant: for a reason told already, or with nobody to be silent."""
        while not watch.stopped and watch.tacit and "TACIT" not in watch.fired:
            asked = dict(self.expected(watch)).get("TACIT")
            if asked is None or max(asked, watch.known) >= now:
                return
            vain = watch.kind == "CASE" and not self.undecided(watch.scope)
            level = {"opinion": "INTERNAL_OPINION", "stage_skip": "STAGE_SKIP"}.get(watch.tacit, "DECISION")
            reasons = self.reasons(watch.scope, level, asked)
            if not vain and not (reasons and reasons == watch.told):
                return
            watch.silence = self.next_asked(watch, max(asked, watch.known))

    def next_asked(self, watch: Watch, asked: datetime) -> datetime:
        """09:00 of the next working day, after a hold of the one that follows it."""
        holds = [
            until
            for kind, where, until in self.proceedings.values()
            if kind == "TACIT_HOLD" and until is not None and asked.date() <= until and where in (None, watch.scope)
        ]
        return _morning(self.calendar.after(max([asked.date(), *holds]), 1))

    def undecided(self, scope: str | None) -> bool:
        """Whether an item waits for its review or its decision."""
        return any(one.stage in ("REVIEW", "APPROVE") for one in self.live("STAGE", scope=scope))

    def silence_of(self, diagram: Diagram | None, own: Mapping[str, str], kind: str) -> str:
        """What silence means for a clock: for a stage what its task says and its item allows, for a promise the decision."""
        if diagram is None:
            return ""
        item = diagram.own.get("tacit", "")
        if kind == "CASE" and any(one.get("tacit") == "decision" for one in diagram.elements.values()):
            return "decision"
        word = own.get("tacit", "")
        if kind != "STAGE" or word not in ("opinion", "stage_skip"):
            return ""
        return word if item != "never" or word == "opinion" else ""

    def department(self, diagram: Diagram | None, own: Mapping[str, str]) -> str:
        """Whose a clock is: the task's department, else the item's."""
        if "dept" in own or diagram is None:
            return own.get("dept", "")
        return diagram.own.get("lead") or diagram.own.get("item", "").partition("-")[0]

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

    # -- facts

    def on_item_reached(self, line: Line, detail: Line) -> None:
        """A mark: the day that counts is checked, and what has to start by it."""
        scope, mark = detail.get("scope"), detail["mark"]
        today = _instant(line["at"]).date()
        if mark == "RECEIVED" and "process" in detail:
            self.process_of[scope] = detail["process"]
        marks = self.marks.setdefault(scope, [])
        on = date.fromisoformat(detail["on"]) if "on" in detail else today
        if mark in ("ACCEPTED", "DEEMED_ACCEPTED"):
            supplied = [day for name, day in marks if name == "SUPPLEMENTED"]
            received = next((day for name, day in marks if name == "RECEIVED"), today)
            right = supplied[-1] if supplied else received if mark == "DEEMED_ACCEPTED" else today
            if on != right:
                self.differ(f"{mark} counts from {on}, expected {right}")
        marks.append((mark, on))
        self.check_starts(scope, mark, _instant(line["at"]))
        if mark == "DEEMED_ACCEPTED":
            desk = [one for one in self.watches.values() if (one.scope, one.stage) == (scope, "ACCEPT")][-1:]
            for watch in desk:
                holder = self.cards.holdings[watch.id].at(_instant(line["at"]))
                self.cards.explained(scope, "LATE_CORRECTION_NOTICE", holder, _instant(line["at"]))
        if mark == "SUPPLEMENTED":
            for watch in self.live("RECEIPT", scope=scope):
                used = used_days(self.calendar, watch.limit, _instant(line["at"]))
                if watch.limit.unit in ("WORKDAY", "CALENDAR"):
                    watch.limit = replace(watch.limit, amount=used + 1)
        self.verdict.counts[mark] += 1

    def check_starts(self, scope: str | None, mark: str, now: datetime) -> None:
        """Which clocks a mark starts, and which it must have stopped when the act is over."""
        diagram = diagrams().get(self.process_of.get(scope, ""))
        own = diagram.own if diagram is not None else {}
        item = own.get("kind") == "ITEM"
        kinds = {
            "RECEIVED": ("RECEIPT",),
            "CORRECTING": ("CORRECTION",) if item else (),
            "DECIDED_YES": ("DELIVERY",),
            "DECIDED_NO": ("DELIVERY",),
        }.get(mark, ())
        if mark in ("ACCEPTED", "DEEMED_ACCEPTED") and item:
            kinds = ("CASE", *(("STATUTORY",) if "statutory" in own else ()))
        for kind in kinds:
            if next(self.live(kind, scope=scope), None) is None:
                self.must.append((now, scope, kind))
        for kind in ENDS.get(mark, ()):
            self.must_stop.append((now, scope, kind))

    def on_clock_started(self, line: Line, detail: Line) -> None:
        """A clock begins; its limit is what the diagram and the law give."""
        scope = detail.get("scope")
        diagram = diagrams().get(self.process_of.get(scope, ""))
        element = line["element"]
        own = diagram.elements.get(element or "", {}) if diagram is not None else {}
        watch = Watch(
            id=detail["clock"],
            scope=scope,
            kind=detail["kind"],
            name=detail["name"],
            element=element,
            limit=Limit(
                started=_instant(detail["started"]),
                amount=detail["amount"],
                unit=detail["unit"],
                pauses=tuple(_pause(one) for one in detail.get("pauses", ()) if one["kind"] != "WAITING"),
            ),
            known=_instant(line["at"]),
            ladder=own.get("ladder", "none"),
            waits=self.chained and scope is None and "pause" in own,
            department=self.department(diagram, own),
            stage=own.get("stage", ""),
            tacit=self.silence_of(diagram, own, detail["kind"]),
        )
        if watch.kind == "STAGE":
            did = [who for stage, who in self.done.get(scope, ()) if stage in BARS.get(watch.stage, ())]
            away = self.world.away_at(watch.known)
            holder = post_holder(own.get("dept", ""), own.get("role", ""), {*did, *away})
            self.cards.holdings[watch.id] = Holding(department=own.get("dept", ""), opened=watch.known, first=holder)
        self.must = [one for one in self.must if one[1:] != (scope, watch.kind)]
        self.check_limit(watch, diagram, own)
        self.watches[watch.id] = watch
        self.same_due(watch, detail, "started")
        self.verdict.counts["clocks"] += 1

    def check_limit(self, watch: Watch, diagram: Diagram | None, own: Mapping[str, str]) -> None:
        """Amount, unit and first day."""
        if diagram is None:
            return
        wanted: tuple[int, str] | None = None
        day: date | None = None
        marks = dict(self.marks.get(watch.scope, []))
        accepted = marks.get("ACCEPTED", marks.get("DEEMED_ACCEPTED"))
        match watch.kind:
            case "CASE" | "CHAIN":
                wanted = limit(diagram.own["limit"])
                day = accepted if watch.kind == "CASE" else None
            case "STATUTORY":
                wanted = limit(diagram.own["statutory"])
                start = diagram.own.get("statutory_start", "ACCEPTANCE")
                complete = marks.get("SUPPLEMENTED") or accepted
                day = {"RECEIPT": marks.get("RECEIVED"), "MATERIALS_COMPLETE": complete}.get(start, accepted)
            case "RECEIPT":
                wanted = limit(diagram.own["receipt"]) if "receipt" in diagram.own else LAW["RECEIPT"]
            case "CORRECTION" | "DELIVERY":
                wanted = LAW[watch.kind]
            case "STAGE" if "limit" in own:
                wanted = self.stage_limit(watch, own)
            case "MILESTONE":
                wanted = self.milestone(watch)
        begun = {
            "CASE": accepted,
            "STATUTORY": accepted,
            "CORRECTION": marks.get("CORRECTING"),
            "DELIVERY": marks.get("DECIDED_YES") or marks.get("DECIDED_NO"),
        }
        if watch.kind in begun and begun[watch.kind] is None:
            self.differ(f"{_of(watch)} has started without its mark")
        if wanted is not None and wanted != (watch.limit.amount, watch.limit.unit):
            self.differ(f"{_of(watch)} has {watch.limit.amount} {watch.limit.unit}, expected {wanted}")
        if day is not None and watch.limit.origin != day:
            self.differ(f"{_of(watch)} counts from {watch.limit.origin}, expected {day}")

    def milestone(self, watch: Watch) -> tuple[int, str] | None:
        """The budgets of the chain up to a milestone, or what the chain gives a node (R-CHN-1, R-CHN-3)."""
        chain = diagrams()[self.process_of[None]]
        total, found = 0, dict[str, int]()
        for part in chain.own.get("milestones", "").split(","):
            name, _, days = part.partition(":")
            total += int(days)
            found[name] = total
        if watch.name in found:
            return found[watch.name], "WORKDAY"
        given = chain.elements.get(watch.element or "", {}).get("limit")
        return limit(given) if given else None

    def stage_limit(self, watch: Watch, own: Mapping[str, str]) -> tuple[int, str]:
        """What the diagram gives, or what is left of the case when a task comes back to its stage (D.8 rule 1)."""
        returned = any(
            one.kind == "STAGE" and one.stopped and (one.scope, one.element) == (watch.scope, watch.element)
            for one in self.watches.values()
        )
        case = next(self.live("CASE", scope=watch.scope), None)
        if not returned or case is None:
            return limit(own["limit"])
        return remaining_half_days(self.calendar, case.limit, watch.known), "HALFDAY"

    def on_clock_paused(self, line: Line, detail: Line) -> None:
        """Some clocks stand still."""
        for watch in self.named(detail["clocks"]):
            watch.limit = replace(watch.limit, pauses=(*watch.limit.pauses, _pause(detail["pause"])))
            watch.known = _instant(line["at"])
            watch.stand_still(watch.known, self.due(watch))
        self.verdict.counts["pauses"] += 1

    def on_clock_resumed(self, line: Line, detail: Line) -> None:
        """They go on."""
        for watch in self.named(detail["clocks"]):
            pauses = list(watch.limit.pauses)
            at = max(n for n, one in enumerate(pauses) if one.through is None and one.kind == detail["kind"])
            through = max(pauses[at].after, date.fromisoformat(detail["through"]))
            pauses[at] = replace(pauses[at], through=through, ended=_instant(detail["ended_at"]))
            watch.limit = replace(watch.limit, pauses=tuple(pauses))
            watch.known = _instant(line["at"])

    def on_clock_extended(self, line: Line, detail: Line) -> None:
        """More time; the count does not begin again."""
        for watch in self.named([detail["clock"]]):
            watch.limit = replace(watch.limit, more=watch.limit.more + detail["amount"])
            watch.known = _instant(line["at"])
            self.relight(watch, watch.known)
            self.same_due(watch, detail, "extended")
            self.verdict.counts["extensions"] += 1

    def on_clock_stopped(self, line: Line, detail: Line) -> None:
        """The end of a clock, in time or not."""
        for watch in self.named([detail["clock"]]):
            due, at = self.due(watch), _instant(detail["at"])
            self.same_due(watch, detail, "stopped")
            if detail["in_time"] != (due is None or at < due):
                self.differ(f"{_of(watch)} stopped at {at:%m-%d %H:%M}, in_time={detail['in_time']}, due {due}")
            watch.stopped, watch.stopped_at = at.date(), at

    # -- chains

    def refreeze(self) -> None:
        """The days of the chain that do not count, as the facts are when an act is over (R-CHN-2)."""
        if not self.moved_chain:
            return
        self.moved_chain = False
        frozen = self.chain_pauses()
        for watch in self.watches.values():
            own = watch.kind == "CHAIN" or (watch.kind == "MILESTONE" and re.fullmatch(r"M\d", watch.name))
            if watch.stopped or not own:
                continue
            kept = tuple(one for one in watch.limit.pauses if one.kind != CHAIN_WAIT)
            if (*kept, *frozen) != watch.limit.pauses:
                before = self.due(watch)
                watch.limit = replace(watch.limit, pauses=(*kept, *frozen))
                watch.known = self.now
                watch.stand_still(self.now, self.due(watch))
                if self.due(watch) != before:
                    watch.recount = self.now
                    self.relight(watch, self.now)

    def chain_pauses(self) -> tuple[Pause, ...]:
        """Stretches of days on which no node runs and one is paused, or the applicant has to file next."""
        nodes: dict[str, list[Watch]] = {}
        for watch in self.watches.values():
            if watch.scope is not None and watch.kind in ("RECEIPT", "CASE"):
                nodes.setdefault(watch.scope, []).append(watch)
        waits = [one for one in self.watches.values() if one.waits]
        begun = [one.limit.origin for group in (*nodes.values(), waits) for one in group]
        today = self.now.astimezone(CHINA).date()
        day, found = min(begin for begin in (*begun, today)), list[Pause]()
        first: date | None = None
        while day <= today:
            day += DAY
            if self.is_frozen(day, nodes, waits):
                first = first or day
            elif first is not None:
                found.append(Pause(kind=CHAIN_WAIT, after=first - DAY, through=day - DAY))
                first = None
        if first is not None and first <= today + DAY:  # tomorrow would not count: nobody knows until when
            found.append(Pause(kind=CHAIN_WAIT, after=first - DAY))
        return tuple(found)

    def is_frozen(self, day: date, nodes: Mapping[str, Sequence[Watch]], waits: Sequence[Watch]) -> bool:
        """Whether a day of the chain does not count."""
        running = held = 0
        for group in nodes.values():
            ended = max(one.stopped for one in group if one.stopped) if all(one.stopped for one in group) else None
            if min(one.limit.origin for one in group) < day and (ended is None or day <= ended):
                pauses = [pause for one in group for pause in one.limit.pauses]
                paused = any(one.after < day and (one.through is None or day <= one.through) for one in pauses)
                held += paused
                running += not paused
        held += any(one.limit.origin < day and (one.stopped is None or day <= one.stopped) for one in waits)
        return running == 0 and held > 0

    def on_chain_attributed(self, line: Line, detail: Line) -> None:
        """Whose the delay of a late chain was: the largest overrun answers, the lead when several share it (R-CHN-5)."""
        chain = self.watches[detail["clock"]]
        due, over = self.due(chain), dict[str, int]()
        nodes: dict[str, list[Watch]] = {}
        for watch in self.watches.values():
            if watch.scope is not None and watch.kind in ("CASE", "STATUTORY", "MILESTONE") and watch.stopped:
                nodes.setdefault(watch.scope, []).append(watch)
        for group in nodes.values():
            ended = [(self.due(one), one.stopped) for one in group]
            dues = [when.date() for when, _ in ended if when is not None]
            if dues:
                last = max(day for _, day in ended if day is not None)
                department = next((one for one in group if one.kind == "MILESTONE"), group[0]).department
                late = self.calendar.between(min(dues), last)
                over[department] = max(late, over.get(department, 0))
        most = max(over.values(), default=0)
        worst = [department for department, days in over.items() if days == most and days]
        lead = diagrams()[self.process_of[None]].own.get("lead", "")
        wanted = worst[0] if len(worst) == 1 else lead
        days = 0 if due is None or chain.stopped is None else self.calendar.between(due.date(), chain.stopped)
        if (detail["days_over"], detail["answerable"]) != (days, wanted if days else None):
            self.differ(
                f"the chain is {detail['days_over']} days late by {detail['answerable']}, expected {days}, {wanted}"
            )
        if days:
            self.late_chain = wanted, _instant(line["at"])
        self.verdict.counts["chains attributed"] += 1

    # -- claims

    def on_clock_turned(self, line: Line, detail: Line) -> None:
        """A light."""
        self.claim(detail["clock"], detail["light"].upper(), _instant(detail["at"]))
        self.verdict.turns[detail["light"].upper()] += 1

    def on_ladder_climbed(self, line: Line, detail: Line) -> None:
        """A rung, and the card it costs."""
        rung, at = detail["rung"], _instant(detail["at"])
        self.claim(detail["clock"], rung, at)
        self.verdict.rungs[rung] += 1
        watch = self.watches.get(detail["clock"])
        if watch is None:
            return
        holding = self.cards.holdings.get(watch.id)
        if rung in ("L2", "L3") and holding is not None:
            violation = {"L2": "YELLOW_LIGHT", "L3": "STAGE_OVERDUE"}[rung]
            self.cards.explained(watch.scope, violation, holding.at(at), at)
        elif rung == "L4" and holding is not None:
            self.cards.explained(watch.scope, f"ORDER {watch.id}", holding.now, at)
        elif rung == "L5":
            self.cards.explained(watch.scope, "STAGE_UNATTENDED", watch.department, at)
        elif rung == "L6":
            self.cards.explained(watch.scope, f"{watch.kind}_OVERDUE", watch.department, at)
        elif rung == "R1":
            for stage in self.live("STAGE", scope=watch.scope):
                self.cards.explained(watch.scope, "YELLOW_LIGHT", self.cards.holdings[stage.id].at(at), at)

    def on_correction_reminded(self, line: Line, detail: Line) -> None:
        """The applicant is reminded."""
        for watch in self.live("CORRECTION", scope=detail.get("scope")):
            self.claim(watch.id, f"REMIND:{detail['days']}", _instant(detail["at"]))
        self.verdict.counts["reminders"] += 1

    def on_card_raised(self, line: Line, detail: Line) -> None:
        """A card."""
        self.cards.raised(detail, _instant(detail.get("at") or line["at"]), line["taskId"])
        self.verdict.cards[f"{detail['violation']} {detail['level']}"] += 1

    def on_tacit_passed(self, line: Line, detail: Line) -> None:
        """Silence has counted as agreement."""
        at, level = _instant(detail["at"]), detail["level"]
        self.verdict.silent[level] += 1
        against = self.reasons(detail.get("scope"), level, at)
        if against:
            self.differ(f"{level} passed against {', '.join(sorted(against))}")
        for watch in self.named([detail["clock"]]):
            if not detail.get("within"):
                self.claim(watch.id, "TACIT", at)
            if watch.kind == "STAGE":
                watch.fired.add("L3")
            holding = self.cards.holdings.get(line["taskId"] or "")
            due = self.due(watch)
            if holding is not None and due is not None:
                silent = holding.at(min(at, max(due, holding.opened)))
                if silent != detail["silent"]:
                    self.differ(f"{level} names {detail['silent']} as silent, expected {silent}")
            self.tacit_cards.append((watch.scope, level, detail["silent"], detail["department"], at))

    def on_tacit_held(self, line: Line, detail: Line) -> None:
        """Silence would have counted, but for a reason; it is asked for again."""
        for watch in self.named([detail["clock"]]):
            expected = dict(self.expected(watch)).get("TACIT")
            if expected != _instant(detail["at"]):
                self.differ(f"{_of(watch)} was held at {detail['at']}, expected {expected}")
            watch.silence, watch.known = _instant(detail["again"]), _instant(line["at"])
            right = self.reasons(watch.scope, detail["level"], _instant(detail["at"]))
            watch.told = right
            if set(detail["holds"]) & KNOWN_REASONS != right:
                self.differ(f"{_of(watch)} is held for {detail['holds']}, expected {sorted(right)}")
            self.verdict.silent["HELD " + "+".join(detail["holds"])] += 1

    def explain_silence(self) -> None:
        """The card silence costs, raised after it has passed; a deemed acceptance costs the clerk one."""
        for scope, level, silent, department, at in self.tacit_cards:
            violation = {"INTERNAL_OPINION": "TACIT_OPINION", "STAGE_SKIP": "TACIT_STAGE"}.get(level, "TACIT_DECISION")
            to = department if violation == "TACIT_DECISION" else silent
            if (scope, violation, to) in self.cards.given:
                self.cards.explained(scope, violation, to, at)
                self.tacit_cards.remove((scope, level, silent, department, at))
                return

    # -- what goes on beside the path

    def on_proceeding_opened(self, line: Line, detail: Line) -> None:
        """Something that may keep silence from counting."""
        until = date.fromisoformat(detail["until"]) if "until" in detail else None
        self.proceedings[detail["proceeding"]] = detail["kind"], detail.get("scope"), until
        self.verdict.counts[f"proceeding {detail['kind']}"] += 1

    def on_proceeding_closed(self, line: Line, detail: Line) -> None:
        """It is over: silence that was held for it is asked for again at once."""
        kind, scope, _ = self.proceedings.pop(detail["proceeding"], ("", None, None))
        if not kind:
            self.differ(f"a proceeding ended that never began: {detail}")
        now = _instant(line["at"])
        for watch in self.watches.values():
            if watch.silence is not None and not watch.stopped and scope in (None, watch.scope):
                watch.silence, watch.known = min(watch.silence, now), now

    def reasons(self, scope: str | None, level: str, at: datetime) -> set[str]:
        """Why silence may not count at an instant, as far as the journal and the world tell (D.7)."""
        known = [(kind, until) for kind, where, until in self.proceedings.values() if where in (None, scope)]
        found = {HELD_BY[kind] for kind, _ in known if kind in HELD_BY}
        if any(kind == "TACIT_HOLD" and until is not None and at.date() <= until for kind, until in known):
            found.add("SUPERVISOR_HOLD")
        last = [slot for slot in self.calendar.slots if slot[0] < at][-2:]
        down = timedelta()
        for outage in self.outages:
            if outage.known <= at:
                spans = ((max(opens, outage.down), min(closes, outage.up, at)) for opens, closes in last)
                down += sum((end - begin for begin, end in spans if begin < end), timedelta())
        if down >= timedelta(hours=1):
            found.add("SYSTEM_OUTAGE")
        return found & OPINION_REASONS if level == "INTERNAL_OPINION" else found

    # -- who has it

    def moved(self, line: Line, to: str | None) -> None:
        """A task goes to somebody."""
        holding = self.cards.holdings.get(line["taskId"] or "")
        if holding is not None and to:
            holding.move(to, _instant(line["at"]))

    def on_task_completed(self, line: Line, detail: Line) -> None:
        """Somebody has done it, and may not do what comes after in the same item."""
        watch = self.watches.get(line["taskId"] or "")
        if watch is None:
            self.differ(f"{line['element']} was done without a clock")
        elif line["actor"]:
            self.done.setdefault(watch.scope, []).append((watch.stage, line["actor"]))

    def on_task_claimed(self, line: Line, detail: Line) -> None:
        """Somebody takes it."""
        self.moved(line, line["actor"])

    def on_task_escalated(self, line: Line, detail: Line) -> None:
        """The 首席代表 gets it."""
        self.moved(line, detail.get("to"))

    on_task_handed_over = on_task_assigned = on_task_given_back = on_task_released = on_task_escalated

    def on_clock_recounted(self, line: Line, detail: Line) -> None:
        """Another end."""
        if detail["cause"] == "CHAIN":
            self.refreeze()
        for watch in self.named([detail["clock"]]):
            watch.recount = None
            self.same_due(watch, detail, f"recounted ({detail['cause']})")
            self.verdict.counts["recounts"] += 1

    def claim(self, clock: str, name: str, at: datetime) -> None:
        """Compare something that happened with what was expected."""
        for watch in self.named([clock]):
            expected = dict(self.expected(watch))
            if name not in expected:
                self.differ(f"{_of(watch)} had {name} at {at:%m-%d %H:%M}, which nothing explains")
            elif expected[name] != at:
                self.differ(f"{_of(watch)} had {name} at {at:%m-%d %H:%M}, expected {expected[name]:%m-%d %H:%M}")
            self.fire(watch, name)

    def same_due(self, watch: Watch, detail: Line, what: str) -> None:
        """The end the journal gives is the one the facts give."""
        told = None if detail.get("due") is None else _instant(detail["due"])
        due = self.due(watch)
        if told != due:
            self.differ(f"{_of(watch)} {what} with due {_short(told)}, expected {_short(due)}")

    # -- inside

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


def _pause(told: Line) -> Pause:
    return Pause(
        kind=told["kind"],
        after=date.fromisoformat(told["after"]),
        through=date.fromisoformat(told["through"]) if told.get("through") else None,
        began=_instant(told["began_at"]) if told.get("began_at") else None,
        ended=_instant(told["ended_at"]) if told.get("ended_at") else None,
    )


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(9), CHINA)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), CHINA)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(CHINA)


def _of(watch: Watch) -> str:
    return f"{watch.kind} {watch.name} ({watch.element or '-'})"


def _short(at: datetime | None) -> str:
    return "none" if at is None else f"{at:%m-%d %H:%M}"
