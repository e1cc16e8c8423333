"""我的办件: what an applicant sees of the own cases: one status line across all departments without names (DF-09), what there
is to do until when, papers, money, and how often one had to come (SM-11).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from service.casework.clockwork.book import day_of
from service.casework.papers.querying import Progress, progress_of
from service.casework.rights import COMPLAINT
from service.rules.deliveries import DeliveryState, Way
from service.rules.document_kinds import KINDS
from service.rules.materials import read_line
from service.rules.payments import OPEN as UNPAID
from service.rules.vocabulary import CaseState, JournalAction, Mark
from service.store.own_cases import begun_by
from service.store.workbench import CaseLine

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.casework.office import Office
    from service.store.records import Records

PAGE = 10
VIEWS = {"running": (CaseState.ACTIVE, CaseState.SUSPENDED), "ended": (CaseState.COMPLETED, CaseState.TERMINATED)}
OVER = frozenset({Mark.DECIDED_YES, Mark.DECIDED_NO, Mark.READY, Mark.DELIVERED})


class Duty(StrEnum):
    """What an applicant has to do."""

    TASK = "TASK"  # a step of the case is theirs
    CORRECTION = "CORRECTION"  # 补正
    DEFERRAL = "DEFERRAL"  # 容缺
    BILL = "BILL"  # 缴费
    PICK_UP = "PICK_UP"  # 领取


@dataclass(frozen=True, kw_only=True)
class Todo:
    """One thing to do. `what`: materials, the name of the step, the amount; `ref`: of the step or the bill."""

    duty: Duty
    what: str
    until: date | None
    ref: str = ""


@dataclass(frozen=True, kw_only=True)
class OwnPaper:
    """A paper one has been given."""

    id: UUID
    title: str
    number: str


@dataclass(frozen=True, kw_only=True)
class OwnCase:
    """One case for who applied. `visits`: how often one had to come; `withdrawable`: nothing has been decided yet."""

    line: CaseLine
    progress: Progress
    todos: tuple[Todo, ...]
    papers: tuple[OwnPaper, ...]
    visits: int
    withdrawable: bool


@dataclass(frozen=True, kw_only=True)
class OwnList:
    """One page of one's cases, the latest first."""

    items: tuple[OwnCase, ...]
    counts: dict[str, int]
    todos: int
    total: int
    page: int
    pages: int
    now: datetime


def own_cases(office: Office, actor: Actor, *, view: str = "running", search: str = "", page: int = 1) -> OwnList:
    """The cases somebody has begun, with everything they need to know about them."""
    with office.reading() as records:
        states = VIEWS.get(view, VIEWS["running"])
        counts, total, lines = begun_by(
            records,
            actor.username,
            states,
            search=search,
            apart=(COMPLAINT,),
            skip=(max(page, 1) - 1) * PAGE,
            limit=PAGE,
        )
        pages = max(1, -(-total // PAGE))
        if page > pages:
            page = pages
            counts, total, lines = begun_by(
                records, actor.username, states, search=search, apart=(COMPLAINT,), skip=(page - 1) * PAGE, limit=PAGE
            )
        items = tuple(_own(office, records, actor, line) for line in lines)
        return OwnList(
            items=items,
            counts={name: sum(counts.get(state, 0) for state in wanted) for name, wanted in VIEWS.items()},
            todos=sum(len(one.todos) for one in items),
            total=total,
            page=max(page, 1),
            pages=pages,
            now=records.now,
        )


def _own(office: Office, records: Records, actor: Actor, line: CaseLine) -> OwnCase:
    row = records.cases.find(line.id)
    assert row is not None  # it was listed a moment ago
    progress = progress_of(office, records, row, None, line.business_key or "")
    reached = {one.mark for one in progress.reached}
    journal = {
        (one.detail or {}).get("mark")
        for one in records.history.lines(line.id)
        if one.action == JournalAction.ITEM_REACHED
    }
    return OwnCase(
        line=line,
        progress=progress,
        todos=()
        if line.ended_at is not None and not progress.pick_up
        else tuple(_todos(records, actor, line, progress)),
        papers=tuple(
            OwnPaper(id=one.id, title=KINDS[one.code].title, number=one.number or "")
            for one in records.documents.of_case(line.id)
            if one.state == "ISSUED" and one.code in KINDS
        ),
        visits=_visits(records, line),
        withdrawable=line.ended_at is None and not OVER & (reached | journal),
    )


def _todos(records: Records, actor: Actor, line: CaseLine, progress: Progress) -> Sequence[Todo]:
    found = [
        Todo(duty=Duty.TASK, what=one.name, until=day_of(one.due_at) if one.due_at else None, ref=str(one.id))
        for one in records.tasks.open_of(line.id)
        if one.assignee == actor.username
    ]
    for one in records.proceedings.of_case(line.id, "CORRECTION"):
        if one.closed_at is None and "reply_by" in one.detail:
            names = "、".join(read_line(str(gap["material"])).name for gap in one.detail["gaps"])
            found.append(Todo(duty=Duty.CORRECTION, what=names, until=date.fromisoformat(one.detail["reply_by"])))
    for one in records.proceedings.of_case(line.id, "DEFERRAL"):
        for gap in one.detail["gaps"] if one.state == "OPEN" else ():
            if not gap.get("supplied_on"):
                until = date.fromisoformat(gap["supply_by"])
                found.append(Todo(duty=Duty.DEFERRAL, what=str(gap["material"]), until=until))
    found += [
        Todo(duty=Duty.BILL, what=str(one.total), until=one.due_on, ref=one.number)
        for one in records.bills.of_case(line.id)
        if one.state in UNPAID and one.owed
    ]
    if progress.pick_up:
        found.append(Todo(duty=Duty.PICK_UP, what=progress.item, until=None))
    return found


def _visits(records: Records, line: CaseLine) -> int:
    """跑动次数: days on which the applicant was at a window for this case."""
    intake = records.intakes.of_case(line.id)
    days = {day_of(intake.taken_at)} if intake is not None else set()
    days |= {
        day_of(one.delivered_at)
        for one in records.deliveries.of_case(line.id)
        if one.state == DeliveryState.DELIVERED and one.way == Way.PICKUP and one.delivered_at is not None
    }
    return len(days)
