"""Every way through a process, as far as it is found within a budget: no end event is promised that was not reached.

A state is what would be stored of an instance. From each everything that may happen is tried. States that wait for the same
and would decide the same are one; those nearest to something nobody has taken yet go first. Nothing is random.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from time import thread_time
from typing import Any

from service.engine.facts import Outcome, Source, Wait, WaitKind
from service.engine.kernel.faults import EngineFault
from service.engine.lint.diagram import BPMN
from service.engine.rehearsing.choices import WORK, Choices
from service.engine.rehearsing.facts import Explored, Fault, Fill, Step, Way
from service.engine.rehearsing.sandbox import CASE, AnyTime, sandboxed
from service.engine.run import Run
from service.rules.refusals import Refusal

STATES = 4000
ENOUGH = 40  # when everything has been reached: other answers may still fail
DEPTH = 80  # steps of one way
WORLDS = 16  # beginnings that are walked to an end at once
AGAIN = 3  # elements a desk that has been tried counts as further away
LATER = 8  # the same for another desk of the same state while one thing is aimed at
FAR = 1000
MOVES = 300  # states while one thing is aimed at
FAULTS = 20

Desk = tuple[str, tuple[tuple[str, Any], ...]]  # an element that waits, and the values asked for behind it


@dataclass(frozen=True)
class _State:
    blob: bytes
    now: datetime
    trail: tuple[Step, ...]
    desks: frozenset[Desk]


class Explorer:
    """The search through one process. `fill` answers a form by way of example."""

    def __init__(self, source: Source, *, calendar: Any, now: datetime, fill: Fill) -> None:
        """Raises ModelFault for a diagram the linter refuses."""
        self.program, self.calendar, self.now = sandboxed(source), calendar, now
        self.choices = Choices(source, self.program, now.date(), fill)
        process = self.choices.process
        self.key, self.flows = source.key, self.choices.flows
        self.ends = frozenset(one.get("id") for one in process.iter(f"{BPMN}endEvent") if one.get("id"))
        gateways = {one.get("id") for one in process.iter(f"{BPMN}eventBasedGateway")}
        self.behind = {target: id for id, (source_id, target) in self.flows.items() if source_id in gateways}
        self.constants = {str(value) for values in self.choices.words.values.values() for value in values}
        self.taken, self.reached, self.crossed = set[str](), set[str](), set[str]()
        self.ways: dict[str, Way] = {}
        self.faults: dict[tuple[str, str], Fault] = {}
        self.seen, self.tried, self.worked = set[Any](), Counter[Desk](), Counter[str]()
        self.waiting: list[tuple[tuple[int, int], int, _State]] = []
        self.begun: list[_State] = []
        self.order, self.states, self.known = count(), 0, -1
        self.away: dict[str, int] = {}

    def run(self, seconds: float) -> Explored:
        """Within so much processor time: half of it for all states, the rest for what is still missing, one thing after another."""
        started = thread_time()
        self.half, self.until = started + seconds / 2, started + seconds
        self._begin_all()
        while self.states < (STATES if self.missing else ENOUGH) and thread_time() < self.half:
            state = self._next()
            if state is None:
                break
            self._expand(state)
        whole = not self.waiting and self.states < STATES and thread_time() < self.half
        if self.missing and not whole:
            for target in sorted(self.missing):
                if target in self.missing and thread_time() < self.until:
                    self._aim(target)
        return Explored(
            flows=frozenset(self.flows),
            ends=self.ends,
            taken=frozenset(self.taken),
            reached=frozenset(self.reached),
            ways=tuple(self.ways[end] for end in sorted(self.ways)),
            faults=tuple(self.faults.values()),
            states=self.states,
            whole=whole,
        )

    @property
    def missing(self) -> frozenset[str]:
        """Flows nobody has taken and end events nobody has reached yet."""
        return frozenset((self.flows.keys() - self.taken) | (self.ends - self.reached))

    # -- searching

    def _begin_all(self) -> None:
        for start, form in self.choices.starts():
            for number, (asked, variables) in enumerate(self.choices.beginnings(form)):
                if thread_time() >= self.half:
                    return
                begun = self._begin(start, asked, variables)
                self.begun += [begun] if begun is not None else []
                if number < WORLDS:
                    self._forward(begun)

    def _expand(self, state: _State) -> None:
        self.states += 1
        desk = min(state.desks, key=lambda one: (self._cost(one), str(one)), default=None)
        if desk is not None:
            self.tried[desk] += 1
            self.worked[desk[0]] += 1
        for step in self.choices.at(self._waits(state), desk[0] if desk is not None else ""):
            if thread_time() >= self.until:
                return
            known = len(self.missing)
            following = self._take(state, step)
            if len(self.missing) < known:
                self._forward(following)

    def _forward(self, state: _State | None) -> None:
        """Where something new was found, on to the end in the usual way, so that what lies behind joins is found early."""
        while state is not None and thread_time() < self.until:
            waits = self._waits(state)
            work = next((one for one in waits if one.kind in WORK), None)
            steps = self.choices.work(work) if work is not None else self.choices.outside(waits)
            step = next(iter(steps), None)
            state = None if step is None else self._take(state, step)

    def _aim(self, target: str) -> None:
        """Only what leads there is done in every way, the nearest desk first; all others stay as they are."""
        away = self._distances({target})
        self.seen, self.waiting = set(), []
        queue: list[tuple[int, int, int, int, _State]] = []

        def desks_of(state: _State) -> list[str]:
            return sorted({desk for desk, _ in state.desks if desk in away}, key=lambda one: (away[one], one))

        def push(state: _State) -> None:
            if desks := desks_of(state):
                rank = sum(away[desk] for desk in desks)
                heapq.heappush(queue, (rank, len(state.trail), next(self.order), 0, state))

        for state in self.begun:
            push(state)
        for _ in range(MOVES):
            if target not in self.missing or not queue or thread_time() >= self.until:
                return
            self.states += 1
            rank, length, _, nth, state = heapq.heappop(queue)
            desks = desks_of(state)
            for step in self.choices.at(self._waits(state), desks[nth]):
                following = self._take(state, step)
                self.waiting.clear()
                if following is not None:
                    push(following)
            if nth + 1 < len(desks):
                heapq.heappush(queue, (rank + LATER, length, next(self.order), nth + 1, state))

    def _next(self) -> _State | None:
        """The state at whose desks something new is nearest and which have been tried least."""
        missing = self.missing
        if self.known != len(missing):
            self.known = len(missing)
            self.away = self._distances(missing)
        while self.waiting:
            rank, number, state = heapq.heappop(self.waiting)
            now = self._rank(state)
            if now <= rank or not self.waiting or now <= self.waiting[0][0]:
                return state
            heapq.heappush(self.waiting, (now, number, state))
        return None

    def _rank(self, state: _State) -> tuple[int, int]:
        near = [cost for desk in state.desks if (cost := self._cost(desk)) < FAR]
        return min(near, default=FAR) + AGAIN * len(near), len(state.trail)

    def _cost(self, desk: Desk) -> int:
        return self.away.get(desk[0], FAR) + AGAIN * self.tried[desk] + self.worked[desk[0]] // 4

    def _distances(self, targets: frozenset[str] | set[str]) -> dict[str, int]:
        """How many elements lie between each element and the nearest of the targets."""
        found = {self.flows[id][0] if id in self.flows else id: 0 for id in targets}
        edge = [*found]
        while edge:
            element = edge.pop(0)
            for one in self.choices.before.get(element, ()):
                if one not in found:
                    found[one] = found[element] + 1
                    edge.append(one)
        return found

    # -- doing it

    def _begin(self, start: str | None, asked: bool, variables: dict[str, Any]) -> _State | None:
        step = Step(kind="start" if asked else "begun", element=start or "", say=variables)
        try:
            run = Run.start(
                self.program,
                case_id=CASE,
                now=self.now,
                calendar=self.calendar,
                variables=variables,
                start=start,
                keeper=AnyTime(self.calendar, self.now),
            )
            self._watch(run)
            return self._settled(run, (step,), self.now)
        except (EngineFault, Refusal) as fault:
            self._fault("", str(fault), (step,))
            return None

    def _load(self, state: _State, now: datetime) -> Run:
        run = Run.load(
            self.program, state.blob, case_id=CASE, now=now, calendar=self.calendar, keeper=AnyTime(self.calendar, now)
        )
        self._watch(run)
        return run

    def _watch(self, run: Run) -> None:
        self.crossed = set()
        run.watch(self.key, self.crossed)

    def _waits(self, state: _State) -> tuple[Wait, ...]:
        return tuple(self._load(state, state.now).waits().values())

    def _take(self, state: _State, step: Step) -> _State | None:
        now, trail = state.now, (*state.trail, step)
        try:
            run = self._load(state, now)
            if step.kind == "clock":
                timers = [(one.due, one.element, one.id) for one in run.waits().values() if one.due is not None]
                due, element, id = min(timer for timer in timers if timer[0] is not None)
                now = max(now, due)
                trail = (*state.trail, Step(kind="clock", element=element))
                run = self._load(state, now)
                run.fire(id)
            elif not do(run, step):
                return None
            return self._settled(run, trail, now)
        except (EngineFault, Refusal) as fault:
            self._fault(step.element, str(fault), trail)
            return None

    def _settled(self, run: Run, trail: tuple[Step, ...], now: datetime) -> _State | None:
        outcome = self._rest(run)
        self.taken |= self.crossed & self.flows.keys()
        ends = {one.element for one in outcome.passages if one.process == self.key} & self.ends
        for end in ends - self.reached:
            self.ways[end] = Way(end=end, steps=trail)
        self.reached |= ends
        stuck = [one for one in outcome.opened if one.kind is WaitKind.INCIDENT]
        for wait in stuck:
            if wait.element in self.ends and wait.process == self.key:  # an error end whoever calls it would catch
                self.ways.setdefault(wait.element, Way(end=wait.element, steps=trail))
                self.reached.add(wait.element)
            else:
                self._fault(wait.element, wait.error or "", trail)
        if outcome.ended or stuck or outcome.state is None or len(trail) >= DEPTH:
            return None
        signature = self._signature(run)
        if signature in self.seen:
            return None
        self.seen.add(signature)
        state = _State(outcome.state, now, trail, self._desks(run))
        heapq.heappush(self.waiting, (self._rank(state), next(self.order), state))
        return state

    def _rest(self, run: Run) -> Outcome:
        """Everything automatic, with the acts that have one result only."""
        outcome = run.settle()
        self._note(outcome)
        while outcome.ended is None:
            plain = next(self._plain_acts(run), None)
            if plain is None:
                break
            run.complete_external(plain[0].id, plain[1])
            later = run.settle()
            self._note(later)
            outcome = joined(outcome, later)
        return outcome

    def _plain_acts(self, run: Run) -> Iterator[tuple[Wait, dict[str, Any]]]:
        for wait in run.waits().values():
            if wait.kind is WaitKind.ACTION and wait.process == self.key:
                said = self.choices.single(wait)
                if said is not None:
                    yield wait, said

    def _note(self, outcome: Outcome) -> None:
        """Events behind event-based gateways: the flow that leads to each is taken when it happens."""
        for passage in outcome.passages:
            if passage.process == self.key and passage.what == "completed" and passage.element in self.behind:
                self.taken.add(self.behind[passage.element])

    def _fault(self, element: str, sentence: str, trail: tuple[Step, ...]) -> None:
        if len(self.faults) < FAULTS and trail[0].kind == "start":  # what a program could begin with is a guess
            self.faults.setdefault((element, sentence), Fault(element=element, sentence=sentence, steps=trail))

    # -- what makes two states one

    def _desks(self, run: Run) -> frozenset[Desk]:
        waits, values = [*run.waits().values()], run.variables()
        elements = {self.choices.element(one) for one in [one for one in waits if one.kind in WORK] or waits}
        asked = self.choices.words.asked
        return frozenset(
            (
                one,
                tuple(
                    (name, self._plain(values.get(name)))
                    for name in sorted(self.choices.live.get(one, frozenset()) & asked)
                ),
            )
            for one in elements
        )

    def _signature(self, run: Run) -> Any:
        waits = [*run.waits().values()]
        values = run.variables()
        live = frozenset[str]().union(*(self.choices.live.get(self.choices.element(one), frozenset()) for one in waits))
        found = Counter((one.kind, one.process, one.element) for one in waits)
        return frozenset(found.items()), tuple((name, self._plain(values.get(name))) for name in sorted(live))

    def _plain(self, value: Any) -> Any:
        """A value as far as it makes a difference: of a list how long it is and what in it is compared with."""
        if isinstance(value, list):
            found = {str(one) for item in value for one in (item.values() if isinstance(item, dict) else [item])}
            return len(value), frozenset(found & self.constants)
        return None if isinstance(value, dict) else value


def do(run: Run, step: Step) -> bool:
    """Let one step happen in a run; whether somebody waited for it. Raises EngineFault, Invalid."""
    kinds = (WaitKind.MESSAGE, WaitKind.SIGNAL) if step.kind == "message" else WORK
    wait = next(
        (one for one in run.waits().values() if one.kind in kinds and step.element in (one.element, one.process)), None
    )
    if wait is None:
        return False
    say = {name: value for name, value in step.say.items() if name != "code"}
    match step.kind:
        case "message":
            run.deliver(wait.id, say)
        case "error":
            return run.throw_error(wait.id, step.say["code"], None, say)
        case "escalation":
            run.throw_escalation(wait.id, step.say["code"])
        case "act":
            run.complete_external(wait.id, say)
        case "call":
            run.complete_task(wait.id, say)
        case "silence":
            run.complete_task(wait.id, {f"{step.element}_tacit": True}, answers=say or None)
        case _:
            run.complete_task(wait.id, answers=say or None)
    return True


def joined(before: Outcome, later: Outcome) -> Outcome:
    """Two outcomes of one run as one, as far as an exploration looks at them."""
    return replace(later, passages=(*before.passages, *later.passages), opened=(*before.opened, *later.opened))
