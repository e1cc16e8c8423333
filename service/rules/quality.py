"""Complaints, ratings and samples as rules: who may investigate, what a bad rating is, which cases are drawn (DOMAIN C.5.8, C.5.9, E.6)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from hashlib import sha256

from service.rules.refusals import refuse
from service.rules.worktime import WorkCalendar

CENTRE, INSPECTORATE = "201", "202"
LEADER, HEAD, SUPERVISOR = "resident_leader", "dept_head", "supervisor"
COMPLAINT_KINDS = ("efficiency", "attitude", "fee", "procedure", "integrity", "result")
COMPLAINT_SOURCES = ("online", "telephone", "window", "box", "letter", "opinion", "12345", "callback")
FOR_SUPERVISION = frozenset({"efficiency", "integrity"})  # 效能, 廉政
FAULT_KINDS = ("late", "not_told_once", "shirking", "shelved", "fee", "outside", "attitude", "leak")

GRADES = {5: "非常满意", 4: "满意", 3: "基本满意", 2: "不满意", 1: "非常不满意", 0: "未评价"}
BAD = frozenset({1, 2})
RATE_WITHIN = timedelta(days=30)  # after the end of the case
CHANGE_WITHIN = timedelta(hours=24)  # once
RATIO = Decimal("0.05")


@dataclass(frozen=True, kw_only=True)
class Investigation:
    """Who investigates a complaint: a post; and the department whose supervision reviews when it is not accepted."""

    handler: str  # department, supervision
    role: str
    department: str
    reviewer_department: str


def dispatched(
    kind: str,
    *,
    department: str | None,
    person: str | None,
    person_department: str | None,
    overseer: bool,
    window: str | None,
    leaders: Collection[str],
) -> Investigation:
    """分派 (SP-01 step 3, S-12): 效能 and 廉政, and whatever names a person or a window, go to supervision; the rest to the
    分管领导 of the department, not to its 首席代表.

    `leaders`: departments that have a 分管领导. `overseer`: the person named is of supervision or takes in complaints;
    then the inspectorate investigates. The review is always the other one's.
    """  # fmt: skip
    own_house = bool({department, person_department} & {CENTRE, INSPECTORATE})
    if kind in FOR_SUPERVISION or person or window or own_house or department not in leaders:
        own = INSPECTORATE if overseer and person_department == CENTRE else CENTRE
        other = INSPECTORATE if own == CENTRE else CENTRE
        return Investigation(handler="supervision", role=SUPERVISOR, department=own, reviewer_department=other)
    return Investigation(handler="department", role=LEADER, department=department or "", reviewer_department=CENTRE)


@dataclass(frozen=True, kw_only=True)
class Given:
    """A rating that was given."""

    grade: int
    at: datetime
    changed: bool


def checked_grade(grade: int, *, by_window: bool) -> int:
    """The grade. 0 (未评价) is what the counter notes when nobody pressed. Refused: RATING_GRADE."""
    if grade not in GRADES or (grade == 0 and not by_window):
        raise refuse("grade", "RATING_GRADE", "请选择非常满意、满意、基本满意、不满意或非常不满意。")
    return grade


def may_rate(ended_at: datetime | None, now: datetime) -> bool:
    """Whether a case that ended then can still be rated: within 30 days (DF-31)."""
    return ended_at is not None and ended_at <= now <= ended_at + RATE_WITHIN


def may_change(given: Given, now: datetime) -> bool:
    """A rating can be changed once within 24 hours; 未评价 is none yet."""
    return given.grade == 0 or (not given.changed and now <= given.at + CHANGE_WITHIN)


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A case that may be drawn. `reasons`: why it must be looked at whatever the draw says."""

    id: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """One that was drawn, with every reason; `RANDOM` among them when the draw took it."""

    id: str
    reasons: tuple[str, ...]


def draw(population: Sequence[Candidate], seed: str, ratio: Decimal = RATIO) -> tuple[Drawn, ...]:
    """Every case that must be looked at, and `ratio` of all (rounded up) by the seed among the others.

    The same population and seed give the same sample on every machine: cases are ordered by the SHA-256 of seed and id.
    """
    wanted = int((len(population) * ratio).to_integral_value(ROUND_CEILING))
    free = sorted(
        (one.id for one in population if not one.reasons),
        key=lambda id: sha256(f"{seed}/{id}".encode()).digest(),
    )
    taken = set(free[:wanted])
    return tuple(
        Drawn(id=one.id, reasons=one.reasons or ("RANDOM",))
        for one in sorted(population, key=lambda one: one.id)
        if one.reasons or one.id in taken
    )


def month_before(day: date) -> str:
    """`2026-03`, the month before the one of `day`."""
    last = day.replace(day=1) - timedelta(1)
    return f"{last:%Y-%m}"


def month_days(period: str) -> tuple[date, date]:
    """The first day of a month, and of the next. Refused: PERIOD_UNREADABLE."""
    try:
        first = date.fromisoformat(f"{period}-01")
    except ValueError:
        raise refuse("period", "PERIOD_UNREADABLE", "月份应写成 2026-03 的形式。") from None
    return first, (first.replace(day=28) + timedelta(7)).replace(day=1)


def nth_workday(calendar: WorkCalendar, day: date) -> int:
    """Which working day of its month a day is; 0: none. Refused: CALENDAR_MISSING."""
    if not calendar.is_workday(day):
        return 0
    return sum(calendar.is_workday(day.replace(day=one)) for one in range(1, day.day + 1))


def quarter_of(day: date) -> tuple[str, date, date]:
    """`2026Q1` with its first and last day."""
    first = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    last = (first.replace(day=28) + timedelta(70)).replace(day=1) - timedelta(1)
    return f"{day.year}Q{(day.month - 1) // 3 + 1}", first, last


def workdays_of(calendar: WorkCalendar, first: date, last: date) -> int:
    """Working days from one day to another, both counted. Refused: CALENDAR_MISSING."""
    days = (last - first).days + 1
    return sum(calendar.is_workday(first + timedelta(one)) for one in range(days))
