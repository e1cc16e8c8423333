"""What a case's journal must say of time, recomputed from its facts: what was filed, done, paused, announced.

The journal is read line by line. Facts (marks, starts, pauses, ends, extensions, the calendar) change what is expected;
claims (lights, rungs, dues, recounts) are compared with it, and what is expected must have been claimed before anything
later. Written from the rules of section D; knows nothing of `service`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from scripts.campaigns.quarter_file import Line, called, instant, pause_of
from scripts.campaigns.quarter_starts import Starting

MOVING = ("clock:started", "clock:stopped", "clock:paused", "clock:resumed")
KNOWN_REASONS = {"EXTENSION_PENDING", "INVESTIGATION", "MATERIAL_INCOMPLETE", "SUPERVISOR_HOLD", "SYSTEM_OUTAGE"}


class Truth(Starting):
    """One case, read from its first line to its last."""

    def read(self, lines: Sequence[Line], until: datetime) -> None:
        """Every line, then what should have happened by the end of the run."""
        self.verdict.counts["cases"] += 1
        for line in lines:
            self.verdict.counts["lines"] += 1
            self.pass_time(instant(line["at"]))
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

    # -- clocks

    def on_clock_paused(self, line: Line, detail: Line) -> None:
        """Some clocks stand still."""
        for watch in self.named(detail["clocks"]):
            watch.limit = replace(watch.limit, pauses=(*watch.limit.pauses, pause_of(detail["pause"])))
            watch.known = instant(line["at"])
            watch.stand_still(watch.known, self.due(watch))
        self.verdict.counts["pauses"] += 1

    def on_clock_resumed(self, line: Line, detail: Line) -> None:
        """They go on."""
        for watch in self.named(detail["clocks"]):
            pauses = list(watch.limit.pauses)
            at = max(n for n, one in enumerate(pauses) if one.through is None and one.kind == detail["kind"])
            through = max(pauses[at].after, date.fromisoformat(detail["through"]))
            pauses[at] = replace(pauses[at], through=through, ended=instant(detail["ended_at"]))
            watch.limit = replace(watch.limit, pauses=tuple(pauses))
            watch.known = instant(line["at"])

    def on_clock_extended(self, line: Line, detail: Line) -> None:
        """More time; the count does not begin again."""
        for watch in self.named([detail["clock"]]):
            watch.limit = replace(watch.limit, more=watch.limit.more + detail["amount"])
            watch.known = instant(line["at"])
            self.relight(watch, watch.known)
            self.same_due(watch, detail, "extended")
            self.verdict.counts["extensions"] += 1

    def on_clock_stopped(self, line: Line, detail: Line) -> None:
        """The end of a clock, in time or not."""
        for watch in self.named([detail["clock"]]):
            due, at = self.due(watch), instant(detail["at"])
            self.same_due(watch, detail, "stopped")
            if detail["in_time"] != (due is None or at < due):
                self.differ(f"{called(watch)} stopped at {at:%m-%d %H:%M}, in_time={detail['in_time']}, due {due}")
            watch.stopped, watch.stopped_at = at.date(), at

    def on_clock_turned(self, line: Line, detail: Line) -> None:
        """A light."""
        self.claim(detail["clock"], detail["light"].upper(), instant(detail["at"]))
        self.verdict.turns[detail["light"].upper()] += 1

    def on_clock_recounted(self, line: Line, detail: Line) -> None:
        """Another end."""
        if detail["cause"] == "CHAIN":
            self.refreeze()
        for watch in self.named([detail["clock"]]):
            watch.recount = None
            self.same_due(watch, detail, f"recounted ({detail['cause']})")
            self.verdict.counts["recounts"] += 1

    # -- rungs, cards, silence

    def on_ladder_climbed(self, line: Line, detail: Line) -> None:
        """A rung, and the card it costs."""
        rung, at = detail["rung"], instant(detail["at"])
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
            self.claim(watch.id, f"REMIND:{detail['days']}", instant(detail["at"]))
        self.verdict.counts["reminders"] += 1

    def on_card_raised(self, line: Line, detail: Line) -> None:
        """A card."""
        self.cards.raised(detail, instant(detail.get("at") or line["at"]), line["taskId"])
        self.verdict.cards[f"{detail['violation']} {detail['level']}"] += 1

    def on_tacit_passed(self, line: Line, detail: Line) -> None:
        """Silence has counted as agreement."""
        at, level = instant(detail["at"]), detail["level"]
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
            if expected != instant(detail["at"]):
                self.differ(f"{called(watch)} was held at {detail['at']}, expected {expected}")
            watch.silence, watch.known = instant(detail["again"]), instant(line["at"])
            right = self.reasons(watch.scope, detail["level"], instant(detail["at"]))
            watch.told = right
            if set(detail["holds"]) & KNOWN_REASONS != right:
                self.differ(f"{called(watch)} is held for {detail['holds']}, expected {sorted(right)}")
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
        now = instant(line["at"])
        for watch in self.watches.values():
            if watch.silence is not None and not watch.stopped and scope in (None, watch.scope):
                watch.silence, watch.known = min(watch.silence, now), now

    # -- who has it

    def moved(self, line: Line, to: str | None) -> None:
        """A task goes to somebody."""
        holding = self.cards.holdings.get(line["taskId"] or "")
        if holding is not None and to:
            holding.move(to, instant(line["at"]))

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
