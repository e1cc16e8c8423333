"""Whose delay a late chain was (R-CHN-5)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from service.casework.clockwork.book import STOPPED, day_of
from service.casework.supervising import About, raise_card
from service.rules.cards import Violation
from service.rules.chains import Attribution, NodeResult, attribute
from service.rules.clocks import ClockKind
from service.rules.vocabulary import JournalAction
from service.store.clocks import ClockRow

if TYPE_CHECKING:
    from service.casework.clocks.turning import Turn

ENDS = (ClockKind.CASE, ClockKind.STATUTORY, ClockKind.MILESTONE)  # what an item of a chain must keep (R-CHN-4)


def attribute_delay(turn: Turn, at: datetime) -> None:
    """The overrun of every node; the department with the largest answers for the chain's, with a 红牌."""
    row = turn.row
    found = attribution(turn)
    if found is None:
        return
    detail = {
        "clock": str(row.id),
        "cause": "ATTRIBUTION",
        "days_over": found.days_over,
        "answerable": found.answerable,
        "nodes": [
            {"node": one.code, "department": one.department, "due": one.due.isoformat(), "days_over": one.days_over}
            for one in found.nodes
        ],
    }
    turn.move.line(JournalAction.CHAIN_ATTRIBUTED, row.scope_id, detail)
    if found.answerable:
        raise_card(
            turn.records,
            turn.file,
            Violation.CASE_OVERDUE,
            to=found.answerable,
            department=found.answerable,
            at=at,
            about=About(scope=row.scope_id, clock=row.id),
            facts={"days_over": found.days_over},
        )


def attribution(turn: Turn) -> Attribution | None:
    """The table of R-CHN-5 for a chain that has ended; None when it ended without a due day. Refused: CALENDAR_MISSING."""
    chain = turn.row
    if chain.due_at is None or chain.stopped_at is None:
        return None
    items: dict[UUID, list[ClockRow]] = {}
    for row in turn.move.clocks.rows.values():
        if row.kind in ENDS and row.scope_id not in (None, chain.scope_id) and row.state == STOPPED:
            items.setdefault(row.scope_id, []).append(row)
    nodes = []
    for rows in items.values():
        ends = [row for row in rows if row.due_at is not None and row.stopped_at is not None]
        if not ends:
            continue
        named = next((row for row in rows if row.kind == ClockKind.MILESTONE), rows[0])
        nodes.append(
            NodeResult(
                code=named.element or named.process,
                department=named.department or "",
                due=day_of(min(row.due_at for row in ends if row.due_at is not None)),
                finished=day_of(max(row.stopped_at for row in ends if row.stopped_at is not None)),
            )
        )
    finished = day_of(chain.stopped_at)
    return attribute(turn.move.clocks.calendar, day_of(chain.due_at), finished, nodes, chain.department or "")
