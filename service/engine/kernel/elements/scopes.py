"""Sub-processes and calls: activities that host a scope."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.util.task import TaskState as S

from service.engine.facts import WaitKind
from service.engine.kernel.details import Details, Transfer
from service.engine.kernel.elements import compensation
from service.engine.kernel.elements.activity import Activity
from service.engine.kernel.elements.events import parts_of
from service.engine.kernel.elements.loops import COUNTERS, STANDARD
from service.engine.kernel.elements.subscriptions import Listens
from service.engine.kernel.faults import StepFailure
from service.engine.kernel.formulas import View
from service.engine.kernel.scope import view_of, write
from service.engine.kernel.token import Token


class SubProcess(Activity):
    """Embedded sub-process: shares the variables around it."""

    activity_type = "subProcess"

    def __init__(self, wf_spec: Any, bpmn_id: str, details: Details, *, inner: Any = None) -> None:
        super().__init__(wf_spec, bpmn_id, details)
        self.inner = inner

    def act(self, token: Token) -> bool:
        """Open the scope with its data objects and begin in it; where a token was moved into it, at the element said."""
        for name in self.inner.items:
            token.data.setdefault(name, None)
        scope = token.workflow.top_workflow.open_scope(token, self.inner, called=False)
        into = token.internal_data.pop("into", None)
        if into is None:
            scope.begin()
        else:
            scope.begin_at(*into)
        return False

    def scope_completed(self, token: Token, scope: Any) -> None:
        """Everything inside has ended, or has been undone."""
        compensation.adopt(token, scope)
        if token.internal_data.get("reopened"):
            self.unwound(token)
        else:
            self.finish(token)

    def unwound(self, token: Token) -> None:
        """Opened only to be undone: no mappings, no flows."""
        scope = token.workflow
        scope.top_workflow.emit("completed", token)
        compensation.handled(token)
        token._set_state(S.COMPLETED)
        token.discard()
        scope.check_completed()


class Transaction(SubProcess):
    """A sub-process that a cancel end event undoes."""

    activity_type = "transaction"


class EventSubProcess(Listens, SubProcess):
    """Armed, its token listens under the scope it guards and holds nothing; `run` marks a token that runs."""

    guards = True

    def __init__(self, wf_spec: Any, bpmn_id: str, details: Details, *, inner: Any) -> None:
        super().__init__(wf_spec, bpmn_id, details, inner=inner)
        self.start = inner.starts[0]
        for name in ("kind", "code", "event", "timer", "condition", "names", "captures", "interrupting", "everything"):
            setattr(self, name, getattr(self.start, name))
        self.triggers = self.start.triggers
        self.parts = parts_of(self, wf_spec, self.start)

    def enter(self, token: Token) -> None:
        """Listen, or run."""
        if self.holds(token):
            super().enter(token)
        else:
            self.listen(token)

    def resume(self, token: Token) -> None:
        """Listen after all, or run again."""
        if self.holds(token):
            super().resume(token)
        else:
            self.listen(token)

    def trigger(self, token: Token) -> None:
        """Run. An interrupting one ends everything else in the scope, its other event sub-processes too (13.5.4)."""
        scope = token.workflow
        running = scope.spawn(self, internal={"run": True})
        if not self.interrupting:
            scope.top_workflow.guard(token, lambda: self.listen_on(token))
            return
        for other in scope.tokens():
            if other is not running:
                other.cancel()

    def act(self, token: Token) -> bool:
        """Begin at its start event, whatever has triggered it."""
        for name in self.inner.items:
            token.data.setdefault(name, None)
        token.workflow.top_workflow.open_scope(token, self.inner, called=False).begin(self.start)
        return False

    def holds(self, token: Token) -> bool:
        """Only while it runs, or is undone."""
        return not {"run", "reopened"}.isdisjoint(token.internal_data)

    def wait_kind(self, token: Token) -> WaitKind | None:
        """Timer, message or signal while it listens."""
        return self.waited_kind() if token._state == S.WAITING else super().wait_kind(token)

    def describe(self, token: Token) -> dict[str, Any]:
        """As its start event."""
        if self.holds(token):
            return super().describe(token)
        shown = {"element": self.start.name, "name": self.start.label, "activity_type": self.start.activity_type}
        return {**self.waited_facts(token), **shown}

    def is_silent(self, token: Token) -> bool:
        """Never announced while it listens."""
        return not self.holds(token)


class AdHocSubProcess(SubProcess):
    """What is in it is begun from outside, in any order and as often as wanted (BPMN 2.0.2, 13.3.5)."""

    activity_type = "adHocSubProcess"

    def __init__(
        self,
        wf_spec: Any,
        bpmn_id: str,
        details: Details,
        *,
        inner: Any,
        sequential: bool,
        condition: Any,
        cancels: bool,
    ) -> None:
        super().__init__(wf_spec, bpmn_id, details, inner=inner)
        self.sequential, self.condition, self.cancels = sequential, condition, cancels

    def act(self, token: Token) -> bool:
        """Open the scope; later judge, each time something in it has completed, whether that was enough."""
        scope = token.hosted
        if scope is None:
            token.workflow.top_workflow.open_scope(token, self.inner, called=False).arm()
            return False
        data = token.internal_data
        if "closing" not in data and self.condition is not None and self.condition.truth(view_of(token)):
            data["closing"] = True
            if self.cancels:
                scope.cancel_tokens()
        if "closing" not in data or self.busy(scope):
            return False
        scope.cancel_tokens()
        scope.completed = True
        compensation.adopt(token, scope)
        token.workflow.top_workflow.close_scope(scope)
        return True

    def judges(self, token: Token) -> bool:
        """Unless it has been opened again to be undone."""
        return "reopened" not in token.internal_data

    def busy(self, scope: Any) -> bool:
        """Does something in it still run?"""
        return any(token.task_spec.holds(token) for token in scope.tokens())

    def offers(self, token: Token) -> tuple[str, ...]:
        """What may be begun now."""
        return () if self.sequential and self.busy(token.hosted) else tuple(self.inner.activatable)

    def open(self, token: Token) -> bool:
        """May something be begun in it, now or later?"""
        return token.hosted is not None and not {"closing", "reopened"} & token.internal_data.keys()

    def begin(self, token: Token, activity: str) -> None:
        """Begin one of the activities on offer."""
        scope = token.hosted
        assert scope is not None
        scope.spawn(self.inner.activatable[activity])

    def close(self, token: Token) -> None:
        """Nothing more is to be begun; what runs may end."""
        token.internal_data["closing"] = True
        token.workflow.top_workflow.schedule(token)


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
            return {name: value for name, value in view.values.items() if name not in (*COUNTERS, *STANDARD)}, dict(
                types
            )
        local = View(dict(self.locals_of(token)), view.now)
        values, declared = {}, {}
        for item in self.details.calls_in:
            seen = local if item.local else view
            found, known = _transferred((item,), seen, {} if item.local else types, seen.values)
            values.update(found)
            declared.update(known)
        return values, declared

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
            write(token, own, scope.types, beyond=True)
        self.finish(token)

    def file(self, token: Token) -> None:
        """Out mappings, then output parameters. Without any camunda:out all that was written is copied out."""
        kept = token.internal_data.get("out")
        if kept is not None:
            data, types, own = kept
            view = View(data, token.workflow.top_workflow.now)
            inner = tuple(item for item in self.details.calls_out if item.local)
            token.data.update(_transferred(inner, view, types, own)[0])
            outer = tuple(item for item in self.details.calls_out if not item.local)
            write(token, *_transferred(outer, view, types, own), beyond=True)
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
