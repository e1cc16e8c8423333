"""Who answers `due`, `warn`, `half` and working time: the engine asks and knows neither law nor store.

A timer that depends on a clock asks a Timekeeper, when it is armed and again whenever the clocks have moved
(`Run.recount`). Without one a plain calendar answers, from the entry of the activity that has the limit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from service.rules.limits import Limit, LimitUnit, WorkingTime, parse_limit
from service.rules.refusals import Invalid

CLOCK_NAMES = frozenset(
    {"RECEIPT", "CASE", "STATUTORY", "CHAIN", "CORRECTION", "DELIVERY", "AGENCY"}
    | {f"M{number}" for number in range(10)}
)  # everything else that `due` is asked for is a stage


class ClockStands(Exception):
    """The clock asked for stands still: the timer has no due instant until somebody lets it go on."""


@dataclass(frozen=True, kw_only=True)
class Around:
    """The activity a timer hangs on or stands in, as far as its time matters. `limit`: as evaluated, `3wd`."""

    token: UUID
    element: str
    process: str
    scope: UUID | None  # host token of the called process it stands in; None: the case itself
    entered_at: datetime
    limit: str | None = None
    looped: bool = False  # one of several instances
    zw: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Place:
    """The called processes a timer stands in, innermost first: host token (None: the case itself) and key."""

    scopes: tuple[tuple[UUID | None, str], ...]


class Timekeeper(Protocol):
    """Answers with an instant, or None for one that never is (a reminder of a limit too short for it).

    `ask` is due, warn or half; `later` a limit (`2hd`) that moves the answer on the same ruler. Raises ClockStands,
    and refusals, which become incidents of the timer.
    """

    def stage(self, ask: str, around: Around, later: str | None) -> datetime | None: ...
    def named(self, ask: str, name: str, place: Place, later: str | None) -> datetime | None: ...
    def after(self, limit: str, start: datetime, around: Around | None) -> datetime: ...


class PlainTime:
    """A calendar and nothing else: limits count from the entry of their activity, and nothing pauses."""

    def __init__(self, calendar: WorkingTime) -> None:
        self.calendar = calendar

    def stage(self, ask: str, around: Around, later: str | None) -> datetime | None:
        """By the limit of the activity. Refused: LIMIT_UNREADABLE, CALENDAR_MISSING."""
        limit = parse_limit(around.limit or "")
        if later is not None:
            limit = extended(limit, later)
        if ask == "due":
            return limit.due(self.calendar, around.entered_at)
        return (
            limit.warn(self.calendar, around.entered_at)
            if ask == "warn"
            else limit.half(self.calendar, around.entered_at)
        )

    def named(self, ask: str, name: str, place: Place, later: str | None) -> datetime | None:
        """Refused: CLOCK_UNKNOWN, as there are no such clocks here."""
        raise Invalid("CLOCK_UNKNOWN", "这里没有时限“{name}”", name=name)

    def after(self, limit: str, start: datetime, around: Around | None) -> datetime:
        """So much working time later. Refused: CALENDAR_MISSING."""
        return parse_limit(limit).due(self.calendar, start)


def extended(limit: Limit, later: str) -> Limit:
    """A limit moved on its own ruler: two half-days are a working day, a half-day beyond a whole day counts as one.

    Refused: LIMIT_UNREADABLE.
    """
    more = parse_limit(later)
    if more.unit is limit.unit:
        return Limit(limit.amount + more.amount, limit.unit)
    halves = more.amount * 2 if more.unit is LimitUnit.WORKDAY else -(-more.amount // 2)
    return Limit(limit.amount + halves, limit.unit)
