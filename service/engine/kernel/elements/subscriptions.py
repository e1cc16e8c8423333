"""Waiting for something: one mixin for catch events, boundary events and receive tasks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from service.engine.facts import WaitKind
from service.engine.kernel.formulas import Text
from service.engine.kernel.scope import view_of
from service.engine.kernel.timers import Timer, arm, next_round
from service.engine.kernel.token import Token

_KINDS = {"timer": WaitKind.TIMER, "message": WaitKind.MESSAGE, "signal": WaitKind.SIGNAL}


class Subscribes:
    """Mixed into elements that wait for an event. `definition` comes from the parser."""

    kind: str | None
    timer: Timer | None = None
    event: Text | None = None  # name of the message or signal

    def subscribe(self, token: Token) -> bool:
        """Evaluate once what is waited for. False: nothing to wait for, the timer never is due. Raises StepFailure, Refusal."""
        token.internal_data.setdefault("at", token.workflow.top_workflow.stamp)
        if self.timer is not None:
            armed = arm(self.timer, token)
            if armed is None:
                return False
            token.internal_data["due"] = armed.due.isoformat()
            if armed.left != 1:
                token.internal_data.update(left=armed.left, every=armed.every)
        elif self.event is not None and self.event.literal is None:
            token.internal_data["event"] = self.event.string(view_of(token))
        return True

    def waited_kind(self) -> WaitKind | None:
        """The kind of wait point; None for errors and escalations, which nobody outside can send."""
        return _KINDS.get(self.kind or "")

    def waited_facts(self, token: Token) -> dict[str, Any]:
        """Fields of facts.Wait."""
        due = token.internal_data.get("due")
        return {"due": datetime.fromisoformat(due) if due else None, "event": self.event_name(token)}

    def event_name(self, token: Token) -> str | None:
        """Name of the message or signal this token waits for."""
        if self.event is None:
            return None
        return self.event.literal if self.event.literal is not None else token.internal_data.get("event")

    def rearm(self, token: Token) -> bool:
        """After a trigger that did not interrupt: listen on, unless it was a timer without rounds left."""
        if self.timer is None:
            return True
        data = token.internal_data
        due = datetime.fromisoformat(data["due"])
        again = next_round(due, data.get("left", 1), data.get("every", ""), token.workflow.top_workflow.calendar)
        if again is None:
            return False
        data.update(due=again.due.isoformat(), left=again.left, every=again.every)
        token.touch()
        return True
