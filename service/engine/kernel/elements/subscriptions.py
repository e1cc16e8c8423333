"""Waiting for something: one mixin for catch events, boundary events and receive tasks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from SpiffWorkflow.util.task import TaskState as S

from service.engine.facts import WaitKind
from service.engine.kernel.correlation import Key
from service.engine.kernel.correlation import armed as armed_keys
from service.engine.kernel.formulas import Formula, Text
from service.engine.kernel.scope import view_of
from service.engine.kernel.timers import NEVER, Timer, arm, next_round, recounted, working
from service.engine.kernel.token import Token

_KINDS = {"timer": WaitKind.TIMER, "message": WaitKind.MESSAGE, "signal": WaitKind.SIGNAL}


class Subscribes:
    """Mixed into elements that wait for an event. `definition` comes from the parser."""

    kind: str | None
    timer: Timer | None = None
    event: Text | None = None  # name of the message or signal
    condition: Formula | None = None
    keys: tuple[Key, ...] = ()  # correlation properties of the message
    parts: tuple[Any, ...] = ()  # a multiple event: one element per definition

    def subscribe(self, token: Token) -> bool:
        """Evaluate once what is waited for. False: nothing to wait for, the timer never is due. Raises StepFailure, Refusal."""
        data, stamp = token.internal_data, token.workflow.top_workflow.stamp
        data.setdefault("at", stamp)
        if self.timer is not None:
            armed = arm(self.timer, token)
            if armed is None:
                return False
            if armed.due < NEVER:
                data["due"] = armed.due.isoformat()
            if armed.left != 1:
                data.update(left=armed.left, every=armed.every)
            if armed.span:
                data["span"] = armed.span
            if data["at"] != stamp:  # armed at last, after it had failed: working time counts from now
                data["base"] = stamp
        elif self.event is not None and self.event.literal is None:
            token.internal_data["event"] = self.event.string(view_of(token))
        if self.keys:
            token.internal_data["keys"] = armed_keys(self.keys, view_of(token))
        if self.condition is not None:
            token.workflow.top_workflow.watch(token)
        for part in self.parts:
            token.workflow.spawn(part, parent=token)
        return True

    def consider(self, token: Token) -> bool:
        """A condition fires when it becomes true, not while it stays true (BPMN 2.0.2, 10.5.5.5). Raises StepFailure."""
        assert self.condition is not None
        before, holds = token.internal_data.get("was"), self.condition.truth(view_of(token))
        token.internal_data["was"] = holds
        if not holds or before:
            return False
        self.trigger(token)
        return True

    def trigger(self, token: Token) -> None:
        """It has happened."""
        raise NotImplementedError

    def waited_kind(self) -> WaitKind | None:
        """The kind of wait point; None for errors and escalations, which nobody outside can send."""
        return _KINDS.get(self.kind or "")

    def waited_facts(self, token: Token) -> dict[str, Any]:
        """Fields of facts.Wait."""
        due = token.internal_data.get("due")
        return {
            "due": datetime.fromisoformat(due) if due else None,
            "event": self.event_name(token),
            "correlation": token.internal_data.get("keys", {}),
        }

    def event_name(self, token: Token) -> str | None:
        """Name of the message or signal this token waits for."""
        if self.event is None:
            return None
        return self.event.literal if self.event.literal is not None else token.internal_data.get("event")

    def rearm(self, token: Token) -> bool:
        """After a trigger that did not interrupt: listen on, unless it was a timer without rounds left."""
        if self.timer is None:
            return True
        data, top = token.internal_data, token.workflow.top_workflow
        due = datetime.fromisoformat(data["due"]) if "due" in data else top.now
        again = next_round(due, data.get("left", 1), data.get("every", ""), top.calendar)
        if again is None:
            return False
        data.update(due=again.due.isoformat(), left=again.left, every=again.every)
        data.pop("set", None)
        if working(again.every):
            data.update(base=due.isoformat(), span=again.every)
        token.touch()
        return True

    def recount(self, token: Token) -> None:
        """Clocks or the calendar have moved: the timer is due when they say now. Raises StepFailure, Refusal."""
        assert self.timer is not None
        data, due = token.internal_data, recounted(self.timer, token)
        text = None if due is None or due >= NEVER else due.isoformat()
        if due is None or text == data.get("due"):
            return
        data.pop("due", None)
        if text is not None:
            data["due"] = text
        token.touch()


class Listens(Subscribes):
    """Shared by boundary events, the starts of event sub-processes, and the parts of multiple events."""

    captures: Mapping[str, str]
    everything = False  # parallel multiple: all definitions must have happened

    @property
    def trigger_kind(self) -> str | None:
        """What it listens to."""
        return self.kind

    def listen(self, token: Token) -> None:
        """Arm the subscription; one that will never be due leaves. What cannot be evaluated becomes its incident."""

        def arm() -> None:
            token._set_state(S.WAITING)
            if not self.subscribe(token):
                token.discard()

        token.workflow.top_workflow.guard(token, arm)

    def listen_on(self, token: Token) -> None:
        """After a trigger that did not interrupt: the next one; a timer without rounds left leaves."""
        if self.parts:
            if self.everything:
                self.subscribe(token)
        elif not self.rearm(token):
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

    def watches(self, token: Token) -> bool:
        """While it listens."""
        return self.condition is not None and token._state == S.WAITING
