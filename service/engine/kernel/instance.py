"""The instance: the top scope, the run queue, the index of live tokens and what has happened since the last settling."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime
from typing import Any

from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState as S

from service.engine.facts import Countersigned, Passage, Thrown, VariableChange
from service.engine.kernel.faults import StepFailure
from service.engine.kernel.scope import Scope, SubScope
from service.engine.kernel.token import BEGIN, Token, outside, public_id
from service.engine.timekeeping import PlainTime, Timekeeper
from service.rules.refusals import Refusal

NESTING_LIMIT = 50  # scopes inside scopes; deeper is a call that calls itself for ever
CALLS_LIMIT = 500  # called processes open in one case at a time; each has a copy of its variables
MOST_TOKENS = 7_000  # more than there were before a settling; one that has made so many goes no further
MOST_LIVE = 10_000  # at all: what is added a little at a time, by timers that come round, ends here
ALWAYS_ROOM = 200  # a case that is full can still be worked off


class _NoScripts:
    """The library's script engine would evaluate Python; expressions here are FEEL and go another way."""

    def __getattr__(self, name: str) -> Any:
        raise NotImplementedError("expressions are FEEL; the library's script engine is not used")


_NO_SCRIPTS = _NoScripts()


class ProcessInstance(Scope, BpmnWorkflow):  # type: ignore[misc]
    """One case in memory."""

    def __init__(
        self, models: Any, key: str, *, now: datetime, calendar: Any, keeper: Timekeeper | None = None
    ) -> None:
        self.models, self.now, self.calendar = models, now, calendar
        self.keeper: Timekeeper = keeper or PlainTime(calendar)
        self.queue: deque[Token] = deque()
        self.index: dict[str, Token] = {}
        self.patient: dict[str, Token] = {}  # inclusive joins, judged only when the whole instance is quiet
        self.conditional: dict[str, Token] = {}  # tokens that wait for a condition
        self.watched = 0  # number of the last of them
        self.unseen = False  # one of them has not been looked at yet
        self.dirty: set[str] = set()  # variables written since the conditions were looked at
        self.touched: dict[str, None] = {}
        self.changed: dict[tuple[str | None, str], None] = {}
        self.last_words: list[VariableChange] = []  # about variables of called processes that have ended
        self.passages: list[Passage] = []
        self.thrown: list[Thrown] = []
        self.crossed: tuple[str, set[str]] | None = None  # whose flows are noted, and those taken
        self.countersigned: list[Countersigned] = []
        self.end_elements: list[str] = []
        self.cancelled = False
        self.room = MOST_TOKENS  # live tokens there may be until the settling is over
        self.calls = 0  # called processes that are open
        self.stamp = now.isoformat()
        self.prepare()
        super().__init__(models[key], {}, _NO_SCRIPTS, deserializing=True)

    # -- what has happened

    def emit(self, what: str, token: Token) -> None:
        """Note that an element instance was entered or left."""
        element = token.task_spec
        asks = what == "completed" and element.details.asks
        seen = asks or (what == "completed" and element.details.ready)
        self.passages.append(
            Passage(
                id=public_id(token.id),
                what=what,
                element=element.name,
                name=element.label,
                activity_type=element.activity_type,
                process=element.process,
                scope=outside(token.workflow.parent_task_id),
                variable_scope=outside(token.workflow.owner.parent_task_id),
                zw=element.details.zw if asks else {},
                values={**token.workflow.visible(), **element.locals_of(token)} if seen else {},
            )
        )

    def throw(self, kind: str, name: str, token: Token) -> None:
        """Note that a message, a signal or an uncaught escalation leaves the case."""
        self.thrown.append(Thrown(kind=kind, name=name, element=token.task_spec.name, variables=dict(token.data)))

    # -- scopes

    def scopes(self) -> list[Any]:
        """All open scopes, parents before children."""
        return [self, *self.subprocesses.values()]

    def open_scope(self, host: Token, spec: Any, *, called: bool) -> SubScope:
        """A sub-process or called process begins under its host. Raises StepFailure when calls are nested too deeply."""
        if host.workflow.depth >= NESTING_LIMIT:
            raise StepFailure(f"流程嵌套应不超过{NESTING_LIMIT}层,但“{host.task_spec.label}”已在第{NESTING_LIMIT}层")
        if called and self.calls >= CALLS_LIMIT:
            raise StepFailure(f"同时调用的流程应不超过{CALLS_LIMIT}个,但“{host.task_spec.label}”还要再调用一个")
        scope = SubScope(spec, host, self, called=called)
        scope.open()
        self.subprocesses[host.id] = scope
        self.calls += called
        return scope

    def close_scope(self, scope: Any) -> None:
        """A scope has ended, one way or the other: forget it and what was said about its variables."""
        id = scope.parent_task_id
        self.subprocesses.pop(id, None)
        if scope.called:
            self.calls -= 1
            self.last_words += [change for key in self.changed if key[0] == id for change in scope.told(key[1])]
            self.changed = {key: None for key in self.changed if key[0] != id}

    # -- stepping

    def measure(self) -> None:
        """What is there now is where the next settling is counted from."""
        live = len(self.index)
        self.room = max(min(live + MOST_TOKENS, MOST_LIVE), live + ALWAYS_ROOM)
        self.calls = sum(one.called for one in self.subprocesses.values())

    def require_room(self, count: int, label: str) -> None:
        """So many tokens more may be made. Raises StepFailure: before one of them is, not after thousands."""
        if len(self.index) + count > self.room:
            raise StepFailure(
                f"一次办理应不产生超过{MOST_TOKENS}个令牌,一个办件应不超过{MOST_LIVE}个,但“{label}”还要产生{count}个"
            )

    def schedule(self, token: Token) -> None:
        """Run it when its turn comes."""
        token._set_state(S.READY)
        if not token.queued:
            token.queued = True
            self.queue.append(token)

    def step(self) -> bool:
        """One automatic element. False when nothing moves any more."""
        if self.react():
            return True
        while self.queue:
            token = self.queue.popleft()
            token.queued = False
            if token._state == S.READY:  # may have been cancelled meanwhile
                self.attempt(token)
                self.react()
                return True
        if self.patient:
            for scope in self.scopes():
                for token in list(scope.tasks.values()):
                    if token.id in self.patient and token.task_spec.fires_when_quiet(token):
                        return True
        return False

    def watch(self, token: Token) -> None:
        """It waits for a condition, which may hold already. The order of the waiting is kept with the tokens."""
        self.watched += 1
        token.internal_data["w"] = self.watched
        self.conditional[token.id] = token
        self.unseen = True

    def watch_again(self, tokens: list[Token]) -> None:
        """After loading: the same tokens in the same order."""
        for token in sorted(tokens, key=lambda one: one.internal_data.get("w", 0)):
            self.conditional[token.id] = token
            self.watched = token.internal_data.get("w", 0)

    def react(self) -> bool:
        """Conditions are looked at whenever a variable they read has been written. True: one of them has fired."""
        if not self.dirty and not self.unseen:
            return False
        dirty, self.dirty, self.unseen = self.dirty, set(), False
        fired = False
        for token in list(self.conditional.values()):
            if token.id not in self.conditional or not token.task_spec.watches(token):
                continue
            if "was" not in token.internal_data or not dirty.isdisjoint(token.task_spec.names):
                before = len(self.queue)
                self.guard(token, lambda token=token: token.task_spec.consider(token))  # type: ignore[misc]
                fired = fired or len(self.queue) > before
        return fired

    def attempt(self, token: Token) -> None:
        """Run one element."""
        self.guard(token, token.run)

    def guard(self, token: Token, act: Callable[[], object]) -> None:
        """What fails inside `act` becomes the incident of this token, everything else goes on."""
        try:
            act()
        except StepFailure as failure:
            self.fail(token, failure.sentence)
        except Refusal as refusal:
            self.fail(token, refusal.sentence())

    def fail(self, token: Token, sentence: str) -> None:
        """The token becomes an incident; its phase is kept for the retry."""
        if token.live:
            token.internal_data["err"] = sentence
            token._set_state(S.ERROR)
            token.touch()

    def retry(self, token: Token) -> None:
        """Run an incident's token again."""
        token.internal_data.pop("err", None)
        token.touch()
        token.task_spec.resume(token)

    def find_stuck(self) -> None:
        """A scope in which only joins wait can never end: say so instead of waiting for ever."""
        for scope in self.scopes():
            tokens = [token for token in scope.tokens() if token.task_spec.holds(token)]
            if tokens and all("arrived" in token.internal_data for token in tokens):
                for token in tokens:
                    label = token.task_spec.label or token.task_spec.name
                    self.patient.pop(token.id, None)
                    if token._state != S.ERROR:
                        self.fail(token, f"汇聚“{label}”应等到每条分支,但其余分支已经终止,不会再到达")

    def halt(self, sentence: str) -> None:
        """The budget is exceeded: every token that wants to run becomes an incident, nothing is lost."""
        while self.queue:
            token = self.queue.popleft()
            token.queued = False
            if token._state == S.READY:
                self.fail(token, sentence)

    def cancel(self, workflow: Any = None) -> None:
        """Delete the instance."""
        self.cancel_tokens()
        self.completed = self.cancelled = True

    def restart(self, token: Token) -> None:
        """Begin an element anew under the same token."""
        token.phase = BEGIN
        self.schedule(token)

    def forget(self) -> None:
        """What has happened has been told."""
        for scope in self.scopes():
            if scope.called:
                scope.known = set(scope.data)
        self.touched, self.changed, self.last_words = {}, {}, []
        self.passages, self.thrown, self.end_elements, self.countersigned = [], [], [], []

    def _unfit(self, *_args: Any, **_kwargs: Any) -> Any:
        raise NotImplementedError("the task tree holds live tokens only; this stock method expects history or forecast")

    catch = send_event = get_events = waiting_events = refresh_timers = refresh_waiting_tasks = _unfit
    create_subprocess = delete_subprocess = reset_from_task_id = do_engine_steps = _do_engine_steps = _unfit
    run_next = run_all = run_task_from_id = update_waiting_tasks = is_completed = serialize = _unfit
