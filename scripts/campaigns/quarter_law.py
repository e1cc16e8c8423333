"""The arithmetic of the statutory clock a second time, from the text of the rules and nothing else.

Days are walked one by one and half-days are a list, so that what is counted here has no line in common with
`service/rules`: agreement of the two is a finding. Instants carry +08:00.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta, timezone

import chinese_calendar

CHINA = timezone(timedelta(hours=8), "+08:00")
MORNING, AFTERNOON = (time(9), time(12)), (time(13, 30), time(17))
FIRST, LAST = date(2025, 1, 1), date(2026, 12, 31)
DAY = timedelta(1)
FOREVER = date.max


class Calendar:
    """Working days and half-days as they are known. `rests`, `works`: local changes; `closed`: (day, 0 | 1) half-days."""

    def __init__(
        self,
        *,
        rests: Collection[date] = (),
        works: Collection[date] = (),
        closed: Collection[tuple[date, int]] = (),
    ) -> None:
        self.days: list[date] = []
        self.slots: list[tuple[datetime, datetime]] = []
        day = FIRST
        while day <= LAST:
            if day in works or (day not in rests and chinese_calendar.is_workday(day)):
                self.days.append(day)
                for half, (opens, closes) in enumerate((MORNING, AFTERNOON)):
                    if (day, half) not in closed:
                        self.slots.append((_at(day, opens), _at(day, closes)))
            day += DAY
        self._working = frozenset(self.days)
        self._openings = [opens for opens, _ in self.slots]

    def works(self, day: date) -> bool:
        """Whether a day counts."""
        return day in self._working

    def after(self, day: date, n: int) -> date:
        """The n-th working day after a day; with n = 0 the day itself or the next one that works."""
        if n == 0:
            while not self.works(day):
                day += DAY
            return day
        while n:
            day += DAY
            n -= self.works(day)
        return day

    def before(self, day: date, n: int) -> date:
        """The n-th working day before a day."""
        while n:
            day -= DAY
            n -= self.works(day)
        return day

    def between(self, a: date, b: date) -> int:
        """Working days in (a, b]."""
        return sum(a < day <= b for day in self.days)

    def slot_of(self, instant: datetime) -> int:
        """The half-day an instant belongs to: the last one that had opened."""
        return bisect_right(self._openings, instant) - 1

    def end_of(self, start: datetime, n: int) -> datetime:
        """The end of the n-th half-day after the one an instant belongs to."""
        return self.slots[self.slot_of(start) + n][1]


@dataclass(frozen=True, kw_only=True)
class Pause:
    """Days x with after < x ≤ through are not counted; half-days follow the instants."""

    kind: str
    after: date
    through: date | None = None
    began: datetime | None = None
    ended: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Limit:
    """A limit that runs. `unit`: WORKDAY, CALENDAR, HALFDAY. `more`: extensions."""

    started: datetime
    amount: int
    unit: str
    pauses: tuple[Pause, ...] = ()
    more: int = 0

    @property
    def n(self) -> int:
        """All that may be used."""
        return self.amount + self.more

    @property
    def origin(self) -> date:
        """Day 0."""
        return self.started.astimezone(CHINA).date()


def ends(calendar: Calendar, limit: Limit) -> datetime | None:
    """The instant a limit turns red (R-CAL-3, R-CAL-4, R-CAL-7, R-SUS-1 … R-SUS-3); None: an open pause holds it."""
    if limit.unit == "HALFDAY" and limit.n:
        slot = _slot_end(calendar, limit)
        return None if slot is None else calendar.slots[slot][1]
    day = _day_end(calendar, limit)
    return None if day is None else _at(day, AFTERNOON[1])


def warns(calendar: Calendar, limit: Limit, due: datetime) -> datetime:
    """The instant it turns yellow (R-LGT-1, R-LGT-2, R-LIM-8), never before it began."""
    ahead = max(1, -(-limit.n // 5))
    if limit.n == 0:
        return min(due, _counter_minutes(calendar, limit.started, 30))
    if limit.unit == "HALFDAY":
        slot = calendar.slot_of(due)
        at = calendar.slots[slot if ahead >= limit.n else slot - ahead][0]
    else:
        day = due.date()
        room = limit.n if limit.unit == "WORKDAY" else min(limit.n, calendar.between(limit.origin, day))
        at = _at(day if ahead >= room else calendar.before(day, ahead), MORNING[0])
    return max(at, limit.started.astimezone(CHINA))


def stage_rungs(calendar: Calendar, limit: Limit) -> tuple[tuple[str, datetime], ...]:
    """The ladder of a stage (D.8); nothing while an open pause holds it."""
    red = ends(calendar, limit)
    if red is None:
        return ()
    found: list[tuple[str, datetime]] = []
    if limit.n == 0:
        following = calendar.after(red.date(), 1)
        return (
            ("L2", warns(calendar, limit, red)),
            ("L3", red),
            ("L4", _at(following, time(10))),
            ("L5", _at(following, AFTERNOON[1])),
        )
    if limit.unit == "HALFDAY" and limit.n >= 4:
        half = _slot_end(calendar, replace(limit, amount=-(-limit.n // 2), more=0))
        if half is not None:
            found.append(("L1", calendar.slots[half][0]))
    found += [("L2", warns(calendar, limit, red)), ("L3", red)]
    step = 2 if limit.unit == "HALFDAY" else 1
    for rung, days in (("L4", 1), ("L5", 2)):
        at = ends(calendar, replace(limit, amount=limit.amount + days * step))
        if at is not None:
            found.append((rung, at))
    return tuple(found)


def receipt_rungs(calendar: Calendar, limit: Limit) -> tuple[tuple[str, datetime], ...]:
    """Who hears that the applicant has had no answer (R-ACC-1): half the promised day, the day, two, three."""
    slots = replace(limit, unit="HALFDAY", more=0)
    found = []
    for rung, half_days in (("R1", 1), ("R2", 2), ("R3", 4), ("R4", 6)):
        at = ends(calendar, replace(slots, amount=half_days))
        if at is not None:
            found.append((rung, at))
    return tuple(found)


def reminders(calendar: Calendar, limit: Limit) -> tuple[tuple[str, datetime], ...]:
    """When the applicant is reminded of what is missing (R-ACC-4): 09:00 of the 10th, 20th and 28th working day."""
    found = []
    for days in (10, 20, 28):
        at = ends(calendar, replace(limit, amount=days))
        if at is not None and days < limit.n:
            found.append((f"REMIND:{days}", _at(at.date(), MORNING[0])))
    return tuple(found)


def notice_at(calendar: Calendar, due: datetime) -> datetime:
    """《超时默许通知单》: 09:00 of the second working day after the due day (D.7)."""
    return _at(calendar.after(due.date(), 2), MORNING[0])


def outage_pauses(calendar: Calendar, down: datetime, up: datetime) -> tuple[Pause, ...]:
    """The half-days in which the service was down for an hour of business (R-SUS-8), day by day."""
    hit: dict[date, list[tuple[datetime, datetime]]] = {}
    for opens, closes in calendar.slots:
        if min(closes, up) - max(opens, down) >= timedelta(hours=1):
            hit.setdefault(opens.date(), []).append((opens, closes))
    found = []
    for day, spans in hit.items():
        whole = len(spans) == sum(opens.date() == day for opens, _ in calendar.slots)
        found.append(
            Pause(
                kind="SYSTEM_OUTAGE",
                after=day - DAY if whole else day,
                through=day,
                began=spans[0][0] - timedelta(seconds=1),
                ended=spans[-1][1],
            )
        )
    return tuple(found)


def remaining_half_days(calendar: Calendar, limit: Limit, now: datetime) -> int:
    """What is left of a case in half-days, at least one (D.8 rule 1)."""
    due = ends(calendar, _as_if_resumed(limit, now))
    assert due is not None
    here, end = calendar.slot_of(now), calendar.slot_of(due)
    stops = _slot_spans(calendar, replace(_as_if_resumed(limit, now), unit="HALFDAY"))
    counted = sum(not any(a < slot <= b for a, b, _ in stops) for slot in range(here + 1, end + 1))
    return max(1, counted)


def used_days(calendar: Calendar, limit: Limit, now: datetime) -> int:
    """Days of a limit gone by, frozen ones left out."""
    day, used = limit.origin, 0
    while day < now.astimezone(CHINA).date():
        day += DAY
        counts = limit.unit == "CALENDAR" or calendar.works(day)
        used += counts and not any(after < day <= through for after, through in _united(limit.pauses))
    return used


def _as_if_resumed(limit: Limit, now: datetime) -> Limit:
    today = now.astimezone(CHINA).date()
    closed = tuple(
        one if one.through is not None else replace(one, through=max(one.after, today), ended=now)
        for one in limit.pauses
    )
    return replace(limit, pauses=closed)


def _day_end(calendar: Calendar, limit: Limit) -> date | None:
    frozen = _united(limit.pauses)
    day = limit.origin
    if limit.n == 0:
        day = calendar.after(day, 0)
        if limit.started >= _at(day, AFTERNOON[1]):
            day = calendar.after(day, 1)
    left = limit.n
    while left:
        day += DAY
        if any(through is FOREVER and day > after for after, through in frozen):
            return None
        if any(after < day <= through for after, through in frozen):
            continue
        left -= limit.unit == "CALENDAR" or calendar.works(day)
    day = calendar.after(day, 0)
    for after, through in frozen:
        if after <= day < through:  # nothing was left when the pause began
            if through is FOREVER:
                return None
            day = calendar.after(through, 0)
    return day


def _slot_end(calendar: Calendar, limit: Limit) -> int | None:
    spans = _slot_spans(calendar, limit)
    slot, left = calendar.slot_of(limit.started), limit.n
    if limit.started.astimezone(CHINA).date() != limit.origin:
        slot -= 1
    while left:
        slot += 1
        held = [end for begin, end, _ in spans if begin < slot <= end]
        if held and max(held) >= NEVER:
            return None
        left -= not held
    for begin, _, resume in spans:
        if begin <= slot < resume:
            if resume >= NEVER:
                return None
            slot = resume
    return slot


NEVER = 10**9


def _slot_spans(calendar: Calendar, limit: Limit) -> list[tuple[int, int, int]]:
    """Frozen half-days (from, to], and the half-day in which a limit with nothing left ends."""
    found: list[tuple[int, int, int]] = []
    for one in limit.pauses:
        begin = calendar.slot_of(one.began or _at(one.after, AFTERNOON[1]))
        if one.through is None:
            found.append((begin, NEVER, NEVER))
            continue
        ended = one.ended or _at(one.through, AFTERNOON[1])
        end = calendar.slot_of(ended)
        if one.ended is None:
            still_open = any(opens.date() == one.through for opens, _ in calendar.slots)
        else:
            still_open = end >= 0 and calendar.slots[end][1] > ended
        found.append((begin, end, end if still_open else end + 1))
    merged: list[tuple[int, int, int]] = []
    for begin, end, resume in sorted(found):
        if merged and begin <= merged[-1][1]:
            last = merged[-1]
            merged[-1] = (last[0], max(last[1], end), max(last[2], resume))
        elif end > begin:
            merged.append((begin, end, resume))
    return merged


def _united(pauses: Iterable[Pause]) -> list[tuple[date, date]]:
    merged: list[tuple[date, date]] = []
    for after, through in sorted((one.after, one.through or FOREVER) for one in pauses):
        if merged and after <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], through))
        elif through > after:
            merged.append((after, through))
    return merged


def _counter_minutes(calendar: Calendar, start: datetime, minutes: int) -> datetime:
    left = timedelta(minutes=minutes)
    for opens, closes in calendar.slots:
        begin = max(opens, start)
        if begin < closes:
            if closes - begin >= left:
                return begin + left
            left -= closes - begin
    raise ValueError("expected the calendar to go on")


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, CHINA)


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A change of the calendar, known from an instant on."""

    known: datetime
    rests: frozenset[date] = frozenset()
    works: frozenset[date] = frozenset()
    closed: frozenset[tuple[date, int]] = frozenset()


@dataclass
class Almanac:
    """The calendar as it was known at every instant."""

    notices: Sequence[Notice] = ()
    _made: dict[int, Calendar] = field(default_factory=dict)

    def at(self, instant: datetime) -> Calendar:
        """The calendar everybody counted by then; each notice replaces the one before."""
        number = sum(one.known <= instant for one in self.notices)
        if number not in self._made:
            last = self.notices[number - 1] if number else Notice(known=instant)
            self._made[number] = Calendar(rests=last.rests, works=last.works, closed=last.closed)
        return self._made[number]
