"""The element protocol: every BPMN element is one subclass. Elements are shared by all instances and hold no state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.util.task import TaskState as S

from service.engine.facts import WaitKind
from service.engine.kernel.details import Details
from service.engine.kernel.elements.items import DataFlow, push
from service.engine.kernel.faults import EngineFault, StepFailure
from service.engine.kernel.model import Flow
from service.engine.kernel.scope import view_of, write
from service.engine.kernel.token import BEGIN, LEAVE, OUTPUT, Token


class Element(BpmnSpecMixin):  # type: ignore[misc]
    """One element of a process.

    A run of an element has three phases, so that a retry repeats nothing: its work, its output mappings, the choice of
    the flows. `_run_hook` is the library's: True means done, None means the token waits.
    """

    activity_type = "task"
    code: str | None = None  # error or escalation code a subscription catches
    kind: str | None = None  # event definition
    associated: DataFlow | None = None  # data that goes in and out
    patient = False  # a join that is judged only when the whole instance is quiet
    parts: tuple[Any, ...] = ()  # a multiple event: one subscription per definition
    interrupting = True
    guards = False  # an event sub-process: what it throws goes past the scope it guards
    names: frozenset[str] = frozenset()  # variables its condition reads

    def __init__(self, wf_spec: Any, bpmn_id: str, details: Details | None = None) -> None:
        self.details = details or Details()
        super().__init__(wf_spec, bpmn_id, bpmn_name=self.details.name or None, lane=self.details.lane)
        self.incoming: list[Flow] = []
        self.outgoing: list[Flow] = []
        self.host: Element | None = None  # boundary event: the activity it is attached to
        self.label = self.details.name
        self.process: str = getattr(wf_spec, "key", "")

    @property
    def trigger_kind(self) -> str | None:
        """What a subscription listens to."""
        return None

    # -- stock hooks without meaning here

    def test(self) -> None:
        """Stock wants an input for every element."""

    def _predict(self, *_args: Any, **_kwargs: Any) -> None:
        """No forecast in the tree."""

    def _update(self, *_args: Any, **_kwargs: Any) -> None:
        """Nothing is polled."""

    # -- the life of a token

    def arrive(self, scope: Any, flow: Flow) -> None:
        """A token reaches this element over `flow`."""
        scope.spawn(self)

    def enter(self, token: Token) -> None:
        """A token has been put on this element."""
        top = token.workflow.top_workflow
        top.emit("entered", token)
        top.schedule(token)

    def _run_hook(self, token: Token) -> bool | None:
        if token.phase == BEGIN:
            if not self.work(token):
                return None
            token.phase = OUTPUT
        if not token.live:  # cancelled by what it has thrown itself
            return True
        if token.phase == OUTPUT:
            self.file(token)
            token.phase = LEAVE
        token.taken = () if "back" in token.internal_data else tuple(self.choose(token))
        return True

    def work(self, token: Token) -> bool:
        """What the element does. False: the token waits."""
        return True

    def file(self, token: Token) -> None:
        """Output parameters are promoted to where they are seen outside, data outputs to the data around."""
        if self.details.outputs:
            view = view_of(token)
            write(token, {item.name: item.source.value(view) for item in self.details.outputs}, beyond=True)
        if self.associated is not None:
            push(token, self.associated)

    def choose(self, token: Token) -> list[Flow]:
        """The flows that get a token. Conditional flows of activities and events count too (stock ignores them)."""
        if not any(flow.condition for flow in self.outgoing):
            return self.outgoing
        view = view_of(token)
        taken = [flow for flow in self.outgoing if flow.condition and not flow.default and flow.condition.truth(view)]
        taken += [flow for flow in self.outgoing if not flow.condition and not flow.default]
        taken = taken or [flow for flow in self.outgoing if flow.default]
        if not taken:
            raise StepFailure(self.nowhere())
        return taken

    def nowhere(self) -> str:
        """The sentence for a token that can go nowhere."""
        return f"“{self.label or self.name}”之后应有一条条件成立的流向，但没有条件成立，也没有默认流向"

    def _on_complete(self, token: Token) -> None:
        if not self.is_silent(token):
            token.workflow.top_workflow.emit("completed", token)
        self.move_on(token)

    def move_on(self, token: Token) -> None:
        """The token goes; new ones arrive where the chosen flows lead."""
        scope = token.workflow
        flows, back = token.taken, token.internal_data.get("back")
        noted = scope.top_workflow.crossed
        if noted is not None and noted[0] == self.process:
            noted[1].update(flow.id for flow in flows if flow.id is not None)
        token.discard()
        if back is not None:  # 直回: straight to who returned it
            scope.begin_at(*back)
        for flow in flows:
            flow.target.arrive(scope, flow)
        scope.check_completed()

    def _on_cancel(self, token: Token) -> None:
        """Token.cancel does what is needed."""

    def _on_error(self, token: Token) -> None:
        """The instance files the sentence."""

    # -- waiting

    def wait_kind(self, token: Token) -> WaitKind | None:
        """What the token waits for; None when it is no wait point."""
        return WaitKind.INCIDENT if token._state == S.ERROR else None

    def describe(self, token: Token) -> dict[str, Any]:
        """What the wait point says beyond the general facts: fields of facts.Wait."""
        return {}

    def resume(self, token: Token) -> None:
        """An incident is retried."""
        token.workflow.top_workflow.schedule(token)

    def finish(self, token: Token) -> None:
        """The wait is over: go on with the output mappings."""
        token.phase = OUTPUT
        token.workflow.top_workflow.schedule(token)

    def trigger(self, token: Token) -> None:
        """A subscription has been triggered."""
        raise EngineFault(f"{self.name} is no subscription")

    def is_silent(self, token: Token) -> bool:
        """Has no passage been told about this token?"""
        return False

    def holds(self, token: Token) -> bool:
        """Does the token keep its scope open? An armed event sub-process does not."""
        return True

    def judges(self, token: Token) -> bool:
        """Does the host itself decide when its scope is complete?"""
        return False

    def watches(self, token: Token) -> bool:
        """Does the token wait for its condition to become true?"""
        return False

    def locals_of(self, token: Token) -> Mapping[str, Any]:
        """Variables that only this token and what is inside it see; a compensation handler sees the data as it was."""
        data: dict[str, Any] = token.data
        kept = token.internal_data.get("snap")
        return {**kept, **data} if kept else data

    def fires_when_quiet(self, token: Token) -> bool:
        """Inclusive joins."""
        return False


class ScopeRoot(Element):
    """Stands for the scope itself; the tree's root."""
