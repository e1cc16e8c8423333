"""A finished case once more, in another version: what was answered then is answered again, wherever it is asked for.

Acts report what the case knew at its end. What nobody did at that time is not made up: there the replay stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from service.engine.facts import Outcome, Wait, WaitKind
from service.engine.kernel.faults import EngineFault
from service.engine.program import Program
from service.engine.rehearsing.answers import feel
from service.engine.rehearsing.choices import WORK
from service.engine.rehearsing.sandbox import CASE, AnyTime
from service.engine.run import Run
from service.rules.acts import ACTS
from service.rules.form_fields import fields
from service.rules.forms import judge
from service.rules.refusals import Refusal
from service.rules.vocabulary import InHouseAction

MOST = 400  # things that happen in one case
_SAID = frozenset(one.value for one in InHouseAction)


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """One thing that happened: a task that was done (`answers`; `tacit`: by silence), or an event that came (`task` is False)."""

    element: str
    task: bool = True
    answers: Mapping[str, Any] = field(default_factory=dict)
    tacit: bool = False


@dataclass(frozen=True, kw_only=True)
class Replayed:
    """How it went. `end`: None when it stands; `waits`: (element, name) it stands at; `unasked`: what was done and is not asked
    for; `missing`: (task, field label) a form asks for and has no answer to; `fault`: (name, sentence)."""

    end: str | None
    passed: tuple[str, ...]
    waits: tuple[tuple[str, str], ...] = ()
    unasked: tuple[str, ...] = ()
    missing: tuple[tuple[str, str], ...] = ()
    fault: tuple[str, str] | None = None


def replay(
    program: Program,
    recorded: Sequence[Recorded],
    *,
    variables: Mapping[str, Any],
    known: Mapping[str, Any],
    calendar: Any,
    now: datetime,
    before: Program | None = None,
) -> Replayed:
    """`variables`: what it began with; `known`: what it knew at its end; `before`: forms that read as there are not judged."""
    return _Replay(program, recorded, known, calendar, now, before).run(variables)


class _Replay:
    def __init__(
        self,
        program: Program,
        recorded: Sequence[Recorded],
        known: Mapping[str, Any],
        calendar: Any,
        now: datetime,
        before: Program | None,
    ) -> None:
        self.program, self.known, self.before = program, known, before
        self.calendar, self.now = calendar, now
        self.left = list(recorded)
        self.passed: list[str] = []
        self.missing: dict[tuple[str, str], None] = {}
        self.fault: tuple[str, str] | None = None

    def run(self, variables: Mapping[str, Any]) -> Replayed:
        """To its end, or to where nothing that was recorded fits."""
        run: Run | None = None
        outcome: Outcome | None = None
        try:
            keeper = AnyTime(self.calendar, self.now)
            run = Run.start(
                self.program, case_id=CASE, now=self.now, calendar=self.calendar, variables=variables, keeper=keeper
            )
            for _ in range(MOST):
                outcome = run.settle()
                self._note(outcome)
                if outcome.ended or self.fault is not None or not self._go_on(run):
                    break
        except (EngineFault, Refusal) as failure:
            self.fault = ("", str(failure))
        ended = outcome is not None and outcome.ended is not None
        return Replayed(
            end=outcome.end_elements[-1] if ended and outcome is not None and outcome.end_elements else None,
            passed=tuple(self.passed),
            waits=() if ended or run is None or self.fault is not None else _standing(run),
            unasked=tuple(dict.fromkeys(one.element for one in self.left if one.task)),
            missing=tuple(self.missing),
            fault=self.fault,
        )

    def _note(self, outcome: Outcome) -> None:
        self.passed += [
            one.element
            for one in outcome.passages
            if one.what == "completed" and one.activity_type in ("userTask", "manualTask")
        ]
        for wait in outcome.opened:
            if wait.kind is WaitKind.INCIDENT and self.fault is None:
                self.fault = (wait.name or wait.element, wait.error or "")

    def _go_on(self, run: Run) -> bool:
        """An act, else the first thing recorded that is waited for; whether there was one."""
        waits = tuple(run.waits().values())
        act = next((one for one in waits if one.kind in (WaitKind.ACTION, WaitKind.EXTERNAL_TASK)), None)
        if act is not None:
            run.complete_external(act.id, self._reported(act))
            return True
        for place, one in enumerate(self.left):
            wait = next((each for each in waits if each.element == one.element and _fits(each, one)), None)
            if wait is not None:
                del self.left[place]
                self._repeat(run, wait, one)
                return True
        return False

    def _repeat(self, run: Run, wait: Wait, one: Recorded) -> None:
        if wait.kind is WaitKind.TIMER:
            run.fire(wait.id)
        elif wait.kind in (WaitKind.MESSAGE, WaitKind.SIGNAL):
            run.deliver(wait.id)
        else:
            self._judge(run, wait, one)
            said = {f"{wait.element}_tacit": True} if one.tacit else None
            run.complete_task(wait.id, said, answers=dict(one.answers) or None)

    def _judge(self, run: Run, wait: Wait, one: Recorded) -> None:
        """What the form asks for now and was not answered then."""
        schema = self.program.forms(wait.process).get(wait.form_key or "")
        before = self.before
        if schema is None or one.tacit or before is None or wait.process not in before.models:
            return
        if before.forms(wait.process).get(wait.form_key or "") == schema:
            return
        judged = judge(schema, one.answers, data=run.variables(wait.id), evaluate=feel)
        labels = {one.name: one.label or one.name for one in fields(schema)}
        for problem in judged.problems:
            self.missing[(wait.name or wait.element, labels.get(problem.field, problem.field))] = None

    def _reported(self, wait: Wait) -> dict[str, Any]:
        card = ACTS.get(InHouseAction(wait.action)) if wait.action in _SAID else None
        told = {}
        for output in card.outputs if card is not None else ():
            name = wait.zw.get("into", output.name)
            told[name] = self.known.get(name, output.type == "Boolean" or None)
        return told


def _fits(wait: Wait, one: Recorded) -> bool:
    return (wait.kind in WORK) is one.task


def _standing(run: Run) -> tuple[tuple[str, str], ...]:
    """Where it stands: tasks, else whatever it waits for."""
    waits = tuple(run.waits().values())
    shown = [one for one in waits if one.kind in WORK] or [one for one in waits if one.host is None] or waits
    return tuple(dict.fromkeys((one.element, one.name or one.element) for one in shown))
