"""Sending: the errand of one message, by the outbox. Digests, final failures and receipts.

Taken over is SENT, told to have arrived DELIVERED; a receipt may come before the answer to sending, or twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from service.casework.acts.outbox import PlainCarrier, put_out, ref_of
from service.casework.messages.queueing import CARRIER, NO_ADDRESS, NO_CHANNEL, queue_message
from service.casework.messages.receivers import REACHED_BY, Receiver, reached_by
from service.casework.messages.wording import words_of
from service.casework.posts import group_of
from service.connectors.outgoing import ConnectorTrouble, DeliveryReport, Outgoing, Receipt
from service.rules.message_texts import TEMPLATES, Audience
from service.rules.messages import template
from service.rules.refusals import Missing
from service.rules.sending import (
    DIGEST_WINDOW,
    RETRIES,
    Channel,
    Fallback,
    MessageState,
    Report,
    after,
    bundled,
    fallback,
    planned_at,
)
from service.store.messages import MessageRow

if TYPE_CHECKING:
    from service.casework.office import Office
    from service.connectors.choosing import Connectors
    from service.store.agenda import AgendaRow
    from service.store.records import Records

DIGEST = "D01"
TRIAL_EVENT = "通道测试"


@dataclass(frozen=True, kw_only=True)
class Errand:
    """One message on its way out."""

    message: UUID
    channel: Channel
    outgoing: Outgoing


@dataclass(kw_only=True)
class MessageCarrier(PlainCarrier):
    """How messages go out: retries after 1, 5 and 30 minutes, none of them in the quiet hours; no incidents."""

    back_off: tuple[timedelta, ...] = RETRIES

    def take(self, office: Office, records: Records, row: AgendaRow) -> Errand | None:
        """The message, if it still waits and does not go with a digest; one nobody can be reached with fails."""
        one = records.messages.find(ref_of(row), lock=True)
        if one is None or one.state != MessageState.QUEUED or one.digest_id is not None:
            return None
        if _may_be_bundled(one.code) and one.box is not None and _bundle(records, one):
            return None
        to = str((row.detail or {}).get("to") or "") or address_of(records, one)
        if not to:
            fail(office, records, one, NO_ADDRESS)
            return None
        records.messages.change(one.id, {"attempts": one.attempts + 1})
        event = template(one.code).event if one.code in TEMPLATES else TRIAL_EVENT
        subject = f"【{words_of(records).signature}】{event}"
        outgoing = Outgoing(id=row.id, to=to, subject=subject, text=one.text, at=one.queued_at)
        return Errand(message=one.id, channel=Channel(one.channel), outgoing=outgoing)

    def carry(self, office: Office, row: AgendaRow, errand: Errand) -> Receipt:
        """Hand it over. Raises ConnectorTrouble."""
        connector = connectors_of(office).messages.get(errand.channel)
        if connector is None:
            raise ConnectorTrouble(NO_CHANNEL, errand.channel, retryable=False)
        return connector.send(errand.outgoing)

    def keep(self, office: Office, records: Records, row: AgendaRow, errand: Errand, result: Receipt) -> None:
        """It was taken over: under which name, for its receipts."""
        one = records.messages.find(errand.message, lock=True)
        if one is None:
            return
        state = after(MessageState(one.state), result.report)
        values: dict[str, Any] = {"state": state.value, "sent_at": records.now, "error": None}
        if result.report is Report.DELIVERED:
            values["reported_at"] = records.now
        _note(records, one, {**values, "reference": result.reference[:200]})

    def not_before(self, office: Office, records: Records, row: AgendaRow, when: datetime) -> datetime:
        """Repeats keep the quiet hours."""
        return planned_at(str((row.detail or {}).get("code", "")), when)

    def give_up(self, office: Office, records: Records, row: AgendaRow, trouble: str) -> bool:
        """Tried often enough, or refused for good. People see to it (未送达), not an administrator's incident."""
        one = records.messages.find(ref_of(row), lock=True)
        if one is not None:
            fail(office, records, one, trouble)
        return False


def connectors_of(office: Office) -> Connectors:
    """The connectors, whose receipts are kept from now on. Refused: SETTING_INVALID."""
    office.on_report = keep_report
    return office.connectors


def keep_report(office: Office, report: DeliveryReport) -> None:
    """A receipt says what became of a message. Refused: Missing MESSAGE_NOT_KNOWN, so that the other side says it again:
    a receipt may come before the answer to sending has been kept.
    """

    def act() -> None:
        with office.transaction() as records:
            one = records.messages.by_reference(report.reference)
            if one is None:
                raise Missing("MESSAGE_NOT_KNOWN", "没有与该回执对应的消息。")
            state = after(MessageState(one.state), report.report)
            if state is MessageState.FAILED:
                if one.state != MessageState.FAILED:
                    fail(office, records, one, report.detail or report.report.value)
            elif state != one.state:
                _note(records, one, {"state": state.value, "reported_at": records.now, "error": None})

    office.attempt(act)


def fail(office: Office, records: Records, one: MessageRow, trouble: str) -> None:
    """A message did not arrive: kept as failed; to the A岗 it goes to the B岗 instead, to an applicant the window calls."""
    state = after(MessageState(one.state), Report.EXPIRED)
    _note(records, one, {"state": state.value, "reported_at": records.now, "error": trouble[:300]})
    if state is MessageState.FAILED and fallback(one.code, Audience(one.audience)) is Fallback.STAND_IN:
        _tell_b(office, records, one)


def send_again(records: Records, one: MessageRow) -> None:
    """A failed message is tried once more, as if it were new."""
    values = {"state": MessageState.QUEUED.value, "error": None, "reported_at": None, "attempts": 0, "reference": None}
    due = planned_at(one.code, records.now)
    records.messages.change(one.id, {**values, "planned_at": due})
    put_out(records, carrier=CARRIER, ref=one.id, element=one.code, due=due, detail={"code": one.code})


def address_of(records: Records, one: MessageRow) -> str:
    """The whole address of a message's receiver, as it is known today; empty when it is not."""
    mobile = email = ""
    if one.audience == Audience.APPLICANT and one.case_id is not None:
        known = records.messages.variables([one.case_id], REACHED_BY)
        mobile, email = reached_by(one.case_id, one.scope_id, known)
    own = records.messages.contacts([one.box]).get(one.box) if one.box is not None else None
    if own is not None:
        mobile, email = mobile or own.mobile, email or own.email
    return mobile if one.channel == Channel.SMS else email


def _bundle(records: Records, one: MessageRow) -> bool:
    """Whether the message goes with a digest: more than five would go to this person within ten minutes."""
    assert one.box is not None
    waiting = [row for row in records.messages.to_go(one.box, one.channel, records.now) if _may_be_bundled(row.code)]
    lately = records.messages.sent_since(one.box, one.channel, records.now - DIGEST_WINDOW)
    alone, count = bundled([row.code for row in waiting], lately)
    if not count:
        return False
    told = [row for row in waiting if row.code not in alone]
    digest = _digest(records, one, len(told))
    records.messages.add([digest])
    records.messages.put_into_digest([row.id for row in told], digest.id)
    put_out(records, carrier=CARRIER, ref=digest.id, element=DIGEST, detail={"code": DIGEST})
    return one.id in {row.id for row in told}


def _may_be_bundled(code: str) -> bool:
    """What goes to people of the house; an applicant's message says something of the own case, or brings a code."""
    return code in TEMPLATES and code != DIGEST and not code.startswith("M")


def _digest(records: Records, one: MessageRow, count: int) -> MessageRow:
    values = {"count": str(min(count, 99))}
    event = uuid5(one.id, f"{DIGEST}/{records.now.isoformat()}")
    return MessageRow(
        id=event,
        event_id=event,
        code=DIGEST,
        audience=one.audience,
        box=one.box,
        channel=one.channel,
        address=one.address,
        text=words_of(records).say(DIGEST, values).text,
        places=values,
        queued_at=records.now,
        planned_at=records.now,
    )


def _note(records: Records, one: MessageRow, values: Mapping[str, Any]) -> None:
    """What becomes of a message; of a digest also what becomes of the messages it stands for."""
    records.messages.change(one.id, values)
    if one.code == DIGEST:
        told = {name: value for name, value in values.items() if name in ("state", "sent_at", "reported_at", "error")}
        records.messages.change_digested(one.id, told)


def _tell_b(office: Office, records: Records, one: MessageRow) -> None:
    task = records.tasks.find(one.task_id) if one.task_id is not None else None
    if task is None:
        return
    group = group_of(task.department, "reviewer_b")
    for name in records.people.members({group}).get(group, ()):
        if name == one.box:
            continue
        queue_message(
            office,
            records,
            code=one.code,
            values=one.places,
            to=Receiver(audience=Audience.REVIEWER_B, account=name),
            case_id=one.case_id,
            key=uuid5(one.event_id, f"instead of {one.box}"),
            scope=one.scope_id,
            task=one.task_id,
        )
