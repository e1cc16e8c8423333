"""The days of a joint chain that do not count, and whose a delay was (D.11)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from scripts.campaigns.quarter_diagrams import diagrams
from scripts.campaigns.quarter_file import Line, Told, Watch, instant
from scripts.campaigns.quarter_law import CHINA, DAY, Pause

CHAIN_WAIT = "CHAIN_WAIT"


class Chained(Told):
    """A case that may be a chain of items."""

    def refreeze(self) -> None:
        """The days of the chain that do not count, as the facts are when an act is over (R-CHN-2)."""
        if not self.moved_chain:
            return
        self.moved_chain = False
        frozen = self.chain_pauses()
        for watch in self.watches.values():
            own = watch.kind == "CHAIN" or (watch.kind == "MILESTONE" and re.fullmatch(r"M\d( .+)?", watch.name))
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
            self.late_chain = wanted, instant(line["at"])
        self.verdict.counts["chains attributed"] += 1
