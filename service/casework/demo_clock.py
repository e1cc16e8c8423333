"""The demo clock: real time plus an offset. Moving it attends whatever becomes due on the way.

It also goes back, so that a training or a test begins on the day it is written for whatever was done before. Going back
undoes nothing: what is on the agenda keeps its instant; timer starts count anew; locks that now end in a far future
are given up.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from service.casework.actors import Actor
from service.casework.attending import attend_due
from service.casework.office import CLOCK_OFFSET, Office
from service.casework.start_events import arm_starts
from service.engine import instant_after
from service.rules.refusals import Conflict, Forbidden, Invalid, Missing, Unavailable
from service.rules.vocabulary import LedgerAction
from service.store.records import Records

MOVERS = ("system_admin", "supervisor", "process_designer", "counter_clerk")  # and program accounts
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
STOPS = 20_000  # due instants attended in one move
PATIENCE_SECONDS = 60  # how long another worker may hold an item that is due
_moving = threading.Lock()


@dataclass(frozen=True, kw_only=True)
class DemoClock:
    """What the demo clock shows. `attended`: agenda items done by the move that led here."""

    now: datetime
    attended: int = 0


def read_demo_clock(office: Office) -> DemoClock:
    """What the clock shows. Missing outside demo mode."""
    _demo_only(office)
    with office.reading() as records:
        return DemoClock(now=records.now)


def move_demo_clock(
    office: Office, actor: Actor, *, now: datetime | None = None, advance: str | None = None
) -> DemoClock:
    """Move the clock to an instant, or by `PT36H`, `P2D`, or working time (`P3WD`, `P2HD`: when such a limit is due).

    Stops at every due instant on the way and attends what is due there, so that consequences happen in due order;
    returns when nothing is due any more. An instant before the one shown is only set. Missing outside demo mode,
    Forbidden NOT_GRANTED, Invalid CLOCK_MOVE_INVALID, DURATION_UNREADABLE or CALENDAR_MISSING.
    """
    _demo_only(office)
    if not actor.has(*MOVERS):
        raise Forbidden("NOT_GRANTED", "该账号不能调整演示时钟。")
    with _moving:
        begun = read_demo_clock(office).now
        target = _target(office, begun, now, advance)
        if target < begun:
            office.attempt(lambda: _go_back(office, target))
        attended = _attend_all(office)
        for _ in range(STOPS):
            stop = _next_stop(office, target)
            _set_clock(office, stop or target)
            attended += _attend_all(office)
            if stop is None:
                break
        else:
            raise Conflict("CLOCK_TOO_FAR", "途中到期的事项太多，时钟停在中途，请分几次调整。")
        with office.transaction() as records:
            detail = {"from": begun.isoformat(), "to": target.isoformat(), "attended": attended}
            records.ledger.write(LedgerAction.CLOCK_MOVED, actor.username, None, detail)
            return DemoClock(now=records.now, attended=attended)


def _target(office: Office, begun: datetime, now: datetime | None, advance: str | None) -> datetime:
    if (now is None) == (advance is None):
        raise Invalid("CLOCK_MOVE_INVALID", "请给出 now 或 advance，只能给出一个。")
    if advance is not None:
        with office.reading() as records:
            target = instant_after(advance, begun, records.calendar)
    elif now is None or now.tzinfo is None:
        raise Invalid("CLOCK_MOVE_INVALID", "now 应带时区，例如 2026-03-16T09:00:00+08:00。")
    else:
        target = now
    if not EARLIEST <= target <= LATEST:
        raise Invalid("CLOCK_MOVE_INVALID", "演示时钟只能在 2000 年到 2100 年之间。")
    return target


def _next_stop(office: Office, target: datetime) -> datetime | None:
    """The next instant at which something becomes due, None when nothing does before or at the target."""
    with office.reading() as records:
        due = records.agenda.next_due(records.now)
    return due if due is not None and due <= target else None


def _set_clock(office: Office, instant: datetime) -> None:
    """Make the clock show the instant; it does not go back, whoever else moved it meanwhile."""
    with office.transaction() as records:
        if instant > records.now:
            shift_clock(records, instant - records.now)


def _go_back(office: Office, instant: datetime) -> None:
    """Show an earlier instant. Timer starts count from there; who was locked until later is free at once."""
    with office.transaction() as records:
        records.deployments.lock()
        shift_clock(records, instant - records.now)
        records.agenda.release_after(records.now)
        records.external.release_after(records.now)
        records.people.unlock_after(records.now)
        for key in records.deployments.newest():
            arm_starts(office, records, key)


def shift_clock(records: Records, by: timedelta) -> None:
    """Move the offset; the transaction goes on at the new instant."""
    offset = (records.settings.get(CLOCK_OFFSET) or 0) + by / timedelta(seconds=1)
    records.settings.put(CLOCK_OFFSET, offset)
    records.clock_moved = True
    records.now += by


def _attend_all(office: Office) -> int:
    """Attend what is due until nothing is, also what another worker has taken. Unavailable when that one never ends."""
    attended = 0
    patience = time.monotonic() + PATIENCE_SECONDS
    while True:
        done = attend_due(office)
        attended += done
        if done:
            patience = time.monotonic() + PATIENCE_SECONDS
            continue
        with office.reading() as records:
            if not records.agenda.any_due(records.now):
                return attended
        if time.monotonic() > patience:
            raise Unavailable("CLOCK_WAITS", "到期事项仍在另一处办理，请稍后再试。")
        time.sleep(0.02)


def _demo_only(office: Office) -> None:
    if not office.settings.demo:
        raise Missing("NOT_FOUND", "没有这个页面。")
