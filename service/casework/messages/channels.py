"""The channels of an installation: what is configured, how it does, and a message to try one out."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from service.casework.acts.outbox import put_out
from service.casework.messages.queueing import CARRIER, masked
from service.casework.messages.sending import connectors_of, keep_report
from service.casework.messages.wording import words_of
from service.connectors.outgoing import ConnectorTrouble
from service.connectors.signing import SignedRequest
from service.rules.message_texts import Audience
from service.rules.refusals import Conflict, Forbidden, Missing, Refusal
from service.rules.sending import Channel
from service.rules.vocabulary import LedgerAction
from service.store.messages import MessageRow

if TYPE_CHECKING:
    from service.casework.actors import Actor
    from service.casework.office import Office
    from service.store.records import Records

log = logging.getLogger(__name__)

ADMINISTRATORS = ("system_admin", "business_office")
HEALTH = "channel:"  # setting: how a channel did when it was last looked after
TRIAL = "TEST"
OUTSIDE = (Channel.SMS, Channel.EMAIL)


@dataclass(frozen=True, kw_only=True)
class ChannelView:
    """One channel. `trouble`: what was wrong when it was last looked after, at `since`; `waiting`, `failed`: messages."""

    channel: Channel
    configured: bool
    kind: str
    trouble: str
    since: datetime | None
    waiting: int
    failed: int
    address: str


@dataclass(frozen=True, kw_only=True)
class ChannelPage:
    """Every channel, and why none of them works when the settings are wrong."""

    channels: tuple[ChannelView, ...]
    wrong: str


def check_channels(office: Office) -> None:
    """Whether the settings of the connectors make sense, before anything starts. Refused: SETTING_INVALID."""
    connectors_of(office)


def tend_channels(office: Office) -> None:
    """Look after what connectors hold open, and note what is wrong. The worker calls it every few seconds; never raises."""
    try:
        connectors = connectors_of(office).messages
    except Refusal as refusal:
        log.warning("no message channel: %s", refusal)
        return
    for channel, connector in connectors.items():
        trouble = ""
        try:
            connector.tend()
        except ConnectorTrouble as found:
            trouble = str(found)
        except Exception as failure:
            log.exception("channel not tended")
            trouble = type(failure).__name__
        if trouble != _known_trouble(office, channel):
            office.attempt(partial(_note, office, channel, trouble))


def receive_sms_report(office: Office, method: str, path: str, headers: Mapping[str, str], body: bytes) -> None:
    """A delivery report an SMS gateway posts to us; taken once.

    Refused: Missing NOT_FOUND without such a gateway; SIGNATURE_INVALID, REPORT_INVALID; Missing MESSAGE_NOT_KNOWN.
    """
    gateway = connectors_of(office).sms_gateway
    if gateway is None:
        raise Missing("NOT_FOUND", "没有这个地址。")
    report, seen = gateway.read_report(SignedRequest(method=method, path=path, headers=headers, body=body))

    def take() -> None:
        with office.transaction() as records:
            records.nonces.take(seen.key, seen.nonce, seen.until)

    office.attempt(take)
    keep_report(office, report)


def channel_page(office: Office, actor: Actor) -> ChannelPage:
    """How the channels do. Refused: Forbidden MESSAGES_FORBIDDEN."""
    require_administrator(actor)
    wrong, connectors = "", {}
    try:
        connectors = dict(connectors_of(office).messages)
    except Refusal as refusal:
        wrong = refusal.sentence()
    with office.reading() as records:
        counts = records.messages.counts()
        own = records.messages.contacts([actor.username]).get(actor.username)
        found = []
        for channel in OUTSIDE:
            health = records.settings.get(f"{HEALTH}{channel}") or {}
            address = "" if own is None else own.mobile if channel is Channel.SMS else own.email
            found.append(
                ChannelView(
                    channel=channel,
                    configured=channel in connectors,
                    kind=_kind(connectors.get(channel)),
                    trouble=str(health.get("trouble", "")) if channel in connectors else "",
                    since=datetime.fromisoformat(health["at"]) if "at" in health else None,
                    waiting=counts.get((channel.value, "QUEUED"), 0),
                    failed=counts.get((channel.value, "FAILED"), 0),
                    address=masked(channel, address),
                )
            )
    return ChannelPage(channels=tuple(found), wrong=wrong)


def try_channel(office: Office, actor: Actor, channel: Channel) -> UUID:
    """Send oneself a message by a channel; what became of it stands in the log. At once, also in the quiet hours.

    Refused: Forbidden MESSAGES_FORBIDDEN, Conflict CHANNEL_MISSING, CONTACT_MISSING.
    """
    require_administrator(actor)
    if channel not in connectors_of(office).messages:
        raise Conflict("CHANNEL_MISSING", "通道尚未配置，不能发送。")

    def act() -> UUID:
        with office.transaction() as records:
            own = records.messages.contacts([actor.username]).get(actor.username)
            address = "" if own is None else own.mobile if channel is Channel.SMS else own.email
            if not address:
                raise Conflict("CONTACT_MISSING", "请先登记您本人的联系方式。")
            row = _trial(records, actor, channel, address)
            records.messages.add([row])
            put_out(records, carrier=CARRIER, ref=row.id, element=TRIAL, detail={"code": "M24"})
            records.ledger.write(LedgerAction.CHANNEL_TRIED, actor.username, channel.value)
            return row.id

    return office.attempt(act)


def require_administrator(actor: Actor) -> None:
    """Refused: Forbidden MESSAGES_FORBIDDEN."""
    if actor.service or not actor.has(*ADMINISTRATORS):
        raise Forbidden("MESSAGES_FORBIDDEN", "只有业务科和系统管理员可以管理消息。")


def _trial(records: Records, actor: Actor, channel: Channel, address: str) -> MessageRow:
    id = uuid4()
    return MessageRow(
        id=id,
        event_id=id,
        code=TRIAL,
        audience=Audience.HOLDER.value,
        box=actor.username,
        channel=channel.value,
        address=masked(channel, address),
        text=f"【{words_of(records).signature}】通道测试，收到即表示通道可用。",
        places={},
        queued_at=records.now,
        planned_at=records.now,
    )


def _known_trouble(office: Office, channel: Channel) -> str | None:
    with office.reading() as records:
        health = records.settings.get(f"{HEALTH}{channel}")
    return None if health is None else str(health.get("trouble", ""))


def _note(office: Office, channel: Channel, trouble: str) -> None:
    with office.transaction() as records:
        records.settings.put(f"{HEALTH}{channel}", {"trouble": trouble[:300], "at": records.now.isoformat()})


def _kind(connector: Any) -> str:
    return {"MailConnector": "SMTP", "SmppConnector": "SMPP 3.4", "SmsGateway": "HTTP"}.get(
        type(connector).__name__, ""
    )
