"""A run: one instance in memory for one transaction. Commands put things in motion, `settle` lets them come to rest."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from SpiffWorkflow.util.task import TaskState as S

from service.engine import feel
from service.engine.facts import Offer, Outcome, ScopeView, VariableChange, Wait, WaitKind
from service.engine.kernel import codec, values
from service.engine.kernel.correlation import fits
from service.engine.kernel.elements import AdHocSubProcess, MultiInstance
from service.engine.kernel.elements.filing import file_answers, set_by_caller
from service.engine.kernel.faults import EngineFault
from service.engine.kernel.instance import MOST_TOKENS, ProcessInstance
from service.engine.kernel.moving import arrival_of, perform, planned, reopened, retract, straight_path
from service.engine.kernel.moving_views import earlier, everywhere, place_of, spot_of, told_of, waiting_at_joins
from service.engine.kernel.token import Token, outside, public_id
from service.engine.kernel.waits import wait_of
from service.engine.moves import Spot, Target
from service.engine.program import Program
from service.engine.timekeeping import Timekeeper
from service.rules.refusals import Conflict, Invalid

Values = Mapping[str, Any]
Types = Mapping[str, str]

EXPRESSIONS = (
    0.7  # seconds of the processor for those of one settling; see feel.allowance: what is slow counts many times
)
SECONDS = 0.5  # of the processor for one settling; no shipped file takes a third of it
SURE_STEPS = (
    200  # so many are made whatever time they take: expressions have their own allowance, instances are counted
)


class Run:
    """Made by `start` or `load`; not for several threads."""

    def __init__(self, program: Program, instance: ProcessInstance, case_id: UUID) -> None:
        """Use `start` or `load`."""
        self.program = program
        self.case_id = case_id
        self._instance = instance
        self._told: dict[str, WaitKind] = {}

    @classmethod
    def start(
        cls,
        program: Program,
        *,
        case_id: UUID,
        now: datetime,
        calendar: Any,
        variables: Values,
        types: Types | None = None,
        business_key: str | None = None,
        start: str | None = None,
        initiator: str | None = None,
        keeper: Timekeeper | None = None,
    ) -> Run:
        """A new instance, on the start event `start` or the none start event.

        `keeper` answers what timers ask of clocks; without it limits count from the entry of their activity.
        `initiator` becomes the variable that the start event's camunda:initiator names. Raises EngineFault for an unknown
        start event, Invalid for a value that cannot be kept.
        """
        instance = ProcessInstance(program.models, program.key, now=now, calendar=calendar, keeper=keeper)
        instance.open()
        instance.business_key = business_key
        run = cls(program, instance, case_id)
        event = instance.spec.task_specs.get(start.partition("#")[0]) if start else None
        if start and event not in instance.spec.starts and getattr(event, "name", None) not in instance.spec.entries:
            raise EngineFault(f"process {program.key} has no start event {start}")
        event = event or next((one for one in instance.spec.starts if one.kind is None), None)
        run._accept(variables)
        instance.assign(variables, types)
        if event is not None and initiator is not None and event.details.camunda.get("initiator"):
            instance.assign({event.details.camunda["initiator"]: initiator})
        instance.begin(event)
        return run

    @classmethod
    def reopen(
        cls,
        program: Program,
        *,
        case_id: UUID,
        now: datetime,
        calendar: Any,
        variables: Values,
        types: Types | None,
        business_key: str | None,
        spot: Spot,
        person: str | None = None,
        keeper: Timekeeper | None = None,
    ) -> Run:
        """An instance that had ended goes on at one place of its own process, with the variables it had.

        Raises EngineFault, Conflict MOVE_TARGET_UNKNOWN, MOVE_INTO_PARALLEL, MOVE_INTO_INSTANCE, MOVE_TARGET_UNFIT.
        """
        instance = ProcessInstance(program.models, program.key, now=now, calendar=calendar, keeper=keeper)
        instance.open()
        instance.business_key = business_key
        run = cls(program, instance, case_id)
        run._accept(variables)
        instance.assign(variables, types)
        scope, path = place_of(instance, spot)
        reopened(scope, path, {} if person is None else {"who": person})
        return run

    @classmethod
    def load(
        cls,
        program: Program,
        blob: bytes,
        *,
        case_id: UUID,
        now: datetime,
        calendar: Any,
        keeper: Timekeeper | None = None,
    ) -> Run:
        """A stored instance. Raises EngineFault when the state does not fit the program."""
        instance = codec.load(blob, program.models, program.key, now=now, calendar=calendar, keeper=keeper)
        run = cls(program, instance, case_id)
        run._told = run._waiting()
        return run

    def known_as(self, told: Mapping[str, WaitKind]) -> None:
        """The outside knows these wait points, by token; the next `settle` tells what differs from them."""
        self._told = dict(told)

    def watch(self, process: str, crossed: set[str]) -> None:
        """From now on note the ids of the sequence flows of this process that tokens take."""
        self._instance.crossed = (process, crossed)

    # -- looking

    def waits(self) -> dict[UUID, Wait]:
        """All live wait points, in the order they came up within their scopes."""
        return {public_id(id): wait_of(self._instance.index[id], kind) for id, kind in self._waiting().items()}

    def kinds(self) -> dict[UUID, WaitKind]:
        """What every live wait point waits for, as last settled; much cheaper than `waits`."""
        return {public_id(id): kind for id, kind in self._told.items()}

    def standing(self) -> dict[UUID, tuple[str, str]]:
        """Where every live token stands: process and element."""
        return {
            public_id(id): (token.task_spec.process, token.task_spec.name) for id, token in self._instance.index.items()
        }

    def variables(self, scope: UUID | None = None) -> dict[str, Any]:
        """Variables of the case, of a called process, or what the token with this id sees."""
        if scope is None:
            return dict(self._instance.data)
        found = self._instance.subprocesses.get(str(scope))
        if found is not None and found.called:
            return dict(found.data)
        token = self._token(scope)
        return {**token.workflow.visible(), **token.task_spec.locals_of(token)}

    def variable_types(self, scope: UUID | None = None) -> dict[str, str]:
        """Declared Camunda types of the variables that have one."""
        found = self._instance if scope is None else self._instance.subprocesses.get(str(scope))
        return dict(found.owner.types) if found is not None else dict(self._token(scope).workflow.owner.types)

    def scopes(self) -> tuple[ScopeView, ...]:
        """The open scopes, parents first; the first one is the case itself."""
        views = []
        for scope in self._instance.scopes():
            host = scope.host
            element = host.task_spec if host is not None else None
            views.append(
                ScopeView(
                    host=outside(scope.parent_task_id),
                    element=element.name if element else None,
                    name=element.label if element else scope.spec.description,
                    process=scope.spec.key,
                    activity_type=element.activity_type if element else "process",
                    parent=outside(host.workflow.parent_task_id) if host is not None else None,
                    variable_scope=outside(scope.owner.parent_task_id),
                    business_key=scope.owner.business_key,
                )
            )
        return tuple(views)

    def offers(self) -> tuple[Offer, ...]:
        """The open ad-hoc sub-processes and what may be begun in them now."""
        found = []
        for token in (one for scope in self._instance.scopes() for one in scope.tasks.values()):
            element = token.task_spec
            if isinstance(element, AdHocSubProcess) and element.open(token):
                activities = element.offers(token)
                found.append(
                    Offer(host=public_id(token.id), element=element.name, name=element.label, activities=activities)
                )
        return tuple(found)

    def targets(self, token: UUID, passed: Collection[tuple[UUID | None, str]]) -> tuple[Target, ...]:
        """Where a waiting token may be returned to: user tasks passed before, its own scope first, refused ones with why.

        `passed`: (called process, element) of the user tasks the case has completed. Raises EngineFault.
        """
        return tuple(earlier(self._instance, self._waiting(), self._token(token), passed))

    def places(self, token: UUID) -> tuple[Target, ...]:
        """Every activity a waiting token may be moved to. Raises EngineFault."""
        return tuple(everywhere(self._instance, self._waiting(), self._token(token)))

    def arrived(self, scope: UUID | None, element: str) -> Target | None:
        """An element of the called process `scope` whose branch waits at a join for others, as a place to begin at again."""
        return next(waiting_at_joins(self._instance, self._waiting(), scope, element), None)

    def spot(self, token: UUID, element: str, *, after: bool = False) -> Spot:
        """Where an element stands, seen from a live token; `after`: what follows it. Raises EngineFault, Conflict."""
        return spot_of(self._token(token), element, after=after)

    def effect(self, tokens: Sequence[UUID], spot: Spot) -> Target:
        """What moving these tokens there would do, or why it is refused. Raises EngineFault, Conflict for an unknown spot."""
        scope, path = place_of(self._instance, spot)
        return told_of(self._instance, self._waiting(), scope, path, [self._token(one) for one in tokens])

    # -- commands

    def move(self, tokens: Sequence[UUID], spot: Spot, *, person: str | None = None, back: str | None = None) -> Target:
        """Cancel these tokens and begin at the spot; what that did. History stays, timers of what begins are armed anew.

        `person`: who did the target before, told with its wait point (`Wait.returned_to`). `back`: who returned it; when
        the target is done, the token goes straight back there and to them. Raises EngineFault; Conflict as the effect
        says, MOVE_NOT_STRAIGHT.
        """
        sources = [self._token(one) for one in tokens]
        scope, path = place_of(self._instance, spot)
        plan = planned(scope, path, sources)
        told = told_of(self._instance, self._waiting(), scope, path, sources)
        marks: dict[str, Any] = {} if person is None else {"who": person}
        if back is not None:
            way = straight_path(path, scope, sources[0]) if len(sources) == 1 else None
            if way is None:
                raise Conflict("MOVE_NOT_STRAIGHT", "从“{target}”不能直接回到退回的环节，只能重走", target=told.name)
            marks["back"] = [[one.name for one in way], {"who": back}]
        perform(plan, marks)
        return told

    def retract(self, spot: Spot, *, person: str | None = None) -> None:
        """Forget the arrival of a branch at its join and begin at the spot again. Raises Conflict MOVE_ELSEWHERE."""
        scope, path = place_of(self._instance, spot)
        arrival = arrival_of(scope, path)
        if arrival is None:
            raise Conflict("MOVE_ELSEWHERE", "要退到的流程已经结束，不能再进入")
        retract(scope, path, arrival, {} if person is None else {"who": person})

    def activate(self, host: UUID, activity: str) -> None:
        """Begin an activity of an open ad-hoc sub-process. Raises EngineFault, Conflict ACTIVITY_NOT_OFFERED."""
        token, element = self._ad_hoc(host)
        if activity not in element.offers(token):
            raise Conflict(
                "ACTIVITY_NOT_OFFERED",
                "“{name}”中现在不能开始“{activity}”:没有这个环节,或者上一个环节还没有办完",
                name=element.label or element.name,
                activity=activity,
            )
        element.begin(token, activity)

    def finish(self, host: UUID) -> None:
        """Nothing more will be begun in an open ad-hoc sub-process; it ends with what still runs. Raises EngineFault."""
        token, element = self._ad_hoc(host)
        element.close(token)

    def add_instance(self, token: UUID, item: Any = None) -> None:
        """加签: one more instance of the running multi-instance loop that `token` (one of its instances, or anything inside
        one, or the loop itself) belongs to; `item` is its element of the collection.

        Raises EngineFault when there is no such loop, Conflict INSTANCES_MANY.
        """
        self._accept({"item": item})
        loop, _ = self._multi_instance(token)
        loop.task_spec.add(loop, item)

    def remove_instance(self, token: UUID) -> None:
        """减签: the instance `token` is or stands in leaves without having been done; its loop looks again at what is left.

        Raises EngineFault when it is in none, Conflict INSTANCE_LAST.
        """
        loop, instance = self._multi_instance(token)
        if instance is None or instance.task_spec is not loop.task_spec.body:
            raise EngineFault(f"token {token} is no instance of {loop.task_spec.name}")
        loop.task_spec.remove(loop, instance)

    def items(self, token: UUID) -> tuple[Any, ...] | None:
        """The elements of the collection that the live instances of a loop work on, in their order; None: there is no loop."""
        try:
            loop, _ = self._multi_instance(token)
        except EngineFault:
            return None
        name = loop.task_spec.plan.item
        live = [child for child in loop.children if child.task_spec is loop.task_spec.body]
        return tuple(child.data.get(name) for child in sorted(live, key=lambda one: one.data["loopCounter"]))

    def complete_task(
        self,
        token: UUID,
        variables: Values | None = None,
        *,
        types: Types | None = None,
        answers: Values | None = None,
        local: Values | None = None,
    ) -> None:
        """A user task is done. `answers` are filed as variable <element id>, `variables` are process variables."""
        found = self._waits_for(token, WaitKind.USER_TASK)
        self._accept(variables, answers, local)
        found.data.update(local or {})
        if answers is not None:
            file_answers(found, dict(answers))
        set_by_caller(found, variables, types)
        found.task_spec.finish(found)

    def complete_external(
        self, token: UUID, variables: Values | None = None, *, types: Types | None = None, local: Values | None = None
    ) -> None:
        """An external task or an action is done."""
        found = self._waits_for(token, WaitKind.EXTERNAL_TASK, WaitKind.ACTION)
        self._accept(variables, local)
        found.data.update(local or {})
        set_by_caller(found, variables, types)
        found.task_spec.finish(found)

    def throw_error(self, token: UUID, code: str, message: str | None = None, variables: Values | None = None) -> bool:
        """A task reports a BPMN error. False: nobody catches it, the token is now an incident."""
        found = self._waits_for(token, WaitKind.USER_TASK, WaitKind.EXTERNAL_TASK, WaitKind.ACTION)
        self._accept(variables)
        caught = found.workflow.propagate(found, "error", code)
        if caught is None:
            set_by_caller(found, variables, None)
            told = f"({message})" if message else ""
            self._instance.fail(found, f"错误“{code}”{told}应有边界事件捕获,但外围没有环节捕获它")
            return False
        caught.task_spec.catch(caught, code=code, message=message, variables=variables)
        return True

    def catches(self, token: UUID, code: str) -> bool:
        """Whether the diagram catches this BPMN error around a task that waits; nothing moves."""
        found = self._waits_for(token, WaitKind.USER_TASK, WaitKind.EXTERNAL_TASK, WaitKind.ACTION)
        return found.workflow.propagate(found, "error", code) is not None

    def throw_escalation(self, token: UUID, code: str, variables: Values | None = None) -> bool:
        """A task reports an escalation and goes on waiting, unless an interrupting boundary event catches it.

        False: nobody catches it; it is reported as thrown.
        """
        found = self._waits_for(token, WaitKind.USER_TASK, WaitKind.EXTERNAL_TASK, WaitKind.ACTION)
        self._accept(variables)
        caught = found.workflow.propagate(found, "escalation", code)
        if caught is None:
            set_by_caller(found, variables, None)
            self._instance.throw("escalation", code, found)
            return False
        caught.task_spec.catch(caught, code=code, variables=variables)
        return True

    def escalate(self, scope: UUID | None, code: str, variables: Values | None = None) -> bool:
        """Something is wrong with a process as a whole, the case itself or a called one: its event sub-process catches it.

        False: its diagram draws none, and nothing happens.
        """
        found = self._instance if scope is None else self._instance.subprocesses.get(str(scope))
        self._accept(variables)
        caught = None if found is None else found.guarded("escalation", code)
        if caught is None:
            return False
        caught.task_spec.catch(caught, code=code, variables=variables)
        return True

    def deliver(self, token: UUID, variables: Values | None = None, *, types: Types | None = None) -> None:
        """The message or signal a token waits for has come."""
        found = self._waits_for(token, WaitKind.MESSAGE, WaitKind.SIGNAL)
        self._accept(variables)
        set_by_caller(found, variables, types)
        found.task_spec.trigger(found)

    def fits(
        self, token: UUID, payload: Values, given: Values | None = None, *, addressed: bool = False
    ) -> tuple[bool, frozenset[str]]:
        """Whether a message with this payload is meant for the token, by its correlation properties, and their names.

        `given`: values the sender names itself; `addressed`: the message names the case.
        """
        found = self._token(token)
        keys, wanted = getattr(found.task_spec, "keys", ()), found.internal_data.get("keys", {})
        meant = fits(keys, wanted, payload, given or {}, now=self._instance.now, addressed=addressed)
        return meant, frozenset(key.name for key in keys)

    def fire(self, token: UUID) -> None:
        """A timer is due; whether it really is, the caller has asked under the lock."""
        found = self._waits_for(token, WaitKind.TIMER)
        found.task_spec.trigger(found)

    def retry(self, token: UUID) -> None:
        """Run an incident's token again."""
        self._instance.retry(self._waits_for(token, WaitKind.INCIDENT))

    def knows_scope(self, scope: UUID) -> bool:
        """Whether variables can be written there: a called process or a live token."""
        found = self._instance.subprocesses.get(str(scope))
        return (found is not None and found.called) or str(scope) in self._instance.index

    def set_variables(
        self, values: Values, *, types: Types | None = None, remove: Iterable[str] = (), scope: UUID | None = None
    ) -> None:
        """Write variables of the case, of a called process, or locals of the token with this id."""
        self._accept(values)
        found = self._instance if scope is None else self._instance.subprocesses.get(str(scope))
        if found is not None and found.called:
            found.assign(values, types)
            found.remove(remove)
            return
        token = self._token(scope)
        token.data.update(values)
        for name in remove:
            token.data.pop(name, None)
            self._instance.dirty.add(name)
        self._instance.dirty.update(values)
        token.touch()

    def rearm(self, token: UUID, due: datetime) -> None:
        """Another due instant for a timer, said by hand: clocks that move leave it alone from now on."""
        found = self._waits_for(token, WaitKind.TIMER)
        found.internal_data.update(due=due.isoformat(), set=1)
        found.touch()

    def recount(self) -> bool:
        """Clocks or the calendar have moved: every waiting timer that depends on them is asked for anew.

        True when any is due at another instant; the next `settle` tells which. One that cannot be answered becomes its
        incident.
        """
        before = set(self._instance.touched)
        for id, kind in self._waiting().items():
            if kind is WaitKind.TIMER:
                token = self._instance.index[id]
                self._instance.guard(token, lambda token=token: token.task_spec.recount(token))  # type: ignore[misc]
        return self._instance.touched.keys() != before

    def cancel(self) -> None:
        """Delete the instance."""
        self._instance.cancel()

    def settle(
        self, budget: int = 100_000, passing: Callable[[Wait], Mapping[str, Any] | None] | None = None
    ) -> Outcome:
        """Run everything automatic until nothing moves; say what has happened since the last settling.

        After `budget` elements, `SECONDS` or `MOST_TOKENS` everything that still wants to run becomes an incident; nothing is lost. `passing` is asked
        once of every user task that opens: answers complete it on the spot, as if it had never waited; None: it waits.
        """
        instance = self._instance
        with feel.allowance(EXPRESSIONS):
            steps = self._run(budget, passing)
        if instance.queue:
            instance.halt(
                f"自动环节应在{budget}步、{SECONDS}秒和{MOST_TOKENS}个令牌以内停下,但没有停下:流程里可能有不经过任务的循环"
            )
        instance.find_stuck()
        now = self._waiting()
        opened, changed = [], []
        for id, kind in now.items():
            before = self._told.get(id)
            if before is not kind:
                opened.append(wait_of(instance.index[id], kind))
            elif id in instance.touched:
                changed.append(wait_of(instance.index[id], kind))
        closed = tuple(public_id(id) for id, kind in self._told.items() if now.get(id) is not kind)
        ended = "cancelled" if instance.cancelled else "completed" if instance.completed else None
        outcome = Outcome(
            state=None if ended else codec.dump(instance),
            ended=ended,
            end_elements=tuple(instance.end_elements),
            opened=tuple(opened),
            closed=closed,
            changed=tuple(changed),
            passages=tuple(instance.passages),
            thrown=tuple(instance.thrown),
            variables=tuple(self._variable_changes()),
            steps=steps,
            countersigned=tuple(instance.countersigned),
        )
        self._told = now
        instance.forget()
        instance.measure()
        return outcome

    # -- inside

    def _run(self, budget: int, passing: Callable[[Wait], Mapping[str, Any] | None] | None) -> int:
        """Step until nothing moves or the budget of steps, time and tokens is spent; how many steps it took."""
        steps, asked, began = 0, set[str](), time.thread_time()
        while True:
            while steps < budget and self._instance.step():
                steps += 1
                if len(self._instance.index) > self._instance.room or (
                    steps > SURE_STEPS and time.thread_time() - began > SECONDS
                ):
                    break
            if passing is None or self._instance.queue or not self._passed(passing, asked):
                return steps
            steps += 1

    def _ad_hoc(self, host: UUID) -> tuple[Token, AdHocSubProcess]:
        token = self._token(host)
        element = token.task_spec
        if not isinstance(element, AdHocSubProcess) or not element.open(token):
            raise EngineFault(f"token {host} on {element.name} is no open ad-hoc sub-process")
        return token, element

    def _multi_instance(self, id: UUID) -> tuple[Token, Token | None]:
        """The nearest multi-instance loop around a token, and the instance of it the token is or stands in."""
        current: Token | None = self._token(id)
        instance: Token | None = None
        while current is not None:
            if isinstance(current.task_spec, MultiInstance) and "loop" in current.internal_data:
                return current, instance
            parent = current.parent
            if parent is not None and parent is not current.workflow.task_tree:
                instance, current = current, parent
            else:
                instance, current = None, current.workflow.host
        raise EngineFault(f"token {id} belongs to no running multi-instance loop")

    def _passed(self, passing: Callable[[Wait], Mapping[str, Any] | None], asked: set[str]) -> bool:
        """Complete the first new user task that need not wait; whether there was one."""
        for id, kind in self._waiting().items():
            if kind is not WaitKind.USER_TASK or id in asked or self._told.get(id) is kind:
                continue
            asked.add(id)
            wait = wait_of(self._instance.index[id], kind)
            answers = passing(wait)
            if answers is not None:
                self.complete_task(wait.id, answers=answers or None)
                return True
        return False

    def _waiting(self) -> dict[str, WaitKind]:
        found = {}
        for scope in self._instance.scopes():
            for token in scope.tasks.values():
                if token._state != S.READY and (kind := token.task_spec.wait_kind(token)) is not None:
                    found[token.id] = kind
        return found

    def _variable_changes(self) -> list[VariableChange]:
        instance = self._instance
        changes = list(instance.last_words)
        for id, name in instance.changed:
            scope = instance if id is None else instance.subprocesses[id]
            changes += scope.told(name)
        return changes

    def _token(self, id: UUID | None) -> Token:
        token = self._instance.index.get(str(id)) if id is not None else None
        if token is None:
            raise EngineFault(f"no live token {id}")
        return token

    def _waits_for(self, id: UUID, *kinds: WaitKind) -> Token:
        token = self._token(id)
        kind = None if token._state == S.READY else token.task_spec.wait_kind(token)
        if kind not in kinds:
            raise EngineFault(
                f"expected token {id} on {token.task_spec.name} to wait as {'/'.join(kinds)}, but it is {kind}"
            )
        return token

    def _accept(self, *given: Values | None) -> None:
        for each in given:
            if not each or values.storable(each):
                continue
            for name, value in each.items():
                if not values.storable({name: value}):
                    raise Invalid(
                        "VARIABLE_UNREADABLE",
                        "变量“{name}”的值应为文字、64位整数、小数、真假、日期时间、列表或对象",
                        name=name,
                    )
