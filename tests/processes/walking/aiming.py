"""What a search by states has left over, one flow or end at a time: only what leads there is done in every way.

Where branches and rounds multiply, states are too many to be gone through. A way to one place is not: the desks that lie
before it are worked in every way, the nearest first, and all the others stay as they are.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from time import process_time
from typing import TYPE_CHECKING, Any

from tests.processes.library import BPMN
from tests.processes.walking.programs import process_of
from tests.processes.walking.words import words_in

if TYPE_CHECKING:
    from tests.processes.walking.walker import Step, _State, _Walk

    _Waiting = tuple[
        int, int, int, int, _State, Iterator[tuple[int, Step]] | None
    ]  # rank, length, order, desk, what is left

MOVES = 1500  # steps towards one target, at most
ALONE = 120  # from one beginning by itself
STRAIGHT = 15  # from one beginning, for what lies on the usual way
CLOSE = 250  # from where ways that have come close to it went by
WAYS = 5  # that have come closest
LATER = 8  # elements another desk of the same state counts as further away
TIRED = 6  # steps from one state after which it counts as one element further away
SHARES = (0.03, 0.15, 1.0)  # of the time that is left, for one target, from round to round
SOON = 3  # elements behind a timer within which it leads straight to the target
PASSING = 15  # timers that may be due before it
WISH = 20  # elements it is worth that a variable has the value the target asks for
ROUND = 100  # elements a round is worth where rounds are counted: what lies behind the last of them is reached by going round


def aim(walk: _Walk) -> None:
    """Look for everything that is missing, one thing after another; what takes long waits until the rest has been found."""
    for share in SHARES:
        for target in sorted(walk.found.missing):
            if target in walk.found.missing and process_time() < walk.until:
                _Aim(walk, target, min(walk.until, process_time() + share * (walk.until - process_time()))).run()


class _Aim:
    def __init__(self, walk: _Walk, target: str, until: float) -> None:
        self.walk, self.target, self.until, self.order = walk, target, until, count()
        self.away = _distances(walk, target)
        self.timers = frozenset(one for one, far in self.away.items() if far <= SOON) & _timers(walk)
        self.counted = walk.own.get(walk.found.flows[target][0], set()) if target in walk.found.flows else set()
        self.wished = _wished(walk, target)
        self.waiting: list[_Waiting] = []

    def run(self) -> None:
        """Until the target has been reached, or too much has been tried: from where others went by, straight from each beginning, from all."""
        near = [state for trail in self._closest() for state in self.walk.replayed(trail)]
        self._begin()
        self._search(near, CLOSE)
        self._each(reversed(self.walk.begun), STRAIGHT)  # what is entered in its form comes last
        self._begin()
        self._search(self.walk.begun, MOVES)
        self._each(self.walk.begun, ALONE)

    def _each(self, begun: Iterable[_State], moves: int) -> None:
        for state in begun:
            self._begin()
            self._search([state], moves)

    def _begin(self) -> None:
        self.walk.seen, self.walk.waiting, self.waiting = set(), [], []

    def _search(self, begun: list[_State], moves: int) -> None:
        """One step at a time, always from the state that is nearest; what has been tried often is left for later."""
        walk = self.walk
        for state in begun:
            self._push(state)
        for _ in range(moves):
            if self.target not in walk.found.missing or not self.waiting or process_time() >= self.until:
                return
            (rank, work, length), _, nth, state, steps = heapq.heappop(self.waiting)
            desks = self._desks(state)
            if steps is None:
                walk.found.states += 1
                self._let_pass(state)
                steps = enumerate(walk.steps_at(state, desks[nth]), 1)
                if nth + 1 < len(desks):
                    heapq.heappush(self.waiting, ((rank + LATER, work, length), next(self.order), nth + 1, state, None))
            tried, step = next(steps, (0, None))
            if step is None:
                continue
            following = walk._take(state, step)
            walk.waiting.clear()
            if following is not None:
                self._push(following)
            later = rank if tried % TIRED else rank + 1
            heapq.heappush(self.waiting, ((later, work, length), next(self.order), nth, state, steps))

    def _let_pass(self, state: _State | None) -> None:
        """Where the timer that leads to the target runs, nothing happens until it is due."""
        if not self.timers:
            return
        for _ in range(PASSING):
            if state is None or not self.timers & self.walk.running(state):
                break
            state = self.walk.turned(state)

    def _push(self, state: _State) -> None:
        if desks := self._desks(state):
            values = {name: value for _, known in state.desks for name, value in known}
            rounds = [value for name, value in values.items() if name in self.counted and type(value) in (int, float)]
            met = sum(values.get(name) in wanted for name, wanted in self.wished.items())
            rank = sum(self.away[desk] for desk in desks) - int(ROUND * sum(rounds)) - WISH * met
            heapq.heappush(self.waiting, ((rank, state.waiting, len(state.trail)), next(self.order), 0, state, None))

    def _closest(self) -> list[tuple[Step, ...]]:
        """Ways that have gone by near the target, the shortest of each kind of beginning first."""
        flows, far = self.walk.found.flows, len(self.away) + 1
        found: dict[str, tuple[int, int, tuple[Step, ...]]] = {}
        for trail, taken, _ in (*self.walk.found.ways, *self.walk.found.others):
            near = min((self.away.get(flows[flow][1], far) for flow in taken if flow in flows), default=far)
            begun = str(trail[:2])
            if begun not in found or (near, len(trail)) < found[begun][:2]:
                found[begun] = (near, len(trail), trail)
        return [trail for _, _, trail in sorted(found.values(), key=lambda one: one[:2])[:WAYS]]

    def _desks(self, state: _State) -> list[str]:
        """Where something can be done that leads to the target, the nearest first."""
        return sorted({desk for desk, _ in state.desks if desk in self.away}, key=lambda one: (self.away[one], one))


def _distances(walk: _Walk, target: str) -> dict[str, int]:
    """How many elements lie between each element and the target."""
    first = walk.found.flows[target][0] if target in walk.found.flows else target
    found, edge = {first: 0}, [first]
    while edge:
        element = edge.pop(0)
        for one in walk.before.get(element, ()):
            if one not in found:
                found[one] = found[element] + 1
                edge.append(one)
    return found


def _timers(walk: _Walk) -> frozenset[str]:
    """Events that come with time."""
    every = process_of(walk.key).iter(f"{BPMN}timerEventDefinition")
    return frozenset(one.getparent().get("id") for one in every)


def _wished(walk: _Walk, target: str) -> Mapping[str, tuple[Any, ...]]:
    """What its condition compares with, should the target be a flow that has one."""
    flow = next((one for one in process_of(walk.key).iter(f"{BPMN}sequenceFlow") if one.get("id") == target), None)
    return {} if flow is None else words_in(flow).values
