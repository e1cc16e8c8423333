"""Events: start, end, intermediate, boundary."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.util.task import TaskState as S

from service.engine.facts import WaitKind
from service.engine.kernel.details import Details
from service.engine.kernel.elements.element import Element
from service.engine.kernel.elements.subscriptions import Subscribes
from service.engine.kernel.faults import StepFailure
from service.engine.kernel.formulas import Text
from service.engine.kernel.scope import view_of
from service.engine.kernel.timers import Timer
from service.engine.kernel.token import Token, outside

_START = {None: "startEvent", "message": "messageStartEvent", "timer": "startTimerEvent", "signal": "signalStartEvent"}
_END = {kind: f"{kind}EndEvent" for kind in ("message", "error", "escalation", "signal", "terminate")}
_CATCH = {"timer": "intermediateTimer", "message": "intermediateMessageCatch", "signal": "intermediateSignalCatch"}
_THROW = {
    None: "intermediateNoneThrowEvent",
    "message": "intermediateMessageThrowEvent",
    "signal": "intermediateSignalThrow",
    "escalation": "intermediateEscalationThrowEvent",
}
_BOUNDARY = {kind: f"boundary{kind.capitalize()}" for kind in ("timer", "message", "signal", "error", "escalation")}


class Event(Element):
    """An element with an event definition."""

    types: dict[Any, str] = {}

    def __init__(
        self,
        wf_spec: Any,
        bpmn_id: str,
        details: Details | None = None,
        *,
        kind: str | None = None,
        code: str | None = None,
        event: Text | None = None,
        timer: Timer | None = None,
    ) -> None:
        super().__init__(wf_spec, bpmn_id, details)
        self.kind, self.code, self.event, self.timer = kind, code, event, timer
        self.activity_type = self.types[kind]
        self.captures: dict[str, str] = {}  # what of the caught error goes into which variable


class StartEvent(Event):
    """Passes; the instance was started here."""

    types = _START


class Throws(Event):
    """Shared by end events and intermediate throw events."""

    def work(self, token: Token) -> bool:
        """Throw. An error nobody catches is an incident, never a silent end."""
        scope, top = token.workflow, token.workflow.top_workflow
        token.data.update({item.name: item.source.value(view_of(token)) for item in self.details.inputs})
        if self.kind == "error":
            caught = scope.propagate(token, "error", self.code)
            if caught is None:
                raise StepFailure(f"错误“{self.code or ''}”应有边界事件捕获,但外围没有环节捕获它")
            caught.task_spec.catch(caught, code=self.code)
        elif self.kind == "escalation":
            caught = scope.propagate(token, "escalation", self.code)
            if caught is None:
                top.throw("escalation", self.code or "", token)
            else:
                caught.task_spec.catch(caught, code=self.code)
        elif self.kind in ("message", "signal"):
            name = self.event.string(view_of(token)) if self.event is not None else None
            if not name:
                raise StepFailure(f"“{self.label or self.name}”应有消息或信号名称,但得到的是空值")
            top.throw(self.kind, name, token)
            if self.kind == "signal":
                deliver_signal(top, name, token)
        return True


def deliver_signal(top: Any, name: str, thrower: Token) -> None:
    """A signal reaches everybody in the same instance who waits for it."""
    hearers = [
        token
        for scope in top.scopes()
        for token in scope.tasks.values()
        if token is not thrower
        and token.task_spec.wait_kind(token) is WaitKind.SIGNAL
        and token.task_spec.event_name(token) == name
    ]
    for token in hearers:
        if token.live:  # an earlier hearer may have cancelled it
            token.task_spec.trigger(token)


class IntermediateThrowEvent(Throws):
    """Throws and goes on."""

    types = _THROW


class EndEvent(Throws):
    """Throws and ends; a terminate event takes the rest of its scope with it."""

    types = {None: "noneEndEvent", **_END}

    def _on_complete(self, token: Token) -> None:
        scope = token.workflow
        top = scope.top_workflow
        if scope is top:
            top.end_elements.append(self.name)
        top.emit("completed", token)
        if self.kind == "terminate":
            token.discard()
            scope.cancel_tokens()
            scope.check_completed()
        else:
            self.move_on(token)


class IntermediateCatchEvent(Subscribes, Event):
    """Waits. Behind an event-based gateway its token hangs on the gateway's until one of them wins."""

    types = _CATCH

    def enter(self, token: Token) -> None:
        """Announce it, unless it only competes behind a gateway."""
        if token.free:
            super().enter(token)
        else:
            token.workflow.top_workflow.schedule(token)

    def work(self, token: Token) -> bool:
        """Evaluate once what is waited for."""
        if not token.internal_data.get("won") and not self.subscribe(token):
            raise StepFailure(f"“{self.label or self.name}”的定时应有到期时间,但时限太短,没有这一时点")
        return bool(token.internal_data.get("won"))

    def trigger(self, token: Token) -> None:
        """Go on, or win the race behind a gateway."""
        if token.free:
            self.finish(token)
        else:
            gateway = token.parent
            assert gateway is not None
            gateway.task_spec.decide(gateway, token)

    def wait_kind(self, token: Token) -> WaitKind | None:
        """Timer, message or signal."""
        return self.waited_kind() if token._state == S.STARTED else super().wait_kind(token)

    def describe(self, token: Token) -> dict[str, Any]:
        """When, or for what."""
        return self.waited_facts(token)

    def is_silent(self, token: Token) -> bool:
        """Competitors behind a gateway were never announced."""
        return not token.free


class BoundaryEvent(Subscribes, Event):
    """A subscription is a child of the activity's token: cancelled with it, invisible to the rest of the scope."""

    types = _BOUNDARY
    interrupting = True

    @property
    def trigger_kind(self) -> str | None:  # type: ignore[override]
        """What it listens to."""
        return self.kind

    def attach(self, host: Token) -> None:
        """Begin to listen; what cannot be evaluated becomes an incident of the subscription, the host goes on."""
        host.workflow.spawn(self, parent=host)

    def enter(self, token: Token) -> None:
        """Listen, or run when it has fired."""
        if token.free:
            super().enter(token)
        else:
            self.listen(token)

    def listen(self, token: Token) -> None:
        """Arm the subscription; one that will never be due leaves."""

        def arm() -> None:
            armed = self.subscribe(token)
            token._set_state(S.WAITING)
            if not armed:
                token.discard()

        token.workflow.top_workflow.guard(token, arm)

    def resume(self, token: Token) -> None:
        """Arm again, or run again what has fired."""
        if token.free:
            super().resume(token)
        else:
            self.listen(token)

    def trigger(self, token: Token) -> None:
        """The new token is made before the host goes, so that the scope never looks empty."""
        scope, host = token.workflow, token.parent
        assert host is not None
        scope.spawn(self, data=token.data)
        if self.interrupting:
            host.cancel()
        else:
            scope.top_workflow.guard(token, lambda: self.listen_on(token))

    def listen_on(self, token: Token) -> None:
        """Listen for the next one; a timer without rounds left leaves."""
        if not self.rearm(token):
            token._set_state(S.CANCELLED)
            token.discard()

    def catch(
        self, token: Token, *, code: str | None = None, message: str | None = None, variables: Any = None
    ) -> None:
        """An error or escalation has been caught here."""
        told = {"errorCodeVariable": code, "errorMessageVariable": message, "escalationCodeVariable": code}
        captured = {self.captures[key]: value for key, value in told.items() if key in self.captures}
        token.workflow.assign({**(variables or {}), **captured})
        self.trigger(token)

    def wait_kind(self, token: Token) -> WaitKind | None:
        """Timer, message or signal while it listens."""
        if token._state == S.WAITING:
            return self.waited_kind()
        return super().wait_kind(token)

    def describe(self, token: Token) -> dict[str, Any]:
        """When, or for what, and on whom it hangs."""
        return {**self.waited_facts(token), "host": None if token.free else outside(token._parent)}

    def is_silent(self, token: Token) -> bool:
        """A subscription that never fired."""
        return not token.free
