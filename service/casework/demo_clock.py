"""The demo clock: real time plus an offset, or an instant at which it stands. Moving it attends whatever becomes due.

A frozen clock stands still between moves, so that every act happens at exactly the instant it shows and two runs can be
compared line by line. It goes on from there when it is thawed.

The clock also goes back, so that a training or a test begins on the day it is written for whatever was done before.
Going back undoes nothing: what is on the agenda keeps its instant; timer starts count anew; locks that now end in a far
future are given up.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from service.casework.actors import Actor
from service.casework.attending import attend_due
from service.casework.carrying import carry_due
from service.casework.demo_time import CLOCK_OFFSET, DemoTime
from service.casework.office import Office
from service.casework.scheduling import rearm_jobs
from service.casework.start_events import arm_starts
from service.engine import instant_after
from service.rules.refusals import Conflict, Forbidden, Invalid, Missing, Unavailable
from service.rules.vocabulary import LedgerAction
from service.store.records import Records

MOVERS = ("system_admin", "supervisor", "process_designer", "counter_clerk")  # and program accounts
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
STOPS = 200_000  # due instants attended in one move
PATIENCE_SECONDS = 60  # how long another worker may hold an item that is due
_moving = threading.Lock()


@dataclass(frozen=True, kw_only=True)
class DemoClock:
    """What the demo clock shows. `frozen`: it stands. `attended`: agenda items done by the move that led here."""

    now: datetime
    frozen: bool = False
    attended: int = 0


def read_demo_clock(office: Office) -> DemoClock:
    """What the clock shows. Missing outside demo mode."""
    _demo_only(office)
    with office.reading() as records:
        return _shown(records)


def move_demo_clock(
    office: Office,
    actor: Actor,
    *,
    now: datetime | None = None,
    advance: str | None = None,
    frozen: bool | None = None,
) -> DemoClock:
    """Move the clock to an instant, or by `PT36H`, `P2D`, or working time (`P3WD`, `P2HD`: when such a limit is due).

    `frozen` makes it stand before it moves, or lets it go on after it has; it may come alone. Stops at every due instant
    on the way and attends what is due there, so that consequences happen in due order; returns when nothing is due any
    more. An instant before the one shown is only set. A move that ends early (the process dies, Conflict CLOCK_TOO_FAR)
    leaves the clock at its last stop: the same move again goes on from there.

    Missing outside demo mode, Forbidden NOT_GRANTED, Invalid CLOCK_MOVE_INVALID, DURATION_UNREADABLE or
    CALENDAR_MISSING.
    """
    _demo_only(office)
    if not actor.has(*MOVERS):
        raise Forbidden("NOT_GRANTED", "该账号不能调整演示时钟。")
    with _moving:
        shown = read_demo_clock(office)
        begun = shown.now
        target = _target(office, begun, now, advance, frozen)
        if frozen and not shown.frozen:
            with office.transaction() as records:
                show_instant(office, records, records.now, frozen=True)
        if target is not None and target < begun:
            office.attempt(lambda: _go_back(office, target))
        attended = _attend_all(office) if target is None else _go_on(office, target)
        with office.transaction() as records:
            if frozen is False:
                show_instant(office, records, records.now, frozen=False)
            detail = {"from": begun.isoformat(), "to": (target or begun).isoformat(), "attended": attended}
            records.ledger.write(
                LedgerAction.CLOCK_MOVED, actor.username, None, detail | ({} if frozen is None else {"frozen": frozen})
            )
            shown = _shown(records)
            return DemoClock(now=shown.now, frozen=shown.frozen, attended=attended)


def show_instant(office: Office, records: Records, instant: datetime, *, frozen: bool = False) -> None:
    """Make the clock show this instant; the transaction goes on at it."""
    shown = DemoTime.showing(instant, office.clock(), frozen=frozen)
    records.settings.put(CLOCK_OFFSET, shown.to_keep())
    records.clock_moved = True
    records.now = instant.astimezone(UTC)


def _shown(records: Records) -> DemoClock:
    return DemoClock(now=records.now, frozen=DemoTime.kept(records.settings.get(CLOCK_OFFSET)).frozen)


def _target(
    office: Office, begun: datetime, now: datetime | None, advance: str | None, frozen: bool | None
) -> datetime | None:
    """Where the clock is to go, None when it is only frozen or thawed."""
    if now is None and advance is None and frozen is not None:
        return None
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


def _go_on(office: Office, target: datetime) -> int:
    """Attend what is due, stop by stop, up to the target; how much that was. Each stop is found by one indexed query."""
    attended = _attend_all(office)
    for _ in range(STOPS):
        with office.reading() as records:
            due = records.agenda.first_ready()
        stop = target if due is None or due > target else due
        _set_clock(office, stop)
        attended += _attend_all(office)
        if stop == target:
            return attended
    raise Conflict(
        "CLOCK_TOO_FAR",
        "途中到期的事项超过 {count} 个时点，时钟停在 {stop}，请再次提交同样的调整以继续。",
        count=STOPS,
        stop=stop.isoformat(),
    )


def _set_clock(office: Office, instant: datetime) -> None:
    """Make the clock show the instant; it does not go back, whoever else moved it meanwhile."""
    with office.transaction() as records:
        shown = DemoTime.kept(records.settings.get(CLOCK_OFFSET))
        if instant > shown.at(records.real_now):
            show_instant(office, records, instant, frozen=shown.frozen)


def _go_back(office: Office, instant: datetime) -> None:
    """Show an earlier instant. Timer starts count from there; who was locked until later is free at once."""
    with office.transaction() as records:
        records.deployments.lock()
        show_instant(office, records, instant, frozen=_shown(records).frozen)
        records.external.release_after(records.now)
        records.people.unlock_after(records.now)
        for key in records.deployments.newest():
            arm_starts(office, records, key)
        rearm_jobs(records)


def _attend_all(office: Office) -> int:
    """Attend what is due until nothing is, also what another worker has taken. Unavailable when that one never ends."""
    attended = 0
    patience = time.monotonic() + PATIENCE_SECONDS
    while True:
        done = attend_due(office)
        attended += done
        if carry_due(office) or done:
            patience = time.monotonic() + PATIENCE_SECONDS
            continue
        with office.reading() as records:
            first = records.agenda.first_ready()
            if first is None or first > records.now:
                return attended
        if time.monotonic() > patience:
            raise Unavailable("CLOCK_WAITS", "到期事项仍在另一处办理，请稍后再试。")
        time.sleep(0.02)


def _demo_only(office: Office) -> None:
    if not office.settings.demo:
        raise Missing("NOT_FOUND", "没有这个页面。")
