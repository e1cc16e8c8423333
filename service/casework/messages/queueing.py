"""Queueing: what a receiver is told becomes rows of messages, and errands for what goes outside.

In-app it is there at once. What goes outside waits for its hour (`rules.sending.planned_at`) on the agenda. The same
event told again is told once: the id of a message follows from event, receiver and channel.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4, uuid5

from service.casework.acts.outbox import errand_row
from service.casework.messages.receivers import Receiver
from service.casework.messages.wording import words_of
from service.rules.masking import masked_email, masked_mobile
from service.rules.refusals import Refusal
from service.rules.sending import Channel, Contact, MessageState, channels, inside_only, planned_at
from service.store.messages import ContactRow, MessageRow

if TYPE_CHECKING:
    from service.casework.office import Office
    from service.store.agenda import AgendaRow
    from service.store.records import Records

CARRIER = "message"
NO_CHANNEL, NO_ADDRESS = "CHANNEL_MISSING", "ADDRESS_MISSING"
OUTSIDE = (Channel.SMS, Channel.EMAIL)


@dataclass(frozen=True, kw_only=True, slots=True)
class About:
    """What a message is about: where its link leads."""

    case_id: UUID | None = None
    scope: UUID | None = None
    task: UUID | None = None


@dataclass(kw_only=True)
class Post:
    """What is to be written for some messages: rows, and the errands of those that go outside."""

    rows: list[MessageRow] = field(default_factory=list)
    errands: dict[UUID, AgendaRow] = field(default_factory=dict)


def queue_message(
    office: Office,
    records: Records,
    *,
    code: str,
    values: Mapping[str, Any],
    to: Receiver,
    case_id: UUID | None = None,
    key: UUID | None = None,
    scope: UUID | None = None,
    task: UUID | None = None,
) -> tuple[UUID, ...]:
    """Tell one receiver something, once for a `key`; the ids of the messages that are new.

    By every channel that is right for it (`rules.sending.channels`). What cannot be said (a value that is missing or personal)
    or cannot go out (no address, no channel) is kept as failed and never raised.
    Refused: MESSAGE_UNKNOWN.
    """
    post = Post()
    contacts = records.messages.contacts({to.account} if to.account else ())
    compose(
        office,
        records,
        post,
        code=code,
        values=values,
        to=to,
        about=About(case_id=case_id, scope=scope, task=task),
        event=key or uuid4(),
        contacts=contacts,
    )
    return hand_in(records, post)


def compose(
    office: Office,
    records: Records,
    post: Post,
    *,
    code: str,
    values: Mapping[str, Any],
    to: Receiver,
    about: About,
    event: UUID,
    contacts: Mapping[str, ContactRow],
) -> None:
    """Add the rows of one message to one receiver. `contacts`: how people of the house are reached."""
    try:
        text, trouble = words_of(records).say(code, values).text, None
    except Refusal as refusal:
        if refusal.code == "MESSAGE_UNKNOWN":
            raise
        text, trouble = "", refusal.sentence()
    own = contacts.get(to.account)
    mobile, email = to.mobile or (own.mobile if own else ""), to.email or (own.email if own else "")
    ready = channels_ready(office)
    contact = Contact(
        account=to.box or "",
        mobile=mobile if Channel.SMS in ready else "",
        email=email if Channel.EMAIL in ready else "",
    )
    chosen = {channel: "" for channel in channels(code, contact)}
    if not chosen.keys() & OUTSIDE and not inside_only(code):
        chosen |= _unreachable(code, to, mobile, email)
    for channel, missing in chosen.items():
        address = mobile if channel is Channel.SMS else email if channel is Channel.EMAIL else ""
        row = _row(records, code, values, to, about, event, channel, text, trouble or missing, address)
        post.rows.append(row)
        if row.state == MessageState.QUEUED:
            direct = {} if to.account or about.case_id is not None else {"to": address}
            post.errands[row.id] = errand(records, row, direct)


def hand_in(records: Records, post: Post) -> tuple[UUID, ...]:
    """Write what was composed; what had been told before is left as it is."""
    fresh = records.messages.add(post.rows)
    errands = [one for id, one in post.errands.items() if id in fresh]
    records.agenda.add(errands)
    if any(one.due_at <= records.now for one in errands):
        records.prompt = True
    return tuple(row.id for row in post.rows if row.id in fresh)


def errand(records: Records, row: MessageRow, more: Mapping[str, Any]) -> AgendaRow:
    """The errand that carries a message out at its hour. Not of its case: a case that is suspended still tells people."""
    return errand_row(
        records.now,
        carrier=CARRIER,
        ref=row.id,
        element=row.code,
        due=max(row.planned_at, records.now),
        detail={"code": row.code, **more},
    )


def channels_ready(office: Office) -> frozenset[Channel]:
    """The channels to the outside an installation has; none while its settings are wrong."""
    try:
        return frozenset(office.connectors.messages)
    except Refusal:
        return frozenset()


def masked(channel: str, address: str) -> str:
    """An address as lists show it."""
    return masked_email(address) if channel == Channel.EMAIL else masked_mobile(address) if address else ""


def _unreachable(code: str, to: Receiver, mobile: str, email: str) -> dict[Channel, str]:
    """A message that should go outside and cannot: to whom it concerns it is kept with the reason.

    People of the house whose number nobody knows are told in-app only.
    """
    if mobile or email:
        return {Channel.SMS if mobile or code == "M24" else Channel.EMAIL: NO_CHANNEL}
    return {Channel.SMS: NO_ADDRESS} if code.startswith("M") and not to.box else {}


def _row(
    records: Records,
    code: str,
    values: Mapping[str, Any],
    to: Receiver,
    about: About,
    event: UUID,
    channel: Channel,
    text: str,
    trouble: str | None,
    address: str,
) -> MessageRow:
    now, inside = records.now, channel is Channel.INAPP
    state = MessageState.FAILED if trouble else MessageState.DELIVERED if inside else MessageState.QUEUED
    done = now if state is not MessageState.QUEUED else None
    return MessageRow(
        id=uuid5(event, f"{code}/{to.box or to.audience}/{channel}"),
        event_id=event,
        code=code,
        audience=to.audience.value,
        box=to.box,
        channel=channel.value,
        address="" if inside else masked(channel, address),
        text=text,
        places={name: str(value)[:100] for name, value in values.items()},
        case_id=about.case_id,
        scope_id=about.scope,
        task_id=about.task,
        queued_at=now,
        planned_at=now if inside else planned_at(code, now),
        sent_at=now if inside and not trouble else None,
        reported_at=done,
        state=state.value,
        error=trouble[:300] if trouble else None,
    )
