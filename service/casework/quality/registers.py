"""The registers of quality: which process keeps each, where it stands by its open step or its end, and what can be filtered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Register:
    """One register. `states`: state → steps that are open then; `ends`: state → how it ended; `marked`: state → variable that is
    true when it ended so, by an event that interrupted everything; `kind`: variable that can be filtered by; `shows`:
    variables of a row."""

    key: str
    states: Mapping[str, tuple[str, ...]]
    ends: Mapping[str, tuple[str, ...]]
    marked: Mapping[str, str] = field(default_factory=dict)
    kind: str = ""
    shows: tuple[str, ...] = ()

    def every_state(self) -> tuple[str, ...]:
        """The states in their order."""
        return (*self.states, *self.ends, *self.marked)

    def state_of(self, open_steps: frozenset[str], end: str | None, *, over: bool, values: Mapping[str, Any]) -> str:
        """Where a case of the register stands; one that was ended by hand: `ended`."""
        if over:
            marks = (name for name, variable in self.marked.items() if values.get(variable) is True)
            return next((name for name, ends in self.ends.items() if end in ends), next(marks, "ended"))
        return next((name for name, steps in self.states.items() if open_steps & set(steps)), "going_on")


REGISTERS: Mapping[str, Register] = {
    "complaints": Register(  # C.5.8
        key="support_SP_01",
        states={
            "filed": ("Task_Accept",),
            "assigned": ("Task_Department", "Task_Supervision"),
            "audited": ("Task_Audit",),
            "replied": ("Task_Confirm",),
            "review": ("Task_Review",),
            "closing": ("Task_Close",),
        },
        ends={
            "closed": ("End_Closed",),
            "refused": ("End_Refused", "End_Remedy"),
        },
        marked={"withdrawn": "withdrawn"},
        kind="matter_kind",
        shows=("matter_kind", "source", "department", "handler", "valid", "satisfaction", "about_number"),
    ),
    "bad_ratings": Register(  # C.5.9
        key="support_SP_04",
        states={
            "verifying": ("Task_Verify",),
            "appealed": ("Task_Appeal",),
            "rectifying": ("Task_Rectify",),
            "called_back": ("Task_CallBack",),
        },
        ends={"closed": ("End_Closed",), "invalid": ("End_Invalid",)},
        kind="grade",
        shows=("grade", "department", "finding", "accepted", "published"),
    ),
    "callbacks": Register(
        key="support_SP_03",
        states={"calling": ("Task_Call",)},
        ends={"closed": ("End_Callback",), "empty": ("End_NoSample",)},
        shows=("period", "sample_size", "reached_count", "problem_count"),
    ),
    "inspections": Register(
        key="support_SP_16",
        states={"checking": ("Task_Check",), "confirming": ("Task_Confirm",)},
        ends={"closed": ("End_Sampling",), "empty": ("End_NoSample",)},
        shows=("period", "sample_size", "problem_count"),
    ),
    "faults": Register(
        key="support_SP_14",
        states={
            "opening": ("Task_Open",),
            "statement": ("Task_Statement",),
            "deciding": ("Task_Decide",),
            "sanctioning": ("Task_Sanction",),
            "appeal": ("Task_Appeal",),
            "review": ("Task_Review",),
        },
        ends={
            "closed": ("End_Closed",),
            "not_opened": ("End_NotOpened",),
            "no_fault": ("End_NoFault",),
            "revoked": ("End_Revoked",),
        },
        kind="fault_kind",
        shows=("fault_kind", "person", "department", "sanction"),
    ),
    "consultations": Register(
        key="support_SP_15",
        states={"handed_on": ("Task_Receive",), "returned": ("Task_Assign",), "answering": ("Task_Answer",)},
        ends={"at_once": ("End_Answered",), "answered": ("End_Replied",)},
        kind="way",
        shows=("question", "way", "department", "answer", "answer_given"),
    ),
    "on_site": Register(
        key="support_SP_20",
        states={"waiting": ("Task_OnSite",), "solving": ("Task_Solve",)},
        ends={"closed": ("End_OnSite",), "missed": ("End_Missed",)},
        kind="quarter",
        shows=("quarter", "department"),
    ),
}
