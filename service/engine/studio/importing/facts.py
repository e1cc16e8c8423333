"""What came of importing a diagram of another product: the file as ours, its forms, and a note for everything that was touched or left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from service.rules.sentences import Sentence


class Verdict(StrEnum):
    """What became of something a foreign diagram says."""

    MAPPED = "mapped"  # says the same in our words
    TRANSLATED = "translated"  # an expression, now in FEEL
    KEPT = "kept"  # stays in the file and has no effect
    OPEN = "open"  # stays in the file and somebody has to decide


@dataclass(frozen=True, kw_only=True)
class Note:
    """One thing a foreign diagram says, and what became of it. `problem`: why not, in Chinese and English."""

    verdict: Verdict
    file: str
    line: int
    element: str | None
    name: str
    what: str  # flowable:assignee, conditionExpression
    value: str
    became: str = ""
    reason: Sentence | None = None
    remedy: Sentence | None = None
    problem: tuple[str, str] | None = None


@dataclass(frozen=True, kw_only=True)
class Imported:
    """One diagram as ours. `product`: whose it was; `forms`: made of the fields its tasks declared, by file name."""

    file: str
    key: str
    name: str
    product: str
    content: bytes
    forms: Mapping[str, bytes] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()

    def counted(self) -> dict[str, int]:
        """How many notes of each verdict."""
        return {str(one): sum(note.verdict is one for note in self.notes) for one in Verdict}
