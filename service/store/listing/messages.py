"""Messages as lists: one's own box, the log of administrators, what did not arrive. Addresses are masked in every one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, literal_column, or_

from service.store.listing.criteria import Criterion, Kind, Sight, after, among, before, equals, flag, same_id
from service.store.listing.listing import Listing, pick
from service.store.message_schema import message
from service.store.schema import case, task

OVERSEERS = ("system_admin", "business_office", "audit_admin")
NO_CHANNEL = "CHANNEL_MISSING"  # the installation has none: nobody has to call all applicants


@dataclass(frozen=True, kw_only=True)
class MessageListRow:
    """One message with the case and the task it is about."""

    id: UUID
    code: str
    audience: str
    box: str | None
    channel: str
    address: str
    text: str
    places: Mapping[str, Any]
    case_id: UUID | None
    title: str | None
    business_key: str | None
    scope_id: UUID | None
    task_id: UUID | None
    task_open: datetime | None  # when the task ended; with `task_name` None: there is none
    task_name: str | None
    queued_at: datetime
    planned_at: datetime
    sent_at: datetime | None
    reported_at: datetime | None
    state: str
    attempts: int
    error: str | None
    digest_id: UUID | None
    read_at: datetime | None
    read_by: str | None
    handled_at: datetime | None
    handled_by: str | None
    handled: str | None


_table = message.c


def _sees(sight: Sight) -> ColumnElement[bool]:
    """What lies in one's own boxes."""
    return _table.box.in_([sight.username, *(f"#{group}" for group in sorted(sight.groups))])


MESSAGES: Listing[MessageListRow] = Listing(
    row=MessageListRow,
    columns={
        **pick(message, MessageListRow),
        "title": case.c.title,
        "business_key": case.c.business_key,
        "task_open": task.c.ended_at,
        "task_name": task.c.name,
    },
    source=message.outerjoin(case, case.c.id == _table.case_id).outerjoin(task, task.c.id == _table.task_id),
    identity=_table.id,
    criteria={
        "message_id": same_id(_table.id),
        "case_id": same_id(_table.case_id),
        "box_in": among(_table.box),
        "channel": equals(_table.channel),
        "state": equals(_table.state),
        "code": equals(_table.code),
        "kind": Criterion(kind=Kind.TEXT, clause=lambda value, now: _table.code.startswith(value, autoescape=True)),
        "number": Criterion(
            kind=Kind.TEXT, clause=lambda value, now: case.c.business_key.startswith(value, autoescape=True)
        ),
        "inapp": flag(_table.channel == literal_column("'INAPP'")),
        "outside": flag(_table.channel != "INAPP"),
        "unread": flag(_table.read_at.is_(None)),
        "read": flag(_table.read_at.is_not(None)),
        "undelivered": flag(
            (_table.state == literal_column("'FAILED'"))  # spelt out: the partial index is found by its words
            & _table.code.startswith("M")
            & or_(_table.error.is_(None), _table.error != NO_CHANNEL)
        ),
        "waits": flag(_table.handled_at.is_(None)),
        "handled": flag(_table.handled_at.is_not(None)),
        "queued_after": after(_table.queued_at),
        "queued_before": before(_table.queued_at),
    },
    sorts={"queued_at": _table.queued_at},
    default=(_table.queued_at.desc(),),
    sees=_sees,
    overseers=OVERSEERS,
)
