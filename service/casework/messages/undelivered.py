"""未送达: messages to applicants that did not arrive; the window tries again or calls, and says so.

A whole number is shown with a reason only, and that it was shown stands in the journal of the case.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from service.casework.journalling import case_file, put_back, write
from service.casework.messages.channels import ADMINISTRATORS
from service.casework.messages.sending import address_of, send_again
from service.casework.rights import may_read
from service.rules.refusals import Conflict, Forbidden, Missing, refuse
from service.rules.sending import Channel, MessageState
from service.rules.vocabulary import JournalAction, LedgerAction

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.casework.office import Office
    from service.store.messages import MessageRow
    from service.store.records import Records

CALLERS = ("counter_clerk", "issue_clerk", "business_office")  # tell applicants what did not arrive
LONGEST = 200
SHORTEST = 2


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A whole address, and the whole words to be said there."""

    channel: Channel
    address: str
    text: str


def repeat_message(office: Office, actor: Actor, message_id: UUID) -> None:
    """Send once more what did not arrive. By the window or an administrator.

    Refused: Forbidden UNDELIVERED_FORBIDDEN, Missing MESSAGE_NOT_FOUND, Conflict MESSAGE_NOT_FAILED.
    """

    def act() -> None:
        with office.transaction() as records:
            one = _failed(records, actor, message_id, (*CALLERS, *ADMINISTRATORS))
            send_again(records, one)
            _line(records, actor, one, JournalAction.MESSAGE_REPEATED, LedgerAction.MESSAGE_REPEATED, {})

    office.attempt(act)


def tell_by_phone(office: Office, actor: Actor, message_id: UUID, how: str) -> None:
    """Say that the applicant was told otherwise, and how. By the window.

    Refused: Forbidden UNDELIVERED_FORBIDDEN, Missing MESSAGE_NOT_FOUND, Conflict MESSAGE_NOT_FAILED, MESSAGE_HANDLED (by
    whom), Invalid HANDLED_MISSING.
    """
    said = " ".join(how.split())
    if not _enough(said):
        raise refuse("handled", "HANDLED_MISSING", "请写明如何告知（2 至 200 个字），例如“已电话告知本人”。")

    def act() -> None:
        with office.transaction() as records:
            one = _failed(records, actor, message_id, CALLERS)
            if one.handled_at is not None:
                raise Conflict("MESSAGE_HANDLED", "已由 {who} 处理。", who=one.handled_by or "")
            values = {"handled_at": records.now, "handled_by": actor.username, "handled": said}
            records.messages.change(one.id, values)
            _line(records, actor, one, JournalAction.MESSAGE_TOLD, LedgerAction.MESSAGE_REPEATED, {"how": said})

    office.attempt(act)


def show_address(office: Office, actor: Actor, message_id: UUID, reason: str) -> Shown:
    """The whole number of an applicant, for a reason. By the window, for a message that did not arrive.

    Refused: Forbidden UNDELIVERED_FORBIDDEN, Missing MESSAGE_NOT_FOUND, ADDRESS_UNKNOWN; Conflict MESSAGE_NOT_FAILED;
    Invalid REASON_MISSING.
    """
    said = " ".join(reason.split())
    if not _enough(said):
        raise refuse("reason", "REASON_MISSING", "请写明查看号码的理由（2 至 200 个字）。")

    def act() -> Shown:
        with office.transaction() as records:
            one = _failed(records, actor, message_id, CALLERS)
            address = address_of(records, one)
            if not address:
                raise Missing("ADDRESS_UNKNOWN", "办件中没有可以联系的号码。")
            detail = {"reason": said, "address": one.address}
            _line(records, actor, one, JournalAction.CONTACT_SHOWN, LedgerAction.CONTACT_SHOWN, detail)
            return Shown(channel=Channel(one.channel), address=address, text=one.text)

    return office.attempt(act)


def _failed(records: Records, actor: Actor, message_id: UUID, roles: tuple[str, ...]) -> MessageRow:
    """The message, locked, for who may see to it; its case first, in the order everybody locks in."""
    if actor.service or not actor.has(*roles):
        raise Forbidden("UNDELIVERED_FORBIDDEN", "只有窗口人员和业务科可以处理未送达的消息。")
    found = records.messages.find(message_id)
    case = records.cases.lock(found.case_id) if found is not None and found.case_id is not None else None
    one = records.messages.find(message_id, lock=True)
    if one is None or (case is not None and not may_read(records, actor, case)):
        raise Missing("MESSAGE_NOT_FOUND", "没有这条消息，或者您无权查看。")
    if one.state != MessageState.FAILED:
        raise Conflict("MESSAGE_NOT_FAILED", "该消息没有发送失败，不需要处理。")
    return one


def _line(
    records: Records,
    actor: Actor,
    one: MessageRow,
    action: JournalAction,
    outside: LedgerAction,
    detail: dict[str, str],
) -> None:
    """In the journal of the case; of a message without a case in the ledger."""
    said = {"message": str(one.id), "code": one.code, **detail}
    if one.case_id is None:
        records.ledger.write(outside, actor.username, str(one.id), said)
        return
    file = case_file(records.cases.lock(one.case_id), alive=False)
    write(records, file, action, actor, detail=said)
    put_back(records, file)


def _enough(text: str) -> bool:
    return SHORTEST <= len(text) <= LONGEST and "\x00" not in text
