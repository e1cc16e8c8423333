"""When a timer is due: ISO 8601 dates, durations and cycles, working days and half-days, and the clock of a limit."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from service.engine.kernel.cron import looks_like_cron, read_cron
from service.engine.kernel.faults import StepFailure
from service.engine.kernel.formulas import Formula, View, shown
from service.engine.kernel.scope import view_of
from service.engine.kernel.token import Token
from service.rules.limits import parse_limit
from service.rules.refusals import Refusal

ZONE = ZoneInfo("Asia/Shanghai")  # times written without an offset
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
_DURATION = re.compile(
    r"P(?=.)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?",
    re.ASCII,
)
_LIMIT = re.compile(r"P?\d{1,3}(WD|HD)", re.IGNORECASE | re.ASCII)
_CYCLE = re.compile(r"R(\d*)/(?:([^/]+)/)?([^/]+)", re.ASCII)


@dataclass(frozen=True)
class Timer:
    """A timer definition: `kind` is date, duration or cycle; the text is literal or an expression."""

    kind: str
    text: str
    formula: Formula | None = None


@dataclass(frozen=True)
class Arming:
    """A timer armed: first due instant; cycles left (-1: without end) and their step as text."""

    due: datetime
    left: int = 1
    every: str = ""


def literal(text: str) -> bool:
    """Is it a timer text that needs no evaluation?"""
    stripped = text.strip().strip('"')
    return bool(
        _DURATION.fullmatch(stripped)
        or _LIMIT.fullmatch(stripped)
        or _CYCLE.fullmatch(stripped)
        or re.match(r"\d{4}-\d\d-\d\d", stripped)
        or looks_like_cron(stripped)
    )


def arm(timer: Timer, token: Token) -> Arming | None:
    """When it is due first; None when it never is (a reminder of a limit too short for one). Raises StepFailure, Refusal."""
    top = token.workflow.top_workflow
    value: Any = timer.text.strip().strip('"')
    if timer.formula is not None:
        view = view_of(token)
        value = timer.formula.value(View(view.values, view.now, clock_of(token)))
        if value is None:
            if _asks_for_half(timer.text):
                return None
            raise StepFailure(f"定时“{timer.text}”应给出时间或时长,但得到的是空值")
    if isinstance(value, str):
        if looks_like_cron(value):
            return Arming(after(value.strip(), top.now, top.calendar), -1, value.strip())
        cycle = _CYCLE.fullmatch(value.strip())
        if cycle is not None:
            count, begin, every = int(cycle[1]) if cycle[1] else -1, cycle[2], cycle[3]
            first = instant(begin, top.now, top.calendar) if begin else after(every, top.now, top.calendar)
            _readable(every)  # now, not at the second round
            return None if count == 0 else Arming(first, count, every)
    due = instant(value, top.now, top.calendar)
    return None if due >= NEVER else Arming(due)


def next_round(due: datetime, left: int, every: str, calendar: Any) -> Arming | None:
    """The round after the one that was due; None when none is left."""
    if left == 1 or not every:
        return None
    return Arming(after(every, due, calendar), left - 1 if left > 0 else left, every)


def instant(value: Any, now: datetime, calendar: Any) -> datetime:
    """A point in time: given as such, as a day (its beginning), or as a duration from now. Raises StepFailure, Refusal."""
    if isinstance(value, datetime):
        return _aware(value)
    if isinstance(value, date):
        return datetime.combine(value, time(), ZONE).astimezone(UTC)
    if isinstance(value, timedelta):
        return _shifted(now, value)
    if isinstance(value, str):
        text = value.strip().strip('"')
        if text[:1] in "Pp" or _LIMIT.fullmatch(text):
            return after(text, now, calendar)
        try:
            return _aware(datetime.fromisoformat(text.replace("[", " [").split(" [")[0]))
        except ValueError:
            pass
    raise StepFailure(f"应为日期时间(如2026-03-16T09:00:00+08:00)或时长(如PT2H、P2HD),但得到的是{shown(value)}")


def after(text: str, start: datetime, calendar: Any) -> datetime:
    """`start` plus an ISO duration or a limit in working time, or what a cron text names next. Raises StepFailure, Refusal."""
    if looks_like_cron(text):
        return _next_of_cron(text, start)
    match = _readable(text)
    if match.re is _LIMIT:
        return _aware(parse_limit(text).due(calendar, start))
    years, months, weeks, days, hours, minutes = (int(part or 0) for part in match.groups()[:6])
    moved = _plus_months(start, years * 12 + months)  # months are those of the calendar on the wall
    return _shifted(
        moved, timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=float(match[7] or 0))
    )


def clock_of(token: Token) -> Mapping[str, Any]:
    """`due`, `warn` and `half` for the limit around this timer: half-day slots of DOMAIN D.2 and D.8."""
    calendar = token.workflow.top_workflow.calendar

    def due(stage: str | None = None) -> Any:
        limit, entered = _limit_around(token, stage)
        return limit.due(calendar, entered)

    def warn(stage: str | None = None) -> Any:
        limit, entered = _limit_around(token, stage)
        return limit.warn(calendar, entered)

    def half(stage: str | None = None) -> Any:
        limit, entered = _limit_around(token, stage)
        return limit.half(calendar, entered)

    return {"due": due, "warn": warn, "half": half}


def limit_due(token: Token) -> datetime | None:
    """The due instant of the element's own zw:limit; None without one, or when the calendar does not know the year."""
    text = token.task_spec.details.limit
    if text is None:
        return None
    top = token.workflow.top_workflow
    written = text.string(view_of(token))
    if written is None:
        return None
    try:
        return _aware(parse_limit(written).due(top.calendar, entered_at(token)))
    except Refusal as refusal:
        if refusal.code == "CALENDAR_MISSING":
            return None
        raise


def entered_at(token: Token) -> datetime:
    """When the element was entered."""
    text = token.internal_data.get("at")
    return datetime.fromisoformat(text) if text else token.workflow.top_workflow.now


def _limit_around(token: Token, stage: str | None) -> tuple[Any, datetime]:
    """The limit that counts: of the activity the timer hangs on, or of the nearest one around that stage."""
    first = None
    current: Token | None = token
    while current is not None:
        scope = current.workflow
        while current is not None and current is not scope.task_tree:
            text = current.task_spec.details.limit
            if text is not None:
                written = text.string(view_of(current))
                if written is not None:
                    own = current.task_spec.details.stage
                    if own is None or stage is None or own == stage:
                        return parse_limit(written), entered_at(current)
                    first = first or (parse_limit(written), entered_at(current))
            current = current.parent
        current = scope.host
    if first is None:
        raise StepFailure(f"due/warn/half应写在有zw:limit时限的环节上,但“{token.task_spec.label}”周围没有时限")
    return first


def _readable(text: str) -> re.Match[str]:
    stripped = text.strip().upper()
    match = _LIMIT.fullmatch(stripped) or _DURATION.fullmatch(stripped)
    if match is None:
        raise StepFailure(f"时长应如PT2H、P1D、P2HD,但得到的是{shown(text)}")
    return match


def _next_of_cron(text: str, start: datetime) -> datetime:
    try:
        found = read_cron(text.strip()).after(start, ZONE)
    except ValueError as error:
        raise StepFailure(f"定时周期“{text}”应为6或7段的cron表达式,但无法识别") from error
    if found is None:
        raise StepFailure(f"定时周期“{text}”之后没有到期的时刻")
    return found.astimezone(UTC)


def _asks_for_half(text: str) -> bool:
    return "half" in text


def _aware(value: datetime) -> datetime:
    return (value if value.tzinfo is not None else value.replace(tzinfo=ZONE)).astimezone(UTC)


def _shifted(start: datetime, by: timedelta) -> datetime:
    try:
        return start + by
    except OverflowError as error:
        raise StepFailure(f"时间应在公元9999年以前,但加上的时长是{by}") from error


def _plus_months(start: datetime, months: int) -> datetime:
    if not months:
        return start
    start = start.astimezone(ZONE)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if year > 9998:
        raise StepFailure("时间应在公元9999年以前")
    day = min(start.day, monthrange(year, month + 1)[1])
    return start.replace(year=year, month=month + 1, day=day).astimezone(UTC)
