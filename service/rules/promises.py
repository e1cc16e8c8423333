"""Limits of an item: statutory and promised, from which day each runs, and which of them binds (DOMAIN D.2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from service.rules.clocks import Clock, ClockKind, Extension, Suspension, Unit
from service.rules.counting import Deadline, deadline
from service.rules.refusals import refuse
from service.rules.worktime import SHANGHAI, WorkCalendar

WARNING_LINE = 3  # 承诺件 above so many working days need a reason approved at the annual review (AMB-12)
DELIVERY_DAYS = 10  # 行政许可法 art. 44, working days after the decision


class StartRule(StrEnum):
    """The day a statutory limit begins after (R-LIM-5)."""

    ACCEPTANCE = "ACCEPTANCE"  # 受理之日
    RECEIPT = "RECEIPT"  # 自收到申请之日
    MATERIALS_COMPLETE = "MATERIALS_COMPLETE"  # 收到全部有效文件之日


@dataclass(frozen=True, kw_only=True)
class Milestones:
    """The days of a case the law counts from. `accepted`: date on the 受理通知书 (R-LIM-9)."""

    received: date
    accepted: date
    materials_complete: date | None = None

    def day(self, rule: StartRule) -> date:
        """Day 0 of a limit."""
        if rule is StartRule.RECEIPT:
            return self.received
        if rule is StartRule.MATERIALS_COMPLETE:
            return self.materials_complete or self.accepted
        return self.accepted


@dataclass(frozen=True, kw_only=True)
class Binding:
    """The earliest of several limits, by name, and all of them."""

    name: str
    due: Deadline
    all: tuple[tuple[str, Deadline], ...]


def accepted_on(decided: date, *, received: date, last_material: date | None = None, deemed: bool = False) -> date:
    """The date of acceptance: of the decision; deemed: of receipt; after 补正: of the last missing item (R-LIM-9)."""
    if deemed:
        return received
    return decided if last_material is None else last_material


def promised_most(statutory: int) -> int:
    """The longest promise for a statutory limit in working days: max(1, ⌊2·n/3⌋) (R-LIM-2, AMB-01)."""
    return max(1, 2 * statutory // 3)


def check_promise(promised: int, statutory: int, unit: Unit, reason: str = "") -> None:
    """Refused: PROMISE_TOO_LONG without an exception reason approved at the annual review (SM-19, AMB-12)."""
    if reason.strip():
        return
    most = promised_most(statutory) if unit is Unit.WORKDAY and statutory else None
    if most is not None and promised > most:
        raise refuse(
            "promised",
            "PROMISE_TOO_LONG",
            "承诺时限应不超过法定时限的三分之二，即 {most} 个工作日，现为 {promised} 个；例外须写明理由。",
            most=most,
            promised=promised,
        )
    if promised > WARNING_LINE:
        raise refuse(
            "promised",
            "PROMISE_WITHOUT_REASON",
            "承诺时限 {promised} 个工作日超过 3 个工作日，须写明例外理由。",
            promised=promised,
        )


def green_channel(promised: int) -> int:
    """The promise of a project on the green list: ⌈n / 2⌉ working days (R-LIM-7)."""
    return -(-promised // 2)


def limit_clock(
    kind: ClockKind,
    day: date,
    amount: int,
    unit: Unit,
    *,
    suspensions: Iterable[Suspension] = (),
    extensions: Iterable[Extension] = (),
) -> Clock:
    """A clock in days that runs from a date, whatever the hour."""
    return Clock(
        kind=kind,
        started=datetime.combine(day, time(), SHANGHAI),
        amount=amount,
        unit=unit,
        suspensions=tuple(suspensions),
        extensions=tuple(extensions),
    )


def effective_due(calendar: WorkCalendar, clocks: Iterable[tuple[str, Clock]]) -> Binding | None:
    """The earliest of the limits governs, the one named first when several end together (R-LIM-4, R-CHN-4).

    None while open pauses keep all of them from ending. Refused: CALENDAR_MISSING.
    """
    found = [(name, due) for name, clock in clocks if (due := deadline(calendar, clock)) is not None]
    if not found:
        return None
    name, due = min(found, key=lambda pair: pair[1].at)
    return Binding(name=name, due=due, all=tuple(found))


def delivery_clock(decided: date) -> Clock:
    """The certificate is delivered within 10 working days of the decision (行政许可法 art. 44, R-LIM-10)."""
    return limit_clock(ClockKind.DELIVERY, decided, DELIVERY_DAYS, Unit.WORKDAY)
