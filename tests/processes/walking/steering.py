"""A chain driven by plan instead of by search: what becomes of its items round by round, what who leads rules, who is late.

A search finds one flow with one way. A plan takes, in one case, what every node has of its own: an item taken back, refused
and refused again, a desk that is late, a ruling that is. What ends the whole case needs a plan for every place it can end at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from scripts.campaigns.city import City, Desk
from scripts.campaigns.month_people import offered
from scripts.campaigns.neighbours import connect
from tests.processes.library import BPMN, closure
from tests.processes.walking.cases import ROUNDS, Case, go_on, judge_case, others, over
from tests.processes.walking.frame import stop_item
from tests.processes.walking.openings import PEOPLE, complete, known_at
from tests.processes.walking.programs import process_of
from tests.processes.walking.walker import STOPPED, Step

MOST = 400  # things that happen in one case
LATE = timedelta(minutes=1)  # after the limit
AGAINST = {"decision": ("reject", "refuse"), "recommendation": ("refuse",)}  # the first of these a desk offers
Act = Callable[[City, UUID], None]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One case. Lists go on with their last word; `*`: for whatever is not named.

    `nodes`: what becomes of an item (grant, refuse, withdrawn, left_out); `rulings`: what who leads says of it; `says`: answers of the
    chain's own desks and of what it shares; `late`: elements, and nodes, whose desks wait for their limit once; `left`: desks nobody
    sits down at; `meanwhile`: what is done when a desk has opened; `unpaid`: nobody pays.
    """

    name: str
    declared: Mapping[str, Any] = field(default_factory=dict)
    nodes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    rulings: Mapping[str, Sequence[str]] = field(default_factory=dict)
    says: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    late: Collection[str] = ()
    left: Collection[str] = ()
    meanwhile: Mapping[str, Sequence[Act]] = field(default_factory=dict)
    unpaid: bool = False


def steer(city: City, key: str, plan: Plan) -> Case:
    """One application goes as planned, to its end."""
    connect(city.office, *others())
    return _Driven(city, key, plan).run()


def slugs_of(key: str) -> dict[str, str]:
    """The nodes of a chain with the process each calls."""
    calls = {one.get("id"): one.get("calledElement") for one in process_of(key).iter(f"{BPMN}callActivity")}
    nodes = {one.get("id") for one in process_of(key).iter(f"{BPMN}subProcess")}
    return {
        id.removeprefix("Call_"): called for id, called in calls.items() if f"Node_{id.removeprefix('Call_')}" in nodes
    }


class _Driven:
    def __init__(self, city: City, key: str, plan: Plan) -> None:
        self.city, self.key, self.plan = city, key, plan
        self.node_of = _nodes_by_process(key)
        self.visits: Counter[str] = Counter()
        self.done: Counter[str] = Counter()
        self.waited: set[UUID] = set()

    def run(self) -> Case:
        """Until it is over, or nothing happens any more."""
        self.case = self.city.apply(self.key, chosen=self.plan.declared)
        self.city.attend()
        for _ in range(MOST):
            if over(self.city, self.case) or not self._step():
                break
        return judge_case(self.city, self.key, self.case)

    def _step(self) -> bool:
        desks = [one for one in self.city.desks(self.case) if one.row.element not in self.plan.left]
        for desk in desks:
            for act in self._due_acts(desk):
                act(self.city, self.case)
                self.city.attend()
                return True
        for desk in desks:
            if self._wait_for(desk) or self._work(desk):
                self.city.attend()
                return True
        return go_on(self.city, self.case, self.done, besides=self.plan.left, pays=not self.plan.unpaid)

    def _due_acts(self, desk: Desk) -> Iterator[Act]:
        for act in self.plan.meanwhile.get(desk.row.element, ()):
            if not self.done[f"{desk.row.element} {id(act)}"]:
                self.done[f"{desk.row.element} {id(act)}"] += 1
                yield act

    def _wait_for(self, desk: Desk) -> bool:
        """Its limit passes first, should it be one of those that are late."""
        names = {desk.row.element, self.node_of.get(desk.process, "")}
        due = desk.row.due_at
        if names.isdisjoint(self.plan.late) or due is None or desk.row.id in self.waited:
            return False
        self.waited.add(desk.row.id)
        if due + LATE <= self.city.now:
            return False
        self.city.turn(due + LATE)
        return True

    def _work(self, desk: Desk) -> bool:
        element, node = desk.row.element, self.node_of.get(desk.process)
        nth = self.visits[element]
        if node is not None and desk.process != self.key:
            return self._item(desk, node)
        slug = element.removeprefix("Task_Coordinate_")
        if slug != element:
            said: Mapping[str, Any] = {"ruling": _nth(self.plan.rulings, slug, nth, "proceed")}
        else:
            said = _nth(self.plan.says, element, nth, {})
        self.visits[element] += 1
        return self._say(desk, said)

    def _item(self, desk: Desk, node: str) -> bool:
        how = _nth(self.plan.nodes, node, self.visits[f"Task_Coordinate_{node}"], "refuse")
        if how in ("withdrawn", "left_out"):
            say = {"code": STOPPED, "stopped_as": how}
            return stop_item(self.city, self.case, self.key, Step("error", say=say, process=slugs_of(self.key)[node]))
        if how == "grant" and self.done[desk.row.element] <= ROUNDS * len(self.node_of):  # else the law forbids it
            self.done[desk.row.element] += 1
            return self._say(desk, self.plan.says.get(desk.row.element, ({},))[0])
        offers = offered(desk.row.form_key)
        said = {
            name: next((one for one in words if one in offers.get(name, ())), None) for name, words in AGAINST.items()
        }
        return complete(self.city, desk, {name: word for name, word in said.items() if word is not None})

    def _say(self, desk: Desk, said: Mapping[str, Any]) -> bool:
        """What is planned, numbers too; the usual where that is refused."""
        form = desk.row.form_key
        answers = self.city.fill(form, {**PEOPLE.usual(form), **said}, key=desk.process)
        return self.city.complete(desk, answers | known_at(self.city, desk, answers)) is None or complete(
            self.city, desk, said
        )


def _nth(planned: Mapping[str, Sequence[Any]], name: str, nth: int, otherwise: Any) -> Any:
    words = planned.get(name) or planned.get("*") or ()
    return words[min(nth, len(words) - 1)] if words else otherwise


def _nodes_by_process(key: str) -> dict[str, str]:
    """The node whose item a process is, or is called by, in chains that are filed too; what several share, or a chain calls itself, is nobody's."""
    slugs, found = set[str](), dict[str, set[str]]()
    for chain in closure(key):
        slugs |= slugs_of(chain).keys()
        for call in process_of(chain).iter(f"{BPMN}callActivity") if slugs_of(chain) else ():
            for process in closure(call.get("calledElement")):
                found.setdefault(process, set()).add(call.get("id").removeprefix("Call_"))
    return {process: node for process, nodes in found.items() if len(nodes) == 1 for node in nodes if node in slugs}
