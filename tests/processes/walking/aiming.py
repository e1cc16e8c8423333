"""What a search by states has left over, one flow or end at a time: only what leads there is done in every way.

Where branches and rounds multiply, states are too many to be gone through. A way to one place is not: the desks that lie
before it are worked in every way, the nearest first, and all the others stay as they are.
"""

from __future__ import annotations

import heapq
from itertools import count
from time import process_time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.processes.walking.walker import _State, _Walk

MOVES = 400  # states of one target, at most
ALONE = 30  # of one beginning by itself
LATER = 8  # elements another desk of the same state counts as further away
ROUND = 100  # elements a round is worth where rounds are counted: what lies behind the last of them is reached by going round


def aim(walk: _Walk) -> None:
    """Look for everything that is missing, one thing after another."""
    for target in sorted(walk.found.missing):
        if target in walk.found.missing and process_time() < walk.until:
            _Aim(walk, target).run()


class _Aim:
    def __init__(self, walk: _Walk, target: str) -> None:
        self.walk, self.target, self.order = walk, target, count()
        self.away = _distances(walk, target)
        self.counted = walk.own.get(walk.found.flows[target][0], set()) if target in walk.found.flows else set()
        self.waiting: list[tuple[int, int, int, int, _State]] = []

    def run(self) -> None:
        """Until the target has been reached, or too much has been tried: from all beginnings at once, then from each by itself."""
        self._search(self.walk.begun, MOVES)
        for state in self.walk.begun:
            self._search([state], ALONE)

    def _search(self, begun: list[_State], moves: int) -> None:
        walk = self.walk
        walk.seen, walk.waiting, self.waiting = set(), [], []
        for state in begun:
            self._push(state)
        for _ in range(moves):
            if self.target not in walk.found.missing or not self.waiting or process_time() >= walk.until:
                return
            walk.found.states += 1
            rank, length, _, nth, state = heapq.heappop(self.waiting)
            desks = self._desks(state)
            for step in walk.steps_at(state, desks[nth]):
                following = walk._take(state, step)
                walk.waiting.clear()
                if following is not None:
                    self._push(following)
            if nth + 1 < len(desks):
                heapq.heappush(self.waiting, (rank + LATER, length, next(self.order), nth + 1, state))

    def _push(self, state: _State) -> None:
        if desks := self._desks(state):
            values = {name: value for _, known in state.desks for name, value in known}
            rounds = [value for name, value in values.items() if name in self.counted and type(value) in (int, float)]
            rank = sum(self.away[desk] for desk in desks) - int(ROUND * sum(rounds))
            heapq.heappush(self.waiting, (rank, len(state.trail), next(self.order), 0, state))

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
