"""Activities: what tasks, sub-processes and calls have in common. Boundary events, mappings, being a loop instance."""

from __future__ import annotations

from typing import Any

from service.engine.kernel.details import Details
from service.engine.kernel.elements.element import Element
from service.engine.kernel.scope import view_of
from service.engine.kernel.token import Token


class Activity(Element):
    """Subclasses say in `act` what they do."""

    def __init__(self, wf_spec: Any, bpmn_id: str, details: Details | None = None) -> None:
        super().__init__(wf_spec, bpmn_id, details)
        self.boundary: list[Any] = []

    def work(self, token: Token) -> bool:
        """Input parameters become locals, boundary events listen, then the activity acts."""
        top = token.workflow.top_workflow
        token.internal_data.setdefault("at", top.stamp)
        if self.details.inputs:
            for item in self.details.inputs:
                token.data[item.name] = item.source.value(view_of(token))
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
        if token.free:
            super()._on_complete(token)
            return
        token.workflow.top_workflow.emit("completed", token)
        loop = token.parent
        assert loop is not None
        loop.task_spec.instance_completed(loop, token)
        token.discard()
