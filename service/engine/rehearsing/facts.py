"""What a rehearsal says: steps, ways, what was reached and what was not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Fill = Callable[[Mapping[str, Any], Mapping[str, Any]], Mapping[str, Any]]  # a form and what is wanted → entries


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing that happened. `kind`: start (its form is answered), begun (by a program, with other values), task, act, call,
    message, clock, silence, error, escalation."""

    kind: str
    element: str = ""
    say: Mapping[str, Any] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, kw_only=True)
class Way:
    """One way to an end event, step by step."""

    end: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Something that failed in the sandbox: where, what it says, and the way to it."""

    element: str
    sentence: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, kw_only=True)
class Explored:
    """What was found. `whole`: no state was left when it ended, so that what is missing cannot be reached with any sample."""

    flows: frozenset[str]
    ends: frozenset[str]
    taken: frozenset[str]
    reached: frozenset[str]
    ways: tuple[Way, ...]  # the first one found to each end
    faults: tuple[Fault, ...]
    states: int
    whole: bool

    @property
    def missing(self) -> frozenset[str]:
        """Flows nobody took and end events nobody reached."""
        return (self.flows - self.taken) | (self.ends - self.reached)
