"""收件 to 受理: the receipt clock, the one-time correction notice, deemed acceptance (行政许可法 art. 32, DOMAIN D.6)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from service.rules.clocks import Clock, ClockKind, Unit
from service.rules.counting import Deadline, deadline
from service.rules.promises import limit_clock
from service.rules.refusals import Conflict, Invalid
from service.rules.sentences import Sentence
from service.rules.worktime import WorkCalendar

NOTICE_DAYS = 5  # working days for 一次告知, 行政许可法 art. 32 (4)
PROMISED_HALF_DAYS = 2
REPLY_DAYS = 30  # working days the applicant has; to be confirmed by the city
REMINDERS = (10, 20, 28)  # working days after the notice
DEEMED = Sentence("逾期未告知补正，依据《行政许可法》第三十二条视为受理")


@dataclass(frozen=True, kw_only=True)
class ReceiptLadder:
    """The instants of the receipt clock (R-ACC-1): yellow, red, 首席代表, 督查, and deemed acceptance."""

    yellow: datetime
    red: datetime
    chief_rep: datetime
    supervision: datetime
    deemed: datetime


@dataclass(frozen=True, kw_only=True)
class Gap:
    """Something missing: the material and since when it has been."""

    material: str
    since: date
    reason: str = ""


def receipt_clock(received: datetime, *, limit: int = NOTICE_DAYS, unit: Unit = Unit.WORKDAY) -> Clock:
    """The time for the outcome of the formal check; `limit` and `unit` where the item's statute differs."""
    return Clock(
        kind=ClockKind.RECEIPT, started=received, amount=limit, unit=unit, basis="《行政许可法》第三十二条第一款第四项"
    )


def receipt_ladder(calendar: WorkCalendar, received: datetime, clock: Clock | None = None) -> ReceiptLadder:
    """When who is told that no outcome has been given yet; 补正 is left out. Refused: CALENDAR_MISSING."""
    clock = clock or receipt_clock(received)

    def after(half_days: int) -> datetime:
        end = deadline(calendar, replace(clock, started=received, amount=half_days, unit=Unit.HALFDAY))
        assert end is not None  # asked while no pause is open
        return end.at

    end = deadline(calendar, clock)
    assert end is not None
    return ReceiptLadder(
        yellow=after(PROMISED_HALF_DAYS // 2),
        red=after(PROMISED_HALF_DAYS),
        chief_rep=after(2 * PROMISED_HALF_DAYS),
        supervision=after(3 * PROMISED_HALF_DAYS),
        deemed=end.at,
    )


@dataclass(frozen=True, kw_only=True)
class DeemedAcceptance:
    """What happens when nobody answered: accepted on the day of receipt, the case clock runs from there."""

    accepted_on: date
    deemed_at: datetime
    due: Deadline
    overdue: bool


def deemed_acceptance(calendar: WorkCalendar, received: datetime, promised: int) -> DeemedAcceptance:
    """Accepted at close of the 5th working day as of the receipt date (R-ACC-3), so short promises are overdue already.

    Refused: CALENDAR_MISSING.
    """
    clock = receipt_clock(received)
    at, day = deadline(calendar, clock), clock.origin
    due = deadline(calendar, limit_clock(ClockKind.CASE, day, promised, Unit.WORKDAY))
    assert at is not None and due is not None
    return DeemedAcceptance(accepted_on=day, deemed_at=at.at, due=due, overdue=at.at >= due.at)


@dataclass(frozen=True, kw_only=True)
class Correction:
    """A correction notice: until when the applicant answers, when they are reminded."""

    issued_on: date
    reply_by: date
    reminders: tuple[date, ...]


def correction(calendar: WorkCalendar, issued: date, *, days: int = REPLY_DAYS) -> Correction:
    """No answer by `reply_by` → 视为放弃 (R-ACC-4). Refused: CALENDAR_MISSING."""
    return Correction(
        issued_on=issued,
        reply_by=calendar.add_workdays(issued, days),
        reminders=tuple(calendar.add_workdays(issued, n) for n in REMINDERS if n < days),
    )


def check_notice(gaps: Collection[Gap], *, earlier: Mapping[str, date], shared: Collection[str] = ()) -> None:
    """All gaps at once, and once only (R-ACC-5, R-ACC-6).

    `earlier`: materials examined for the notice before → the day of it, empty when this is the first. A gap that arose
    since then may be raised once more with its reason. `shared`: materials the shared base has. Refused:
    NOTICE_WITHOUT_GAPS, NOTICE_ONCE, MATERIAL_SHARED.
    """
    if not gaps:
        raise Invalid("NOTICE_WITHOUT_GAPS", "补正告知应一次列明全部需要补正的内容。")
    for gap in gaps:
        if gap.material in shared:
            raise Conflict("MATERIAL_SHARED", "{material}可从共享库取得，不得要求申请人提交。", material=gap.material)
        if earlier and not (gap.reason.strip() and gap.since > max(earlier.values())):
            raise Conflict(
                "NOTICE_ONCE",
                "补正应一次告知；{material}在首次告知时已经存在，不得再次要求补正。",
                material=gap.material,
            )


def decide_by(calendar: WorkCalendar, complete: date) -> Deadline:
    """After the last missing item arrived: close of the next working day; accepted on the day of arrival (R-ACC-4)."""
    day = calendar.add_workdays(complete, 1)
    return Deadline(day=day, at=calendar.close_of(day))
