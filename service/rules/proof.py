"""时限证明: what a clock counted day by day, who had the time of a case, and which limit binds.

XN-15: promised, counted and elapsed days side by side, with the applicant's and the special procedures' time apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby

from service.rules.clocks import Clock, ClockKind, PauseKind, Suspension
from service.rules.counting import Reading, reading
from service.rules.explaining import DayLine, DayRule, explain
from service.rules.sentences import Sentence
from service.rules.worktime import SHANGHAI, WorkCalendar

DAY = timedelta(1)
CLOCK_NAMES: dict[ClockKind, Sentence] = {
    ClockKind.RECEIPT: Sentence("收件审查时限"),
    ClockKind.CASE: Sentence("承诺时限"),
    ClockKind.STATUTORY: Sentence("法定时限"),
    ClockKind.STAGE: Sentence("环节时限"),
    ClockKind.CHAIN: Sentence("联办时限"),
    ClockKind.MILESTONE: Sentence("联办里程碑"),
    ClockKind.CORRECTION: Sentence("申请人补正期限"),
    ClockKind.DELIVERY: Sentence("送达期限"),
    ClockKind.PAYMENT: Sentence("缴费期限"),
    ClockKind.COMPLAINT: Sentence("投诉办理时限"),
    ClockKind.MEETING: Sentence("会议答复时限"),
    ClockKind.AGENCY: Sentence("代办时限"),
}
MARK_NAMES = {  # what an item reaches (docs/clocks.md); M0 … M9 are the milestones of a chain
    "RECEIVED": Sentence("收件"),
    "CORRECTING": Sentence("一次告知补正"),
    "SUPPLEMENTED": Sentence("补正齐全"),
    "ACCEPTED": Sentence("受理"),
    "DEEMED_ACCEPTED": Sentence("视为受理"),
    "NOT_ACCEPTED": Sentence("不予受理"),
    "DECIDED_YES": Sentence("准予决定"),
    "DECIDED_NO": Sentence("不予决定"),
    "READY": Sentence("办结待领取"),
    "DELIVERED": Sentence("送达"),
    "WITHDRAWN": Sentence("撤回申请"),
    "RETURNED": Sentence("退件"),
    "ABANDONED": Sentence("视为放弃"),
    "TERMINATED": Sentence("终止"),
    "SIGNED": Sentence("签订代办委托书"),
}
MAIN = (ClockKind.CASE, ClockKind.CHAIN, ClockKind.AGENCY, ClockKind.STATUTORY)  # whose days are the case's, best first
GOVERNING = (  # the earliest of them binds; a milestone binds the nodes of a chain (R-CHN-4), not the chain
    ClockKind.CASE,
    ClockKind.STATUTORY,
    ClockKind.CHAIN,
    ClockKind.AGENCY,
    ClockKind.MILESTONE,
)
APPLICANTS = (ClockKind.CORRECTION, ClockKind.PAYMENT)  # limits of the applicant, not of an agency


class TimeHolder(StrEnum):
    """Who had a day of a case."""

    AGENCY = "AGENCY"
    APPLICANT = "APPLICANT"
    INTERMEDIARY = "INTERMEDIARY"
    SPECIAL = "SPECIAL"
    HINDERED = "HINDERED"  # 不可抗力, 系统故障, 挂起: nobody's
    DELIVERY = "DELIVERY"  # after the result lay ready


HOLDERS: dict[TimeHolder, Sentence] = {
    TimeHolder.AGENCY: Sentence("行政机关办理"),
    TimeHolder.APPLICANT: Sentence("申请人（补正、缴费等）"),
    TimeHolder.INTERMEDIARY: Sentence("中介服务"),
    TimeHolder.SPECIAL: Sentence("特别程序（听证、检验、评审等）"),
    TimeHolder.HINDERED: Sentence("不可抗力、系统故障、挂起"),
    TimeHolder.DELIVERY: Sentence("办结后送达"),
}
_HAD_BY = {
    **dict.fromkeys(
        (
            PauseKind.CORRECTION,
            PauseKind.DESIGN_REVISION,
            PauseKind.PAYMENT,
            PauseKind.APPLICANT_REQUEST,
            PauseKind.NEXT_FILING,
            "CHAIN_WAIT",
        ),
        TimeHolder.APPLICANT,
    ),
    PauseKind.ENTRUSTED_EVALUATION: TimeHolder.INTERMEDIARY,
    **dict.fromkeys((PauseKind.FORCE_MAJEURE, PauseKind.SYSTEM_OUTAGE, "SUSPENDED"), TimeHolder.HINDERED),
}


class StretchKind(StrEnum):
    """What the days of a stretch have in common."""

    RUNNING = "RUNNING"
    PAUSED = "PAUSED"
    OVERDUE = "OVERDUE"
    AHEAD = "AHEAD"  # not yet: as it will be if nothing moves


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """Neighbouring days of one kind, with what they use together."""

    kind: StretchKind
    lines: tuple[DayLine, ...]

    @property
    def used(self) -> float:
        """Units of the limit, late ones too."""
        return round(sum(line.units + line.over for line in self.lines), 4)


@dataclass(frozen=True, kw_only=True)
class ProvenClock:
    """One clock on a sheet: what it says at the sheet's instant, and every day of it. `past` ends at that instant."""

    clock: Clock
    reading: Reading
    past: tuple[DayLine, ...]
    ahead: tuple[DayLine, ...]

    @property
    def used(self) -> float:
        """The sum of the lines: what the reading says is used."""
        return round(sum(line.units + line.over for line in self.past), 4)

    @property
    def in_time(self) -> bool:
        """Whether it stopped, or still runs, before its limit ended."""
        return self.clock.stopped_at < self.reading.due.at if self.clock.stopped_at else not self.reading.overdue

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        """The days in neighbouring groups: running, paused, overdue, still to come."""
        told = [(self._kind(line), line) for line in self.past]
        told += [(StretchKind.AHEAD, line) for line in self.ahead]
        return tuple(
            Stretch(kind=kind, lines=tuple(line for _, line in lines))
            for kind, lines in groupby(told, key=lambda pair: pair[0])
        )

    def _kind(self, line: DayLine) -> StretchKind:
        if any(one.after < line.day <= (one.through or date.max) for one in self.clock.suspensions):
            return StretchKind.PAUSED
        if line.rule is DayRule.PAUSED:
            return StretchKind.PAUSED
        return StretchKind.OVERDUE if line.day > self.reading.due.day else StretchKind.RUNNING


def prove(calendar: WorkCalendar, clock: Clock, now: datetime) -> ProvenClock:
    """A clock with every day up to `now`, and what is still to come. Refused: CALENDAR_MISSING."""
    past = explain(calendar, clock, now, ahead=False)
    rest = explain(calendar, clock, now)[len(past) :] if clock.stopped_at is None else ()
    return ProvenClock(clock=clock, reading=reading(calendar, clock, now), past=past, ahead=rest)


def holder_of(kind: str) -> TimeHolder:
    """Who has the time while a pause of this kind lasts."""
    return _HAD_BY.get(kind, TimeHolder.SPECIAL)


def shares(
    received: date, until: date, pauses: Iterable[Suspension], ready: date | None = None
) -> dict[TimeHolder, int]:
    """Calendar days of (received, until] by who had them; together they are the days that went by (D.13).

    A day several pauses freeze belongs to the one that began first. Days after `ready`, when the result lay at the
    window, are the delivery's.
    """
    ordered = sorted(pauses, key=lambda one: (one.paused_from, one.kind))
    found = dict.fromkeys(TimeHolder, 0)
    day = received
    while day < until:
        day += DAY
        found[_had(day, ordered, ready)] += 1
    return found


def days_frozen(pause: Suspension, until: date) -> int:
    """Calendar days a pause froze, so far when it is open."""
    return max(0, ((pause.through or until) - pause.after).days)


def local_day(instant: datetime) -> date:
    """The day of an instant in China."""
    return instant.astimezone(SHANGHAI).date()


def _had(day: date, pauses: Sequence[Suspension], ready: date | None) -> TimeHolder:
    if ready is not None and day > ready:
        return TimeHolder.DELIVERY
    for one in pauses:
        if one.after < day <= (one.through or date.max):
            return holder_of(one.kind)
    return TimeHolder.AGENCY
