"""When and from where somebody signed in, and who tried to in their name (practice of 等保三级: the last sign-in is shown)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import Any

from service.casework.actors import Actor
from service.casework.office import Office
from service.rules.vocabulary import LedgerAction
from service.store.ledger import LedgerLine

SHOWN = 8
COMINGS = (LedgerAction.SESSION_BEGAN, LedgerAction.SIGN_IN_REFUSED)
COUNTED = 50  # failures that are counted at most


@dataclass(frozen=True, kw_only=True, slots=True)
class Coming:
    """One sign-in. `address`: empty where it is not known; `refused`: a wrong password or code."""

    at: datetime
    address: str
    methods: tuple[str, ...]
    refused: bool


def recent_sign_ins(office: Office, actor: Actor) -> tuple[Coming, ...]:
    """The newest of one's own, whether they succeeded or not, newest first."""
    with office.reading() as records:
        lines = records.ledger.lines(limit=SHOWN, subject=actor.username, among=COMINGS)
    return tuple(_coming(line) for line in lines)


def failures_since(office: Office, username: str) -> int:
    """How often somebody was refused since they were let in last; at most `COUNTED`."""
    with office.reading() as records:
        lines = records.ledger.lines(limit=COUNTED, subject=username, among=COMINGS)
    return sum(1 for _ in takewhile(lambda line: line.action == LedgerAction.SIGN_IN_REFUSED, lines))


def _coming(line: LedgerLine) -> Coming:
    detail: Mapping[str, Any] = line.detail or {}
    return Coming(
        at=line.written_at,
        address=str(detail.get("address", "")),
        methods=tuple(detail.get("methods", ())),
        refused=line.action == LedgerAction.SIGN_IN_REFUSED,
    )
