"""What every scope can do, whichever kind it is: the case itself, an embedded sub-process, a called process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.util.task import TaskState as S

from service.engine.facts import VariableChange
from service.engine.kernel.formulas import View
from service.engine.kernel.token import ROOT, Token, outside
from service.engine.kernel.values import same


class Scope:
    """Mixed into the library's workflow classes.

    Variables belong to the process scope; embedded scopes share them, loop items and input parameters are locals of their
    token. Nothing is merged, so nothing is clobbered.
    """

    data: dict[str, Any]
    spec: Any
    tasks: dict[str, Token]
    task_tree: Token
    top_workflow: Any
    parent_task_id: str | None
    completed: bool
    called = True  # has variables of its own

    def prepare(self) -> None:
        """Fields every scope has, before tokens are made or restored."""
        self.types: dict[str, str] = {}
        self.business_key: str | None = None
        self.written: dict[str, None] = {}  # what a called process has assigned since its variables were copied in
        self.undo: list[dict[str, Any]] = []  # what has completed and can be compensated, in order
        self.known: set[str] = set()  # names the outside has been told about

    def open(self) -> None:
        """The root token; its id means nothing and is not stored."""
        self.task_tree = Token(self, self.spec.start, state=S.STARTED, id=ROOT)
        self.top_workflow.index.pop(ROOT)

    def begin(self, start: Any = None) -> None:
        """Put the first token(s): on `start`, else the none start event, else whatever has no incoming flow."""
        self.arm()
        if start is not None and start.name in self.spec.entries:
            self.spawn(start, internal={"won": True})
            for other in self.spec.entries[start.name]:
                self.spawn(other)
            return
        chosen = start or next((event for event in self.spec.starts if event.kind is None), None)
        for element in [chosen] if chosen is not None else self.spec.implicit_starts or self.spec.starts[:1]:
            self.spawn(element)

    def begin_at(self, names: list[str], marks: dict[str, Any]) -> None:
        """Put a token on an element further on: one that was moved. More names lead on into embedded sub-processes."""
        first, *rest = names
        self.spawn(self.spec.task_specs[first], internal={"into": [rest, marks]} if rest else marks)

    def arm(self) -> None:
        """Event sub-processes listen from the beginning."""
        for element in self.spec.event_subprocesses:
            self.spawn(element)

    # -- tokens

    def spawn(
        self,
        element: Any,
        parent: Token | None = None,
        internal: Mapping[str, Any] | None = None,
        data: Mapping[str, Any] | None = None,
    ) -> Token:
        """A new token on an element."""
        token = Token(self, element, parent or self.task_tree)
        if internal:
            token.internal_data.update(internal)
        if data:
            token.data.update(data)
        element.enter(token)
        return token

    def tokens(self) -> list[Token]:
        """The free tokens of the scope."""
        return [self.tasks[id] for id in self.task_tree._children]

    def cancel_tokens(self) -> None:
        """Cancel everything in it."""
        for token in self.tokens():
            token.cancel()

    def check_completed(self) -> None:
        """A scope without tokens is complete; its host goes on."""
        if self.completed:
            return
        host = self.host
        if host is not None and host.task_spec.judges(host):
            self.top_workflow.schedule(host)
            return
        if self.task_tree._children:
            if not self.spec.event_subprocesses or any(token.task_spec.holds(token) for token in self.tokens()):
                return
            self.cancel_tokens()  # event sub-processes that still listen
        self.completed = True
        self.task_tree._set_state(S.COMPLETED)
        if host is not None:
            host.task_spec.scope_completed(host, self)
            self.top_workflow.close_scope(self)

    @property
    def host(self) -> Token | None:
        """The token that hosts this scope; None for the case itself."""
        if self.parent_task_id is None:
            return None
        host: Token = self.top_workflow.index[self.parent_task_id]
        return host

    # -- variables

    @property
    def owner(self) -> Scope:
        """The process scope whose variables are seen here."""
        scope = self
        while not scope.called:
            host = scope.host
            assert host is not None
            scope = host.workflow
        return scope

    @property
    def variables(self) -> dict[str, Any]:
        """The variables seen here; not to be changed in place."""
        return self.owner.data

    def assign(self, values: Mapping[str, Any], types: Mapping[str, str] | None = None) -> None:
        """Write variables of the process scope."""
        owner, top = self.owner, self.top_workflow
        for name, value in values.items():
            owner.written[name] = None
            declared = types.get(name) if types else None
            if name in owner.data and owner.types.get(name) == declared and same(owner.data[name], value):
                continue
            owner.data[name] = value
            if declared is None:
                owner.types.pop(name, None)
            else:
                owner.types[name] = declared
            top.changed[owner.parent_task_id, name] = None
            top.dirty.add(name)

    def remove(self, names: Iterable[str]) -> None:
        """Remove variables of the process scope; unknown names are no error."""
        owner = self.owner
        for name in names:
            if name in owner.data:
                del owner.data[name]
                owner.types.pop(name, None)
                self.top_workflow.changed[owner.parent_task_id, name] = None
                self.top_workflow.dirty.add(name)

    def told(self, name: str) -> Iterator[VariableChange]:
        """What the outside has to know of a variable that was written or removed here; nothing if it never heard of it."""
        where = outside(self.parent_task_id)
        if name in self.data:
            yield VariableChange(scope=where, name=name, value=self.data[name], type=self.types.get(name))
        elif name in self.known:
            yield VariableChange(scope=where, name=name, removed=True)

    def visible(self) -> dict[str, Any]:
        """Variables plus the locals of the activities around an embedded scope; not to be changed in place."""
        if self.called:
            return self.data
        host = self.host
        assert host is not None
        return context_of(host)

    # -- errors and escalations travel outwards along the scopes, never sideways

    def propagate(self, source: Token, kind: str, code: str | None) -> Token | None:
        """The subscription that catches it: own boundary, the loop around, event sub-processes, then host by host.

        At one place a specific code counts before a catch-all. What an event sub-process throws is never caught by one of
        the scope it guards: it goes on outwards (BPMN 2.0.2, 13.5.4).
        """
        token: Token | None = source
        while token is not None:
            scope, handling = token.workflow, False
            while token is not None and token is not scope.task_tree:
                caught = _best_match(token.children, kind, code)
                if caught is not None:
                    return caught
                handling = token.task_spec.guards
                token = token.parent
            guard: Token | None = None if handling else scope.guarded(kind, code)
            if guard is not None:
                return guard
            token = scope.host
        return None

    def guarded(self, kind: str, code: str | None) -> Token | None:
        """The event sub-process of this scope that catches it."""
        return _best_match(self.tokens(), kind, code) if self.spec.event_subprocesses else None


class SubScope(Scope, BpmnSubWorkflow):  # type: ignore[misc]
    """An embedded sub-process or a called process."""

    depth: int

    def __init__(self, spec: Any, host: Token, top: Any, *, called: bool) -> None:
        self.called = called
        self.depth = host.workflow.depth + 1
        self.prepare()
        super().__init__(spec, host.id, top, deserializing=True)

    def _calculate_depth(self) -> int:
        return self.depth


def write(
    token: Token, values: Mapping[str, Any], types: Mapping[str, str] | None = None, *, beyond: bool = False
) -> None:
    """Write each variable where it is seen: the nearest local of that name, from this token outwards, else the process
    scope. `beyond`: the token's own locals are left out, for what leaves it.
    """
    rest: dict[str, Any] = {}
    for name, value in values.items():
        holder = _holder(token, name, beyond)
        if holder is None:
            rest[name] = value
        else:
            holder.data[name] = value
            holder.touch()
            token.workflow.top_workflow.dirty.add(name)
    token.workflow.assign(rest, types)


def _holder(token: Token, name: str, beyond: bool) -> Token | None:
    current, scope = token, token.workflow
    while True:
        if not beyond and name in current.data:
            return current
        beyond = False
        parent = current.parent
        if parent is not None and parent is not scope.task_tree:
            current = parent
        elif scope.called:
            return None
        else:
            host = scope.host
            assert host is not None
            current, scope = host, host.workflow


def view_of(token: Token) -> View:
    """What an expression of this token sees."""
    return View(context_of(token), token.workflow.top_workflow.now)


def context_of(token: Token) -> dict[str, Any]:
    """Variables and locals this token sees. Not to be changed in place."""
    around = token.workflow.visible()
    parent = token.parent
    if parent is not None and parent is not token.workflow.task_tree:
        outer = parent.task_spec.locals_of(parent)
        if outer:
            around = {**around, **outer}
    own = token.task_spec.locals_of(token)
    return {**around, **own} if own else around


def _best_match(candidates: Iterable[Token], kind: str, code: str | None) -> Token | None:
    catch_all = None
    for token in _with_parts(candidates):
        if token._state != S.WAITING or token.task_spec.trigger_kind != kind:
            continue
        expected = token.task_spec.code
        if expected is not None and expected == code:
            return token
        if expected is None and catch_all is None:
            catch_all = token
    return catch_all


def _with_parts(candidates: Iterable[Token]) -> Iterable[Token]:
    for token in candidates:
        yield token
        if token.task_spec.parts:
            yield from token.children
