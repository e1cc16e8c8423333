"""时限试算: when a limit ends and why, for anybody who asks; nothing is stored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from service.casework.office import Office
from service.documents import Paper, print_paper
from service.rules.clocks import Clock, Extension, Suspension, Unit
from service.rules.counting import Reading, reading
from service.rules.explaining import DayLine, explain
from service.rules.pauses import name_of
from service.rules.refusals import refuse
from service.rules.worktime import SHANGHAI, WorkCalendar

LONGEST = 999  # units of a limit
LATEST_YEAR = 2200  # of any day that is asked about


@dataclass(frozen=True, kw_only=True)
class PauseAsked:
    """A pause of a preview: the days x with after < x ≤ through are not counted."""

    kind: str
    after: date
    through: date | None = None


@dataclass(frozen=True, kw_only=True)
class ExtensionAsked:
    """Time added in a preview."""

    amount: int
    unit: Unit
    approved: date | None = None


@dataclass(frozen=True, kw_only=True)
class LimitRequest:
    """What is asked. `now` None: the service's own time."""

    start: datetime
    amount: int
    unit: Unit
    suspensions: Sequence[PauseAsked] = field(default=())
    extensions: Sequence[ExtensionAsked] = field(default=())
    now: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class LimitPreview:
    """What the clock says and every day that led there."""

    clock: Clock
    now: datetime
    reading: Reading
    lines: tuple[DayLine, ...]


def preview_limit(office: Office, request: LimitRequest) -> LimitPreview:
    """What a limit with these pauses and extensions says at an instant.

    Refused, naming the field: LIMIT_INVALID, SUSPENSION_INVALID, EXTENSION_UNIT, EXTENSION_ONCE, EXTENSION_LATE,
    DATE_OUT_OF_RANGE; CALENDAR_MISSING for a year whose working days are not known.
    """
    with office.reading() as records:
        now, calendar = request.now or records.now, records.calendar
    clock = _clock(calendar, request)
    _in_range("now", now.astimezone(SHANGHAI).date())
    said = reading(calendar, clock, now)
    return LimitPreview(
        clock=clock,
        now=now,
        reading=said,
        lines=explain(calendar, clock, now),
    )


def print_preview(preview: LimitPreview, issuer: str, translate: Callable[[str], str] = str) -> bytes:
    """The PDF of a preview; nobody signs it."""
    paper = Paper(
        template="time_limit",
        title="时限试算",
        issuer=issuer,
        number="",
        made_at=preview.now,
        facts={"found": preview, "pause_name": name_of},
    )
    return print_paper(paper, translate)


def _clock(calendar: WorkCalendar, request: LimitRequest) -> Clock:
    least = 0 if request.unit in (Unit.WORKDAY, Unit.CALENDAR) else 1
    if not least <= request.amount <= LONGEST:
        raise refuse(
            "limit.amount", "LIMIT_INVALID", "时限应为 {least} 到 {most} 之间的整数。", least=least, most=LONGEST
        )
    start = request.start.astimezone(SHANGHAI).date()
    _in_range("start", start)
    calendar.is_workday(start)  # the year the limit begins in must be known
    clock = Clock(started=request.start, amount=request.amount, unit=request.unit)
    for number, pause in enumerate(request.suspensions):
        clock = clock.with_pause(_pause(number, pause))
    for number, extension in enumerate(request.extensions):
        clock = clock.with_extension(_extension(calendar, clock, number, extension))
    return clock


def _pause(number: int, pause: PauseAsked) -> Suspension:
    name = f"suspensions[{number}]"
    _in_range(f"{name}.from", pause.after)
    if pause.through is not None:
        _in_range(f"{name}.to", pause.through)
        if pause.through < pause.after:
            raise refuse(f"{name}.to", "SUSPENSION_INVALID", "暂停的恢复日不能早于暂停日。")
    return Suspension(kind=pause.kind, after=pause.after, through=pause.through)


def _extension(calendar: WorkCalendar, clock: Clock, number: int, extension: ExtensionAsked) -> Extension:
    name = f"extensions[{number}]"
    if number:
        raise refuse(name, "EXTENSION_ONCE", "只能延期一次（《行政许可法》第四十二条）。")
    if extension.unit is not clock.unit:
        raise refuse(f"{name}.unit", "EXTENSION_UNIT", "延期的单位应与时限的单位相同。")
    if not 1 <= extension.amount <= LONGEST:
        raise refuse(
            f"{name}.amount", "LIMIT_INVALID", "时限应为 {least} 到 {most} 之间的整数。", least=1, most=LONGEST
        )
    if extension.approved is not None:
        _in_range(f"{name}.approved", extension.approved)
        due = reading(calendar, clock, clock.started).due
        if any(one.through is None for one in clock.suspensions):
            due = reading(calendar, clock, max(clock.started, calendar.open_of(extension.approved))).due
        if extension.approved > due.day:
            raise refuse(
                f"{name}.approved",
                "EXTENSION_LATE",
                "延期应在到期前批准，该时限到期日为 {due}。",
                due=due.day.isoformat(),
            )
    return Extension(amount=extension.amount, approved_on=extension.approved)


def _in_range(name: str, day: date) -> None:
    if not 1900 <= day.year <= LATEST_YEAR:
        raise refuse(name, "DATE_OUT_OF_RANGE", "日期应在 1900 年到 {year} 年之间。", year=LATEST_YEAR)
