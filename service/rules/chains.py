"""Joint chains: milestones, frozen days, node dues, and who answers for the delay (DOMAIN D.11)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from service.rules.clocks import Clock, ClockKind, Extension, Suspension, Unit
from service.rules.counting import deadline
from service.rules.promises import limit_clock
from service.rules.refusals import Invalid
from service.rules.worktime import WorkCalendar

_STEP = re.compile(r"(M\d):(\d{1,3})(?::([^:,]{1,20}))?")
_CODE = re.compile(r"M\d(?= |$)")
MOST_DAYS = 45  # working days a chain of licences may take, 行政许可法 art. 42 (2)
DAY = timedelta(1)


@dataclass(frozen=True, kw_only=True)
class Step:
    """A milestone as the diagram plans it: `days` after the one before, in working days."""

    code: str
    days: int
    name: str = ""

    @property
    def title(self) -> str:
        """`M1 立项用地`; the code alone for one without a name."""
        return f"{self.code} {self.name}".rstrip()


def read_steps(text: str) -> tuple[Step, ...] | None:
    """`zw:milestones` (`M0:1:统一受理,M1:5:立项用地`, names may be left out); None when it is written otherwise."""
    found = [_STEP.fullmatch(" ".join(one.split())) for one in text.split(",")]
    if not all(found):
        return None
    return tuple(Step(code=one[1], days=int(one[2]), name=(one[3] or "").strip()) for one in found if one)


def milestone_code(title: str) -> str:
    """The code of a milestone by its title; nothing for the name of anything else."""
    found = _CODE.match(title)
    return found[0] if found else ""


@dataclass(frozen=True, kw_only=True)
class NodeRun:
    """When a node ran: from `started` to `finished` (None: still), less its pauses (after, through]."""

    started: date
    finished: date | None = None
    pauses: tuple[tuple[date, date | None], ...] = ()

    def paused_on(self, day: date) -> bool:
        """Whether it stood still on a day."""
        return any(after < day and (through is None or day <= through) for after, through in self.pauses)

    def live_on(self, day: date) -> bool:
        """Whether it had begun and had not ended before a day: (started, finished]."""
        return self.started < day and (self.finished is None or day <= self.finished)


@dataclass(frozen=True, kw_only=True)
class NodeResult:
    """How a node ended: its due day and its last; `days_over` working days late."""

    code: str
    department: str
    due: date
    finished: date
    days_over: int = 0


@dataclass(frozen=True, kw_only=True)
class Attribution:
    """Whose delay it was (R-CHN-5): `answerable` gets the red card when the chain is late."""

    nodes: tuple[NodeResult, ...]
    days_over: int
    answerable: str | None


def chain_clock(
    declared: date, days: int, frozen: Iterable[Suspension] = (), extension: Extension | None = None
) -> Clock:
    """The clock of a chain: from the complete declaration (AMB-10)."""
    added = () if extension is None else (extension,)
    return limit_clock(ClockKind.CHAIN, declared, days, Unit.WORKDAY, suspensions=frozen, extensions=added)


def milestone_dues(
    calendar: WorkCalendar,
    declared: date,
    budgets: Sequence[int],
    frozen: Iterable[Suspension] = (),
    extension: Extension | None = None,
) -> tuple[date | None, ...]:
    """The last day of every milestone (R-CHN-1); None where an open pause holds it. Refused: CALENDAR_MISSING.

    Frozen days move what is not over yet; an extension moves the last milestone only.
    """
    pauses, found = tuple(frozen), []
    for total, last in zip(accumulate(budgets), [False] * (len(budgets) - 1) + [True], strict=True):
        end = deadline(calendar, chain_clock(declared, total, pauses, extension if last else None))
        found.append(None if end is None else end.day)
    return tuple(found)


def frozen_days(
    nodes: Sequence[NodeRun], waiting: Sequence[tuple[date, date | None]], until: date
) -> tuple[Suspension, ...]:
    """The chain's frozen intervals (R-CHN-2): no node runs and at least one is paused or the applicant must file next.

    `waiting`: intervals (after, through] in which the chain waits for the applicant. Nothing running and nothing paused
    is agency idle time and counts.
    """
    begins = [one.started for one in nodes] + [after for after, _ in waiting]
    day, found, begun = min(begins, default=until), [], None
    while day <= until:
        day += DAY
        if day <= until and _frozen(nodes, waiting, day):
            begun = begun or day - DAY
        elif begun is not None:
            found.append(Suspension(kind="CHAIN_WAIT", after=begun, through=day - DAY))
            begun = None
    return tuple(found)


def node_due(calendar: WorkCalendar, started: date, limit: int, planned_start: date, milestone: date) -> date:
    """A node keeps its own limit when its predecessor was late, else the milestone bounds it (R-CHN-3).

    Refused: CALENDAR_MISSING.
    """
    own = calendar.add_workdays(started, limit)
    return min(own, milestone) if started <= planned_start else own


def attribute(
    calendar: WorkCalendar, chain_due: date, finished: date, nodes: Iterable[NodeResult], lead: str
) -> Attribution:
    """The overrun of every node and of the chain, in working days; equal overruns fall to the lead department.

    Refused: CALENDAR_MISSING.
    """
    measured = tuple(
        NodeResult(
            code=one.code,
            department=one.department,
            due=one.due,
            finished=one.finished,
            days_over=calendar.workdays_between(one.due, one.finished),
        )
        for one in nodes
    )
    over = calendar.workdays_between(chain_due, finished)
    if not over:
        return Attribution(nodes=measured, days_over=0, answerable=None)
    most = max((one.days_over for one in measured), default=0)
    worst = {one.department for one in measured if one.days_over == most and most}
    return Attribution(nodes=measured, days_over=over, answerable=worst.pop() if len(worst) == 1 else lead)


def check_budgets(budgets: Sequence[int]) -> None:
    """Refused: CHAIN_TOO_LONG when a chain of licences is given more than the law allows (R-CHN-8)."""
    if sum(budgets) > MOST_DAYS:
        raise Invalid(
            "CHAIN_TOO_LONG",
            "联办各里程碑合计 {days} 个工作日，超过《行政许可法》第四十二条的 {most} 个工作日。",
            days=sum(budgets),
            most=MOST_DAYS,
        )


def _frozen(nodes: Sequence[NodeRun], waiting: Sequence[tuple[date, date | None]], day: date) -> bool:
    live = [one for one in nodes if one.live_on(day)]
    if any(not one.paused_on(day) for one in live):
        return False
    return bool(live) or any(after < day and (through is None or day <= through) for after, through in waiting)
