"""Clocks follow the engine: scopes that open, marks that are reached, stages and pauses that begin and end.

Called by the projection when the engine has settled, in the same transaction. A diagram starts and stops clocks; no
person does. What is written here is the journal of time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from service.casework.clockwork.book import STOPPED, WAITING, Pause, clock_of, day_of, stored_pause
from service.casework.clockwork.chains import bound_node, refreeze
from service.casework.clockwork.drawn import KINDS
from service.casework.clockwork.keeping import ITEM_WIDE
from service.casework.clockwork.movement import UNPAID, Movement
from service.engine.facts import Outcome, Passage, Wait, WaitKind
from service.rules.chains import milestone_code
from service.rules.clocks import ClockKind, PauseKind, Suspension, Unit, read_limit
from service.rules.counting import counted, ruler_of
from service.rules.deliveries import AWAITED as AWAITING_WAYS
from service.rules.deliveries import way_of
from service.rules.lights import Light
from service.rules.pauses import PAUSE_RULES, Exclusion
from service.rules.promises import Milestones, StartRule
from service.rules.receipt import DEEMED
from service.rules.vocabulary import JournalAction, Mark
from service.rules.worktime import CalendarMissing
from service.store.clocks import ClockRow

if TYPE_CHECKING:
    from service.engine import Run
    from service.engine.facts import ScopeView

AWAITED = "AWAITED"  # in `fired` of a DELIVERY clock
AFTER_DOCUMENTS, LAST = 500, 900  # places among what is asked for at one instant
ACCEPTED = frozenset({"ACCEPTED", "DEEMED_ACCEPTED"})
DECIDED = frozenset({"DECIDED_YES", "DECIDED_NO"})
OVER = frozenset({"WITHDRAWN", "RETURNED", "ABANDONED", "TERMINATED"})
ENDS = {
    "NOT_ACCEPTED": (ClockKind.RECEIPT, ClockKind.CORRECTION),
    "READY": (ClockKind.CASE, ClockKind.STATUTORY, ClockKind.AGENCY, ClockKind.CHAIN, ClockKind.MILESTONE),
    "DELIVERED": (ClockKind.DELIVERY,),
}


def follow(move: Movement, run: Run, outcome: Outcome, closed: Mapping[UUID, WaitKind]) -> Outcome:
    """Let the clocks follow what happened, and the engine's timers follow the clocks; the outcome with both."""
    step = _Step(move, run)
    if move.file.new:
        step.open_scope(None, move.file.row.key)
    for passage in outcome.passages:
        step.passage(passage)
    for token, kind in closed.items():
        if kind is WaitKind.USER_TASK:
            step.stop_stage(token)
    for wait in outcome.opened:
        if wait.kind is WaitKind.USER_TASK and wait.zw.get("limit"):
            step.start_stage(wait)
        elif wait.kind is WaitKind.INCIDENT:  # its row on the agenda has the id the task's clock had
            move.forgone.add(wait.id)
    if outcome.ended is not None:
        for row in move.clocks.live():
            if outcome.ended != "completed" or AWAITED not in row.fired:
                move.stop(row)
        if move.drawn.kind(move.file.row.key) in KINDS:
            move.ask("archive", None, move.file.row.key, None, {}, place=LAST)
    if move.chained:
        refreeze(move)
    if outcome.ended is None and move.moved():
        run.recount()
        outcome = outcome.followed_by(run.settle())
    return outcome


class _Step:
    """What one settling of the engine does to the clocks."""

    def __init__(self, move: Movement, run: Run) -> None:
        self.run = run
        self.move, self.clocks, self.drawn, self.today = move, move.clocks, move.drawn, move.today

    # -- the diagram

    def passage(self, passage: Passage) -> None:
        """One element was entered or left."""
        node = passage.process, passage.element
        entered = passage.what == "entered"
        call, pause = self.drawn.calls.get(node), self.drawn.pauses.get(node)
        if pause is not None:
            (self.begin_pause if entered else self.end_pause)(passage, pause)
        if not entered and call is not None:
            self.close_scope(passage.id)
        if passage.what == "completed" and node in self.drawn.marks:
            self.reach(self.drawn.marks[node], passage)
        longer = self.drawn.elements.get(node, {}).get("statutory")
        if passage.what == "completed" and longer:
            self.lengthen(passage.variable_scope, longer)
        if entered and call is not None and call.called is not None:
            self.open_scope(passage.id, call.called)
            if self.drawn.kind(passage.process) == "CHAIN" and self.drawn.kind(call.called) == "ITEM":
                for row in bound_node(self.move, passage.variable_scope, passage.process, passage.id, call):
                    self.move.start(row)

    def open_scope(self, scope: UUID | None, process: str) -> None:
        """An item is received, a chain is declared, an agency service begins."""
        kind = self.drawn.kind(process)
        if kind == "ITEM":
            self.move.line(JournalAction.ITEM_REACHED, scope, {"mark": "RECEIVED", "process": process})
            self.move.start_kind(ClockKind.RECEIPT, scope, process)
        elif kind == "CHAIN":
            self.move.start_kind(ClockKind.CHAIN, scope, process)
            for row in self.move.drafts.milestones(scope, process):
                self.move.start(row)
        signed = any(key == process and mark == Mark.SIGNED for (key, _), mark in self.drawn.marks.items())
        if self.drawn.processes.get(process, {}).get("clock") == "AGENCY" and not signed:
            self.move.start_kind(ClockKind.AGENCY, scope, process)

    def close_scope(self, scope: UUID) -> None:
        """Everything of a scope stops when it ends, whatever the way."""
        for row in self.clocks.live(scope=scope):
            if AWAITED not in row.fired:
                self.move.stop(row)

    def reach(self, mark: str, passage: Passage) -> None:
        """A mark of the diagram: what it starts and stops (docs/clocks.md)."""
        scope, process, element = passage.variable_scope, passage.process, passage.element
        if mark == Mark.DELIVERED and self.awaited(passage):
            return
        on: date | None = None
        if mark in ACCEPTED:
            on = self.accepted_on(mark, scope)
        detail: dict[str, Any] = {"mark": mark}
        if on is not None and on != self.today:
            detail["on"] = on.isoformat()
        for row in self.clocks.live(ClockKind.MILESTONE, scope=scope):
            if milestone_code(row.name) == mark != row.name:
                detail["name"] = row.name
        if mark == Mark.DEEMED_ACCEPTED:
            detail["basis"] = DEEMED.text
        self.move.line(JournalAction.ITEM_REACHED, scope, detail, element=element)
        if mark in ACCEPTED:
            self.accept(on or self.today, scope, process, element)
        elif mark == "CORRECTING":
            rows = tuple(self.clocks.live(ClockKind.RECEIPT, scope=scope))
            self.move.pause(rows, self.move.from_now(PauseKind.CORRECTION, **self.move.told), scope=scope)
            if next(self.clocks.live(ClockKind.CORRECTION, scope=scope), None) is None:
                self.move.start_kind(ClockKind.CORRECTION, scope, process)
        elif mark == "SUPPLEMENTED":
            self.supplement(scope)
        elif mark in DECIDED and self.clocks.one(ClockKind.DELIVERY, scope) is None:
            self.move.start_kind(ClockKind.DELIVERY, scope, process)
        if mark == Mark.READY and self.drawn.kind(process) in KINDS:
            self.move.ask("delivery", scope, process, element, self.answered(passage), place=AFTER_DOCUMENTS)
        drawn = self.drawn.elements.get((process, element), {})
        if drawn.get("limit") and not drawn.get("stage") and self.drawn.kind(process) == "CHAIN":
            self.promise(scope, drawn["limit"])
        if mark == Mark.SIGNED and self.clocks.one(ClockKind.AGENCY, scope) is None:
            self.move.start_kind(ClockKind.AGENCY, scope, process)
        ends = ENDS.get(mark, ())
        for row in self.clocks.live(*ends, scope=scope) if ends else ():
            self.move.stop(row)
        if mark in OVER:
            for row in self.clocks.live(scope=scope):
                if row.kind != ClockKind.STAGE:
                    self.move.stop(row)
        for row in self.clocks.live(ClockKind.MILESTONE, scope=scope):
            if milestone_code(row.name) == mark:
                self.move.stop(row)

    def lengthen(self, scope: UUID | None, limit: str) -> None:
        """A step of cases for which the law says longer (排污许可管理条例 art. 12): the statute counts that; never less again."""
        amount, unit = read_limit(limit)
        for row in tuple(self.clocks.live(ClockKind.STATUTORY, scope=scope)):
            if row.unit == unit.value and row.amount < amount:
                self.move.recount([self.clocks.change(row.id, amount=amount)], "STATUTE", amount=amount)

    def promise(self, scope: UUID | None, limit: str) -> None:
        """A milestone with a limit of its own says what the chain promises instead: a declaration that is not a plain one."""
        amount, _ = read_limit(limit)
        for chain in tuple(self.clocks.live(ClockKind.CHAIN, scope=scope)):
            more = amount - chain.amount
            rows = (chain, *(one for one in self.clocks.live(ClockKind.MILESTONE, scope=scope)))
            fresh = [self.clocks.change(one.id, amount=one.amount + more) for one in rows]
            self.move.recount(fresh, "PROMISED", amount=amount)

    def answered(self, passage: Passage) -> dict[str, Any]:
        """What the issuing desk was answered about certificate and delivery, as far as the mark's element saw it."""
        found: dict[str, Any] = {}
        for (process, element), zw in self.drawn.elements.items():
            issues = process == passage.process and "ISSUE" in zw.get("stage", "").split()
            answers = passage.values.get(element) if issues else None
            if isinstance(answers, Mapping):
                found |= answers
        if passage.values.get("certificate_no"):
            found.setdefault("certificate_no", passage.values["certificate_no"])
        return found

    def awaited(self, passage: Passage) -> bool:
        """Whether the diagram is ahead of the facts: the result is ready, but somebody still has to fetch or to sign for it.

        Then the limit of the delivery runs on, beyond the end of the case, until the window says so (casework/delivery).
        """
        if way_of(self.answered(passage)) not in AWAITING_WAYS:
            return False
        for row in self.clocks.live(ClockKind.DELIVERY, scope=passage.variable_scope):
            self.clocks.change(row.id, fired=(*row.fired, AWAITED))
        return True

    def accept(self, on: date, scope: UUID | None, process: str, element: str) -> None:
        """受理: the receipt clock stops, promise and statute begin, each on its own day (R-LIM-5, R-LIM-9).

        A mark with a limit of its own promises that: 即办件 that could not be done at once (转承诺件).
        """
        receipt = self.clocks.one(ClockKind.RECEIPT, scope)
        received = day_of(receipt.started_at) if receipt is not None else on
        complete = self.completed_on(receipt)
        for row in self.clocks.live(ClockKind.RECEIPT, ClockKind.CORRECTION, scope=scope):
            self.move.stop(row)
        if self.drawn.kind(process) == "CHAIN":
            return
        rule = self.drawn.processes.get(process, {}).get("statutory_start") or StartRule.ACCEPTANCE
        days = Milestones(received=received, accepted=on, materials_complete=complete)
        zw = self.drawn.elements.get((process, element), {})
        promised = None if zw.get("stage") else zw.get("limit")  # the limit of a desk is its own
        starts = ((ClockKind.CASE, on, promised), (ClockKind.STATUTORY, days.day(StartRule(rule)), None))
        for kind, day, limit in starts:
            if self.clocks.one(kind, scope) is None:
                self.move.start_kind(kind, scope, process, on=day, limit=limit)
        self.wait_for_bills(receipt, scope)

    def wait_for_bills(self, receipt: ClockRow | None, scope: UUID | None) -> None:
        """Bills that were issued before 受理 hold what begins with it."""
        for name in receipt.fired if receipt is not None else ():
            if name.startswith(UNPAID):
                bill, _, number = name.removeprefix(UNPAID).partition("/")
                rows = tuple(self.clocks.live(*ITEM_WIDE, scope=scope))
                self.move.pause_for_bill(rows, bill, number, scope)

    def accepted_on(self, mark: str, scope: UUID | None) -> date:
        """The date on the 受理通知书: today; after 补正 the day everything was there; deemed, the day of receipt."""
        receipt = self.clocks.one(ClockKind.RECEIPT, scope)
        complete = self.completed_on(receipt)
        if complete is not None or receipt is None:
            return complete or self.today
        return day_of(receipt.started_at) if mark == "DEEMED_ACCEPTED" else self.today

    def completed_on(self, receipt: ClockRow | None) -> date | None:
        """The day the last missing material arrived; None without a correction."""
        days = [
            one["through"]
            for one in (receipt.pauses if receipt else ())
            if one["kind"] == "CORRECTION" and "through" in one
        ]
        return date.fromisoformat(max(days)) if days else None

    def supplement(self, scope: UUID | None) -> None:
        """材料补齐: the applicant's time stops; who checks has until close of the next working day (R-ACC-4)."""
        for row in self.clocks.live(ClockKind.CORRECTION, scope=scope):
            self.move.stop(row)
        for row in self.clocks.live(ClockKind.RECEIPT, scope=scope):
            self.move.resume(
                [row], lambda pause: pause["kind"] == PauseKind.CORRECTION, scope=scope, **self.supplemented()
            )
            clock = clock_of(self.clocks.rows[row.id])
            ruler = ruler_of(self.clocks.calendar, clock)
            try:
                used = counted(ruler, ruler.origin(), ruler.at(self.move.now))
            except CalendarMissing:
                continue
            if clock.unit in (Unit.WORKDAY, Unit.CALENDAR):
                fresh = self.clocks.change(row.id, amount=used + 1)
                self.move.recount([fresh], "SUPPLEMENTED", amount=used + 1)

    # -- stages

    def start_stage(self, wait: Wait) -> None:
        """A user task with a limit has opened, or its token waits again after a failure."""
        amount, unit = read_limit(wait.zw["limit"])
        old = self.clocks.rows.get(wait.id)
        if old is not None:
            self.move.revive(old.id)
            return
        if wait.loop is None:
            amount, unit = self.move.keeper.remaining(wait.element, wait.process, wait.variable_scope, amount, unit)
        scope, _ = self.owner(wait.variable_scope, wait.process)
        self.move.start(
            self.move.drafts.row(
                ClockKind.STAGE,
                wait.name or wait.element,
                scope,
                wait.process,
                amount,
                unit,
                id=wait.id,
                element=wait.element,
                department=wait.zw.get("dept"),
                pauses=self.move.keeper.open_pauses(scope, pausing=bool(wait.zw.get("pause")))
                or self.held_by_tasks(wait),
            )
        )

    def owner(self, scope: UUID | None, process: str) -> tuple[UUID | None, str]:
        """Whose clocks count what happens there: a called supporting process works for the item or chain that called it."""
        around: dict[UUID | None, ScopeView] = {}
        while scope is not None and self.drawn.kind(process) == "SUPPORT":
            around = around or {view.host: view for view in self.run.scopes()}
            if scope not in around:  # it has ended in this very step
                break
            outside = around[around[scope].parent]
            scope, process = outside.variable_scope, outside.process
        return scope, process

    def held_by_tasks(self, wait: Wait) -> tuple[Pause, ...]:
        """The procedures open in a process that has no clock but those of its stages to keep a pause."""
        scope = wait.variable_scope
        if not self.drawn.pauses or wait.zw.get("pause") or next(self.clocks.live(*ITEM_WIDE, scope=scope), None):
            return ()
        found = []
        for other in self.run.waits().values():
            kind = self.drawn.pauses.get((other.process, other.element))
            if kind is None or other.variable_scope != scope or not self.pauses(kind, other.process):
                continue
            began = other.entered_at or self.move.now
            pause = Suspension(kind=kind, after=day_of(began), began_at=began, basis=PAUSE_RULES[PauseKind(kind)].basis)
            found.append(stored_pause(pause, source=str(other.id)))
        return tuple(found)

    def pauses(self, kind: str, process: str) -> bool:
        """Whether a procedure of this kind is left out of the limit of this process."""
        counted = PAUSE_RULES[PauseKind(kind)].exclusion is Exclusion.PER_ITEM
        return not counted or PauseKind(kind) in self.drawn.excludes(process)

    def stop_stage(self, token: UUID) -> None:
        """The task has ended."""
        row = self.clocks.rows.get(token)
        if row is not None and row.state != STOPPED:
            self.move.stop(row)

    # -- pauses of the diagram

    def begin_pause(self, passage: Passage, kind: str) -> None:
        """A waiting activity with zw:pause was entered: the clocks of its item stand still while it is open."""
        scope, process = self.owner(passage.variable_scope, passage.process)
        rule = PAUSE_RULES[PauseKind(kind)]
        if not self.pauses(kind, process):
            return
        if self.drawn.kind(process) == "CHAIN":
            self.wait_begins(scope, passage)
            return
        rows = [
            row
            for row in self.clocks.live(*ITEM_WIDE, ClockKind.STAGE, scope=scope)
            if row.light != Light.RED
            and not (row.kind == ClockKind.STAGE and self.drawn.pausing(row))
            and not any(one["kind"] == kind and "through" not in one for one in row.pauses)
        ]
        told = self.move.told or self.announced(passage, kind)
        pause = replace(self.move.from_now(PauseKind(kind), **told), basis=rule.basis)
        self.move.pause(rows, pause, scope=scope, source=str(passage.id))

    def announced(self, passage: Passage, kind: str) -> dict[str, Any]:
        """How long a procedure is announced to take that nobody had to grant: as long as its desk has time."""
        limit = self.drawn.elements.get((passage.process, passage.element), {}).get("limit", "")
        if kind == PauseKind.CORRECTION or not limit or limit.startswith("="):
            return {}
        amount, unit = read_limit(limit)
        return {"expected_days": amount} if unit is Unit.WORKDAY else {}

    def end_pause(self, passage: Passage, kind: str) -> None:
        """It was left, one way or the other."""
        source = str(passage.id)
        if self.drawn.kind(passage.process) == "CHAIN":
            self.wait_ends(passage.variable_scope, source)
            return
        rows = [
            row
            for row in self.clocks.live()
            if any(one.get("source") == source and "through" not in one for one in row.pauses)
        ]
        through = self.supplemented() if kind == PauseKind.CORRECTION else {}
        self.move.resume(rows, lambda pause: pause.get("source") == source, scope=passage.variable_scope, **through)
        if rows and kind != PauseKind.CORRECTION:
            self.move.notify("W08", passage.variable_scope, passage.process)

    def supplemented(self) -> dict[str, Any]:
        """The day a correction ended, where it is registered later than the last material came."""
        complete = self.move.complete_on
        return {} if complete is None or complete >= self.today else {"through": complete.isoformat()}

    def wait_begins(self, scope: UUID | None, passage: Passage) -> None:
        """The chain waits for the applicant's next filing; whether its days count, the running nodes decide."""
        mark = {"kind": WAITING, "after": self.today.isoformat(), "source": str(passage.id)}
        for row in self.clocks.live(ClockKind.CHAIN, scope=scope):
            self.clocks.change(row.id, pauses=(*row.pauses, mark))
            self.move.chained = True

    def wait_ends(self, scope: UUID | None, source: str) -> None:
        """The applicant has filed."""
        for row in self.clocks.live(ClockKind.CHAIN, scope=scope):
            pauses = tuple(
                {**one, "through": self.today.isoformat()}
                if one.get("source") == source and "through" not in one
                else one
                for one in row.pauses
            )
            self.clocks.change(row.id, pauses=pauses)
            self.move.chained = True
