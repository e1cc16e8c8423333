"""What pages show of messages: one's own box, a case's, the log, what did not arrive. Numbers are masked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from service.casework.messages.channels import ADMINISTRATORS
from service.casework.messages.queueing import channels_ready
from service.casework.messages.receivers import boxes_of
from service.casework.messages.undelivered import CALLERS
from service.casework.rights import require_reader
from service.casework.untitled import reads_contents
from service.rules.refusals import Forbidden, Missing
from service.rules.sending import Channel
from service.rules.worktime import SHANGHAI
from service.store.listing import MESSAGES, Sight
from service.store.listing.messages import MessageListRow

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.casework.office import Office
    from service.store.records import Records

PAGE = 20
ALL = Sight(everything=True)
BOX_VIEWS: Mapping[str, Mapping[str, bool]] = {"unread": {"unread": True}, "read": {"read": True}, "all": {}}
FAILED_VIEWS: Mapping[str, Mapping[str, bool]] = {"open": {"waits": True}, "handled": {"handled": True}}
LOG_READERS = (*ADMINISTRATORS, "audit_admin", "security_admin")
KINDS = ("M", "T", "L", "N")
SECRET = ("code", "otp")  # places whose values only the receiver reads


@dataclass(frozen=True, kw_only=True)
class MessageList:
    """One page of messages, the latest first. `names`: what the people in them are called; `counts`: per view."""

    items: tuple[MessageListRow, ...]
    counts: Mapping[str, int]
    names: Mapping[str, str]
    total: int
    page: int
    pages: int
    now: datetime
    without_channel: bool = False  # nothing goes outside in this installation
    contents: bool = True  # what they say is shown


def unread_count(office: Office, actor: Actor) -> int:
    """How many messages wait to be read by the actor: one look at an index."""
    if actor.service:
        return 0
    with office.reading() as records:
        return records.messages.unread(boxes_of(actor.username, actor.groups))


def message_box(office: Office, actor: Actor, *, view: str = "unread", kind: str = "", page: int = 1) -> MessageList:
    """The actor's own messages."""
    asked: dict[str, Any] = {"inapp": True, "box_in": boxes_of(actor.username, actor.groups)}
    if kind in KINDS:
        asked["kind"] = kind
    with office.reading() as records:
        return _page(office, records, asked, BOX_VIEWS, view, page)


def own_message(office: Office, actor: Actor, message_id: UUID) -> MessageListRow:
    """One of the actor's own messages. Refused: Missing MESSAGE_NOT_FOUND."""
    asked = {"inapp": True, "box_in": boxes_of(actor.username, actor.groups), "message_id": message_id}
    with office.reading() as records:
        found = MESSAGES.rows(records, ALL, asked, size=1)
    if not found:
        raise Missing("MESSAGE_NOT_FOUND", "没有这条消息，或者您无权查看。")
    return found[0]


def read_messages(office: Office, actor: Actor, message_ids: Collection[UUID] | None = None) -> int:
    """Note that the actor has read some of the own messages, or (None) all; how many were unread."""

    def act() -> int:
        with office.transaction() as records:
            boxes = boxes_of(actor.username, actor.groups)
            return records.messages.mark_read(boxes, records.now, actor.username, message_ids)

    return office.attempt(act)


def read_about_task(office: Office, actor: Actor, task_id: UUID) -> None:
    """Who has a task open has read what was told about it; nothing is written when nothing was unread."""
    boxes = boxes_of(actor.username, actor.groups)
    with office.reading() as records:
        unread = records.messages.unread_about(boxes, task_id)
    if unread:
        read_messages(office, actor, unread)


def without_codes(row: MessageListRow) -> MessageListRow:
    """A message as others than its receiver may read it: 取件码, 查询码 and one-time codes prove who somebody is."""
    text, places = row.text, dict(row.places)
    for name in SECRET:
        value = str(places.get(name) or "")
        if value:
            text, places[name] = text.replace(value, "*" * len(value)), "*" * len(value)
    return replace(row, text=text, places=places)


def messages_of_case(office: Office, actor: Actor, case_id: UUID) -> tuple[MessageListRow, ...]:
    """Every message of a case, for who may read the case. Refused: Missing CASE_NOT_FOUND.

    An applicant sees what applicants are told, not who of the house was called to what.
    """
    with office.reading() as records:
        row = require_reader(records, actor, records.cases.find(case_id))
        found = MESSAGES.rows(records, ALL, {"case_id": row.id}, sorting=(("queued_at", True),), size=500)
    if actor.roles == frozenset({"applicant"}):
        found = tuple(one for one in found if one.audience == "APPLICANT")
    return tuple(one if one.box == actor.username else without_codes(one) for one in found)


def message_log(
    office: Office, actor: Actor, *, filters: Mapping[str, str] | None = None, page: int = 1
) -> MessageList:
    """Every message that was to go out or lies in a box, with what became of it. `filters`: code, state, channel, number,
    `since` and `until` (days, both included). Refused: Forbidden MESSAGES_FORBIDDEN.
    """
    if actor.service or not actor.has(*LOG_READERS):
        raise Forbidden("MESSAGES_FORBIDDEN", "只有业务科和系统管理员可以管理消息。")
    given = filters or {}
    asked: dict[str, Any] = {
        name: value for name in ("code", "state", "channel", "number") if (value := given.get(name))
    }
    for name, criterion, days in (("since", "queued_after", 0), ("until", "queued_before", 1)):
        day = _day(given.get(name, ""))
        if day is not None:
            asked[criterion] = day + timedelta(days) - timedelta(milliseconds=days)
    with office.reading() as records:
        return _shared(actor, _page(office, records, asked, {"all": {}}, "all", page))


def undelivered(office: Office, actor: Actor, *, view: str = "open", page: int = 1) -> MessageList:
    """What did not reach applicants. Refused: Forbidden UNDELIVERED_FORBIDDEN."""
    if actor.service or not actor.has(*CALLERS, *ADMINISTRATORS):
        raise Forbidden("UNDELIVERED_FORBIDDEN", "只有窗口人员和业务科可以处理未送达的消息。")
    with office.reading() as records:
        return _shared(actor, _page(office, records, {"undelivered": True}, FAILED_VIEWS, view, page))


def without_content(row: MessageListRow) -> MessageListRow:
    """A message as the three administrators see it: which one, to whom, by which way, what became of it; not what it says."""
    return replace(row, text="", places={}, title=None)


def _shared(actor: Actor, found: MessageList) -> MessageList:
    shown = without_codes if reads_contents(actor) else without_content
    return replace(found, items=tuple(shown(one) for one in found.items), contents=shown is without_codes)


def _page(
    office: Office,
    records: Records,
    asked: Mapping[str, Any],
    views: Mapping[str, Mapping[str, bool]],
    view: str,
    page: int,
) -> MessageList:
    counts = {name: MESSAGES.count(records, ALL, {**asked, **conditions}) for name, conditions in views.items()}
    pages = max(1, -(-counts[view] // PAGE))
    page = min(max(page, 1), pages)
    rows = MESSAGES.rows(records, ALL, {**asked, **views[view]}, first=(page - 1) * PAGE, size=PAGE)
    people = {one for row in rows for one in (row.box, row.handled_by, row.read_by) if one}
    return MessageList(
        items=rows,
        counts=counts,
        names=records.people.names(people),
        total=counts[view],
        page=page,
        pages=pages,
        now=records.now,
        without_channel=Channel.SMS not in channels_ready(office),
    )


def _day(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI) if len(text) == 10 else None
    except ValueError:
        return None
