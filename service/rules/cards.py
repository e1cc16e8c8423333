"""Cards of supervision as far as clocks raise them: one per case, rule and person; what follows (DOMAIN C.5.4)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from service.rules.refusals import Conflict
from service.rules.worktime import WorkCalendar

APPEAL_DAYS = 3  # working days, also for the ruling on the appeal
REPLY_DAYS = 1  # working days to answer a card
ORDER_HALF_DAYS = 2  # 督办单


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
    STAGE_UNATTENDED = "STAGE_UNATTENDED"  # two working days after red: rung L5
    ORDER = "ORDER"  # 督办单, rung L4
    ORDER_UNMET = "ORDER_UNMET"  # 督办单 answered twice and not met
    NO_COVER = "NO_COVER"  # neither A岗 nor B岗 present
    IDLE = "IDLE"  # 搁置: claimed and left alone
    FEE_ANOMALY = "FEE_ANOMALY"  # money came that does not fit a bill
    COMPLAINT_VALID = "COMPLAINT_VALID"  # 有效投诉
    RATING_UNVERIFIED = "RATING_UNVERIFIED"  # a bad rating nobody verified within a working day (C.5.9)
    ON_SITE_MISSING = "ON_SITE_MISSING"  # a quarter without 一把手现场办公 (DF-16)
    REOPENED = "REOPENED"  # 重新启动: a case that was withdrawn or returned by mistake went on


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
    Violation.STAGE_UNATTENDED: CardLevel.RED,
    Violation.ORDER: CardLevel.HINT,
    Violation.ORDER_UNMET: CardLevel.RED,
    Violation.NO_COVER: CardLevel.HINT,
    Violation.IDLE: CardLevel.HINT,
    Violation.FEE_ANOMALY: CardLevel.HINT,
    Violation.COMPLAINT_VALID: CardLevel.HINT,
    Violation.RATING_UNVERIFIED: CardLevel.RED,
    Violation.ON_SITE_MISSING: CardLevel.YELLOW,
    Violation.REOPENED: CardLevel.HINT,
}
TO_DEPARTMENT = frozenset(
    {
        Violation.CASE_OVERDUE,
        Violation.STATUTORY_OVERDUE,
        Violation.TACIT_DECISION,
        Violation.STAGE_UNATTENDED,
        Violation.ORDER_UNMET,
        Violation.NO_COVER,
        Violation.FEE_ANOMALY,
        Violation.COMPLAINT_VALID,
        Violation.RATING_UNVERIFIED,
        Violation.ON_SITE_MISSING,
        Violation.REOPENED,
    }
)
FAULT = frozenset({Violation.STATUTORY_OVERDUE})


class CardState(StrEnum):
    """Where a supervision row stands (C.5.4)."""

    OPEN = "OPEN"
    SIGNED = "SIGNED"  # 已签收
    REPLIED = "REPLIED"
    ACCEPTED = "ACCEPTED"
    APPEALED = "APPEALED"
    REVOKED = "REVOKED"
    CLOSED = "CLOSED"


class CardAct(StrEnum):
    """What can be done about one: the first three by its addressee, the others by supervision."""

    SIGN = "sign"
    REPLY = "reply"
    APPEAL = "appeal"
    ACCEPT = "accept"
    REJECT = "reject"
    UPHOLD = "uphold"
    DISMISS = "dismiss"
    CLOSE = "close"


BY_ADDRESSEE = frozenset({CardAct.SIGN, CardAct.REPLY, CardAct.APPEAL})
FOLLOWS = {
    (CardState.OPEN, CardAct.SIGN): CardState.SIGNED,
    (CardState.OPEN, CardAct.REPLY): CardState.REPLIED,
    (CardState.OPEN, CardAct.APPEAL): CardState.APPEALED,
    (CardState.OPEN, CardAct.CLOSE): CardState.CLOSED,
    (CardState.SIGNED, CardAct.REPLY): CardState.REPLIED,
    (CardState.SIGNED, CardAct.APPEAL): CardState.APPEALED,
    (CardState.REPLIED, CardAct.ACCEPT): CardState.ACCEPTED,
    (CardState.REPLIED, CardAct.REJECT): CardState.OPEN,
    (CardState.APPEALED, CardAct.UPHOLD): CardState.REVOKED,
    (CardState.APPEALED, CardAct.DISMISS): CardState.OPEN,
    (CardState.ACCEPTED, CardAct.CLOSE): CardState.CLOSED,
}


@dataclass(frozen=True, kw_only=True)
class Card:
    """One card. `to`: a username, or a department's code."""

    violation: Violation
    level: CardLevel
    to: str
    raised_on: date
    upgraded: bool = False  # a second yellow on the same case
    fault: bool = False  # opens 过错责任
    revoked: bool = False  # an appeal against it was upheld


def raise_card(violation: Violation, holder: str, department: str, on: date, given: Collection[Card]) -> Card | None:
    """The card of a case for what a clock found; None when the same one was given already.

    A second 黄牌 on the same case becomes a 红牌; a revoked one does not count.
    """
    level = LEVELS[violation]
    to = department if violation in TO_DEPARTMENT else holder
    if any(one.violation is violation and one.to == to for one in given):
        return None
    upgraded = level is CardLevel.YELLOW and any(one.level is not CardLevel.HINT and not one.revoked for one in given)
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


def feedback_by(calendar: WorkCalendar, violation: Violation, level: CardLevel, raised: datetime) -> datetime | None:
    """Until when it has to be answered; None: a hint needs no answer. Refused: CALENDAR_MISSING."""
    if violation is Violation.ORDER:
        return calendar.due_after_half_days(raised, ORDER_HALF_DAYS)
    return None if level is CardLevel.HINT else calendar.due_after_workdays(raised, REPLY_DAYS)


def following(state: CardState, act: CardAct) -> CardState:
    """The state after an act. Refused: Conflict CARD_STATE."""
    after = FOLLOWS.get((state, act))
    if after is None:
        raise Conflict("CARD_STATE", "监察事项现在的状态（{state}）不允许此操作。", state=state.value, act=act.value)
    return after
