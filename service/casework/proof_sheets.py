"""时限证明单: what the clocks of a case or of one of its items counted, day by day, and who had it (page, PDF, program)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from service.casework.actors import Actor
from service.casework.clockwork.book import clock_of
from service.casework.holdings import Holding, holdings
from service.casework.office import Office
from service.casework.rights import require_reader
from service.casework.workbench.answers import call_scopes, process_names
from service.documents import Paper, print_paper
from service.rules.clocks import ClockKind, Suspension
from service.rules.pauses import name_of
from service.rules.promises import effective_due
from service.rules.proof import (
    APPLICANTS,
    CLOCK_NAMES,
    GOVERNING,
    HOLDERS,
    MAIN,
    MARK_NAMES,
    ProvenClock,
    TimeHolder,
    days_frozen,
    local_day,
    prove,
    shares,
)
from service.rules.refusals import Missing
from service.rules.sentences import Sentence
from service.rules.vocabulary import JournalAction
from service.rules.worktime import WorkCalendar
from service.store.clocks import ClockRow
from service.store.history import JournalLine
from service.store.records import Records
from service.store.workbench import CaseLine, PersonCard, Workbench

_ORDER = (*MAIN, *(kind for kind in ClockKind if kind not in MAIN))  # on paper


@dataclass(frozen=True, kw_only=True)
class SheetClock:
    """One clock of the sheet. `binds`: of the limits of its item it ends first."""

    id: UUID
    kind: ClockKind
    title: Sentence
    name: str
    department: str | None
    basis: str
    binds: bool
    proven: ProvenClock


@dataclass(frozen=True, kw_only=True)
class SheetPause:
    """A pause with the clocks it stopped. `days`: calendar days it froze, so far when it is open."""

    pause: Suspension
    name: Sentence
    clocks: tuple[Sentence, ...]
    days: int


@dataclass(frozen=True, kw_only=True)
class SheetMark:
    """What the item reached, when, and the day that counts for it."""

    mark: str
    at: datetime
    on: date


@dataclass(frozen=True, kw_only=True)
class SheetItem:
    """An item of a chain that has a sheet of its own."""

    scope: UUID
    name: str
    light: str
    due: datetime | None


@dataclass(frozen=True, kw_only=True)
class ProofSheet:
    """Everything a 时限证明单 says. `elapsed`: calendar days from receipt to delivery (D.13); `shares` divide them.

    `main`: the clock whose days are the case's; `items`: what a chain is made of, each with its own sheet.
    """

    case: CaseLine
    scope: UUID | None
    subject: str
    received_at: datetime
    delivered_at: datetime | None
    made_at: datetime
    made_by: str
    clocks: tuple[SheetClock, ...]
    pauses: tuple[SheetPause, ...]
    marks: tuple[SheetMark, ...]
    holdings: tuple[Holding, ...]
    items: tuple[SheetItem, ...]
    shares: Mapping[TimeHolder, int]
    people: Mapping[str, PersonCard]
    departments: Mapping[str, tuple[str, str]]

    @property
    def elapsed(self) -> int:
        """Calendar days from receipt to delivery, or to the day of the sheet."""
        return sum(self.shares.values())

    @property
    def main(self) -> SheetClock | None:
        """The clock whose counted days are the case's."""
        return next((one for kind in MAIN for one in self.clocks if one.kind is kind), None)

    @property
    def binding(self) -> SheetClock | None:
        """The limit that ends first."""
        return next((one for one in self.clocks if one.binds), None)


def proof_sheet(office: Office, actor: Actor, case_id: UUID, *, scope: UUID | None = None) -> ProofSheet:
    """The sheet of a case, or of one of its items; who may read the case may have it.

    Refused: Missing CASE_NOT_FOUND, ITEM_NOT_FOUND; Conflict CALENDAR_MISSING.
    """
    with office.reading() as records:
        require_reader(records, actor, records.cases.find(case_id))
        line = Workbench(records).case(case_id)
        assert line is not None  # it was there a statement ago, in the same reading
        rows = records.clocks.of_case(case_id)
        if scope is not None and all(row.scope_id != scope for row in rows):
            raise Missing("ITEM_NOT_FOUND", "这个办件中没有这个事项，或者它没有时限。")
        return _sheet(records, line, actor, scope, rows)


class _Within:
    """What belongs to the subject of a sheet: everything of the case, or what stands inside one of its items."""

    def __init__(self, scope: UUID | None, calls: Mapping[UUID, UUID | None]) -> None:
        self.scope, self._calls = scope, calls

    def has(self, scope: UUID | None) -> bool:
        """Whether something with this scope belongs to it."""
        return self.scope is None or scope == self.scope or (scope is not None and self._calls.get(scope) == self.scope)


def _sheet(
    records: Records,
    line: CaseLine,
    actor: Actor,
    scope: UUID | None,
    rows: Sequence[ClockRow],
) -> ProofSheet:
    bench, calls = Workbench(records), call_scopes(records, line.id)
    own = tuple(row for row in rows if row.scope_id == scope)
    within, journal = _Within(scope, calls), records.history.lines(line.id)
    tasks = [row for row in bench.work_of_case(line.id) if within.has(row.scope_id)]
    marks = _marks(journal, scope)
    received = line.started_at if scope is None else min(row.started_at for row in own)
    delivered = _delivered(marks, line, scope, own)
    until = local_day(delivered or records.now)
    clocks = _clocks(records.calendar, own, records.now)
    pauses = _pauses(clocks, until)
    held = holdings(tasks, journal)
    names = {line.started_by, *(one.username for one in held), *(one.pause.approved_by for one in pauses)}
    names |= {added.approved_by for one in clocks for added in one.proven.clock.extensions}
    processes = process_names(records, line)
    return ProofSheet(
        case=line,
        scope=scope,
        subject=processes.get(scope, line.name),
        received_at=received,
        delivered_at=delivered,
        made_at=records.now,
        made_by=actor.name,
        clocks=clocks,
        pauses=pauses,
        marks=marks,
        holdings=held,
        items=_items(rows, processes) if scope is None else (),
        shares=shares(
            local_day(received),
            until,
            [one.pause for one in pauses],
            next((local_day(one.at) for one in marks if one.mark == "READY"), None),
        ),
        people=bench.people({name for name in names if name}),
        departments=bench.departments(),
    )


def _clocks(calendar: WorkCalendar, rows: Sequence[ClockRow], now: datetime) -> tuple[SheetClock, ...]:
    """The clocks in the order they started, the case's before the stages."""
    values = {row.id: clock_of(row) for row in rows}
    chain = any(row.kind == ClockKind.CHAIN for row in rows)
    governing = [
        (str(row.id), values[row.id].resumed(now))  # of what stands still: as if it went on now
        for row in rows
        if row.kind in GOVERNING and not (chain and row.kind == ClockKind.MILESTONE)
    ]
    bound = effective_due(calendar, governing)
    return tuple(
        SheetClock(
            id=row.id,
            kind=ClockKind(row.kind),
            title=CLOCK_NAMES[ClockKind(row.kind)],
            name=row.name,
            department=row.department,
            basis=row.basis,
            binds=bound is not None and bound.name == str(row.id),
            proven=prove(calendar, values[row.id], now),
        )
        for row in sorted(rows, key=lambda row: (_ORDER.index(ClockKind(row.kind)), row.started_at, row.name))
    )


def _pauses(clocks: Sequence[SheetClock], until: date) -> tuple[SheetPause, ...]:
    """Every pause once, with the clocks it stopped; a stage's own are told where the case's are."""
    found: dict[tuple[Any, ...], list[SheetClock]] = {}
    pauses: dict[tuple[Any, ...], Suspension] = {}
    for one in clocks:
        for pause in one.proven.clock.suspensions:
            key = (pause.kind, pause.after, pause.through, pause.notice)
            pauses.setdefault(key, pause)
            found.setdefault(key, []).append(one)
    return tuple(
        SheetPause(
            pause=pause,
            name=name_of(pause.kind),
            clocks=tuple(dict.fromkeys(one.title for one in found[key])),
            days=days_frozen(pause, until),
        )
        for key, pause in sorted(pauses.items(), key=lambda pair: (pair[1].paused_from, pair[1].kind))
    )


def _marks(journal: Sequence[JournalLine], scope: UUID | None) -> tuple[SheetMark, ...]:
    """What the subject reached, in the order of the journal."""
    wanted = str(scope) if scope else None
    found = []
    for line in journal:
        detail = line.detail or {}
        if line.action == JournalAction.ITEM_REACHED and detail.get("scope") == wanted:
            on = detail.get("on")
            counts = date.fromisoformat(on[:10]) if isinstance(on, str) else local_day(line.written_at)
            found.append(SheetMark(mark=str(detail.get("mark", "")), at=line.written_at, on=counts))
    return tuple(found)


def _delivered(
    marks: Sequence[SheetMark], line: CaseLine, scope: UUID | None, own: Sequence[ClockRow]
) -> datetime | None:
    """When the result was handed over, or the subject ended some other way; None while it goes on."""
    delivered = next((one.at for one in marks if one.mark == "DELIVERED"), None)
    if delivered is not None or line.ended_at is not None or scope is None:
        return delivered or line.ended_at
    stops = [row.stopped_at for row in own]
    return None if None in stops else max(stop for stop in stops if stop is not None)


def _items(rows: Sequence[ClockRow], processes: Mapping[UUID | None, str]) -> tuple[SheetItem, ...]:
    """The items of a chain with the limit that binds each."""
    scopes = dict.fromkeys(row.scope_id for row in rows if row.scope_id is not None)
    found = []
    for scope in scopes:
        own = [row for row in rows if row.scope_id == scope]
        live = [row for row in own if row.state != "STOPPED" and row.kind not in APPLICANTS]
        dues = [row.due_at for row in live if row.due_at is not None]
        lights = {row.light for row in live}
        found.append(
            SheetItem(
                scope=scope,
                name=processes.get(scope, ""),
                light=next((light for light in ("red", "yellow", "stopped", "green") if light in lights), "done"),
                due=min(dues, default=None),
            )
        )
    return tuple(found)


def print_proof(sheet: ProofSheet, issuer: str, translate: Callable[[str], str] = str) -> bytes:
    """The PDF of a sheet, issued by a centre."""
    paper = Paper(
        template="proof_sheet",
        title="时限证明单",
        issuer=issuer,
        number=sheet.case.business_key or str(sheet.case.id)[:8],
        made_at=sheet.made_at,
        facts={"sheet": sheet, "holders": HOLDERS, "marks": MARK_NAMES},
    )
    return print_paper(paper, translate)
