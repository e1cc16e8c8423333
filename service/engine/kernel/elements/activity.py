"""Activities: what tasks, sub-processes and calls have in common. Boundary events, mappings, being a loop instance."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.util.task import TaskState as S

from service.engine.kernel.details import Details
from service.engine.kernel.elements import compensation
from service.engine.kernel.elements.element import Element
from service.engine.kernel.elements.items import pull
from service.engine.kernel.model import Flow
from service.engine.kernel.scope import view_of
from service.engine.kernel.token import Token


class Activity(Element):
    """Subclasses say in `act` what they do."""

    def __init__(self, wf_spec: Any, bpmn_id: str, details: Details | None = None) -> None:
        super().__init__(wf_spec, bpmn_id, details)
        self.boundary: list[Any] = []
        self.handler: Any = None  # what undoes it
        self.is_handler = False
        self.start_quantity = self.completion_quantity = 1

    def arrive(self, scope: Any, flow: Flow) -> None:
        """With a startQuantity it begins when so many tokens have come (BPMN 2.0.2, 10.3.1)."""
        if self.start_quantity == 1:
            super().arrive(scope, flow)
            return
        parked = next((t for t in scope.tokens() if t.task_spec is self and "arrived" in t.internal_data), None)
        token = parked or scope.spawn(self, internal={"arrived": {"": 0}})
        token.internal_data["arrived"][""] += 1
        if token._state == S.ERROR:
            self.resume(token)
        if token.internal_data["arrived"][""] == self.start_quantity:
            del token.internal_data["arrived"]
            self.enter(token)

    def enter(self, token: Token) -> None:
        """Begin, or wait for more tokens."""
        if "arrived" in token.internal_data:
            token._set_state(S.WAITING)
        else:
            super().enter(token)

    def resume(self, token: Token) -> None:
        """Wait for more tokens again, or try again."""
        if "arrived" in token.internal_data:
            token._set_state(S.WAITING)
        else:
            super().resume(token)

    def is_silent(self, token: Token) -> bool:
        """Not begun yet."""
        return "arrived" in token.internal_data

    def work(self, token: Token) -> bool:
        """Input parameters become locals, boundary events listen, then the activity acts."""
        top = token.workflow.top_workflow
        token.internal_data.setdefault("at", top.stamp)
        if self.details.inputs:
            for item in self.details.inputs:
                token.data[item.name] = item.source.value(view_of(token))
        if self.associated is not None:
            pull(token, self.associated)
        if self.boundary:
            armed = {child.task_spec for child in token.children}
            for event in self.boundary:
                if event not in armed:
                    event.attach(token)
        return self.act(token)

    def act(self, token: Token) -> bool:
        """What the activity does. False: it waits."""
        return True

    def _on_complete(self, token: Token) -> None:
        for child in token.children:  # subscriptions end with their host
            child.cancel()
        if token.workflow.spec.undoable:
            compensation.remember(token)
        if token.free:
            if "for" in token.internal_data:
                token.workflow.top_workflow.emit("completed", token)
                compensation.handled(token)
                scope = token.workflow
                token.discard()
                scope.check_completed()
                return
            token.taken *= self.completion_quantity
            super()._on_complete(token)
            return
        token.workflow.top_workflow.emit("completed", token)
        loop = token.parent
        assert loop is not None
        loop.task_spec.instance_completed(loop, token)
        token.discard()
