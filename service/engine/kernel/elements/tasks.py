"""Tasks."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.util.task import TaskState as S

from service.engine.facts import WaitKind
from service.engine.kernel.assignment import facts_of, settle_facts
from service.engine.kernel.details import Details
from service.engine.kernel.elements.activity import Activity
from service.engine.kernel.elements.subscriptions import Subscribes
from service.engine.kernel.faults import StepFailure
from service.engine.kernel.formulas import Formula, Text
from service.engine.kernel.scope import view_of, write
from service.engine.kernel.token import Token


class Task(Activity):
    """bpmn:task has no implementation and passes."""


class UserTask(Activity):
    """Waits for a person."""

    activity_type = "userTask"

    def act(self, token: Token) -> bool:
        """Evaluate once whose it is and when it is due."""
        settle_facts(token)
        return False

    def wait_kind(self, token: Token) -> WaitKind | None:
        """A user task."""
        return WaitKind.USER_TASK if token._state == S.STARTED else super().wait_kind(token)

    def describe(self, token: Token) -> dict[str, Any]:
        """Assignment, form, dates."""
        return facts_of(token)


class ManualTask(UserTask):
    """Done outside the system; somebody still says so."""

    activity_type = "manualTask"


class ScriptTask(Activity):
    """FEEL assignments, one `name = expression` per line, in order; all of them or none."""

    activity_type = "scriptTask"

    def __init__(self, wf_spec: Any, bpmn_id: str, details: Details, *, lines: tuple[tuple[str, Formula], ...]) -> None:
        super().__init__(wf_spec, bpmn_id, details)
        self.lines = lines

    def act(self, token: Token) -> bool:
        """Later lines see what earlier ones have assigned."""
        view = view_of(token)
        assigned: dict[str, Any] = {}
        for name, expression in self.lines:
            assigned[name] = expression.value(view.plus(assigned) if assigned else view)
        write(token, assigned)
        return True


class ServiceTask(Activity):
    """External task (camunda:topic) or in-house action (zw:action): waits until a worker reports back."""

    activity_type = "serviceTask"

    def act(self, token: Token) -> bool:
        """Evaluate topic and priority."""
        if self.action is None and "topic" not in self.details.texts:
            raise StepFailure(f"服务任务“{self.label or self.name}”应有camunda:topic或zw:action,但两者都没有")
        settle_facts(token)
        return False

    @property
    def action(self) -> str | None:
        """Name of the in-house action."""
        return self.details.zw.get("action") or None

    def wait_kind(self, token: Token) -> WaitKind | None:
        """A worker's task."""
        if token._state != S.STARTED:
            return super().wait_kind(token)
        return WaitKind.EXTERNAL_TASK if self.action is None else WaitKind.ACTION

    def describe(self, token: Token) -> dict[str, Any]:
        """Topic or action, priority."""
        return {**facts_of(token), "action": self.action}


class SendTask(ServiceTask):
    """With camunda:topic an external task, else it throws its message and passes."""

    activity_type = "sendTask"

    def __init__(self, wf_spec: Any, bpmn_id: str, details: Details, *, event: Text | None) -> None:
        super().__init__(wf_spec, bpmn_id, details)
        self.event = event

    def act(self, token: Token) -> bool:
        """Send."""
        if self.action is not None or "topic" in self.details.texts:
            return super().act(token)
        name = self.event.string(view_of(token)) if self.event is not None else None
        if not name:
            raise StepFailure(f"发送任务“{self.label or self.name}”应有消息或camunda:topic,但两者都没有")
        token.workflow.top_workflow.throw("message", name, token)
        return True


class ReceiveTask(Subscribes, Activity):
    """Waits for its message."""

    activity_type = "receiveTask"
    kind = "message"

    def __init__(self, wf_spec: Any, bpmn_id: str, details: Details, *, event: Text | None) -> None:
        super().__init__(wf_spec, bpmn_id, details)
        self.event = event

    def enter(self, token: Token) -> None:
        """Announce it, unless it only competes behind a gateway."""
        if self.competes(token):
            token.workflow.top_workflow.schedule(token)
        else:
            super().enter(token)

    def act(self, token: Token) -> bool:
        """Listen."""
        if token.internal_data.get("won"):
            return True
        self.subscribe(token)
        return False

    def trigger(self, token: Token) -> None:
        """Go on, or win the race behind a gateway."""
        if self.competes(token):
            gateway = token.parent
            assert gateway is not None
            gateway.task_spec.decide(gateway, token)
        else:
            self.finish(token)

    def competes(self, token: Token) -> bool:
        """Does it hang on an event-based gateway?"""
        parent = token.parent
        return parent is not None and parent.task_spec.activity_type == "eventBasedGateway"

    def wait_kind(self, token: Token) -> WaitKind | None:
        """A message."""
        return WaitKind.MESSAGE if token._state == S.STARTED else super().wait_kind(token)

    def describe(self, token: Token) -> dict[str, Any]:
        """For which message."""
        return self.waited_facts(token)

    def is_silent(self, token: Token) -> bool:
        """Competitors behind a gateway were never announced."""
        return self.competes(token) or super().is_silent(token)
