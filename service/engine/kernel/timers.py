"""When a timer is due: ISO 8601 dates, durations and cycles, working days and half-days, and the clocks of a case.

Whatever depends on a clock or on the calendar is asked of the instance's timekeeper, and asked again when they move.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from service.engine.kernel.cron import looks_like_cron, read_cron
from service.engine.kernel.faults import StepFailure
from service.engine.kernel.formulas import Formula, View, shown
from service.engine.kernel.scope import view_of
from service.engine.kernel.token import Token, outside
from service.engine.timekeeping import CLOCK_NAMES, Around, ClockStands, Place
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
    asks: bool = False  # its expression asks a clock


@dataclass(frozen=True)
class Arming:
    """A timer armed: first due instant (NEVER: its clock stands still); cycles left (-1: without end) and their step.

    `span`: the working time an expression gave, kept so that it can be counted anew.
    """

    due: datetime
    left: int = 1
    every: str = ""
    span: str = ""


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
        try:
            value = timer.formula.value(View(view.values, view.now, clock_of(token)))
        except ClockStands:
            return Arming(NEVER)
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
            first = instant(begin, top.now, top.calendar) if begin else _spanned(every, top.now, token)
            _readable(every)  # now, not at the second round
            return None if count == 0 else Arming(first, count, every, every if working(every) and not begin else "")
        if working(value):
            return Arming(
                _spanned(value, top.now, token), span="" if timer.formula is None else value.strip().strip('"')
            )
    due = instant(value, top.now, top.calendar)
    return None if due >= NEVER else Arming(due)


def recounted(timer: Timer, token: Token) -> datetime | None:
    """When an armed timer is due now that clocks or the calendar have moved; None: it does not depend on them.

    Raises StepFailure, Refusal.
    """
    data = token.internal_data
    if data.get("set"):  # somebody has said when
        return None
    if timer.asks:
        armed = arm(timer, token)
        return NEVER if armed is None else armed.due
    span = data.get("span") or ("" if timer.formula is not None else timer.text.strip().strip('"'))
    if not working(span):
        return None
    return _spanned(span, datetime.fromisoformat(data.get("base") or data["at"]), token)


def working(text: str) -> bool:
    """Is it a length of working time, `P3WD` or `2hd`?"""
    return _LIMIT.fullmatch(text.strip().strip('"')) is not None


def _spanned(text: str, start: datetime, token: Token) -> datetime:
    """A length of time later; working time by the timekeeper, with the pauses of a stage the timer hangs on."""
    top = token.workflow.top_workflow
    if not working(text):
        return after(text, start, top.calendar)
    parent = token.parent
    host = parent if parent is not None and parent is not token.workflow.task_tree else None
    try:
        return _aware(top.keeper.after(text.strip().strip('"'), start, around_of(host) if host is not None else None))
    except ClockStands:
        return NEVER


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
    """`due`, `warn` and `half`: of the limit around this timer, or of a clock of the item it stands in."""
    keeper = token.workflow.top_workflow.keeper

    def answer(ask: str, name: Any, later: Any) -> datetime | None:
        moved = None if later is None else str(later)
        if name in CLOCK_NAMES:
            instant: datetime | None = keeper.named(ask, name, _place_of(token), moved)
        else:
            instant = keeper.stage(ask, _limit_around(token, name), moved)
        return instant

    def due(stage: str | None = None, later: str | None = None) -> datetime | None:
        return answer("due", stage, later)

    def warn(stage: str | None = None, later: str | None = None) -> datetime | None:
        return answer("warn", stage, later)

    def half(stage: str | None = None, later: str | None = None) -> datetime | None:
        return answer("half", stage, later)

    return {"due": due, "warn": warn, "half": half}


def limit_due(token: Token) -> datetime | None:
    """The due instant of the element's own zw:limit; None without one, while its clock stands still, or when the
    calendar does not know the year."""
    if token.task_spec.details.limit is None:
        return None
    around = around_of(token)
    if around.limit is None:
        return None
    try:
        due: datetime | None = token.workflow.top_workflow.keeper.stage("due", around, None)
        return None if due is None else _aware(due)
    except ClockStands:
        return None
    except Refusal as refusal:
        if refusal.code == "CALENDAR_MISSING":
            return None
        raise


def around_of(token: Token) -> Around:
    """What a timekeeper is told about an activity. Raises StepFailure."""
    details = token.task_spec.details
    return Around(
        token=UUID(token.id),
        element=token.task_spec.name,
        process=token.task_spec.process,
        scope=outside(token.workflow.owner.parent_task_id),
        entered_at=entered_at(token),
        limit=details.limit.string(view_of(token)) if details.limit is not None else None,
        looped="loopCounter" in token.data,
        zw=details.zw,
    )


def entered_at(token: Token) -> datetime:
    """When the element was entered."""
    text = token.internal_data.get("at")
    return datetime.fromisoformat(text) if text else token.workflow.top_workflow.now


def _limit_around(token: Token, stage: str | None) -> Around:
    """The limit that counts: of the activity the timer hangs on, or of the nearest one around that stage."""
    first = None
    current: Token | None = token
    while current is not None:
        scope = current.workflow
        while current is not None and current is not scope.task_tree:
            if current.task_spec.details.limit is not None:
                around = around_of(current)
                if around.limit is not None:
                    own = current.task_spec.details.stage
                    if own is None or stage is None or own == stage:
                        return around
                    first = first or around
            current = current.parent
        current = scope.host
    if first is None:
        raise StepFailure(f"due/warn/half应写在有zw:limit时限的环节上,但“{token.task_spec.label}”周围没有时限")
    return first


def _place_of(token: Token) -> Place:
    """The called processes around a token, innermost first."""
    scopes: list[tuple[UUID | None, str]] = []
    scope = token.workflow.owner
    while True:
        scopes.append((outside(scope.parent_task_id), scope.spec.key))
        if scope.host is None:
            return Place(scopes=tuple(scopes))
        scope = scope.host.workflow.owner


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
