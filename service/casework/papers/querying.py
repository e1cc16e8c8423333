"""进度查询: what an applicant may know of an application by its number and 查询码, without an account (SM-36). No names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from service.casework.clockwork.book import STOPPED, read
from service.casework.messages.codes import is_code
from service.casework.office import Office
from service.casework.papers.subject import Subject, day_of
from service.rules.clocks import ClockKind
from service.rules.deliveries import DeliveryState
from service.rules.lights import Light
from service.rules.numbers import read_query_code
from service.rules.refusals import Forbidden, Missing
from service.rules.vocabulary import JournalAction, Mark
from service.store.cases import CaseRow
from service.store.records import Records
from service.store.workbench import Workbench

LONGEST_NUMBER = 60
NAMED = 2  # items of a chain that are named in its status line
TRIES, LOCKED_FOR = 5, timedelta(minutes=15)  # DOMAIN C.4
HAVING = frozenset({DeliveryState.WAITING, DeliveryState.RETURNED})


@dataclass(frozen=True, kw_only=True)
class Reached:
    """How far it came on which day."""

    mark: Mark
    on: date


@dataclass(frozen=True, kw_only=True)
class Phase:
    """Where a chain stands: the `nth` of so many milestones, and what is being done, items by their names (DF-09)."""

    nth: int
    of: int
    items: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Where an application stands. `stages`: who has it now (zw:stage), none when nobody has; `expected`: the day the limit
    ends, None while nobody knows; `pick_up`: something waits at the issuing window.
    """

    number: str
    item: str
    department: str
    reached: tuple[Reached, ...]
    stages: tuple[str, ...]
    light: Light
    expected: date | None
    ended: bool
    pick_up: bool
    asked_at: datetime
    phase: Phase | None = None


def query_progress(office: Office, number: str, code: str) -> Progress:
    """Where an application stands, for whoever has its number and code.

    Refused: QUERY_CODE (no code at all), Missing QUERY_UNKNOWN (the same for an unknown number and a wrong code), Forbidden
    QUERY_LOCKED after five wrong codes, for a quarter of an hour of real time.
    """
    typed, wanted = read_query_code(code), number.strip()[:LONGEST_NUMBER]
    locked = False
    with office.transaction() as records:
        row = records.queries.find(wanted) if wanted else None
        if row is not None:
            locked = row.locked_until is not None and row.locked_until > records.real_now
            if not locked and is_code(office, row.code, typed):
                if row.tries:
                    records.queries.change(row, {"tries": 0, "locked_until": None})
                case = records.cases.find(row.code.case_id)
                assert case is not None  # the code belongs to it
                scope = row.code.scope_id if row.code.scope_id != row.code.case_id else None
                return progress_of(office, records, case, scope, wanted)
            if not locked:
                tries = row.tries + 1
                locked = tries >= TRIES
                until = records.real_now + LOCKED_FOR if locked else None
                records.queries.change(row, {"tries": 0 if locked else tries, "locked_until": until})
    if locked:
        raise Forbidden("QUERY_LOCKED", "查询码连续输错 5 次，请 15 分钟后再查询。")
    raise Missing("QUERY_UNKNOWN", "没有查到这个办件，请核对受理号（收件号）和查询码。")


def progress_of(office: Office, records: Records, case: CaseRow, scope: UUID | None, number: str) -> Progress:
    """Where a case, or an item of a chain, stands, for whoever has been let in already."""
    subject = Subject(office, records, case, scope)
    main = subject.main
    reading = read(records.calendar, main, records.now) if main is not None and main.state != STOPPED else None
    stages = dict.fromkeys(
        row.stage for row in records.tasks.open_of(case.id) if row.stage and subject.has(row.scope_id)
    )
    waiting = any(one.state in HAVING and subject.has(one.scope_id) for one in records.deliveries.of_case(case.id))
    return Progress(
        number=number,
        item=subject.item,
        department=subject.authority,
        reached=tuple(_reached(subject, scope)),
        stages=tuple(stages),
        light=reading.light if reading is not None else Light.NONE,
        expected=subject.due(main) if reading is not None else None,
        ended=case.ended_at is not None or (main is not None and main.state == STOPPED and not stages),
        pick_up=waiting,
        asked_at=records.now,
        phase=_phase(records, case) if scope is None else None,
    )


def _phase(records: Records, case: CaseRow) -> Phase | None:
    """None for what is no chain, or has ended."""
    marks = [one for one in records.clocks.of_case(case.id) if one.kind == ClockKind.MILESTONE and one.scope_id is None]
    if not marks or case.ended_at is not None:
        return None
    reached = sum(one.state == STOPPED for one in marks)
    work = Workbench(records).open_work_of([case.id])
    names = dict.fromkeys(one.process_name if one.scope_id is not None else one.name for one in work)
    return Phase(nth=min(reached + 1, len(marks)), of=len(marks), items=tuple(names)[:NAMED])


def _reached(subject: Subject, scope: UUID | None) -> list[Reached]:
    """The marks of the subject in order; milestones of a chain are the agency's own affair."""
    wanted = str(scope) if scope else None
    found = []
    for line in subject.journal:
        detail = line.detail or {}
        if line.action == JournalAction.ITEM_REACHED and detail.get("scope") == wanted and detail["mark"] in set(Mark):
            on = detail.get("on")
            found.append(
                Reached(mark=Mark(detail["mark"]), on=date.fromisoformat(on[:10]) if on else day_of(line.written_at))
            )
    return found
