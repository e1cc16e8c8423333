"""Events: start, end, intermediate, boundary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from SpiffWorkflow.util.task import TaskState as S

from service.engine.facts import WaitKind
from service.engine.kernel.details import Details
from service.engine.kernel.elements import compensation
from service.engine.kernel.elements.element import Element
from service.engine.kernel.elements.items import pull
from service.engine.kernel.elements.subscriptions import Listens, Subscribes
from service.engine.kernel.faults import StepFailure
from service.engine.kernel.formulas import Formula, Text
from service.engine.kernel.model import Flow
from service.engine.kernel.scope import view_of
from service.engine.kernel.timers import Timer
from service.engine.kernel.token import Token, outside
from service.engine.kernel.triggers import Trigger

_START = {
    None: "startEvent",
    "message": "messageStartEvent",
    "timer": "startTimerEvent",
    "signal": "signalStartEvent",
    "conditional": "conditionalStartEvent",
    "error": "errorStartEvent",
    "escalation": "escalationStartEvent",
    "compensate": "compensationStartEvent",
    "multiple": "multipleStartEvent",
}
_END = {
    kind: f"{kind}EndEvent" for kind in ("message", "error", "escalation", "signal", "terminate", "cancel", "multiple")
}
_CATCH = {
    "timer": "intermediateTimer",
    "message": "intermediateMessageCatch",
    "signal": "intermediateSignalCatch",
    "conditional": "intermediateConditional",
    "link": "intermediateLinkCatch",
    "multiple": "intermediateMultipleCatch",
}
_THROW = {
    None: "intermediateNoneThrowEvent",
    "message": "intermediateMessageThrowEvent",
    "signal": "intermediateSignalThrow",
    "escalation": "intermediateEscalationThrowEvent",
    "compensate": "intermediateCompensationThrowEvent",
    "link": "intermediateLinkThrow",
    "multiple": "intermediateMultipleThrow",
}
_BOUNDARY = {
    kind: f"boundary{kind.capitalize()}"
    for kind in ("timer", "message", "signal", "error", "escalation", "conditional", "multiple")
}


class Event(Element):
    """An element with event definitions: none, one, or several (`kind` is then "multiple")."""

    types: dict[Any, str] = {}
    condition: Formula | None = None

    def __init__(
        self,
        wf_spec: Any,
        bpmn_id: str,
        details: Details | None = None,
        *,
        triggers: tuple[Trigger, ...] = (),
        everything: bool = False,
    ) -> None:
        super().__init__(wf_spec, bpmn_id, details)
        self.triggers, self.everything = triggers, everything
        self.event: Text | None = None
        self.timer: Timer | None = None
        self.captures: Mapping[str, str] = {}
        self.kind = "multiple" if len(triggers) > 1 else None
        if len(triggers) == 1:
            self.adopt(triggers[0])
        self.activity_type = self.types.get(self.kind, "boundaryEvent")

    def adopt(self, trigger: Trigger) -> None:
        """Be an event of this one definition."""
        self.kind, self.code, self.event, self.timer = trigger.kind, trigger.code, trigger.event, trigger.timer
        self.condition, self.names, self.captures = trigger.condition, trigger.names, trigger.captures


class StartEvent(Event):
    """Passes; the instance or event sub-process was started here."""

    types = _START


class Part(Listens, Event):
    """One definition of a multiple event; its token hangs on the token that waits for all of them."""

    types = {**_CATCH, **_BOUNDARY}

    def __init__(self, wf_spec: Any, whole: Any, number: int, trigger: Trigger, face: Any) -> None:
        super().__init__(wf_spec, f"{whole.name}#{number}", replace(whole.details), triggers=(trigger,))
        self.number, self.face = number, face

    def enter(self, token: Token) -> None:
        """Listen."""
        self.listen(token)

    def resume(self, token: Token) -> None:
        """Listen after all."""
        self.listen(token)

    def trigger(self, token: Token) -> None:
        """One of several is enough; of a parallel multiple event all are needed (BPMN 2.0.2, 10.5.1)."""
        whole = token.parent
        assert whole is not None
        element = whole.task_spec
        if not element.everything:
            element.trigger(whole)
            if token.live:
                token.workflow.top_workflow.guard(token, lambda: self.listen_on(token))
            return
        token._set_state(S.CANCELLED)
        token.discard()
        if not any(isinstance(child.task_spec, Part) for child in whole.children):
            element.trigger(whole)

    def wait_kind(self, token: Token) -> WaitKind | None:
        """Timer, message or signal."""
        return self.waited_kind() if token._state == S.WAITING else super().wait_kind(token)

    def describe(self, token: Token) -> dict[str, Any]:
        """As the event it is a part of."""
        whole, shown = token.parent, self.face
        on_host = whole is not None and isinstance(whole.task_spec, BoundaryEvent) and not whole.free
        return {
            **self.waited_facts(token),
            "element": shown.name,
            "name": shown.label,
            "activity_type": shown.activity_type,
            "host": outside(whole._parent) if on_host and whole is not None else None,
        }

    def is_silent(self, token: Token) -> bool:
        """Never announced."""
        return True


def throw(token: Token, trigger: Trigger) -> None:
    """Throw one event from a token. An error nobody catches is a failure, never a silent end. Raises StepFailure."""
    scope, top, element = token.workflow, token.workflow.top_workflow, token.task_spec
    if trigger.kind == "error":
        caught = scope.propagate(token, "error", trigger.code)
        if caught is None:
            raise StepFailure(f"错误“{trigger.code or ''}”应有边界事件捕获,但外围没有环节捕获它")
        caught.task_spec.catch(caught, code=trigger.code)
    elif trigger.kind == "escalation":
        caught = scope.propagate(token, "escalation", trigger.code)
        if caught is None:
            top.throw("escalation", trigger.code or "", token)
        else:
            caught.task_spec.catch(caught, code=trigger.code)
    elif trigger.kind in ("message", "signal"):
        name = trigger.event.string(view_of(token)) if trigger.event is not None else None
        if not name:
            raise StepFailure(f"“{element.label or element.name}”应有消息或信号名称,但得到的是空值")
        top.throw(trigger.kind, name, token)
        if trigger.kind == "signal":
            deliver_signal(top, name, token)


class Throws(Event):
    """Shared by end events and intermediate throw events."""

    def work(self, token: Token) -> bool:
        """Throw everything. Compensation takes its time: False until the last handler is done."""
        token.data.update({item.name: item.source.value(view_of(token)) for item in self.details.inputs})
        if self.associated is not None:
            pull(token, self.associated)
        if self.kind == "cancel":
            host = token.workflow.host
            if host is None or host.workflow.propagate(host, "cancel", None) is None:
                raise StepFailure(f"取消结束事件“{self.label or self.name}”所在的事务应有取消边界事件,但没有")
            for other in token.workflow.tokens():
                if other is not token:
                    other.cancel()
            return compensation.undo(token)
        if self.kind == "compensate":
            return compensation.undo(token, self.triggers[0].activity, waits=self.triggers[0].waits)
        for trigger in self.triggers:
            if token.live:  # an earlier one may have cancelled it
                throw(token, trigger)
        return True

    def choose(self, token: Token) -> list[Flow]:
        """A token that only watches over handlers in the background leads nowhere."""
        return [] if "background" in token.internal_data else super().choose(token)

    def is_silent(self, token: Token) -> bool:
        """Handlers in the background belong to an event that has passed."""
        return "background" in token.internal_data


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
        if (
            token.live and token.task_spec.wait_kind(token) is WaitKind.SIGNAL
        ):  # an earlier hearer may have cancelled it
            token.task_spec.trigger(token)


class IntermediateThrowEvent(Throws):
    """Throws and goes on."""

    types = _THROW


class EndEvent(Throws):
    """Throws and ends; a terminate event takes the rest of its scope with it."""

    types = {None: "noneEndEvent", "compensate": "compensationEndEvent", **_END}

    def _on_complete(self, token: Token) -> None:
        scope = token.workflow
        top = scope.top_workflow
        if not self.is_silent(token):
            if scope is top:
                top.end_elements.append(self.name)
            top.emit("completed", token)
        if self.kind == "cancel":
            host = scope.host
            token.discard()
            caught = host.workflow.propagate(host, "cancel", None)
            caught.task_spec.trigger(caught)
        elif self.kind == "terminate":
            token.discard()
            scope.cancel_tokens()
            scope.check_completed()
        else:
            self.move_on(token)


def parts_of(event: Any, spec: Any, face: Any) -> tuple[Part, ...]:
    """One element per definition of a multiple event."""
    if len(event.triggers) < 2:
        return ()
    return tuple(Part(spec, event, number, trigger, face) for number, trigger in enumerate(event.triggers, 1))


class IntermediateCatchEvent(Subscribes, Event):
    """Waits. Behind an event-based gateway its token hangs on the gateway's until one of them wins."""

    types = _CATCH

    def __init__(self, wf_spec: Any, bpmn_id: str, details: Details | None = None, **more: Any) -> None:
        super().__init__(wf_spec, bpmn_id, details, **more)
        self.parts = parts_of(self, wf_spec, self)

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
        return bool(token.internal_data.get("won")) or self.kind == "link"

    def trigger(self, token: Token) -> None:
        """Go on, or win the race behind a gateway."""
        for child in token.children:
            child.cancel()
        token.workflow.top_workflow.conditional.pop(token.id, None)
        if token.free:
            self.finish(token)
        else:
            gateway = token.parent
            assert gateway is not None
            gateway.task_spec.decide(gateway, token)

    def watches(self, token: Token) -> bool:
        """While it waits."""
        return self.condition is not None and token._state == S.STARTED

    def wait_kind(self, token: Token) -> WaitKind | None:
        """Timer, message or signal."""
        return self.waited_kind() if token._state == S.STARTED else super().wait_kind(token)

    def describe(self, token: Token) -> dict[str, Any]:
        """When, or for what."""
        return self.waited_facts(token)

    def is_silent(self, token: Token) -> bool:
        """Competitors behind a gateway were never announced."""
        return not token.free


class BoundaryEvent(Listens, Event):
    """A subscription is a child of the activity's token: cancelled with it, invisible to the rest of the scope."""

    types = {**_BOUNDARY, "compensate": "compensationBoundaryCatch", "cancel": "cancelBoundaryCatch"}

    def __init__(self, wf_spec: Any, bpmn_id: str, details: Details | None = None, **more: Any) -> None:
        super().__init__(wf_spec, bpmn_id, details, **more)
        self.parts = parts_of(self, wf_spec, self)

    def attach(self, host: Token) -> None:
        """Begin to listen; what cannot be evaluated becomes an incident of the subscription, the host goes on."""
        host.workflow.spawn(self, parent=host)

    def enter(self, token: Token) -> None:
        """Listen, or run when it has fired."""
        if token.free:
            super().enter(token)
        else:
            self.listen(token)

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
