"""Migration as the outside sees it: verdicts, reasons with a stable code, pairs of elements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from service.rules.sentences import Sentence

Mapped = Mapping[str, Mapping[str, str | None]]  # process → element of the old version → that of the new; None: none


class MigrationVerdict(StrEnum):
    """What may become of one running case."""

    STAYS = "STAYS"  # it runs with the new versions already, or has ended
    AS_IS = "AS_IS"  # everything live goes on under the same id
    MAPPED = "MAPPED"  # something live goes on under another id
    IMPOSSIBLE = "IMPOSSIBLE"  # the reasons say why


@dataclass(frozen=True, kw_only=True)
class MigrationReason:
    """Why a case cannot migrate, or what is wrong with a mapping: stable code, the element of the old version."""

    code: str
    process: str
    element: str
    sentence: Sentence


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """The verdict on one case. `live`: (process, old, new) of everything that goes on; `dropped` and `armed`: timers and other
    subscriptions that end, or begin to listen at the migration, by element; `recounted`: timers that are counted anew."""

    verdict: MigrationVerdict
    reasons: tuple[MigrationReason, ...] = ()
    live: tuple[tuple[str, str, str], ...] = ()
    dropped: tuple[str, ...] = ()
    armed: tuple[str, ...] = ()
    recounted: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Pair:
    """One element of the old version and what it goes on as. `how`: "id", "likeness", "given", or "" without a target."""

    process: str
    old: str
    name: str
    activity_type: str
    new: str | None
    how: str


_ALIKE = ({"userTask", "manualTask"}, {"subProcess", "transaction"}, {"parallelGateway", "inclusiveGateway"})


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """An element of the new version something may go on as."""

    element: str
    name: str
    activity_type: str
    parent: str | None

    def suits(self, pair: Pair) -> bool:
        """Whether it is of a kind as which the old element may go on, or what it goes on as."""
        kinds = {self.activity_type, pair.activity_type}
        return len(kinds) == 1 or any(kinds <= alike for alike in _ALIKE) or self.element == pair.new
