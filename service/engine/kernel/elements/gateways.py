"""Gateways. Merging needs no code: every token is its own."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.util.task import TaskState as S

from service.engine.kernel.details import Details
from service.engine.kernel.elements.element import Element
from service.engine.kernel.faults import StepFailure
from service.engine.kernel.formulas import Formula
from service.engine.kernel.model import Flow
from service.engine.kernel.scope import view_of
from service.engine.kernel.token import Token


class ExclusiveGateway(Element):
    """The first flow whose condition holds, else the default."""

    activity_type = "exclusiveGateway"

    def choose(self, token: Token) -> list[Flow]:
        """Exactly one flow."""
        if len(self.outgoing) <= 1 and not any(flow.condition for flow in self.outgoing):
            return self.outgoing
        view = view_of(token)
        for flow in self.outgoing:
            if not flow.default and (flow.condition is None or flow.condition.truth(view)):
                return [flow]
        for flow in self.outgoing:
            if flow.default:
                return [flow]
        raise StepFailure(self.nowhere())


class Join(Element):
    """Tokens that have arrived wait in one token: internal_data["arrived"] = {flow id: count}."""

    def arrive(self, scope: object, flow: Flow) -> None:
        """Count the arrival; the first one makes the waiting token."""
        if len(self.incoming) < 2:
            super().arrive(scope, flow)
            return
        parked = next((t for t in scope.tokens() if t.task_spec is self and "arrived" in t.internal_data), None)  # type: ignore[attr-defined]
        token = parked or scope.spawn(self, internal={"arrived": {}})  # type: ignore[attr-defined]
        arrived = token.internal_data["arrived"]
        arrived[flow.id] = arrived.get(flow.id, 0) + 1
        self.resume(token)
        self.arrived(token)

    def enter(self, token: Token) -> None:
        """Wait, unless there is nothing to join."""
        if "arrived" in token.internal_data:
            token._set_state(S.WAITING)
        else:
            super().enter(token)

    def arrived(self, token: Token) -> None:
        """One more has arrived."""

    def resume(self, token: Token) -> None:
        """Wait again, where it had been found that nothing can arrive any more."""
        if "arrived" not in token.internal_data:
            super().resume(token)
        elif token._state == S.ERROR:
            token.internal_data.pop("err", None)
            token._set_state(S.WAITING)
            if self.patient:
                token.workflow.top_workflow.patient[token.id] = token

    def fire(self, token: Token) -> None:
        """Consume one token per flow that has one; what is left over keeps waiting (BPMN 2.0, 13.4.1)."""
        scope = token.workflow
        top = scope.top_workflow
        left = {id: count - 1 for id, count in token.internal_data.pop("arrived").items() if count > 1}
        top.patient.pop(token.id, None)
        top.emit("entered", token)
        top.schedule(token)
        if left:
            self.arrived(scope.spawn(self, internal={"arrived": left}))

    def is_silent(self, token: Token) -> bool:
        """Parked: not announced yet."""
        return "arrived" in token.internal_data


class ParallelGateway(Join):
    """All of them, then all of them."""

    activity_type = "parallelGateway"

    def arrived(self, token: Token) -> None:
        """Fires when every incoming flow has a token."""
        if len(token.internal_data["arrived"]) == len(self.incoming):
            self.fire(token)

    def choose(self, token: Token) -> list[Flow]:
        """All flows."""
        return self.outgoing


class InclusiveGateway(Join):
    """Joins what can still come, splits to all whose condition holds."""

    activity_type = "inclusiveGateway"
    patient = True

    def arrived(self, token: Token) -> None:
        """To be judged when the whole instance is quiet."""
        token.workflow.top_workflow.patient[token.id] = token

    def fires_when_quiet(self, token: Token) -> bool:
        """BPMN 2.0, 13.4.3, on the flow graph and the tokens of this scope."""
        model, arrived = token.workflow.spec, token.internal_data["arrived"]
        full = [model.upstream(flow, self) for flow in self.incoming if flow.id in arrived]
        empty = [model.upstream(flow, self) for flow in self.incoming if flow.id not in arrived]
        for other in token.workflow.tokens():
            if other.task_spec is self:
                continue
            name = other.task_spec.name
            if any(name in names for names in empty) and not any(name in names for names in full):
                return False
        self.fire(token)
        return True

    def choose(self, token: Token) -> list[Flow]:
        """Every flow whose condition holds, else the default."""
        if len(self.outgoing) <= 1 and not any(flow.condition for flow in self.outgoing):
            return self.outgoing
        view = view_of(token)
        taken = [f for f in self.outgoing if not f.default and (f.condition is None or f.condition.truth(view))]
        taken = taken or [flow for flow in self.outgoing if flow.default]
        if not taken:
            raise StepFailure(self.nowhere())
        return taken


class ComplexGateway(Join):
    """Fires when its activation condition holds, then swallows what still comes (BPMN 2.0.2, 13.4.5).

    `activationCount` is the number of tokens that have arrived, `waitingForStart` is false while it swallows. At the reset
    only flows whose condition reads `waitingForStart` get a token: the others had theirs at the activation.
    """

    activity_type = "complexGateway"
    patient = True

    def __init__(
        self, wf_spec: Any, bpmn_id: str, details: Details | None = None, *, activation: Formula | None = None
    ) -> None:
        super().__init__(wf_spec, bpmn_id, details)
        self.activation = activation

    def arrived(self, token: Token) -> None:
        """Look whether that is enough; swallowing is judged when the whole instance is quiet."""
        top = token.workflow.top_workflow
        if "fired" in token.internal_data:
            top.patient[token.id] = token
        else:
            top.guard(token, lambda: self.look(token))

    def look(self, token: Token) -> None:
        """Does the activation condition hold? Without one all incoming flows are needed. Raises StepFailure."""
        arrived = token.internal_data["arrived"]
        view = view_of(token).plus({"activationCount": sum(arrived.values()), "waitingForStart": True})
        if self.activation.truth(view) if self.activation is not None else len(arrived) == len(self.incoming):
            rest = {id: count - 1 for id, count in arrived.items() if count > 1}
            waiting = token.workflow.spawn(self, internal={"arrived": rest, "fired": [*arrived]})
            token.workflow.top_workflow.patient[waiting.id] = waiting
            del token.internal_data["arrived"]
            token.workflow.top_workflow.emit("entered", token)
            token.workflow.top_workflow.schedule(token)

    def resume(self, token: Token) -> None:
        """Look again."""
        failed = token._state == S.ERROR
        super().resume(token)
        if failed and "arrived" in token.internal_data:
            self.arrived(token)

    def fires_when_quiet(self, token: Token) -> bool:
        """The reset: every other incoming flow has delivered, or cannot deliver any more."""
        if "fired" not in token.internal_data:
            token.workflow.top_workflow.patient.pop(token.id, None)
            return False
        model, data = token.workflow.spec, token.internal_data
        here = {*data["fired"], *data["arrived"]}
        empty = [model.upstream(flow, self) for flow in self.incoming if flow.id not in here]
        full = [model.upstream(flow, self) for flow in self.incoming if flow.id in here]
        for other in token.workflow.tokens():
            name = other.task_spec.name
            if other is not token and any(name in names for names in empty):
                if not any(name in names for names in full):
                    return False
        fired, arrived = set(data.pop("fired")), data.pop("arrived")
        left = {id: n if id in fired else n - 1 for id, n in arrived.items() if n > (0 if id in fired else 1)}
        data["swallows"] = True
        token.workflow.top_workflow.patient.pop(token.id, None)
        token.workflow.top_workflow.schedule(token)
        if left:
            self.arrived(token.workflow.spawn(self, internal={"arrived": left}))
        return True

    def choose(self, token: Token) -> list[Flow]:
        """Every flow whose condition holds, else the default; at the reset only those that ask for it."""
        swallows = "swallows" in token.internal_data
        view = view_of(token).plus({"waitingForStart": not swallows})
        flows = [flow for flow in self.outgoing if not flow.default]
        if swallows:
            return [
                f for f in flows if f.condition and "waitingForStart" in f.condition.text and f.condition.truth(view)
            ]
        if len(self.outgoing) <= 1 and not any(flow.condition for flow in self.outgoing):
            return self.outgoing
        taken = [flow for flow in flows if flow.condition is None or flow.condition.truth(view)]
        taken = taken or [flow for flow in self.outgoing if flow.default]
        if not taken:
            raise StepFailure(self.nowhere())
        return taken

    def is_silent(self, token: Token) -> bool:
        """Parked, or only swallowing."""
        return "swallows" in token.internal_data or super().is_silent(token)


class EventBasedGateway(Element):
    """The events behind it compete; the first one wins."""

    activity_type = "eventBasedGateway"

    @property
    def instantiates(self) -> bool:
        """Does one of the events behind it begin an instance?"""
        return self.details.attributes.get("instantiate") in ("true", "1")

    @property
    def parallel(self) -> bool:
        """An instantiating one may ask for all of its events (BPMN 2.0.2, 10.6.6)."""
        return self.details.attributes.get("eventGatewayType") == "Parallel"

    def work(self, token: Token) -> bool:
        """Let the events behind it listen."""
        for flow in self.outgoing:
            token.workflow.spawn(flow.target, parent=token)
        return False

    def decide(self, gateway: Token, winner: Token) -> None:
        """The winner goes on with the gateway's right, the others leave."""
        scope = gateway.workflow
        scope.spawn(winner.task_spec, internal={"won": True}, data=winner.data)
        for child in gateway.children:
            child.cancel()
        gateway._set_state(S.COMPLETED)
        scope.top_workflow.emit("completed", gateway)
        gateway.discard()
