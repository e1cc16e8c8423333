"""Limits as diagrams write them: working days (`3wd`, `P3WD`) and half-days (`2hd`, `P2HD`), DOMAIN D.2 and E.2."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from service.rules.refusals import Invalid

_LIMIT = re.compile(r"P?(\d{1,3})(WD|HD)", re.IGNORECASE | re.ASCII)


class LimitUnit(StrEnum):
    """What a limit counts."""

    WORKDAY = "wd"  # 工作日
    HALF_DAY = "hd"  # 半日


class WorkingTime(Protocol):
    """What a limit asks of a calendar; `worktime.WorkCalendar` is one."""

    def due_after_workdays(self, start: datetime, n: int) -> datetime: ...
    def due_after_half_days(self, start: datetime, n: int) -> datetime: ...
    def warn_after_workdays(self, start: datetime, n: int) -> datetime: ...
    def warn_after_half_days(self, start: datetime, n: int) -> datetime: ...
    def half_after_half_days(self, start: datetime, n: int) -> datetime | None: ...


@dataclass(frozen=True)
class Limit:
    """So many working days (0 = 即办件, the same day) or half-days (at least 1)."""

    amount: int
    unit: LimitUnit

    def __str__(self) -> str:
        return f"{self.amount}{self.unit}"

    def due(self, calendar: WorkingTime, start: datetime) -> datetime:
        """The instant a clock opened at `start` turns red (L3). Refused: CALENDAR_MISSING."""
        if self.unit is LimitUnit.WORKDAY:
            return calendar.due_after_workdays(start, self.amount)
        return calendar.due_after_half_days(start, self.amount)

    def warn(self, calendar: WorkingTime, start: datetime) -> datetime:
        """The instant it turns yellow (L2); an immediate limit warns when it opens. Refused: CALENDAR_MISSING."""
        if self.amount == 0:
            return start
        if self.unit is LimitUnit.WORKDAY:
            return calendar.warn_after_workdays(start, self.amount)
        return calendar.warn_after_half_days(start, self.amount)

    def half(self, calendar: WorkingTime, start: datetime) -> datetime | None:
        """The instant of the reminder (L1); None when the limit is shorter than four half-days or counts days."""
        return calendar.half_after_half_days(start, self.amount) if self.unit is LimitUnit.HALF_DAY else None


def parse_limit(text: str) -> Limit:
    """Read `3wd`, `2hd`, `P3WD` or `P2HD` (at most 999). Refused: LIMIT_UNREADABLE."""
    match = _LIMIT.fullmatch(text.strip())
    if match:
        amount, unit = int(match[1]), LimitUnit(match[2].lower())
        if amount > 0 or unit is LimitUnit.WORKDAY:
            return Limit(amount, unit)
    raise Invalid("LIMIT_UNREADABLE", "时限“{limit}”无法识别,应写成如3wd(工作日)或2hd(半日)", limit=text[:40])
