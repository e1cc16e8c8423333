"""待受理: what the window still owes an outcome, and until when it may before silence accepts (行政许可法 art. 32)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from service.casework.window.desks import require_clerk
from service.rules.lights import Span, working_span
from service.store.intakes import WaitingRow

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.casework.office import Office
    from service.rules.worktime import WorkCalendar

PAGE = 20
SOON = 2  # working days
ONLINE = "online"  # filter: not taken in at a window


@dataclass(frozen=True, kw_only=True)
class Countdown:
    """Until silence accepts. `left`: working time until then, or since then when `over`; `deemed_at` None: it stands still."""

    deemed_at: datetime | None
    left: Span | None
    over: bool

    @property
    def light(self) -> str:
        """Red when silence has accepted, yellow from two working days before, green before that; stopped: 补正."""
        if self.deemed_at is None or self.left is None:
            return "stopped"
        if self.over:
            return "red"
        return "yellow" if self.left.unit != "day" or self.left.amount < SOON else "green"


@dataclass(frozen=True, kw_only=True)
class WaitingLine:
    """One application without an outcome."""

    row: WaitingRow
    countdown: Countdown


@dataclass(frozen=True, kw_only=True)
class WaitingList:
    """One page of them, those silence accepts first at the top."""

    items: tuple[WaitingLine, ...]
    total: int
    page: int
    pages: int
    now: datetime


def waiting(office: Office, actor: Actor, *, at: str = "", search: str = "", page: int = 1) -> WaitingList:
    """What waits for the clerk. `at`: the number of a window, or ONLINE; empty: everything.

    Refused: Forbidden WINDOW_ONLY.
    """
    require_clerk(actor)
    window = {"": None, ONLINE: ""}.get(at, at)
    with office.reading() as records:
        total, rows = records.intakes.waiting(
            actor.groups,
            actor.username,
            department=actor.department,
            window=window,
            search=search,
            skip=(max(page, 1) - 1) * PAGE,
            limit=PAGE,
        )
        pages = max(1, -(-total // PAGE))
        if not rows and total:
            page = pages
            total, rows = records.intakes.waiting(
                actor.groups,
                actor.username,
                department=actor.department,
                window=window,
                search=search,
                skip=(page - 1) * PAGE,
                limit=PAGE,
            )
        items = tuple(
            WaitingLine(row=row, countdown=countdown(records.calendar, row.deemed_at, records.now)) for row in rows
        )
        return WaitingList(items=items, total=total, page=min(max(page, 1), pages), pages=pages, now=records.now)


def countdown(calendar: WorkCalendar, deemed_at: datetime | None, now: datetime) -> Countdown:
    """How long is left. Refused: CALENDAR_MISSING."""
    if deemed_at is None:
        return Countdown(deemed_at=None, left=None, over=False)
    over = deemed_at <= now
    left = working_span(calendar, deemed_at, now) if over else working_span(calendar, now, deemed_at)
    return Countdown(deemed_at=deemed_at, left=left, over=over)
