"""A token: the library's Task as one live element instance. Its children are boundary subscriptions or loop instances."""

from __future__ import annotations

import os
from functools import lru_cache
from typing import Any
from uuid import UUID

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState as S

LIVE = S.WAITING | S.READY | S.STARTED | S.ERROR
WAITS = S.WAITING | S.STARTED | S.ERROR
DEAD = S.COMPLETED | S.CANCELLED

ROOT = "#"  # id of the token that stands for a scope; means nothing outside it

# How far an element has come, so that a retry does not repeat what has been done.
BEGIN, OUTPUT, LEAVE = 0, 1, 2


def new_id() -> str:
    """A random UUID (version 4) as text."""
    digits = os.urandom(16).hex()
    return (
        f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{'89ab'[int(digits[16], 16) & 3]}{digits[17:20]}-{digits[20:]}"
    )


@lru_cache(maxsize=4096)  # one act says the same dozen ids several times over
def public_id(id: str) -> UUID:
    """The id as it is known outside the kernel."""
    return UUID(id)


def outside(id: str | None) -> UUID | None:
    """The same for an id that may be missing: that of the host of a scope."""
    return None if id is None else public_id(id)


class Token(Task):  # type: ignore[misc]
    """`Task.run` is stock; only what it does to a token that was cancelled meanwhile is caught here."""

    _state: int

    def __init__(
        self, workflow: Any, spec: Any, parent: Token | None = None, state: int = S.READY, id: str | None = None
    ) -> None:
        """Ids are UUIDs written as text: hashing and comparing them is most of what a step does."""
        super().__init__(workflow, spec, parent, state, id or new_id())
        self.taken: tuple[Any, ...] = ()  # the flows chosen by the step that completes it
        self.queued = False
        workflow.top_workflow.index[self.id] = self

    @property
    def phase(self) -> int:
        """How far the element has come."""
        return int(self.internal_data.get("p", BEGIN))

    @phase.setter
    def phase(self, value: int) -> None:
        if value == BEGIN:
            self.internal_data.pop("p", None)
        else:
            self.internal_data["p"] = value

    @property
    def live(self) -> bool:
        """Neither completed nor cancelled."""
        return bool(self._state & LIVE)

    @property
    def free(self) -> bool:
        """Directly under its scope: neither a subscription nor a loop instance."""
        return bool(self._parent == ROOT)

    @property
    def hosted(self) -> Any:
        """The scope this token hosts, if any."""
        return self.workflow.top_workflow.subprocesses.get(self.id)

    def touch(self) -> None:
        """Its facts have changed: report it when the run settles."""
        self.workflow.top_workflow.touched[self.id] = None

    def _set_state(self, value: int) -> None:
        """Stock also builds a log record with all task data; a dead token stays dead."""
        if not self._state & DEAD:
            self._state = value

    def complete(self) -> None:
        """Stock, unless a thrown event has cancelled the token meanwhile."""
        if self.live:
            super().complete()

    def error(self) -> None:
        """Stock, unless a thrown event has cancelled the token meanwhile."""
        if self.live:
            super().error()

    def cancel(self) -> None:
        """Leave without going on; what hangs on the token goes first. Stock would forget the hooks of the children."""
        if not self.live:
            return
        top = self.workflow.top_workflow
        for child in self.children:
            child.cancel()
        scope = self.hosted
        if scope is not None:
            scope.cancel_tokens()
            top.close_scope(scope)
        silent = self.task_spec.is_silent(self)
        self._set_state(S.CANCELLED)
        if not silent:
            top.emit("cancelled", self)
        self.discard()

    def discard(self) -> None:
        """Leave the tree. Finished tokens never stay: history is emitted, not stored."""
        top = self.workflow.top_workflow
        top.patient.pop(self.id, None)
        top.conditional.pop(self.id, None)
        if top.index.pop(self.id, None) is not None:
            self.workflow._remove_task(self.id)

    def _unfit(self, *_args: Any, **_kwargs: Any) -> Any:
        raise NotImplementedError("the task tree holds live tokens only; this stock method expects history or forecast")

    reset_branch = _sync_children = _inherit_data = _add_child = _drop_children = _ready = trigger = _unfit
