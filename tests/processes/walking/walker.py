"""Walks a process until every flow and every end event has been taken, or no way is left.

A state is what is stored of an instance. From each state everything that may happen is tried: the first open task in every
way its form allows, every message that is waited for, the next instant at which something is due. States that wait for the
same and would decide the same are one; those that have just taken something new go first. Nothing is random.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count, product
from math import inf
from time import process_time
from typing import Any
from unittest.mock import patch
from uuid import UUID

from service.engine import EngineFault, Outcome, Place, Run, Wait, WaitKind
from service.engine.kernel.elements.element import Element
from service.engine.timekeeping import PlainTime
from service.rules.acts import ACTS
from service.rules.refusals import Invalid
from tests.engine.drive import MONDAY
from tests.processes.library import BPMN, CALENDAR, ZW
from tests.processes.walking.aiming import aim
from tests.processes.walking.filling import answers_of
from tests.processes.walking.programs import called, ends_of, flows_of, process_of, starts_of, walkable
from tests.processes.walking.words import CAMUNDA, given_to, words_in, words_of

STATES = 1200  # of one process, at most
STOPPED = "ERR_ITEM_STOPPED"  # what the service throws into an item of a chain
DEPTH = 60  # steps of one way, at most
CASE = UUID("00000000-0000-4000-8000-000000000000")
SILENT = {"opinion": {"conclusion": "agree"}, "decision": {"decision": "grant"}}  # what it says where it counts
ENDINGS = 40  # states of a called process, at least
WORLDS = 16  # beginnings that are walked to an end at once
NEAR = 4  # elements behind an event within which its payload is asked for
AGAIN = 3  # elements a desk that has been tried counts as further away
FAR = 1000  # elements
DAYS = {"RECEIPT": 5, "CORRECTION": 30}  # of clocks the walker has none of


@dataclass(frozen=True)
class Step:
    """One thing that happens. `kind`: start, task, act, message, clock, error, escalation."""

    kind: str
    element: str = ""
    say: Mapping[str, Any] = field(default_factory=dict, compare=False)
    process: str = ""

    def __str__(self) -> str:
        said = ", ".join(
            f"{name}={value}"
            for name, value in self.say.items()
            if isinstance(value, (bool, str)) and len(str(value)) < 16
        )
        return f"{self.kind} {self.process if self.element == 'Stub' else self.element}({said})"


@dataclass(frozen=True)
class Ending:
    """How a process may end, seen from who calls it: its end event and what it leaves behind."""

    end: str
    leaves: Mapping[str, Any]


Way = tuple[tuple[Step, ...], frozenset[str], str | None]  # steps, the flows they take, the end


@dataclass
class Walked:
    """What a walk has found. `faults`: what went wrong, with the way to it; `ways`: those that took something new; `others`: to an end."""

    key: str
    flows: Mapping[str, tuple[str, str]]
    ends: frozenset[str]
    taken: set[str] = field(default_factory=set)
    reached: set[str] = field(default_factory=set)
    passed: set[str] = field(default_factory=set)
    faults: dict[str, str] = field(default_factory=dict)
    endings: dict[str, Ending] = field(default_factory=dict)
    escalations: set[str] = field(default_factory=set)
    errors: set[str] = field(default_factory=set)
    ways: list[Way] = field(default_factory=list)
    others: list[Way] = field(default_factory=list)
    states: int = 0

    @property
    def missing(self) -> dict[str, str]:
        """Flows nobody has taken and end events nobody has reached, in words."""
        flows = {id: f"{a} → {b}" for id, (a, b) in self.flows.items() if id not in self.taken}
        return flows | {end: f"end {end}" for end in self.ends - self.reached}

    def __str__(self) -> str:
        return f"{self.key}: {len(self.taken)} of {len(self.flows)} flows, {len(self.reached)} of {len(self.ends)} ends, {self.states} states"


class AnyTime(PlainTime):
    """Time without clocks: a limit counts from when its activity was entered, whatever is asked for by name from now on."""

    def __init__(self, now: datetime) -> None:
        super().__init__(CALENDAR)
        self.now = now

    def named(self, ask: str, name: str, place: Place, later: str | None) -> datetime | None:
        """Twenty working days where no law says otherwise."""
        days = DAYS.get(name, 20)
        return CALENDAR.due_after_workdays(self.now, max(1, {"due": days, "warn": days - 3, "half": days // 2}[ask]))


Desk = tuple[
    str, tuple[tuple[str, Any], ...]
]  # an element that waits, and the values that are still asked for behind it


@dataclass(frozen=True)
class _State:
    blob: bytes
    now: datetime
    trail: tuple[Step, ...]
    flows: frozenset[str]
    desks: frozenset[Desk]
    waiting: int  # how much work there is at them


_KNOWN: dict[str, Walked] = {}


def walk(key: str, seconds: float = inf, found: Walked | None = None, gone: Iterable[Sequence[Step]] = ()) -> Walked:
    """Everything that can happen in a process, as far as it is found in time.

    `found` before: only what is left is aimed at. `gone`: ways through an earlier form of it, which are gone first.
    """
    if key not in _KNOWN:
        remember(_Walk(key, seconds, found).run(gone))
    return _KNOWN[key]


def remember(walked: Walked) -> None:
    """What has been walked before need not be walked again."""
    _KNOWN[walked.key] = walked


class _Walk:
    def __init__(self, key: str, seconds: float = inf, found: Walked | None = None) -> None:
        self.until = process_time() + seconds
        self.half = process_time() + (seconds / 2 if found is None else 0)
        self.key, self.program, self.words = key, walkable(key), words_of(key)
        self.found = found or Walked(key, flows_of(key), ends_of(key))
        self.seen: set[Any] = set()
        self.waiting: list[tuple[tuple[int, int], int, _State]] = []
        self.tried: Counter[Desk] = Counter()
        self.worked: Counter[str] = Counter()
        self.away = dict.fromkeys((node for pair in self.found.flows.values() for node in pair), 0)
        self.known = -1
        self.order = count()
        self.step_flows: set[str] = set()
        self.begun: list[_State] = []
        self.given = {k: v for k, v in given_to(process_of(key)).items() if k not in self.words.written}
        self.statutory = "decision" if process_of(key).get(f"{ZW}tacit") == "statutory" else None
        self.heard = self._heard()
        self.constants = {str(value) for values in self.words.values.values() for value in values}
        self.free = self._free()
        self.behind = self._behind_gateways()
        self.before = self._before()
        self.live = self._live()
        self.calls = {e.get("calledElement"): e.get("id") for e in process_of(key).iter(f"{BPMN}callActivity")}

    def run(self, gone: Iterable[Sequence[Step]] = ()) -> Walked:
        """Until everything has been taken, or no state is left."""
        with patch.object(Element, "move_on", _listening(Element.move_on, self)):
            for trail in gone:
                for _ in self.replayed(trail):
                    pass
            self.seen, self.waiting = set(), []
            for start, form in starts_of(self.key):
                for number, variables in enumerate(self._beginnings(form)):
                    begun = self._begin(start, {**self.given, **variables})
                    self.begun += [begun] if begun is not None else []
                    if number < WORLDS:
                        self._forward(begun)
            while self._goes_on() and (state := self._next()) is not None:
                self.found.states += 1
                for step in self._steps(state):
                    known = len(self.found.missing)
                    following = self._take(state, step)
                    if len(self.found.missing) < known:
                        self._forward(following)
            if self.found.states >= STATES or process_time() >= self.half:
                aim(self)
        return self.found

    def _goes_on(self) -> bool:
        """While something is missing; of what others call also until its ways of ending are known."""
        least = ENDINGS if self.key in called() else 0
        return self.found.states < (STATES if self.found.missing else least) and process_time() < self.half

    def _forward(self, state: _State | None) -> None:
        """Where something new has been found, on to the end in the usual way, so that what lies behind joins is found early."""
        while state is not None:
            waits = [*self._load(state, state.now).waits().values()]
            work = next((one for one in waits if one.kind in _WORK), None)
            steps = self._work(work) if work is not None else self._heard_from(waits)
            step = next(iter(steps), None)
            state = None if step is None else self._take(state, step)

    def _next(self) -> _State | None:
        """The state at whose desks something new is nearest and which have been tried least; None: there is no other."""
        if self.known != len(self.found.missing):
            self.known = len(self.found.missing)
            self.away = self._distances()
        while self.waiting:
            rank, number, state = heapq.heappop(self.waiting)
            now = self._rank(state)
            if now <= rank or not self.waiting or now <= self.waiting[0][0]:
                return state
            heapq.heappush(self.waiting, (now, number, state))
        return None

    def _rank(self, state: _State) -> tuple[int, int]:
        """Where fewer branches wait a join is nearer."""
        near = [cost for desk in state.desks if (cost := self._cost(desk)) < FAR]
        return min(near, default=FAR) + AGAIN * len(near), len(state.trail)

    def _cost(self, desk: Desk) -> int:
        return self.away.get(desk[0], FAR) + AGAIN * self.tried[desk] + self.worked[desk[0]] // 4

    def _distances(self) -> dict[str, int]:
        """How many elements lie between each element and something nobody has taken yet."""
        before = self.before
        found = {self.found.flows[id][0] if id in self.found.flows else id: 0 for id in self.found.missing}
        edge = [*found]
        while edge:
            element = edge.pop(0)
            for one in before.get(element, ()):
                if one not in found:
                    found[one] = found[element] + 1
                    edge.append(one)
        return found

    # -- what may happen

    def _beginnings(self, form: str | None) -> Iterator[dict[str, Any]]:
        """What a process begins with: in the usual way with what only a program would say or leave out, and its form in every way."""
        every = answers_of(form, self.words, self.key) or ({},)
        usual = every[0]
        yield from ({**usual, **free} for free in self.free)
        yield from ({**usual, name: []} for name, value in usual.items() if isinstance(value, list))
        yield from every[1:]
        yield from ({**usual, name: value} for name in usual if name in self.words.asked for value in (None, "?"))

    def _steps(self, state: _State) -> Iterator[Step]:
        desk = min(state.desks, key=lambda one: (self._cost(one), str(one)))
        self.tried[desk] += 1
        self.worked[desk[0]] += 1
        return self.steps_at(state, desk[0])

    def steps_at(self, state: _State, desk: str) -> Iterator[Step]:
        """Everything that may happen at one desk, and from outside."""
        waits = tuple(self._load(state, state.now).waits().values())
        first = next((one for one in waits if one.kind in _WORK and self._element(one) == desk), None)
        if first is not None:
            yield from self._work(first)
        yield from self._heard_from(waits)

    def replayed(self, trail: Sequence[Step]) -> Iterator[_State]:
        """The states on a way that has been gone before, as far as it can still be gone."""
        self.seen = set()
        starts = {start for start, _ in starts_of(self.key)}
        state = (
            self._begin(trail[0].element or None, dict(trail[0].say)) if (trail[0].element or None) in starts else None
        )
        for step in trail[1:]:
            if state is None:
                break
            yield state
            state = self._take(state, step) if self._possible(state, step) else None

    def _possible(self, state: _State, step: Step) -> bool:
        """Whether somebody waits there for it."""
        waits = self._load(state, state.now).waits().values()
        if step.kind == "clock":
            return any(one.kind is WaitKind.TIMER and one.due is not None for one in waits)
        return any(one.element == step.element and (not step.process or one.process == step.process) and one.kind is not WaitKind.TIMER
                   for one in waits)  # fmt: skip

    def running(self, state: _State) -> frozenset[str]:
        """The timers that are waited for."""
        waits = self._load(state, state.now).waits().values()
        return frozenset(one.element for one in waits if one.kind is WaitKind.TIMER and one.due is not None)

    def turned(self, state: _State) -> _State | None:
        """Once the next timer has been due."""
        return self._take(state, Step("clock"))

    def _heard_from(self, waits: Sequence[Wait]) -> Iterator[Step]:
        """Messages that come, and the next instant at which something is due."""
        for element in dict.fromkeys(one.element for one in waits if one.kind in (WaitKind.MESSAGE, WaitKind.SIGNAL)):
            yield Step("message", element)
            for asked in sorted(self._near(element) & self.words.values.keys()):
                for value in dict.fromkeys(_offers(self.words.values[asked])):
                    yield Step("message", element, {asked: value})
        timers = [one for one in waits if one.kind is WaitKind.TIMER and one.due is not None]
        if any(self._element(one) in self.away for one in timers):
            yield Step("clock")

    def _work(self, wait: Wait) -> Iterator[Step]:
        if wait.process != self.key:
            known = walk(wait.process)
            for leaves in self._leavings(known):
                yield Step("task", wait.element, leaves, wait.process)
            for code in sorted(known.escalations):
                yield Step("escalation", wait.element, {"code": code}, wait.process)
            for code in sorted(known.errors):
                yield Step("error", wait.element, {"code": code}, wait.process)
            if STOPPED in self._errors(self._element(wait)):  # by the service, whatever the item does
                for how in ("withdrawn", "left_out"):
                    yield Step("error", wait.element, {"code": STOPPED, "stopped_as": how}, wait.process)
            return
        if wait.kind is WaitKind.USER_TASK:
            for answers in answers_of(wait.form_key, self.words, self.key):
                yield Step("task", wait.element, answers, wait.process)
            silence = wait.zw.get("tacit") or (self.statutory if wait.zw.get("stage") == "APPROVE" else None)
            if silence not in (None, "none", "never"):
                yield Step("silence", wait.element, SILENT.get(silence, {}), wait.process)
            for code in self.heard:
                yield Step("escalation", wait.element, {"code": code}, wait.process)
        else:
            for outputs in self._outputs(wait):
                yield Step("act", wait.element, outputs, wait.process)
        for code in self._errors(wait.element):
            yield Step("error", wait.element, {"code": code}, wait.process)

    def _leavings(self, called: Walked) -> list[dict[str, Any]]:
        """What a called process leaves behind, as far as its callers here take it over."""
        calls = [e for e in process_of(self.key).iter(f"{BPMN}callActivity") if e.get("calledElement") == called.key]
        outs = [one for call in calls for one in call.iter(f"{CAMUNDA}out")]
        every = not outs or any(one.get("variables") == "all" or one.get("sourceExpression") for one in outs)
        wanted = {one.get("source") for one in outs}
        found: dict[str, dict[str, Any]] = {}
        for ending in sorted(called.endings.values(), key=_usual):
            leaves = {name: value for name, value in ending.leaves.items() if every or name in wanted}
            decided = sorted((k, str(v)) for k, v in leaves.items() if isinstance(v, (bool, str)) and len(str(v)) < 24)
            found.setdefault(str(decided), leaves)
        return [*found.values()]

    def _heard(self) -> tuple[str, ...]:
        """Escalations that event sub-processes listen for; the service itself may throw them from any desk."""
        codes = {
            e.get("id"): e.get("escalationCode")
            for e in process_of(self.key).getroottree().getroot().iter(f"{BPMN}escalation")
        }
        starts = [
            e
            for s in process_of(self.key).iter(f"{BPMN}subProcess")
            if s.get("triggeredByEvent") == "true"
            for e in s.iter(f"{BPMN}escalationEventDefinition")
            if e.getparent().tag == f"{BPMN}startEvent"
        ]
        return tuple(sorted({codes.get(e.get("escalationRef")) or "" for e in starts}))

    def _near(self, element: str) -> set[str]:
        """Names that are asked for right behind an event."""
        found, edge = set[str](), {element}
        for _ in range(NEAR):
            edge = {one for one, sources in self.before.items() if sources & edge}
            for one in edge:
                found |= self.own.get(one, set())
        return found

    def _outputs(self, wait: Wait) -> Iterator[dict[str, Any]]:
        card = ACTS.get(wait.action) if wait.action else None  # type: ignore[call-overload]
        if card is None:
            yield from self.free
            return
        told: dict[str, tuple[Any, ...]] = {}
        for output in card.outputs:
            name = wait.zw.get("into", output.name)
            if name in self.given:
                told[name] = (self.given[name],)
            elif output.type == "Boolean":
                told[name] = (True, False) if name in self.words.read else (True,)
            else:
                told[name] = tuple(dict.fromkeys(_offers(self.words.values.get(name, ())))) or ("1",)
        yield from (dict(zip(told, values, strict=True)) for values in product(*told.values()))

    def _errors(self, element: str) -> Iterator[str]:
        for event in process_of(self.key).iter(f"{BPMN}boundaryEvent"):
            definition = event.find(f"{BPMN}errorEventDefinition")
            if definition is not None and event.get("attachedToRef") == element:
                root = process_of(self.key).getroottree().getroot()
                codes = {e.get("id"): e.get("errorCode") for e in root.iter(f"{BPMN}error")}
                yield codes.get(definition.get("errorRef")) or "ERROR"

    def _free(self) -> list[dict[str, Any]]:
        """What expressions ask for and whoever starts it may say; what calls a supporting process may say anything."""
        used = {e.get(f"{ZW}action") for e in process_of(self.key).iter() if isinstance(e.tag, str)}
        acts = {output.name for card in ACTS.values() if card.name in used for output in card.outputs}
        support = process_of(self.key).get(f"{ZW}kind") == "SUPPORT"
        found: dict[str, list[Any]] = {}
        for name, values in self.words.values.items():
            said = name in self.words.written | acts and not (support or name in self.words.contract)
            if name not in given_to(process_of(self.key)) and not said:
                found[name] = [*dict.fromkeys(_offers(values))]
        return [{}, *({name: value} for name, values in found.items() for value in values)]

    # -- doing it

    def _begin(self, start: str | None, variables: dict[str, Any]) -> _State | None:
        step = Step("start", start or "", variables)
        keeper = AnyTime(MONDAY)
        self.step_flows = set()
        run = Run.start(
            self.program, case_id=CASE, now=MONDAY, calendar=CALENDAR, variables=variables, start=start, keeper=keeper
        )
        return self._settled(run, (step,), frozenset(), MONDAY)

    def _load(self, state: _State, now: datetime) -> Run:
        return Run.load(self.program, state.blob, case_id=CASE, now=now, calendar=CALENDAR, keeper=AnyTime(now))

    def _take(self, state: _State, step: Step) -> _State | None:
        now, self.step_flows = state.now, set()
        trail = (*state.trail, step)
        try:
            run = self._load(state, now)
            if step.kind == "clock":
                timers = [one for one in run.waits().values() if one.kind is WaitKind.TIMER and one.due is not None]
                first = min(timers, key=lambda one: (one.due, one.element))
                trail = (*state.trail, Step("clock", say={"timer": (first.element,)}))
                now = max(now, first.due)  # type: ignore[type-var]
                run = self._load(state, now)
                run.fire(first.id)
            else:
                self._do(run, step)
            return self._settled(run, trail, state.flows, now)
        except (EngineFault, Invalid) as fault:
            self._fault(trail, f"{type(fault).__name__}: {fault}")
            return None

    def _do(self, run: Run, step: Step) -> None:
        wait = next(
            one for one in run.waits().values()
            if one.element == step.element and (not step.process or one.process == step.process) and one.kind is not WaitKind.TIMER
        )  # fmt: skip
        match step.kind:
            case "message":
                run.deliver(wait.id, dict(step.say))
            case "error":
                told = {name: value for name, value in step.say.items() if name != "code"}
                if not run.throw_error(wait.id, step.say["code"], None, told):
                    run.settle()
            case "escalation":
                run.throw_escalation(wait.id, step.say["code"])
            case "act":
                run.complete_external(wait.id, dict(step.say))
            case "silence":
                run.complete_task(wait.id, {f"{step.element}_tacit": True}, answers=dict(step.say) or None)
            case _ if wait.process != self.key:
                run.complete_task(wait.id, dict(step.say))
            case _:
                run.complete_task(wait.id, answers=dict(step.say) or None)

    def _settled(self, run: Run, trail: tuple[Step, ...], before: frozenset[str], now: datetime) -> _State | None:
        outcome = self._rest(run)
        found = self.found
        fresh = self.step_flows - found.taken
        ends = {one.element for one in outcome.passages if one.what == "entered"} & found.ends - found.reached
        found.taken |= fresh
        found.reached |= ends
        flows = before | self.step_flows
        if fresh or ends or outcome.ended:
            end = outcome.end_elements[-1] if outcome.ended and outcome.end_elements else None
            (found.ways if fresh or ends else found.others).append((trail, flows, end))
        for wait in outcome.opened:
            if wait.kind is WaitKind.INCIDENT:
                code = self._error_end(wait.element)
                if code is not None:
                    found.errors.add(code)
                    found.reached.add(wait.element)
                else:
                    self._fault(trail, f"{wait.element}: {wait.error}")
        if outcome.ended:
            self._ended(run, trail, outcome)
            return None
        if len(trail) >= DEPTH or any(one.kind is WaitKind.INCIDENT for one in outcome.opened):
            return None
        signature = self._signature(run)
        if signature in self.seen:
            return None
        self.seen.add(signature)
        assert outcome.state is not None
        work = sum(one.kind in _WORK for one in run.waits().values())
        state = _State(outcome.state, now, trail, flows, self._desks(run), work)
        heapq.heappush(self.waiting, (self._rank(state), next(self.order), state))
        return state

    def _rest(self, run: Run) -> Outcome:
        """Everything automatic, with the acts that have one result only."""
        outcome = run.settle()
        self._note(outcome)
        opened, passages = {one.id: one for one in outcome.opened}, [*outcome.passages]
        while outcome.ended is None:
            acts = [
                one for one in run.waits().values() if one.kind is WaitKind.ACTION and self._element(one) == one.element
            ]
            plain = next((one for one in acts if len([*self._results(one)]) == 1), None)
            if plain is None:
                break
            run.complete_external(plain.id, next(self._outputs(plain)))
            outcome = run.settle()
            self._note(outcome)
            passages += outcome.passages
            opened |= {one.id: one for one in outcome.opened}
        return replace(outcome, passages=tuple(passages), opened=tuple(opened.values()))

    def _results(self, wait: Wait) -> Iterator[Any]:
        """The ways an act may come out."""
        yield from self._outputs(wait)
        yield from self._errors(wait.element)

    def _note(self, outcome: Outcome) -> None:
        for passage in outcome.passages:
            if passage.process == self.key:
                self.found.passed.add(passage.element)
                if passage.what == "completed" and passage.element in self.behind:
                    self.step_flows.add(self.behind[passage.element])
        self.found.escalations.update(one.name for one in outcome.thrown if one.kind == "escalation")

    def _ended(self, run: Run, trail: tuple[Step, ...], outcome: Outcome) -> None:
        given = trail[0].say
        left = {name: value for name, value in run.variables().items() if name not in given or given[name] != value}
        end = outcome.end_elements[-1] if outcome.end_elements else str(outcome.ended)
        short = {name: value for name, value in left.items() if isinstance(value, (bool, str)) and len(str(value)) < 24}
        decided = sorted((name, str(value)) for name, value in short.items() if name in self.words.values)
        self.found.endings.setdefault(f"{end} {decided}", Ending(end, left))

    def _error_end(self, element: str) -> str | None:
        for event in process_of(self.key).iter(f"{BPMN}endEvent"):
            definition = event.find(f"{BPMN}errorEventDefinition")
            if definition is not None and event.get("id") == element:
                root = process_of(self.key).getroottree().getroot()
                return {e.get("id"): e.get("errorCode") for e in root.iter(f"{BPMN}error")}.get(
                    definition.get("errorRef")
                )
        return None

    def _fault(self, trail: tuple[Step, ...], sentence: str) -> None:
        self.found.faults.setdefault(sentence, " → ".join(map(str, trail)))

    def _desks(self, run: Run) -> frozenset[Desk]:
        """Where something can be done, and the values conditions will still ask for there."""
        waits, values = [*run.waits().values()], run.variables()
        elements = {self._element(one) for one in [one for one in waits if one.kind in _WORK] or waits}
        return frozenset(
            (
                one,
                tuple(
                    (n, self._plain(values.get(n))) for n in sorted(self.live.get(one, frozenset()) & self.words.asked)
                ),
            )
            for one in elements
        )

    def _signature(self, run: Run) -> Any:
        waits = Counter(
            (one.kind, one.process, one.element)
            for one in run.waits().values()
            if one.kind is not WaitKind.TIMER or self._element(one) in self.away
        )
        values = run.variables()
        live = sorted(
            frozenset().union(*(self.live.get(self._element(one), frozenset()) for one in run.waits().values()))
        )
        return frozenset(waits.items()), tuple((name, self._plain(values.get(name))) for name in live)

    def _live(self) -> dict[str, frozenset[str]]:
        """What is still read behind each element: values nobody asks for any more make no other state."""
        own: dict[str, set[str]] = {}
        watched = self.words.values.keys() | self.words.asked | (self.words.fed - self.words.written)
        for element in process_of(self.key).iter():
            if isinstance(element.tag, str) and element.get("id") and element.tag not in _SCOPES:
                where = element.get("sourceRef") or element.get("id")
                own.setdefault(where, set()).update(words_in(element).read & watched)
        always = frozenset().union(*(own.get(e.get("id"), set()) for s in process_of(self.key).iter(f"{BPMN}subProcess")
                                     if s.get("triggeredByEvent") == "true" for e in s.iter() if isinstance(e.tag, str)))  # fmt: skip
        for loop in process_of(self.key).iter(f"{BPMN}multiInstanceLoopCharacteristics"):
            own.setdefault(loop.getparent().get("id"), set()).update(words_in(loop).read)
        self.own = own
        found = {element: frozenset(names) | always for element, names in own.items()}
        edge = [*found]
        while edge:
            element = edge.pop()
            for one in self.before.get(element, ()):
                more = found.get(one, always) | found.get(element, always)
                if more != found.get(one):
                    found[one] = more
                    edge.append(one)
        return found

    def _before(self) -> dict[str, set[str]]:
        """From where each element is reached."""
        before: dict[str, set[str]] = {}
        for source, target in self.found.flows.values():
            before.setdefault(target, set()).add(source)
        for event in process_of(self.key).iter(f"{BPMN}boundaryEvent"):
            before.setdefault(event.get("id"), set()).add(event.get("attachedToRef"))
        for scope in process_of(self.key).iter(f"{BPMN}subProcess"):
            for one in scope:
                if one.tag == f"{BPMN}startEvent":
                    before.setdefault(one.get("id"), set()).add(scope.get("id"))
                elif one.tag == f"{BPMN}endEvent":
                    before.setdefault(scope.get("id"), set()).add(one.get("id"))
        return before

    def _plain(self, value: Any) -> Any:
        """A value as far as it makes a difference: of a list how long it is and what in it is compared with."""
        if isinstance(value, list):
            found = {str(one) for item in value for one in (item.values() if isinstance(item, dict) else [item])}
            return len(value), frozenset(found & self.constants)
        return None if isinstance(value, dict) else value

    def _element(self, wait: Wait) -> str:
        """Where a wait stands in the process that is walked; of a stub, all calls of it."""
        return wait.element if wait.process == self.key else self.calls.get(wait.process, wait.element)

    def _behind_gateways(self) -> dict[str, str]:
        """Events behind event-based gateways: the flow that leads to each is taken when it happens."""
        gateways = {one.get("id") for one in process_of(self.key).iter(f"{BPMN}eventBasedGateway")}
        return {target: id for id, (source, target) in self.found.flows.items() if source in gateways}


_SCOPES = (f"{BPMN}process", f"{BPMN}subProcess", f"{BPMN}laneSet", f"{BPMN}lane")
_WORK = (WaitKind.USER_TASK, WaitKind.EXTERNAL_TASK, WaitKind.ACTION)


def _listening(original: Any, walk: _Walk) -> Any:
    def move_on(element: Any, token: Any) -> None:
        if element.process == walk.key:
            walk.step_flows.update(flow.id for flow in token.taken)
        original(element, token)

    return move_on


GOOD = ("grant", "通过", "accept", "agree", "paid", "exempt")


def _usual(ending: Ending) -> bool:
    """Sorts endings: those that let the caller go on first."""
    return not any(value in GOOD for value in ending.leaves.values() if isinstance(value, str))


def _offers(values: tuple[Any, ...]) -> Iterator[Any]:
    """Values on both sides of every comparison."""
    for value in values:
        if isinstance(value, bool):
            yield from (True, False)
        elif isinstance(value, float):
            yield from (value, value + 1, value - 1)
        elif value is None:
            yield from ("1", None)
        else:
            yield value
    if values and all(isinstance(value, str) for value in values):
        yield "1"
