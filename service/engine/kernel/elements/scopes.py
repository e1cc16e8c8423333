"""Sub-processes and calls: activities that host a scope."""

from __future__ import annotations

from typing import Any

from service.engine.kernel.details import Details, Transfer
from service.engine.kernel.elements.activity import Activity
from service.engine.kernel.elements.loops import COUNTERS
from service.engine.kernel.faults import StepFailure
from service.engine.kernel.formulas import View
from service.engine.kernel.scope import view_of
from service.engine.kernel.token import Token


class SubProcess(Activity):
    """Embedded sub-process: shares the variables around it."""

    activity_type = "subProcess"

    def __init__(self, wf_spec: Any, bpmn_id: str, details: Details, *, inner: Any = None) -> None:
        super().__init__(wf_spec, bpmn_id, details)
        self.inner = inner

    def act(self, token: Token) -> bool:
        """Open the scope and begin in it."""
        token.workflow.top_workflow.open_scope(token, self.inner, called=False).begin()
        return False

    def scope_completed(self, token: Token, scope: Any) -> None:
        """Everything inside has ended."""
        self.finish(token)


class CallActivity(SubProcess):
    """Calls another process, in the version bound when the case started; its variables are its own."""

    activity_type = "callActivity"

    def __init__(self, wf_spec: Any, bpmn_id: str, details: Details, *, called: str) -> None:
        super().__init__(wf_spec, bpmn_id, details)
        self.called = called

    def act(self, token: Token) -> bool:
        """Copy in, begin."""
        top = token.workflow.top_workflow
        model = top.models.get(self.called)
        if model is None:
            raise StepFailure(f"调用的流程“{self.called}”应已部署,但没有找到")
        values, types = self.copied_in(token)
        key = self.business_key_for(token)
        scope = top.open_scope(token, model, called=True)
        scope.business_key = key
        scope.assign(values, types)
        scope.written.clear()
        scope.begin()
        return False

    def copied_in(self, token: Token) -> tuple[dict[str, Any], dict[str, str]]:
        """The variables the called process begins with; without any camunda:in all that is visible."""
        view, types = view_of(token), token.workflow.owner.types
        if not self.details.calls_in:
            return {name: value for name, value in view.values.items() if name not in COUNTERS}, dict(types)
        return _transferred(self.details.calls_in, view, types, view.values)

    def business_key_for(self, token: Token) -> str | None:
        """Business key of the called process."""
        if self.details.same_business_key:
            key: str | None = token.workflow.owner.business_key
            return key
        return self.details.business_key.string(view_of(token)) if self.details.business_key else None

    def scope_completed(self, token: Token, scope: Any) -> None:
        """Copy out; what cannot be evaluated is kept for the retry by keeping the variables with the host."""
        own = {name: scope.data[name] for name in scope.written if name in scope.data and name not in token.data}
        if self.details.calls_out:
            token.internal_data["out"] = [scope.data, scope.types, own]
        else:
            token.workflow.assign(own, scope.types)
        self.finish(token)

    def file(self, token: Token) -> None:
        """Out mappings, then output parameters. Without any camunda:out all that was written is copied out."""
        kept = token.internal_data.get("out")
        if kept is not None:
            data, types, own = kept
            view = View(data, token.workflow.top_workflow.now)
            token.workflow.assign(*_transferred(self.details.calls_out, view, types, own))
            del token.internal_data["out"]
        super().file(token)


def _transferred(
    transfers: tuple[Transfer, ...], view: View, types: dict[str, str], everything: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    values: dict[str, Any] = {}
    declared: dict[str, str] = {}
    for item in transfers:
        if item.all:
            values.update(everything)
            declared.update(types)
        elif item.variable is not None:
            values[item.name] = view.values.get(item.variable)
            if item.variable in types:
                declared[item.name] = types[item.variable]
        else:
            values[item.name] = item.source.value(view)
    return values, declared
