"""Where work piles up in a process: what stands at an element, how long finished passes took, and which is worst."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from service.rules.lights import DAY_MINUTES
from service.rules.limits import LimitUnit, parse_limit
from service.rules.refusals import Invalid

MEASURES = ("waiting", "overdue", "median", "p90")  # what a diagram can be coloured by
WINDOWS = (7, 30, 90, 365)  # days of finished passes that are looked at
USUAL_WINDOW = 30
LEVELS = 4  # of heat; 0: nothing there


@dataclass(frozen=True, kw_only=True, slots=True)
class Load:
    """One element. `waiting`, `overdue`: running cases that stand there; `finished`: passes of the window; `median`, `p90`,
    `limit`: minutes of counter time, None when there are none."""

    element: str
    name: str
    kind: str
    waiting: int = 0
    overdue: int = 0
    finished: int = 0
    median: int | None = None
    p90: int | None = None
    limit: int | None = None

    @property
    def share(self) -> float | None:
        """The median against the limit: 1.0 has used all of it."""
        return self.median / self.limit if self.median is not None and self.limit else None

    def measure(self, by: str) -> int:
        """One of MEASURES, 0 when there is nothing."""
        found: int | None = getattr(self, by)
        return found or 0


def ranked(loads: Iterable[Load]) -> tuple[Load, ...]:
    """The worst first: overdue, then waiting, then the median against the limit, then the median."""
    return tuple(
        sorted(loads, key=lambda one: (-one.overdue, -one.waiting, -(one.share or 0), -(one.median or 0), one.element))
    )


def heat(loads: Sequence[Load], by: str) -> dict[str, int]:
    """Element → 1 to LEVELS by its share of the greatest; elements with nothing are left out."""
    most = max((one.measure(by) for one in loads), default=0)
    return {one.element: -(-LEVELS * one.measure(by) // most) for one in loads if one.measure(by)}


def spread(minutes: Sequence[int]) -> tuple[int | None, int | None]:
    """Median and 90th percentile by rank, so that both are passes that happened; None without any."""
    if not minutes:
        return None, None
    ordered = sorted(minutes)
    return ordered[(len(ordered) - 1) // 2], ordered[-(-9 * len(ordered) // 10) - 1]


def limit_minutes(text: str | None) -> int | None:
    """Counter minutes of a limit as diagrams write it; None without one, for 当日 and for what is computed."""
    try:
        limit = parse_limit(text or "")
    except Invalid:
        return None
    whole = DAY_MINUTES if limit.unit is LimitUnit.WORKDAY else DAY_MINUTES / 2
    return int(limit.amount * whole) or None
