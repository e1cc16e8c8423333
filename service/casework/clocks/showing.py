"""The clocks of a case for those who read: rows with what they say at this instant, and which limit binds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from service.casework.actors import Actor
from service.casework.clockwork.book import STOPPED, clock_of, read
from service.casework.office import Office
from service.casework.rights import require_seer
from service.rules.clocks import Clock, ClockKind
from service.rules.counting import Reading
from service.rules.worktime import WorkCalendar
from service.store.clocks import ClockRow
from service.store.proceedings import ProceedingRow
from service.store.records import Records

GOVERNING = (ClockKind.CASE, ClockKind.STATUTORY, ClockKind.MILESTONE)  # R-LIM-4, R-CHN-4: the earliest of them


@dataclass(frozen=True, kw_only=True)
class ClockEntry:
    """One clock. `reading` None: the calendar of a year it needs is missing."""

    row: ClockRow
    clock: Clock
    reading: Reading | None


@dataclass(frozen=True, kw_only=True)
class ProceedingView:
    """One proceeding beside the path: 延期申请, 听证申请, 异议, 调查 …"""

    id: UUID
    case_id: UUID
    scope: UUID | None
    kind: str
    state: str
    opened_at: datetime
    opened_by: str | None
    closed_at: datetime | None
    closed_by: str | None
    document: str | None
    detail: dict[str, object]


@dataclass(frozen=True, kw_only=True)
class ClockBook:
    """Every clock of a case in the order they started, and its proceedings, at one instant."""

    case_id: UUID
    now: datetime
    entries: tuple[ClockEntry, ...]
    proceedings: tuple[ProceedingView, ...] = ()

    def of(self, kind: ClockKind, scope: UUID | None = None) -> ClockEntry | None:
        """The latest clock of a kind in a scope."""
        found = [one for one in self.entries if one.row.kind == kind and one.row.scope_id == scope]
        return found[-1] if found else None

    def binding(self, scope: UUID | None = None) -> ClockEntry | None:
        """The limit of an item that ends first, of those that run; None when none has an end now."""
        found = [
            one
            for one in self.entries
            if one.row.kind in GOVERNING
            and one.row.scope_id == scope
            and one.row.state != STOPPED
            and one.row.due_at is not None
        ]
        return min(found, key=lambda one: one.row.due_at or self.now, default=None)


def case_clocks(office: Office, actor: Actor, case_id: UUID) -> ClockBook:
    """Every clock of a case with its reading at this instant. Refused: Missing CASE_NOT_FOUND."""
    with office.reading() as records:
        require_seer(records, actor, records.cases.find(case_id))
        return book_of(records, case_id)


def book_of(records: Records, case_id: UUID) -> ClockBook:
    """The same inside a transaction that may read the case."""
    rows = records.clocks.of_case(case_id)
    return ClockBook(
        case_id=case_id,
        now=records.now,
        entries=tuple(entry_of(records.calendar, row, records.now) for row in rows) if rows else (),
        proceedings=tuple(proceeding_view(row) for row in records.proceedings.of_case(case_id)),
    )


def entry_of(calendar: WorkCalendar, row: ClockRow, now: datetime) -> ClockEntry:
    """One clock with what it says."""
    return ClockEntry(row=row, clock=clock_of(row), reading=read(calendar, row, now))


def proceeding_view(row: ProceedingRow) -> ProceedingView:
    """One proceeding as others see it."""
    return ProceedingView(
        id=row.id,
        case_id=row.case_id,
        scope=row.scope_id,
        kind=row.kind,
        state=row.state,
        opened_at=row.opened_at,
        opened_by=row.opened_by,
        closed_at=row.closed_at,
        closed_by=row.closed_by,
        document=row.document,
        detail=dict(row.detail),
    )
