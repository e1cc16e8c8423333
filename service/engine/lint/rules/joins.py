"""LB32x, BV-10: parallel joins that can wait for ever, and branches whose tokens meet without one.

Every scope is played on its flows alone, conditions taken as free choices: which tokens can be where. A flow has one
target, so tokens never compete and any order of firing shows the same; only choices multiply. An inclusive join goes on
when nothing else in the scope can. Scopes with complex gateways, links or too many choices are not judged: no alarm is
better than a false one. Scopes with inclusive gateways are judged in procedures of a centre only, where what is found
is an error (BV-10).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from service.engine.lint.catalog import error, warning
from service.engine.lint.diagram import Diagram, Flow, Node, Scope, text_of
from service.engine.lint.report import Pen
from service.engine.lint.rules.procedures import KINDS, reachable

DEADLOCK = warning(
    "LB320",
    "并行汇聚 {node} 可能永远等不到 {missing}：前面的分支是择一的，令牌只到其中一条",
    "the parallel join {node} can wait for ever for {missing}: the branches before it are alternatives",
    "前面是择一分支时用排他网关汇聚，或把分支改为并行",
)
TWICE = warning(
    "LB321",
    "{node} 及其后面的环节可能执行多次：并行分支没有用并行网关汇聚",
    "{node} and what follows can run several times: parallel branches meet without a parallel join",
    "在并行分支会合处放并行网关；确要每个分支各执行一次的可以不改",
)
MATCH = error(
    "BV-10",
    "分支与汇聚不配对：{problem}",
    "splits and joins do not match: {english}",
    "并行分支用并行网关汇聚，择一的分支用排他网关汇聚，包容汇聚只放在包容分支之后",
)

MOST_MARKINGS = 3_000
MOST_TOKENS = 150_000  # of all markings of a file together
MOST_CHOICES = 64
MOST_GUARDED = 6
SPLITTING = frozenset({"parallelGateway", "inclusiveGateway"})
Marking = tuple[tuple[int, int], ...]


@dataclass
class Patience:
    """How many tokens may still be looked at in one file."""

    tokens: int = MOST_TOKENS

    def take(self, count: int) -> None:
        """Raises TooMuch."""
        self.tokens -= count
        if self.tokens < 0:
            raise TooMuch


class TooMuch(Exception):
    """The scope is not judged."""


def check_joins(diagram: Diagram, pen: Pen) -> None:
    """Every scope of the executable processes."""
    patience = Patience()
    for process in diagram.processes:
        centre = process.kind in KINDS
        for scope in process.scope.everything() if process.executable else ():
            if centre:
                check_inclusive(scope, pen)
            try:
                stuck, doubled = Play(scope, centre, patience).judged()
            except TooMuch:
                continue
            for join, missing in stuck.items():
                say_stuck(join, "、".join(sorted(missing)), centre, pen)
            for node in doubled:
                if node not in stuck:
                    say_twice(node, centre, pen)


def say_stuck(join: Node, missing: str, centre: bool, pen: Pen) -> None:
    """A parallel join after alternatives."""
    if centre:
        problem, english = f"{join.id} 可能永远等不到 {missing}", f"{join.id} can wait for ever for {missing}"
        pen.say(MATCH, join.element, problem=problem, english=english)
    else:
        pen.say(DEADLOCK, join.element, node=join.id, missing=missing)


def say_twice(node: Node, centre: bool, pen: Pen) -> None:
    """Branches that run together and meet without a join."""
    if centre:
        problem, english = f"{node.id} 及其后面的环节可能执行多次", f"{node.id} and what follows can run several times"
        pen.say(MATCH, node.element, problem=problem, english=english)
    else:
        pen.say(TWICE, node.element, node=node.id)


def check_inclusive(scope: Scope, pen: Pen) -> None:
    """An inclusive gateway joins only what one has split."""
    inclusive = [node for node in scope.nodes.values() if node.kind == "inclusiveGateway"]
    for join in inclusive:
        before = [node for node in inclusive if len(node.outgoing) > 1 and node is not join]
        if len(join.incoming) > 1 and not any(join in reachable([node]) for node in before):
            problem, english = f"{join.id} 之前没有包容分支", f"there is no inclusive split before {join.id}"
            pen.say(MATCH, join.element, problem=problem, english=english)


class Play:
    """The tokens of one scope. `inclusive`: whether inclusive gateways are understood, not left alone."""

    def __init__(self, scope: Scope, inclusive: bool, patience: Patience) -> None:
        kinds = {node.kind for node in scope.nodes.values()}
        links = any(node.event in ("link", "compensate") for node in scope.nodes.values())
        ad_hoc = scope.node is not None and scope.node.kind == "adHocSubProcess"
        not_judged = {"complexGateway"} if inclusive else {"complexGateway", "inclusiveGateway"}
        if kinds & not_judged or links or ad_hoc or not kinds & SPLITTING and not splits(scope):
            raise TooMuch
        self.scope, self.patience = scope, patience
        self.flows = [flow for flow in scope.flows if flow.source is not None and flow.target is not None]
        self.number = {flow: n for n, flow in enumerate(self.flows)}

    def judged(self) -> tuple[dict[Node, set[str]], list[Node]]:
        """Joins that can be stuck with the flows they miss, and nodes that tokens reach together."""
        stuck: dict[Node, set[str]] = {}
        doubled: dict[Node, None] = {}
        seen: set[Marking] = set()
        waiting = [self.marking(Counter(out)) for start in self.scope.starts for out in self.outcomes(start)]
        while waiting:
            marking = waiting.pop()
            if marking in seen:
                continue
            seen.add(marking)
            self.patience.take(len(marking))
            if len(seen) > MOST_MARKINGS:
                raise TooMuch
            tokens = Counter(dict(marking))
            heavy = next((n for n, count in marking if count > 1), None)
            if heavy is not None:
                source, target = self.flows[heavy].source, self.flows[heavy].target
                assert source is not None and target is not None
                meeting = source if len(source.incoming) > 1 and not is_join(source) else target
                doubled[meeting] = None
                continue
            fired = self.enabled(tokens)
            if fired is None:
                self.note_stuck(tokens, stuck)
                continue
            node, consumed = fired
            if ends_all(node):
                continue
            for out in self.outcomes(node):
                after = tokens - Counter(consumed)
                after.update(out)
                waiting.append(self.marking(after))
        return stuck, list(doubled)

    def enabled(self, tokens: Counter[int]) -> tuple[Node, list[int]] | None:
        """A node that can go on, with the flows it takes from; inclusive joins only when nothing else can, ends last."""
        last, joining = None, None
        for n in tokens:
            node = self.flows[n].target
            assert node is not None
            if is_join(node):
                incoming = [self.number[flow] for flow in node.incoming if flow in self.number]
                if len(incoming) < len(node.incoming) or not all(tokens[one] for one in incoming):
                    continue
                return node, incoming
            if node.kind == "inclusiveGateway" and len(node.incoming) > 1:
                joining = node, [self.number[flow] for flow in node.incoming if tokens[self.number.get(flow, -1)]]
                continue
            if not ends_all(node):
                return node, [n]
            last = node, [n]
        return joining or last

    def note_stuck(self, tokens: Counter[int], stuck: dict[Node, set[str]]) -> None:
        """Nothing moves: what is left stands before joins."""
        for n in tokens:
            join = self.flows[n].target
            assert join is not None
            missing = {flow.id or flow.source_ref for flow in join.incoming if not tokens[self.number.get(flow, -1)]}
            stuck.setdefault(join, set()).update(missing)

    def outcomes(self, node: Node) -> list[list[int]]:
        """The sets of flows that can get a token when the node is done, or is interrupted."""
        found = [self.numbers(chosen) for chosen in chosen_flows(node)]
        for boundary in node.boundaries:
            if boundary.interrupting and boundary.event not in ("compensate",):
                found += [self.numbers(chosen) for chosen in chosen_flows(boundary)]
        if len(found) > MOST_CHOICES:
            raise TooMuch
        return found

    def numbers(self, flows: tuple[Flow, ...]) -> list[int]:
        return [self.number[flow] for flow in flows if flow in self.number]

    @staticmethod
    def marking(tokens: Counter[int]) -> Marking:
        return tuple(sorted((n, min(count, 2)) for n, count in tokens.items() if count > 0))


def chosen_flows(node: Node) -> Iterator[tuple[Flow, ...]]:
    """What can be taken out of a node."""
    outgoing = node.outgoing
    if node.kind in ("exclusiveGateway", "eventBasedGateway"):
        yield from ((flow,) for flow in outgoing)
        return
    guarded = [flow for flow in outgoing if flow.condition is not None and text_of(flow.condition)]
    if len(guarded) > MOST_GUARDED and node.kind != "parallelGateway":
        raise TooMuch
    default = [flow for flow in outgoing if flow.is_default]
    plain = tuple(flow for flow in outgoing if flow not in guarded and flow not in default)
    if node.kind == "parallelGateway" or not guarded:
        yield tuple(outgoing)
        return
    for size in range(len(guarded) + 1):
        for chosen in combinations(guarded, size):
            if chosen or plain or default:
                yield (*plain, *chosen) if chosen or not default else (*plain, *default)


def splits(scope: Scope) -> bool:
    """Whether something other than a gateway makes several tokens."""
    return any(
        len(node.outgoing) > 1 and node.kind not in ("exclusiveGateway", "eventBasedGateway", *SPLITTING)
        for node in scope.nodes.values()
    )


def is_join(node: Node) -> bool:
    """A parallel gateway that waits for several."""
    return node.kind == "parallelGateway" and len(node.incoming) > 1


def ends_all(node: Node) -> bool:
    """An end that takes the rest of the scope with it."""
    return node.kind == "endEvent" and node.event in ("terminate", "error", "cancel")
