"""The same month counted another way: from cases, acceptance numbers, documents, deliveries, clocks, cards and bills, never from a journal."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from scripts.campaigns.month_diagrams import SIX, cards, end_names
from scripts.campaigns.month_sheet import (
    ACCEPTED,
    CALENDAR,
    CARRIED,
    CLOSED,
    CORRECTED,
    DEEMED,
    ENDED,
    GIVEN_BACK,
    GIVEN_UP,
    LATE,
    NOT_ACCEPTED,
    ON_TIME,
    OWED,
    PAID,
    RECEIVED,
    RED,
    REFUSED,
    RETURNED,
    RUNNING,
    SETTLED_AFTER,
    WITHDRAWN,
    YELLOW,
    Line,
    Sheet,
    day_of,
)
from service.store import message_schema, money_schema, papers_schema, records_schema, schema, time_schema

KINDS = ("ITEM", "CHAIN")
FIRST_OF = (CLOSED, WITHDRAWN, ENDED, GIVEN_UP)  # what counts when two fall on one day
STAGES = {"OPINION": "默许意见", "REVIEW": "免签通过", "APPROVE": "默许决定"}


@dataclass
class Counted:
    """What the tables say. `accepted`: the cases accepted in the month; `faults`: incidents, and what is left on the agenda
    although its case has ended."""

    sheet: Sheet = field(default_factory=Sheet)
    figures: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    accepted: set[UUID] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)


def journals_of(records: Any) -> list[tuple[str, list[Line]]]:
    """(process, journal) of every case."""
    keys = {row.id: row.key for row in records.execute(select(schema.case.c.id, schema.case.c.key))}
    table, lines = schema.journal, defaultdict(list)
    asked = select(table.c.case_id, table.c.written_at, table.c.action, table.c.element, table.c.detail)
    for row in records.execute(asked.order_by(table.c.case_id, table.c.line)):
        lines[row.case_id].append(
            {"at": row.written_at, "action": row.action, "element": row.element, "detail": row.detail}
        )
    return [(keys[case], lines[case]) for case in keys]


def count(records: Any, first: date, last: date) -> Counted:
    """The sheet of a month and what went wrong."""
    found = Counted()
    cases = {row.id: row for row in records.execute(select(schema.case))}
    mine = {id: cards()[row.key].department for id, row in cases.items() if cards()[row.key].kind in KINDS}

    def add(case: UUID, column: str, day: date | None, many: Any = 1) -> None:
        if case in mine and day is not None and first <= day <= last:
            found.sheet.add(mine[case], column, many)

    papers = _papers(records)
    for id, row in cases.items():
        found.ends[f"{row.end_element or row.state}"] += 1
        add(id, RECEIVED, day_of(row.started_at))
        add(id, CORRECTED, papers.get((id, "W04")))
        for code, column in (("W03", NOT_ACCEPTED), ("W15", REFUSED)):
            add(id, column, papers.get((id, code)))
            add(id, RETURNED, papers.get((id, code)))
        if row.ended_at is not None and named(row) == GIVEN_BACK:
            for column in (GIVEN_BACK, RETURNED):
                add(id, column, day_of(row.ended_at))
    _courses(records, found, cases, mine, first, last)
    for row in records.execute(select(time_schema.supervision)):
        if row.level in ("YELLOW", "RED") and row.case_id is not None:
            add(row.case_id, YELLOW if row.level == "YELLOW" else RED, day_of(row.raised_at))
    for row in records.execute(select(schema.task).where(schema.task.c.outcome == "TACIT")):
        add(row.case_id, STAGES[row.stage], day_of(row.ended_at))
    for row in records.execute(select(money_schema.bill)):
        add(row.case_id, OWED, row.issued_on, row.total)
    bills = {
        row.id: row.case_id for row in records.execute(select(money_schema.bill.c.id, money_schema.bill.c.case_id))
    }
    for row in records.execute(select(money_schema.payment).where(money_schema.payment.c.settles)):
        add(bills[row.bill_id], PAID, day_of(row.paid_at), row.amount)
    _figures(records, found)
    found.faults += [*_wrong(records, cases)]
    return found


def _courses(records: Any, found: Counted, cases: Any, mine: Any, first: date, last: date) -> None:
    """What was accepted, and what became of it: by its acceptance number, its delivery, its end."""
    sheet = found.sheet
    handed = {
        row.case_id: row
        for row in records.execute(select(records_schema.delivery).where(records_schema.delivery.c.scope_id.is_(None)))
    }
    late = {
        row.case_id
        for row in records.execute(select(time_schema.clock).where(time_schema.clock.c.scope_id.is_(None)))
        if row.kind in ("CASE", "CHAIN")
        and row.stopped_at is not None
        and row.due_at is not None
        and row.stopped_at >= row.due_at
    }
    deemed = {
        row.case_id
        for row in records.execute(select(papers_schema.document).where(papers_schema.document.c.code == "W02"))
        if row.scope_id is None and row.element == "Document_Deemed"
    }
    table = message_schema.message
    taken_back = {row.case_id for row in records.execute(select(table.c.case_id).where(table.c.code == "M23"))}
    for row in records.execute(select(papers_schema.acceptance)):
        if row.case_id not in mine or row.scope_id != row.case_id or row.accepted_on > last:
            continue
        case, department = cases[row.case_id], mine[row.case_id]
        way, day = _over(case, handed.get(row.case_id), taken_back)
        if day is not None and day < first:
            continue
        new = row.accepted_on >= first
        sheet.add(department, ACCEPTED if new else CARRIED)
        if new:
            found.accepted.add(row.case_id)
            sheet.add(department, SIX[cards()[case.key].counts_as])
            if row.case_id in deemed:
                sheet.add(department, DEEMED)
        if day is None or day > last:
            sheet.add(department, RUNNING)
            continue
        sheet.add(department, way)
        if way == CLOSED:
            sheet.add(department, LATE if row.case_id in late else ON_TIME)


def _over(case: Any, handed: Any, taken_back: Collection[UUID]) -> tuple[str, date | None]:
    """How a case ended, and when: what came first. Whose applicant is told M23 has taken the application back."""
    ended = None if case.ended_at is None else day_of(case.ended_at)
    ways: list[tuple[date, int]] = []

    def add(way: str, day: date) -> None:
        ways.append((day, FIRST_OF.index(way)))

    if handed is not None:
        add(CLOSED, CALENDAR.after(day_of(handed.ready_at), SETTLED_AFTER))
        if handed.delivered_at is not None:
            add(CLOSED, day_of(handed.delivered_at))
    if ended is not None:
        if case.id in taken_back or named(case) == WITHDRAWN:
            add(WITHDRAWN, ended)
        elif case.state == "TERMINATED" or case.reason or named(case) == ENDED:
            add(ENDED, ended)
        elif named(case) == GIVEN_UP:
            add(GIVEN_UP, ended)
    return (FIRST_OF[min(ways)[1]], min(ways)[0]) if ways else (RUNNING, None)


def named(case: Any) -> str:
    """What the diagram calls the end a case has reached."""
    return end_names()[case.key].get(str(case.end_element or ""), "")


def _papers(records: Any) -> dict[tuple[UUID, str], date]:
    """The day on which each case got the first paper of each kind for itself."""
    table = papers_schema.document
    asked = (
        select(table).where(table.c.scope_id.is_(None), table.c.state == "ISSUED").order_by(table.c.issued_at.desc())
    )
    return {(row.case_id, row.code): day_of(row.issued_at) for row in records.execute(asked)}


def _figures(records: Any, found: Counted) -> None:
    for name, table in (
        ("documents", papers_schema.document), ("clocks", time_schema.clock), ("cards", time_schema.supervision),
        ("bills", money_schema.bill), ("payments", money_schema.payment), ("tasks", schema.task),
    ):  # fmt: skip
        found.figures[name] = int(next(iter(records.execute(select(func.count()).select_from(table))))[0])


def _wrong(records: Any, cases: Any) -> Iterator[str]:
    """Incidents that are open, and agenda items that have failed."""
    for row in records.execute(select(schema.incident).where(schema.incident.c.closed_at.is_(None))):
        key = cases[row.case_id].key if row.case_id in cases else "-"
        yield f"incident in {key}/{row.element}: {row.message[:200]}"
    for row in records.execute(select(schema.agenda).where(schema.agenda.c.retries == 0)):
        yield f"agenda item {row.kind} {row.element}: {row.error}"
