"""Hints, cards and orders: overseers see all, heads their department's, everybody their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_

from service.store.listing.criteria import Sight, after, among, before, equals, flag, flag_at, same_id
from service.store.listing.listing import Listing, pick
from service.store.schema import case
from service.store.time_schema import supervision

OVERSEERS = ("supervisor", "business_office", "leader")
HEADS = ("chief_rep", "resident_leader", "dept_head")
SOON = timedelta(hours=4)  # an order is answered in a working day
_OVER = ("REVOKED", "CLOSED")


@dataclass(frozen=True, kw_only=True)
class SupervisionListRow:
    """One of them with the case it is about, if any."""

    id: UUID
    case_id: UUID | None
    title: str | None
    business_key: str | None
    scope_id: UUID | None
    clock_id: UUID | None
    task_id: UUID | None
    violation: str
    level: str
    addressee: str
    department: str | None
    raised_at: datetime
    feedback_due_at: datetime | None
    state: str
    upgraded: bool
    fault: bool
    detail: Mapping[str, Any]


_table = supervision.c


def _sees(sight: Sight) -> ColumnElement[bool]:
    """A person's own, and what concerns the department a head answers for."""
    own = _table.addressee == sight.username
    if sight.department is None or not sight.groups.intersection(HEADS):
        return own
    return or_(own, _table.department == sight.department)


SUPERVISION: Listing[SupervisionListRow] = Listing(
    row=SupervisionListRow,
    columns={
        **pick(supervision, SupervisionListRow),
        "title": case.c.title,
        "business_key": case.c.business_key,
    },
    source=supervision.outerjoin(case, case.c.id == _table.case_id),
    identity=_table.id,
    criteria={
        "supervision_id": same_id(_table.id),
        "case_id": same_id(_table.case_id),
        "level": equals(_table.level),
        "state": equals(_table.state),
        "violation": equals(_table.violation),
        "department": equals(_table.department),
        "addressee_in": among(_table.addressee),
        "open": flag(_table.state.not_in(_OVER)),
        "over": flag(_table.state.in_(_OVER)),
        "unanswered": flag(_table.state.in_(("OPEN", "SIGNED"))),
        "overdue": flag_at(lambda now: (_table.feedback_due_at <= now) & _table.state.in_(("OPEN", "SIGNED"))),
        "due_soon": flag_at(
            lambda now: (
                (_table.feedback_due_at > now)
                & (_table.feedback_due_at <= now + SOON)
                & _table.state.in_(("OPEN", "SIGNED"))
            )
        ),
        "raised_after": after(_table.raised_at),
        "raised_before": before(_table.raised_at),
    },
    sorts={"raised_at": _table.raised_at, "feedback_due_at": _table.feedback_due_at},
    default=(_table.raised_at.desc(),),
    sees=_sees,
    overseers=OVERSEERS,
)
