"""DMN files as the rest of the service sees them: which decisions they hold, and deciding without a process."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from service.engine.decisions.evaluating import Verdict, decide
from service.engine.decisions.model import DecisionFile, DecisionUnreadable
from service.engine.decisions.reading import read_decision_bytes
from service.engine.facts import DecisionCard


@lru_cache(maxsize=256)
def read_once(content: bytes) -> DecisionFile:
    """The decisions of a file, read once per process. Raises DecisionUnreadable."""
    return read_decision_bytes(content)


@lru_cache(maxsize=1024)
def decision_cards(content: bytes) -> tuple[DecisionCard, ...]:
    """The decisions of a deployed file; none when it was deployed before decisions were read."""
    try:
        file = read_once(content)
    except DecisionUnreadable:
        return ()
    return tuple(
        DecisionCard(key=one.id, name=one.name, version_tag=one.version_tag) for one in file.decisions.values()
    )


def evaluate_decision(content: bytes, key: str, variables: Mapping[str, Any], *, now: datetime) -> Verdict:
    """Decide. Raises DecisionFailure."""
    return decide(read_once(content), key, variables, now=now)
