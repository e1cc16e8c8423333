"""What must follow from the clocks of a case, and by when it must have been claimed: lights, rungs, silence, recounts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from scripts.campaigns.quarter_chains import Chained
from scripts.campaigns.quarter_file import Watch, called, morning
from scripts.campaigns.quarter_law import notice_at, outage_pauses, receipt_rungs, reminders, stage_rungs, warns

HELD_BY = {"EXTENSION": "EXTENSION_PENDING", "INVESTIGATION": "INVESTIGATION", "CORRECTION": "MATERIAL_INCOMPLETE"}
OPINION_REASONS = {"SUPERVISOR_HOLD", "SYSTEM_OUTAGE"}


class Expecting(Chained):
    """A case whose clocks run: time passes, and what it brings is expected."""

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
                    self.differ(f"{called(watch)} should have stopped at {since:%m-%d %H:%M}")
        self.must, self.must_stop = [], []
        for watch in self.watches.values():
            if watch.recount is not None and watch.recount < now:
                self.differ(f"{called(watch)} was not recounted at {watch.recount:%m-%d %H:%M}")
                watch.recount = None
            self.ask_again(watch, now)
            for name, at in list(self.expected(watch)):
                if max(at, watch.known) < now:
                    self.differ(
                        f"{called(watch)} should have had {name} at {at:%m-%d %H:%M}, nothing by {now:%m-%d %H:%M}"
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
        return morning(self.calendar.after(max([asked.date(), *holds]), 1))

    def undecided(self, scope: str | None) -> bool:
        """Whether an item waits for its review or its decision."""
        return any(one.stage in ("REVIEW", "APPROVE") for one in self.live("STAGE", scope=scope))

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

    def claim(self, clock: str, name: str, at: datetime) -> None:
        """Compare something that happened with what was expected."""
        for watch in self.named([clock]):
            expected = dict(self.expected(watch))
            if name not in expected:
                self.differ(f"{called(watch)} had {name} at {at:%m-%d %H:%M}, which nothing explains")
            elif expected[name] != at:
                self.differ(f"{called(watch)} had {name} at {at:%m-%d %H:%M}, expected {expected[name]:%m-%d %H:%M}")
            self.fire(watch, name)
