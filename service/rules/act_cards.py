"""What an act says of itself: inputs, outputs, journal lines and refusals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from service.rules.vocabulary import InHouseAction


class InputKind(StrEnum):
    """What an input holds."""

    TEXT = "TEXT"  # any words
    NAMES = "NAMES"  # names of variables, separated by spaces
    DOCUMENT = "DOCUMENT"  # codes of kinds of documents
    MESSAGE = "MESSAGE"  # codes of messages
    STANDARDS = "STANDARDS"  # codes of fee standards
    PROCESS = "PROCESS"  # key of a process
    TASK = "TASK"  # id of a user task of the same process
    SERIES = "SERIES"  # name of a row of numbers
    EVENT = "EVENT"  # name of a BPMN message
    TRANSFER = "TRANSFER"  # one of TRANSFERS
    CONNECTION = "CONNECTION"  # name under which a connection to another system is known
    EXPRESSION = "EXPRESSION"  # FEEL
    VIOLATION = "VIOLATION"  # what a card is given for
    SAMPLING = "SAMPLING"  # kind of sample


@dataclass(frozen=True, kw_only=True)
class Input:
    """One attribute `zw:<name>` of the element. `default`: what holds when it is not written; `choices`: value → (Chinese,
    English), when it is one of a few words.
    """

    name: str
    kind: InputKind
    label: str
    english: str
    required: bool = False
    default: str = ""
    choices: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Output:
    """One variable of the process the act sets. `type`: as docs/engine.md names types of variables."""

    name: str
    type: str
    label: str
    english: str


@dataclass(frozen=True, kw_only=True)
class ActCard:
    """One act. `label`: as the designer calls it; `does`: one sentence; `drawn`: whether zw:action may name it.

    `error`: the BPMN error a diagram may catch around it; when nothing more is tried, that way is taken, and no incident opened.
    """

    name: InHouseAction
    label: str
    does: str
    english: str
    inputs: tuple[Input, ...] = ()
    outputs: tuple[Output, ...] = ()
    journal: tuple[str, ...] = ()
    refusals: tuple[str, ...] = ()
    error: str = ""
    drawn: bool = True

    def input(self, name: str) -> Input | None:
        """The input of that name."""
        return next((one for one in self.inputs if one.name == name), None)
