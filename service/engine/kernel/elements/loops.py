"""Loops: multi-instance activities and the standard loop. The loop's token is the parent of its instances' tokens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service.engine.facts import Countersigned
from service.engine.kernel.details import Details
from service.engine.kernel.elements.activity import Activity
from service.engine.kernel.elements.events import throw
from service.engine.kernel.faults import StepFailure
from service.engine.kernel.formulas import Formula, View, shown
from service.engine.kernel.scope import view_of, write
from service.engine.kernel.token import Token
from service.engine.kernel.triggers import Trigger
from service.rules.countersign import Policy, Result, Vote, conclude
from service.rules.refusals import Conflict

LOOP_LIMIT = 3_000  # instances of one activity
COUNTERS = ("nrOfInstances", "nrOfCompletedInstances", "nrOfActiveInstances")
STANDARD = ("numberOfInstances", "numberOfCompletedInstances", "numberOfActiveInstances")  # the same in BPMN's words
CONCLUSION, AGREEING = "conclusion", frozenset({"agree", "conditional"})  # field of an opinion, and what agrees
RESULT = "_result"  # behind the element's id: the variable a countersigned loop leaves


@dataclass(frozen=True, kw_only=True)
class LoopPlan:
    """What the diagram says about a multi-instance loop."""

    sequential: bool
    cardinality: Formula | None = None
    collection: Formula | None = None
    item: str | None = None
    output: str | None = None  # list that collects …
    output_item: str | None = None  # … this variable of every instance
    condition: Formula | None = None
    policy: Policy | None = None  # 会签: opinions decide when it is over (zw:quorum)
    behavior: str = "All"  # which completed instances throw an event (BPMN 2.0.2, 13.3.7)
    one: Trigger | None = None
    none: Trigger | None = None
    complex: tuple[tuple[Formula, Trigger | None], ...] = ()


class Loop(Activity):
    """Shared by both kinds. `loop` in the token's internal data holds the counters."""

    def __init__(self, wf_spec: Any, bpmn_id: str, details: Details, *, body: Activity) -> None:
        super().__init__(wf_spec, bpmn_id, details)
        self.body = body
        self.label = body.label

    def act(self, token: Token) -> bool:
        """Begin, or look again after an instance has completed."""
        state = token.internal_data.get("loop")
        return self.start(token) if state is None else self.look_again(token, state)

    def start(self, token: Token) -> bool:
        """Begin. True: there is nothing to do."""
        raise NotImplementedError

    def look_again(self, token: Token, state: dict[str, Any]) -> bool:
        """After an instance: True when the loop is over."""
        raise NotImplementedError

    def launch(self, token: Token, data: dict[str, Any]) -> None:
        """One more instance."""
        state = token.internal_data["loop"]
        data["loopCounter"] = state["started"]
        state["started"] += 1
        token.workflow.spawn(self.body, parent=token, data=data)

    def instance_completed(self, token: Token, instance: Token) -> None:
        """An instance has completed; the loop itself decides in its own step, so that a failing condition is its incident."""
        token.internal_data["loop"]["done"] += 1
        token.internal_data.pop("err", None)
        token.workflow.top_workflow.schedule(token)


class MultiInstance(Loop):
    """One instance per item or number, at once or one after the other."""

    activity_type = "multiInstanceBody"

    def __init__(self, wf_spec: Any, bpmn_id: str, details: Details, *, body: Activity, plan: LoopPlan) -> None:
        super().__init__(wf_spec, bpmn_id, details, body=body)
        self.plan = plan

    def start(self, token: Token) -> bool:
        """Evaluate how many. None at all passes."""
        items = self.items(view_of(token))
        count = len(items) if isinstance(items, list) else items
        if count == 0:
            if self.plan.policy is not None:
                self.tell(token, {"n": 0}, conclude(self.plan.policy, 0, ()))
            self.collect(token, {})
            return True
        if not self.plan.sequential:
            token.workflow.top_workflow.require_room(count, self.label or self.body.name)
        state: dict[str, Any] = {"n": count, "started": 0, "done": 0}
        token.internal_data["loop"] = state
        if self.plan.sequential and isinstance(items, list):
            state["items"] = items
        for index in range(1 if self.plan.sequential else count):
            self.launch(token, self.item_of(items, index))
        return False

    def items(self, view: View) -> list[Any] | int:
        """The collection, or the number of instances."""
        if self.plan.collection is not None:
            found = self.plan.collection.value(view)
            if not isinstance(found, list):
                raise StepFailure(f"多实例“{self.label or self.body.name}”的集合应为列表,但得到的是{shown(found)}")
            count = len(found)
        else:
            assert self.plan.cardinality is not None
            found = self.plan.cardinality.value(view)
            whole = (
                isinstance(found, (int, float)) and not isinstance(found, bool) and found == int(found) and found >= 0
            )
            if not whole:
                raise StepFailure(f"多实例“{self.label or self.body.name}”的次数应为非负整数,但得到的是{shown(found)}")
            found = count = int(found)
        if count > LOOP_LIMIT:
            raise StepFailure(f"多实例“{self.label or self.body.name}”应不超过{LOOP_LIMIT}个,但得到的是{count}个")
        return found  # type: ignore[no-any-return]

    def item_of(self, items: list[Any] | int | None, index: int) -> dict[str, Any]:
        """Locals of one instance."""
        return {self.plan.item: items[index]} if self.plan.item and isinstance(items, list) else {}

    def instance_completed(self, token: Token, instance: Token) -> None:
        """Keep what the instance gives and whether it agrees, then as every loop."""
        if self.plan.policy is not None:
            token.internal_data["loop"].setdefault("votes", []).append(self.vote_of(instance))
        if self.plan.output and self.plan.output_item:
            given = view_of(instance).values.get(self.plan.output_item)
            token.internal_data["loop"].setdefault("given", {})[str(instance.data["loopCounter"])] = given
        super().instance_completed(token, instance)

    def locals_of(self, token: Token) -> Mapping[str, Any]:
        """The counters of Camunda's completion conditions."""
        state = token.internal_data.get("loop")
        data = super().locals_of(token)
        if state is None:
            return data
        gone = state.get("gone", 0)
        counts = (state["n"] - gone, state["done"], state["started"] - state["done"] - gone)
        return {**data, **dict(zip(COUNTERS, counts, strict=True)), **dict(zip(STANDARD, counts, strict=True))}

    def look_again(self, token: Token, state: dict[str, Any]) -> bool:
        """Over when all are done or the completion condition holds; the rest is cancelled."""
        condition = self.plan.condition
        if self.plan.behavior != "All":
            self.throw_events(token, state)
            if not token.live:
                return False
        settled = state["done"] + state.get("gone", 0)
        over = settled >= state["n"] or (condition is not None and condition.truth(view_of(token)))
        result = self.result(state)
        if not over and result in (None, Result.OPEN):
            if self.plan.sequential and state["started"] == settled:
                self.launch(token, self.item_of(state.get("items"), state["started"]))
            return False
        if result is not None:
            self.tell(token, state, Result.FAILED if result is Result.OPEN else result)
        for child in token.children:
            if child.task_spec is self.body:
                child.cancel()
        self.collect(token, state.get("given", {}))
        return True

    def vote_of(self, instance: Token) -> Vote:
        """Whether an instance agrees: the field `conclusion` of what was answered in it last, else the variable it sees."""
        answered = [one for one in instance.data.values() if isinstance(one, dict) and CONCLUSION in one]
        seen = answered[-1] if answered else view_of(instance).values
        return Vote.AGREE if seen.get(CONCLUSION) in AGREEING else Vote.OBJECT

    def result(self, state: dict[str, Any]) -> Result | None:
        """What the opinions given so far have come to; None without a policy."""
        if self.plan.policy is None:
            return None
        asked = state["n"] - state.get("gone", 0)
        return conclude(self.plan.policy, asked, [Vote(vote) for vote in state.get("votes", ())])

    def tell(self, token: Token, state: dict[str, Any], result: Result) -> None:
        """Leave the result as a variable and note how the countersigning ended."""
        write(token, {f"{self.body.name}{RESULT}": result.value}, beyond=True)
        votes = state.get("votes", [])
        token.workflow.top_workflow.countersigned.append(
            Countersigned(
                element=self.body.name,
                policy=str(self.plan.policy),
                result=result.value,
                asked=state["n"] - state.get("gone", 0),
                agreed=votes.count(Vote.AGREE),
                objected=votes.count(Vote.OBJECT),
            )
        )

    def add(self, token: Token, item: Any) -> None:
        """加签: one more instance, at once or, one after the other, as the last. Raises Conflict INSTANCES_MANY."""
        state = token.internal_data["loop"]
        if state["n"] >= LOOP_LIMIT:
            raise Conflict("INSTANCES_MANY", "多实例最多{most}个，不能再增加", most=LOOP_LIMIT)
        if self.plan.sequential and self.plan.collection is not None:
            state.setdefault("items", []).append(item)
        state["n"] += 1
        if not self.plan.sequential:
            self.launch(token, {self.plan.item: item} if self.plan.item and item is not None else {})
        token.touch()

    def remove(self, token: Token, instance: Token) -> None:
        """减签: an instance that has not completed leaves; what the others have said is looked at again.

        Raises Conflict INSTANCE_LAST: the last who is asked is not taken off, the loop would end unheard.
        """
        state = token.internal_data["loop"]
        if state["n"] - state.get("gone", 0) <= 1:
            raise Conflict("INSTANCE_LAST", "“{name}”至少要有一个人办理，不能减去最后一个", name=self.body.label)
        state["gone"] = state.get("gone", 0) + 1
        instance.cancel()
        token.internal_data.pop("err", None)
        token.workflow.top_workflow.schedule(token)

    def throw_events(self, token: Token, state: dict[str, Any]) -> None:
        """For every instance completed since the last look: none throws each time, one the first time, complex as said."""
        while state.get("told", 0) < state["done"] and token.live:
            state["told"] = state.get("told", 0) + 1
            plan, thrown = self.plan, None
            if plan.behavior == "None":
                thrown = plan.none
            elif plan.behavior == "One" and state["told"] == 1:
                thrown = plan.one
            elif plan.behavior == "Complex":
                view = view_of(token)
                counts = {"nrOfCompletedInstances": state["told"], "numberOfCompletedInstances": state["told"]}
                chosen = [event for when, event in plan.complex if event and when.truth(view.plus(counts))]
                for event in chosen:
                    if token.live:
                        throw(token, event)
            if thrown is not None:
                throw(token, thrown)

    def collect(self, token: Token, given: dict[str, Any]) -> None:
        """The list of what the completed instances gave, in their order."""
        if self.plan.output:
            write(token, {self.plan.output: [given[key] for key in sorted(given, key=int)]}, beyond=True)


class StandardLoop(Loop):
    """Again and again while the condition holds, at most so many times."""

    activity_type = "loopBody"

    def __init__(
        self,
        wf_spec: Any,
        bpmn_id: str,
        details: Details,
        *,
        body: Activity,
        condition: Formula | None,
        maximum: int | None,
        test_before: bool,
    ) -> None:
        super().__init__(wf_spec, bpmn_id, details, body=body)
        self.condition, self.maximum, self.test_before = condition, maximum, test_before

    def start(self, token: Token) -> bool:
        """The first round, unless the test before it says no."""
        if self.maximum == 0 or self.test_before and not self.again(token):
            return True
        token.internal_data["loop"] = {"n": self.maximum, "started": 0, "done": 0}
        self.launch(token, {})
        return False

    def look_again(self, token: Token, state: dict[str, Any]) -> bool:
        """Another round?"""
        if state["started"] > state["done"]:
            return False
        if self.maximum is not None and state["done"] >= self.maximum or not self.again(token):
            return True
        self.launch(token, {})
        return False

    def again(self, token: Token) -> bool:
        """Does the loop condition hold? Without one only the maximum counts."""
        return self.condition is None or self.condition.truth(view_of(token))

    def locals_of(self, token: Token) -> Mapping[str, Any]:
        """The condition sees how many rounds are done."""
        state = token.internal_data.get("loop")
        return {**super().locals_of(token), "loopCounter": state["done"] if state else 0}
