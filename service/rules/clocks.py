"""Clocks as data: what is counted, from when, what was not counted and why, what was added and by whom (DOMAIN C.3.5).

A clock is a value: whoever pauses or extends one makes another. What it says is computed by `counting`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from service.rules.refusals import Invalid
from service.rules.worktime import SHANGHAI


class ClockKind(StrEnum):
    """What a clock measures."""

    RECEIPT = "RECEIPT"  # 收件 until the outcome of the formal check, 行政许可法 art. 32
    CASE = "CASE"  # 承诺时限
    STATUTORY = "STATUTORY"  # 法定时限
    STAGE = "STAGE"  # 环节时限
    CHAIN = "CHAIN"  # 联办时限
    MILESTONE = "MILESTONE"  # 联办里程碑
    CORRECTION = "CORRECTION"  # what the applicant has for 补正
    DELIVERY = "DELIVERY"  # 送达, 行政许可法 art. 44
    PAYMENT = "PAYMENT"
    COMPLAINT = "COMPLAINT"
    MEETING = "MEETING"
    AGENCY = "AGENCY"  # 全程代办


_LIMIT = re.compile(r"P?(\d{1,3})(WD|CD|HD|H)", re.IGNORECASE | re.ASCII)


class Unit(StrEnum):
    """What a limit counts."""

    WORKDAY = "WORKDAY"  # 工作日
    CALENDAR = "CALENDAR"  # 自然日, rolled forward to a working day at its end (R-LIM-3)
    HALFDAY = "HALFDAY"  # 半日: mornings and afternoons of working days
    HOUR = "HOUR"  # hours the counters are open


class CountStart(StrEnum):
    """Whether the day (half-day) a clock opens in is counted (AMB-02, configuration `calendar.count_start`)."""

    NEXT_WORKDAY = "NEXT_WORKDAY"  # 开始的当日不计入, 民法典 art. 201
    SAME_DAY = "SAME_DAY"  # 从受理当日开始计时


class PauseKind(StrEnum):
    """Why time is not counted (DOMAIN C.5.2)."""

    CORRECTION = "CORRECTION"
    HEARING = "HEARING"
    TENDER = "TENDER"
    AUCTION = "AUCTION"
    INSPECTION = "INSPECTION"
    APPRAISAL = "APPRAISAL"
    EXPERT = "EXPERT"
    ENTRUSTED_EVALUATION = "ENTRUSTED_EVALUATION"
    PUBLICITY = "PUBLICITY"
    CONSULT = "CONSULT"
    UPPER_LEVEL = "UPPER_LEVEL"
    DESIGN_REVISION = "DESIGN_REVISION"
    PAYMENT = "PAYMENT"
    APPLICANT_REQUEST = "APPLICANT_REQUEST"
    FORCE_MAJEURE = "FORCE_MAJEURE"
    SYSTEM_OUTAGE = "SYSTEM_OUTAGE"
    NEXT_FILING = "NEXT_FILING"  # a chain waits for the next declaration of its applicant (R-CHN-2)
    SUSPENDED = "SUSPENDED"  # 挂起 of the whole case


@dataclass(frozen=True, kw_only=True)
class Suspension:
    """A pause that freezes the days x with after < x ≤ through (R-SUS-1); open while `through` is None.

    `began_at` and `ended_at` are the instants somebody paused and resumed; half-days and lights follow them. Without
    them the pause is known by its days only and lasts from midnight after `after` to midnight after `through`.
    """

    kind: str  # a PauseKind, or the word of another system
    after: date
    through: date | None = None
    began_at: datetime | None = None
    ended_at: datetime | None = None
    basis: str = ""  # legal reference
    approved_by: str = ""
    notice: str = ""  # number of the written notice, 行政许可法 art. 45
    expected_days: int | None = None  # working days announced to the applicant

    @property
    def paused_from(self) -> datetime:
        """The instant time stops."""
        return self.began_at or midnight(self.after + timedelta(1))

    @property
    def paused_until(self) -> datetime | None:
        """The instant time goes on; None while nobody knows."""
        if self.ended_at is not None or self.through is None:
            return self.ended_at
        return midnight(self.through + timedelta(1))


@dataclass(frozen=True, kw_only=True)
class Extension:
    """Time added to a limit in its own unit; it never restarts the count (R-EXT-2)."""

    amount: int
    approved_on: date | None = None
    approved_by: str = ""
    notice: str = ""
    basis: str = ""


@dataclass(frozen=True, kw_only=True)
class Clock:
    """One limit that runs. `started` decides day 0; `stopped_at` ends it (R-LIM-10)."""

    started: datetime
    amount: int
    unit: Unit
    kind: ClockKind = ClockKind.CASE
    suspensions: tuple[Suspension, ...] = ()
    extensions: tuple[Extension, ...] = ()
    stopped_at: datetime | None = None
    basis: str = ""
    count_start: CountStart = CountStart.NEXT_WORKDAY

    @property
    def total(self) -> int:
        """What may be used in all, extensions included."""
        return self.amount + sum(one.amount for one in self.extensions)

    @property
    def origin(self) -> date:
        """The date counting begins after."""
        day = self.started.astimezone(SHANGHAI).date()
        return day - timedelta(1) if self.count_start is CountStart.SAME_DAY and self.amount else day

    def with_pause(self, pause: Suspension) -> Clock:
        """The clock with one more pause."""
        return replace(self, suspensions=(*self.suspensions, pause))

    def with_extension(self, extension: Extension) -> Clock:
        """The clock with more time."""
        return replace(self, extensions=(*self.extensions, extension))

    def resumed(self, at: datetime) -> Clock:
        """The clock as if every open pause ended at an instant, or where it begins when that is later."""
        day = at.astimezone(SHANGHAI).date()
        closed = (
            one
            if one.through is not None
            else replace(
                one, through=max(one.after, day), ended_at=None if one.began_at is None else max(one.began_at, at)
            )
            for one in self.suspensions
        )
        return replace(self, suspensions=tuple(closed))


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A stretch of a clock's life [begins, ends): running, or paused with the reasons; `ends` None: still so."""

    begins: datetime
    ends: datetime | None
    pauses: tuple[Suspension, ...] = ()


def segments(clock: Clock) -> tuple[Segment, ...]:
    """The life of a clock from its start to its end in running and paused stretches; reasons accumulate (C.5.3)."""
    end = clock.stopped_at
    marks = {clock.started}
    for one in clock.suspensions:
        marks |= {mark for mark in (one.paused_from, one.paused_until) if mark is not None}
    inner = sorted(mark for mark in marks if mark >= clock.started and (end is None or mark < end))
    found: list[Segment] = []
    for begins, ends in zip(inner, [*inner[1:], end], strict=True):
        why = tuple(one for one in clock.suspensions if is_paused_by(one, begins))
        if found and found[-1].pauses == why:
            found[-1] = replace(found[-1], ends=ends)
        else:
            found.append(Segment(begins=begins, ends=ends, pauses=why))
    return tuple(found)


def is_paused_by(pause: Suspension, instant: datetime) -> bool:
    """Whether the pause holds at an instant."""
    until = pause.paused_until
    return pause.paused_from <= instant and (until is None or instant < until)


def united(suspensions: Iterable[Suspension]) -> tuple[tuple[date, date], ...]:
    """The frozen days as disjoint intervals (after, through] in order: the union, never the sum (R-SUS-2).

    An open pause reaches to `date.max`.
    """
    found: list[tuple[date, date]] = []
    for after, through in sorted((one.after, one.through or date.max) for one in suspensions):
        if found and after <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], through))
        elif through > after:
            found.append((after, through))
    return tuple(found)


def read_limit(text: str) -> tuple[int, Unit]:
    """A limit as diagrams write it: `20wd`, `7cd`, `2hd`, `3h`. Refused: LIMIT_UNREADABLE."""
    match = _LIMIT.fullmatch(text.strip())
    units = {"WD": Unit.WORKDAY, "CD": Unit.CALENDAR, "HD": Unit.HALFDAY, "H": Unit.HOUR}
    if match is None:
        raise Invalid("LIMIT_UNREADABLE", "时限“{limit}”无法识别,应写成如3wd(工作日)或2hd(半日)", limit=text[:40])
    return int(match[1]), units[match[2].upper()]


def midnight(day: date) -> datetime:
    """The first instant of a day, +08:00."""
    return datetime.combine(day, time(), SHANGHAI)
