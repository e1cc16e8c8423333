"""Stage plans: how a promise is divided into 受理, 审核, 批准 and 发证, in half-days (DOMAIN D.3)."""

from __future__ import annotations

from datetime import datetime
from itertools import accumulate

from service.rules.refusals import Invalid
from service.rules.worktime import WorkCalendar

Plan = tuple[int, int, int, int]
ORDER = ("ACCEPT", "REVIEW", "APPROVE", "ISSUE")
IMMEDIATE = "IMMEDIATE"  # the one desk of a 即办件 that stands for all four (XZ-03)


def stage_word(text: str | None) -> str | None:
    """zw:stage as tasks keep it: the stage itself, IMMEDIATE where one desk merges several; None without one."""
    words = (text or "").replace(",", " ").split()
    return words[0] if len(words) == 1 else IMMEDIATE if words else None


def covers_stage(done: str | None, stage: str) -> bool:
    """Whether a task of stage `done` did `stage`."""
    return done == stage or (done == IMMEDIATE and stage in ORDER)


def default_plan(n: int) -> Plan:
    """The plan of a promise of n working days (R-STG-1); a 即办件 has no stages of its own."""
    if n < 4:
        return ((0, 0, 0, 0), (0, 1, 1, 0), (1, 1, 1, 1), (1, 2, 2, 1))[n]
    if n < 7:
        return 1, 2 * n - 4, 2, 1
    if n < 10:
        return 1, 2 * n - 5, 2, 2
    return (1, 2 * n - 7, 4, 2) if n < 20 else (1, 2 * n - 9, 6, 2)


def check_plan(plan: Plan, n: int) -> None:
    """Σ of the stages ≤ 2n half-days (SM-20). Refused: STAGE_PLAN_TOO_LONG."""
    if sum(plan) > 2 * n or min(plan) < 0:
        raise Invalid(
            "STAGE_PLAN_TOO_LONG",
            "各环节合计 {total} 个半日，超过承诺时限的 {most} 个半日。",
            total=sum(plan),
            most=2 * n,
        )


def scaled_plan(plan: Plan, n: int) -> Plan:
    """A plan divided anew over n working days by largest remainder, no stage that had any below one (R-LIM-7).

    Stages share equally where n has no room for more.
    """
    whole, total = 2 * n, sum(plan)
    if not total:
        return plan
    shares = [max(1, part * whole // total) if part else 0 for part in plan]
    by_remainder = sorted(range(4), key=lambda i: (-(plan[i] * whole % total), i))
    while sum(shares) < whole:
        for i in by_remainder:
            if plan[i] and sum(shares) < whole:
                shares[i] += 1
    while sum(shares) > whole and max(shares) > 1:
        largest = max(range(4), key=lambda i: (shares[i], -(plan[i] * whole % total)))
        shares[largest] -= 1
    return shares[0], shares[1], shares[2], shares[3]


def planned_dues(calendar: WorkCalendar, start: datetime, plan: Plan) -> tuple[datetime | None, ...]:
    """When each stage ends without delay; None for a stage that shares the one before (R-STG-2, R-STG-3).

    Refused: CALENDAR_MISSING.
    """
    return tuple(
        calendar.due_after_half_days(start, total) if stage else None
        for stage, total in zip(plan, accumulate(plan), strict=True)
    )
