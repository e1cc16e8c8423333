"""When timer start events are due: literal ISO 8601 dates, durations, cycles, and limits in working time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from service.engine.kernel.cron import looks_like_cron
from service.engine.kernel.faults import StepFailure
from service.engine.kernel.timers import _CYCLE, NEVER, Arming, after, instant
from service.rules.refusals import Invalid, Refusal


def first_start(timer: str, now: datetime, calendar: Any) -> Arming | None:
    """The first due instant of a timer start event, with the rounds left (-1: no end) and their step; None: never.

    Invalid TIMER_UNREADABLE when the text is not a literal timer.
    """
    text = timer.strip().removeprefix("=").strip().strip('"')
    try:
        if looks_like_cron(text):
            return Arming(after(text, now, calendar), -1, text)
        cycle = _CYCLE.fullmatch(text)
        if cycle is None:
            due = instant(text, now, calendar)
            return None if due >= NEVER else Arming(due)
        count, begin, every = int(cycle[1]) if cycle[1] else -1, cycle[2], cycle[3]
        first = instant(begin, now, calendar) if begin else after(every, now, calendar)
        return None if count == 0 else Arming(first, count, every)
    except (StepFailure, Refusal) as error:
        raise Invalid(
            "TIMER_UNREADABLE", "启动定时“{timer}”无法识别：{reason}", timer=timer, reason=str(error)
        ) from error


def next_start(due: datetime, left: int, every: str, now: datetime, calendar: Any) -> Arming | None:
    """The round after the one due at `due`, after `now`: rounds missed while the service was down are skipped."""
    following = _round(due, left, every, calendar)
    while following is not None and following.due <= now and following.due > due:
        due = following.due
        following = _round(due, following.left, every, calendar)
    return following


def instant_after(text: str, start: datetime, calendar: Any) -> datetime:
    """`start` plus an ISO duration, or the due instant of a limit that begins then. Invalid DURATION_UNREADABLE."""
    try:
        return after(text, start, calendar)
    except StepFailure as error:
        raise Invalid(
            "DURATION_UNREADABLE", "时长“{given}”无法识别，应如 PT36H、P2D、P3WD、P2HD。", given=text[:40]
        ) from error


def _round(due: datetime, left: int, every: str, calendar: Any) -> Arming | None:
    if left in (0, 1) or not every:
        return None
    return Arming(after(every, due, calendar), left - 1 if left > 0 else left, every)
