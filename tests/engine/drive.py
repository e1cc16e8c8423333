"""Builders and a driver for process tests: short BPMN text → Program → Drive, in memory or reloaded after every step.

Shorthand in the text: a line `a -> b` is a sequence flow, `a -> b : condition` a conditional one; the rest is XML without
prefix (`camunda:` and `zw:` are declared). Several flows on one line are separated by `;`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4
from xml.sax.saxutils import escape

from service.engine import Outcome, Program, Run, Source, Timekeeper, Wait, WaitKind, build_program
from service.engine.kernel import codec
from service.rules.worktime import standard_calendar

NAMESPACES = (
    'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:zw="urn:lianban:bpmn:zw:1"'
)
DECLARED = (
    '<error id="E1" name="E1" errorCode="e1"/><error id="E2" name="E2" errorCode="e2"/>'
    '<escalation id="X1" name="X1" escalationCode="x1"/><message id="M1" name="m1"/><message id="M2" name="m2"/>'
    '<signal id="S1" name="s1"/>'
)
MONDAY = datetime(2026, 3, 16, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai
CALENDAR = standard_calendar()
MESSAGE = '<messageEventDefinition messageRef="M1"/>'
ERROR = '<errorEventDefinition errorRef="E1"/>'
ESCALATION = '<escalationEventDefinition escalationRef="X1"/>'
SIGNAL = '<signalEventDefinition signalRef="S1"/>'
HOUR = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
CYCLE = "<timerEventDefinition><timeCycle>R3/PT1H</timeCycle></timerEventDefinition>"
_FLOW = re.compile(r"([\w#]+) -> ([\w#]+)(?: : ([^\n;]+))?[;\n]")


def definitions(body: str) -> bytes:
    """A BPMN file around processes written in shorthand."""
    number = 0

    def flow(match: re.Match[str]) -> str:
        nonlocal number
        number += 1
        condition = f"<conditionExpression>{escape(match[3].strip())}</conditionExpression>" if match[3] else ""
        id = f"f{number}_{match[1]}_{match[2]}"
        return f'<sequenceFlow id="{id}" sourceRef="{match[1]}" targetRef="{match[2]}">{condition}</sequenceFlow>'

    return f"<definitions {NAMESPACES}>{DECLARED}{_FLOW.sub(flow, body + chr(10))}</definitions>".encode()


def process(content: str, key: str = "p") -> str:
    """One process around content in shorthand."""
    return f'<process id="{key}" name="{key}" isExecutable="true">{content}</process>'


def program_of(body: str, key: str = "p", forms: dict[str, bytes] | None = None) -> Program:
    """The program of processes written in shorthand; a body without <process> is one process `p`."""
    body = body if "<process" in body else process(body, key)
    keys = re.findall(r'<process id="(\w+)"', body)
    file = definitions(body)
    return build_program(key, {k: Source(key=k, definition_id=uuid4(), bpmn=file, forms=forms or {}) for k in keys})


class Drive:
    """Drives one instance. `reload` puts it through the codec after every single engine step."""

    def __init__(
        self,
        program: Program | str,
        variables: dict | None = None,
        *,
        reload: bool = False,
        now: datetime = MONDAY,
        keeper: Timekeeper | None = None,
        **start: object,
    ) -> None:
        self.program = program_of(program) if isinstance(program, str) else program
        self.reload, self.now, self.case_id, self.keeper = reload, now, uuid4(), keeper
        self.trace: list[str] = []
        self.outcomes: list[Outcome] = []
        self.thrown: list[tuple[str, str]] = []
        self.rows: dict[UUID, Wait] = {}  # what a projection of the outcomes would hold
        self.table: dict[tuple[UUID | None, str], object] = {}  # the same for variables
        self.ended: str | None = None
        self.ends: list[str] = []
        self.steps = 0
        self.largest = 0
        self.run = Run.start(
            self.program,
            case_id=self.case_id,
            now=now,
            calendar=CALENDAR,
            variables=variables or {},
            keeper=keeper,
            **start,  # type: ignore[arg-type]
        )
        self.settle()

    # -- running

    def settle(self, budget: int = 10_000) -> Outcome:
        """Let it come to rest; in reload mode save and load after every step. Checks the outcome against the waits."""
        if self.reload:
            steps = 0
            while steps < budget and self._step():
                steps += 1
            self.steps += steps
            outcome = self._take(self.run.settle(max(0, budget - steps)))
        else:
            outcome = self._take(self.run.settle(budget))
            self.steps += outcome.steps
        if outcome.state is not None:
            self.largest = max(self.largest, len(outcome.state))
            self.state = outcome.state
            if self.reload:
                self._load(outcome.state)
        assert self.rows == self.run.waits()
        return outcome

    def _step(self) -> bool:
        instance = self.run._instance
        if not instance.step():
            return False
        if not instance.completed:
            before = self.run
            blob = codec.dump(instance)
            self._load(blob)
            fresh = self.run._instance
            assert codec.dump(fresh) == blob
            self.run._told = before._told
            for name in ("changed", "last_words", "passages", "thrown", "end_elements", "touched"):
                setattr(fresh, name, getattr(instance, name))
            known = {scope.parent_task_id: scope.known for scope in instance.scopes()}
            for scope in fresh.scopes():
                scope.known = known[scope.parent_task_id]
        return True

    def _load(self, blob: bytes) -> None:
        self.run = Run.load(
            self.program, blob, case_id=self.case_id, now=self.now, calendar=CALENDAR, keeper=self.keeper
        )

    def _take(self, outcome: Outcome) -> Outcome:
        self.outcomes.append(outcome)
        self.trace += [f"{p.what} {p.process}/{p.element}" for p in outcome.passages]
        self.thrown += [(t.kind, t.name) for t in outcome.thrown]
        self.ends += outcome.end_elements
        for id in outcome.closed:
            del self.rows[id]
        for wait in outcome.opened:
            assert wait.id not in self.rows
            self.rows[wait.id] = wait
        for wait in outcome.changed:
            assert wait.id in self.rows
            self.rows[wait.id] = wait
        for change in outcome.variables:
            if change.removed:
                self.table.pop((change.scope, change.name), None)
            else:
                self.table[change.scope, change.name] = change.value
        self.ended = outcome.ended
        return outcome

    # -- looking

    def waits(self, kind: WaitKind | None = None, element: str | None = None) -> list[Wait]:
        """Wait points by kind and element, in a stable order."""
        found = [w for w in self.run.waits().values() if kind in (None, w.kind) and element in (None, w.element)]
        return sorted(found, key=lambda w: w.element)

    def open(self) -> list[str]:
        """Elements of the open user tasks."""
        return [w.element for w in self.waits(WaitKind.USER_TASK)]

    def incidents(self) -> list[str]:
        """Elements of the incidents."""
        return [w.element for w in self.waits(WaitKind.INCIDENT)]

    def wait(self, element: str, nth: int = 0) -> Wait:
        """The nth wait point on an element."""
        return self.waits(element=element)[nth]

    def variables(self) -> dict:
        """Variables of the case."""
        return self.run.variables()

    def count(self, line: str) -> int:
        """How often a line is in the trace."""
        return self.trace.count(line)

    # -- acting

    def do(
        self, element: str, variables: dict | None = None, *, answers: dict | None = None, nth: int = 0, **kw: object
    ) -> Outcome:
        """Complete the nth task (user, external, action) on an element."""
        wait = self.waits(element=element)[nth]
        if wait.kind is WaitKind.USER_TASK:
            self.run.complete_task(wait.id, variables, answers=answers, **kw)  # type: ignore[arg-type]
        else:
            self.run.complete_external(wait.id, variables, **kw)  # type: ignore[arg-type]
        return self.settle()

    def fail(self, element: str, code: str, nth: int = 0, **kw: object) -> bool:
        """A task reports a BPMN error."""
        caught = self.run.throw_error(self.wait(element, nth).id, code, **kw)  # type: ignore[arg-type]
        self.settle()
        return caught

    def send(self, kind: str, name: str, variables: dict | None = None) -> int:
        """Deliver a message to the first who waits, a signal to all."""
        fits = [w for w in self.run.waits().values() if w.kind == kind and w.event == name]
        hit = 0
        for wait in fits[:1] if kind == "message" else fits:
            if wait.id in self.run.waits():
                self.run.deliver(wait.id, variables)
                hit += 1
        self.settle()
        return hit

    def pass_time(self, **kw: float) -> None:
        """Move the clock and fire what has become due, in due order, as the agenda would."""
        self.now += timedelta(**kw)
        for _ in range(1000):
            timers = self.waits(WaitKind.TIMER)
            due = [w for w in timers if w.due is not None and w.due <= self.now]
            if not due:
                return
            self.run._instance.now, self.run._instance.stamp = self.now, self.now.isoformat()
            self.run.fire(min(due, key=lambda w: (w.due, w.element)).id)
            self.settle()
        raise AssertionError("timers never come to rest")


def twice(play: Callable[[bool], Drive]) -> Callable[[], None]:
    """A scenario as a test: played in memory and with a reload after every engine step, with the same trace and variables."""

    def test() -> None:
        kept, reloaded = play(False), play(True)
        assert kept.trace == reloaded.trace
        assert kept.ended == reloaded.ended and kept.ends == reloaded.ends
        assert kept.thrown == reloaded.thrown
        assert kept.variables() == reloaded.variables()
        assert sorted(map(str, kept.table.values())) == sorted(map(str, reloaded.table.values()))
        assert kept.steps == reloaded.steps

    test.__name__, test.__doc__, test.__module__ = play.__name__, play.__doc__, play.__module__
    return test
