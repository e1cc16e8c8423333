"""Cards of supervision as far as clocks raise them: one per case, rule and person; what follows (DOMAIN C.5.4)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from service.rules.worktime import WorkCalendar

APPEAL_DAYS = 3  # working days, also for the ruling on the appeal


class CardLevel(StrEnum):
    """How grave it is; the level of a case only rises."""

    HINT = "HINT"  # 提示
    YELLOW = "YELLOW"  # 黄牌
    RED = "RED"  # 红牌


class Violation(StrEnum):
    """What a card is given for, as far as clocks find it."""

    YELLOW_LIGHT = "YELLOW_LIGHT"
    STAGE_OVERDUE = "STAGE_OVERDUE"
    CASE_OVERDUE = "CASE_OVERDUE"
    STATUTORY_OVERDUE = "STATUTORY_OVERDUE"
    LATE_CORRECTION_NOTICE = "LATE_CORRECTION_NOTICE"
    REPEATED_NOTICE = "REPEATED_NOTICE"  # a gap the first correction notice should have named (SM-09)
    TACIT_OPINION = "TACIT_OPINION"
    TACIT_STAGE = "TACIT_STAGE"
    TACIT_DECISION = "TACIT_DECISION"


LEVELS = {
    Violation.YELLOW_LIGHT: CardLevel.HINT,
    Violation.STAGE_OVERDUE: CardLevel.YELLOW,
    Violation.CASE_OVERDUE: CardLevel.RED,
    Violation.STATUTORY_OVERDUE: CardLevel.RED,  # and 过错责任
    Violation.LATE_CORRECTION_NOTICE: CardLevel.RED,
    Violation.REPEATED_NOTICE: CardLevel.YELLOW,
    Violation.TACIT_OPINION: CardLevel.YELLOW,
    Violation.TACIT_STAGE: CardLevel.YELLOW,
    Violation.TACIT_DECISION: CardLevel.RED,
}
TO_DEPARTMENT = frozenset({Violation.CASE_OVERDUE, Violation.STATUTORY_OVERDUE, Violation.TACIT_DECISION})
FAULT = frozenset({Violation.STATUTORY_OVERDUE})


@dataclass(frozen=True, kw_only=True)
class Card:
    """One card. `to`: a username, or a department's code."""

    violation: Violation
    level: CardLevel
    to: str
    raised_on: date
    upgraded: bool = False  # a second yellow on the same case
    fault: bool = False  # opens 过错责任


def raise_card(violation: Violation, holder: str, department: str, on: date, given: Collection[Card]) -> Card | None:
    """The card of a case for what a clock found; None when the same one was given already.

    A second 黄牌 on the same case becomes a 红牌.
    """
    level = LEVELS[violation]
    to = department if violation in TO_DEPARTMENT else holder
    if any(one.violation is violation and one.to == to for one in given):
        return None
    upgraded = level is CardLevel.YELLOW and any(one.level is not CardLevel.HINT for one in given)
    return Card(
        violation=violation,
        level=CardLevel.RED if upgraded else level,
        to=to,
        raised_on=on,
        upgraded=upgraded,
        fault=violation in FAULT,
    )


def appeal_by(calendar: WorkCalendar, raised: date) -> date:
    """The last day to appeal against a card. Refused: CALENDAR_MISSING."""
    return calendar.add_workdays(raised, APPEAL_DAYS)
