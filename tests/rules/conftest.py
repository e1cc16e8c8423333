"""Clocks as tests write them: dates in text, Asia/Shanghai."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from service.rules.clocks import Clock, Extension, Suspension, Unit
from service.rules.worktime import SHANGHAI

VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text("utf-8"))


def vectors(family: str) -> list[Any]:
    """The vectors of one family as parameters named by their number."""
    return [pytest.param(v, id=str(v.get("id", i))) for i, v in enumerate(VECTORS[family])]


def at(text: str) -> datetime:
    """A local instant."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def pause(after: str, through: str | None, kind: str = "EXPERT", **more: Any) -> Suspension:
    """A pause that freezes the days (after, through]."""
    end = None if through is None else date.fromisoformat(through)
    return Suspension(kind=kind, after=date.fromisoformat(after), through=end, **more)


def clock(
    start: str, n: int, unit: Unit = Unit.WORKDAY, *, pauses: Iterable[Any] = (), added: int = 0, **more: Any
) -> Clock:
    """A clock that started at 10:00 when only the day is told."""
    return Clock(
        started=at(start if "T" in start else f"{start}T10:00"),
        amount=n,
        unit=unit,
        suspensions=tuple(one if isinstance(one, Suspension) else pause(*one) for one in pauses),
        extensions=(Extension(amount=added),) if added else (),
        **more,
    )
