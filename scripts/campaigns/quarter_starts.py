"""Marks and the clocks they start: which, from which day, with which limit, and which must have stopped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from scripts.campaigns.quarter_cards import BARS, Holding, post_holder
from scripts.campaigns.quarter_diagrams import Diagram, diagrams, limit
from scripts.campaigns.quarter_expected import Expecting
from scripts.campaigns.quarter_file import Line, Watch, called, instant, pause_of
from scripts.campaigns.quarter_law import Limit, remaining_half_days, used_days

ENDS = {
    "ACCEPTED": ("RECEIPT", "CORRECTION"),
    "DEEMED_ACCEPTED": ("RECEIPT", "CORRECTION"),
    "NOT_ACCEPTED": ("RECEIPT", "CORRECTION"),
    "SUPPLEMENTED": ("CORRECTION",),
    "READY": ("CASE", "STATUTORY", "CHAIN", "MILESTONE"),
    "DELIVERED": ("DELIVERY",),
}
LAW = {"RECEIPT": (5, "WORKDAY"), "CORRECTION": (30, "WORKDAY"), "DELIVERY": (10, "WORKDAY")}


class Starting(Expecting):
    """A case that reaches its marks."""

    def on_item_reached(self, line: Line, detail: Line) -> None:
        """A mark: the day that counts is checked, and what has to start by it."""
        scope, mark = detail.get("scope"), detail["mark"]
        today = instant(line["at"]).date()
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
        self.check_starts(scope, mark, instant(line["at"]))
        if mark == "DEEMED_ACCEPTED":
            desk = [one for one in self.watches.values() if (one.scope, one.stage) == (scope, "ACCEPT")][-1:]
            for watch in desk:
                holder = self.cards.holdings[watch.id].at(instant(line["at"]))
                self.cards.explained(scope, "LATE_CORRECTION_NOTICE", holder, instant(line["at"]))
        if mark == "SUPPLEMENTED":
            for watch in self.live("RECEIPT", scope=scope):
                used = used_days(self.calendar, watch.limit, instant(line["at"]))
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
                started=instant(detail["started"]),
                amount=detail["amount"],
                unit=detail["unit"],
                pauses=tuple(pause_of(one) for one in detail.get("pauses", ()) if one["kind"] != "WAITING"),
            ),
            known=instant(line["at"]),
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
            self.differ(f"{called(watch)} has started without its mark")
        if wanted is not None and wanted != (watch.limit.amount, watch.limit.unit):
            self.differ(f"{called(watch)} has {watch.limit.amount} {watch.limit.unit}, expected {wanted}")
        if day is not None and watch.limit.origin != day:
            self.differ(f"{called(watch)} counts from {watch.limit.origin}, expected {day}")

    def milestone(self, watch: Watch) -> tuple[int, str] | None:
        """The budgets of the chain up to a milestone, or what the chain gives a node (R-CHN-1, R-CHN-3)."""
        chain = diagrams()[self.process_of[None]]
        total, found = 0, dict[str, int]()
        for part in chain.own.get("milestones", "").split(","):
            code, days, *name = part.strip().split(":")
            total += int(days)
            found[" ".join([code, *name])] = total
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
