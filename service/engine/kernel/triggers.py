"""What an event definition says, the same for catching and throwing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from service.engine.kernel.formulas import Formula, Text
from service.engine.kernel.timers import Timer


@dataclass(frozen=True, kw_only=True)
class Trigger:
    """One event definition."""

    kind: str
    code: str | None = None  # of an error or escalation; None catches all
    event: Text | None = None  # name of the message or signal
    timer: Timer | None = None
    condition: Formula | None = None
    names: frozenset[str] = frozenset()  # variables the condition reads
    captures: Mapping[str, str] = field(default_factory=dict)  # what of a caught error goes into which variable
    activity: str | None = None  # compensation: the one activity that is meant
    waits: bool = True  # compensation: whether the thrower waits for the handlers
    link: str | None = None
