"""The escalation ladder A岗 → B岗 → 首席代表 → 中心督查 → 分管领导: when, who, and what each may do (DOMAIN D.8)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum

from service.rules.clocks import Clock, ClockKind, CountStart, Suspension, Unit
from service.rules.counting import SlotRuler, counted, deadline, due_position, warning
from service.rules.worktime import SHANGHAI, WorkCalendar

SUPERVISION_SLOTS = 2  # L4: one working day after red
LEADER_SLOTS = 4  # L5: two working days after red
IMMEDIATE_SUPERVISION = time(10)  # 即办件: L4 at 10:00 of the next working day


class Rung(StrEnum):
    """A step of the ladder; each fires at most once per task."""

    OPENED = "L0"
    REMINDER = "L1"  # 催办
    YELLOW = "L2"
    RED = "L3"
    SUPERVISION = "L4"
    LEADER = "L5"
    CASE = "L6"  # the case's own promise is overdue


@dataclass(frozen=True, kw_only=True)
class Powers:
    """What a rung changes. `told` and the others are roles; supervision is told but never works on the task."""

    told: tuple[str, ...]
    may_claim: tuple[str, ...] = ()
    owner: str | None = None  # who gets the task
    may_get: str | None = None  # who may be given the task by hand
    card: str | None = None
    order: bool = False  # 督办单, to be answered within two half-days


POWERS = {
    Rung.OPENED: Powers(told=("reviewer_a",)),
    Rung.REMINDER: Powers(told=("reviewer_a",)),
    Rung.YELLOW: Powers(told=("reviewer_a", "reviewer_b"), may_claim=("reviewer_b",)),
    Rung.RED: Powers(told=("reviewer_a", "reviewer_b", "chief_rep"), owner="chief_rep", card="YELLOW"),
    Rung.SUPERVISION: Powers(told=("chief_rep", "supervisor"), order=True),
    Rung.LEADER: Powers(told=("resident_leader", "leader"), may_get="resident_leader", card="RED"),
    Rung.CASE: Powers(told=("dept_head",)),
}


@dataclass(frozen=True, kw_only=True)
class Ladder:
    """The instants of one task's ladder; `reminder` None below four half-days."""

    reminder: datetime | None
    yellow: datetime
    red: datetime
    supervision: datetime
    leader: datetime

    def rungs(self) -> tuple[tuple[Rung, datetime], ...]:
        """The rungs in the order they fire; yellow comes before red even when both are due."""
        steps = (
            (Rung.REMINDER, self.reminder),
            (Rung.YELLOW, self.yellow),
            (Rung.RED, self.red),
            (Rung.SUPERVISION, self.supervision),
            (Rung.LEADER, self.leader),
        )
        return tuple((rung, at) for rung, at in steps if at is not None)

    def due(self, instant: datetime) -> tuple[Rung, ...]:
        """The rungs that have fired by an instant."""
        return tuple(rung for rung, at in self.rungs() if at <= instant)


def stage_clock(opened: datetime, half_days: int, suspensions: tuple[Suspension, ...] = ()) -> Clock:
    """The clock of one stage."""
    return Clock(kind=ClockKind.STAGE, started=opened, amount=half_days, unit=Unit.HALFDAY, suspensions=suspensions)


def ladder(calendar: WorkCalendar, clock: Clock) -> Ladder | None:
    """The ladder of a stage clock. It never climbs while the clock is paused (rule 5): frozen slots are left out, as they
    are for the limit itself; None while an open pause holds. A limit in days has no reminder.

    Refused: CALENDAR_MISSING.
    """
    if clock.total == 0:
        return immediate_ladder(calendar, clock.started)
    if clock.unit is not Unit.HALFDAY:
        return _day_ladder(calendar, clock)
    ruler = SlotRuler(calendar, clock)
    due = due_position(ruler)
    if due is None:
        return None
    since = clock.started.astimezone(SHANGHAI).date()
    n = clock.total
    ahead = max(1, -(-n // 5))
    warn = due if ahead >= n else due - ahead
    halfway = None
    if n >= 4:
        halfway = due_position(SlotRuler(calendar, replace(clock, amount=-(-n // 2), extensions=())))
    return Ladder(
        reminder=None if halfway is None else calendar.slot(halfway, since=since)[0],
        yellow=max(clock.started, calendar.slot(warn, since=since)[0]),
        red=calendar.slot(due, since=since)[1],
        supervision=_end_of(calendar, clock, SUPERVISION_SLOTS),
        leader=_end_of(calendar, clock, LEADER_SLOTS),
    )


def _day_ladder(calendar: WorkCalendar, clock: Clock) -> Ladder | None:
    """The ladder of a limit that is not in half-days: supervision and leader one and two days after red."""
    end = deadline(calendar, clock)
    if end is None:
        return None
    slots = SUPERVISION_SLOTS, LEADER_SLOTS
    if clock.unit is Unit.HOUR:
        supervision, leader = (calendar.due_after_half_days(end.at, later) for later in slots)
    else:
        supervision, leader = (_end_of(calendar, clock, later // 2) for later in slots)
    warn = warning(calendar, clock, end)
    return Ladder(reminder=None, yellow=warn, red=end.at, supervision=supervision, leader=leader)


def immediate_ladder(calendar: WorkCalendar, accepted: datetime) -> Ladder:
    """即办件: red at close of business, supervision next working day 10:00, leader at its close (rule 2)."""
    clock = Clock(started=accepted, amount=0, unit=Unit.WORKDAY)
    end = deadline(calendar, clock)
    assert end is not None
    opens = calendar.next_open(accepted)
    following = calendar.add_workdays(end.day, 1)
    return Ladder(
        reminder=None,
        yellow=min(end.at, opens + timedelta(minutes=30)),
        red=end.at,
        supervision=datetime.combine(following, IMMEDIATE_SUPERVISION, SHANGHAI),
        leader=calendar.close_of(following),
    )


def returned_limit(calendar: WorkCalendar, case: Clock, at: datetime) -> int:
    """Half-days a task gets that comes back to its stage: what is left of the case, at least one (rule 1).

    Refused: CALENDAR_MISSING.
    """
    known = case.resumed(at)
    end = deadline(calendar, known)
    assert end is not None
    slots = SlotRuler(calendar, replace(known, unit=Unit.HALFDAY, count_start=CountStart.NEXT_WORKDAY))
    return max(1, counted(slots, slots.at(at), slots.at(end.at)))


def _end_of(calendar: WorkCalendar, clock: Clock, later: int) -> datetime:
    """The end of the limit when it is so many units longer."""
    end = deadline(calendar, replace(clock, amount=clock.amount + later))
    assert end is not None  # the limit itself ends, and a pause that is open now would have kept it from ending
    return end.at
