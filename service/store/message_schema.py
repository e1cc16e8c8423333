"""Tables of messages: what people are told, in which words, and how they are reached."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, text

from service.store.columns import Id, Instant, Json
from service.store.schema import metadata

message = Table(  # 消息: one row for each receiver and channel
    "message",
    metadata,
    Column("id", Id, primary_key=True),  # made of what asked for it, receiver and channel: asked again, it is the same
    Column("event_id", Id, nullable=False),  # what asked for it: the same for all receivers and channels
    Column("code", String(8), nullable=False),
    Column("audience", String(16), nullable=False),  # rules.message_texts.Audience
    Column(
        "box", String(110)
    ),  # who reads it: a username, `#` and a post for whoever of it comes first; null: no account
    Column("channel", String(8), nullable=False),
    Column("address", String(120), nullable=False, server_default=""),  # masked; whole it stands where it comes from
    Column("text", Text, nullable=False),
    Column("places", Json, nullable=False),  # what the places of the template were filled with
    Column("case_id", Id, ForeignKey("cases.id"), index=True),
    Column("scope_id", Id),
    Column("task_id", Id),
    Column("queued_at", Instant, nullable=False),
    Column("planned_at", Instant, nullable=False),
    Column("sent_at", Instant),
    Column("reported_at", Instant),  # delivered or failed
    Column("state", String(10), nullable=False),  # rules.sending.MessageState
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("reference", String(200)),  # how the channel calls it in its receipts
    Column("error", String(300)),
    Column("digest_id", Id),  # told in this digest instead
    Column("read_at", Instant),
    Column("read_by", String(60)),
    Column("handled_at", Instant),  # an undelivered one has been seen to
    Column("handled_by", String(60)),
    Column("handled", String(200)),  # how
)
_unread: dict[str, Any] = {
    "sqlite_where": text("read_at IS NULL AND channel = 'INAPP'"),
    "postgresql_where": text("read_at IS NULL AND channel = 'INAPP'"),
}
_outside: dict[str, Any] = {
    "sqlite_where": text("reference IS NOT NULL"),
    "postgresql_where": text("reference IS NOT NULL"),
}
_failed: dict[str, Any] = {"sqlite_where": text("state = 'FAILED'"), "postgresql_where": text("state = 'FAILED'")}
_digested: dict[str, Any] = {
    "sqlite_where": text("digest_id IS NOT NULL"),
    "postgresql_where": text("digest_id IS NOT NULL"),
}
Index("ix_message_unread", message.c.box, **_unread)
Index("ix_message_box_queued_at", message.c.box, message.c.queued_at)
Index("ix_message_queued_at", message.c.queued_at)
Index("ix_message_reference", message.c.reference, **_outside)
Index("ix_message_failed", message.c.queued_at, **_failed)
Index("ix_message_digest", message.c.digest_id, **_digested)

message_text = Table(  # 模板: an installation's own words, version by version; without a row the shipped ones hold
    "message_text",
    metadata,
    Column("code", String(8), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("text", Text, nullable=False),
    Column("note", String(200), nullable=False, server_default=""),
    Column("effective_at", Instant),  # NULL: since it was changed
    Column("changed_at", Instant, nullable=False),
    Column("changed_by", String(60), nullable=False),
)

contact = Table(  # how the people of the house are reached
    "contact",
    metadata,
    Column("username", String(60), primary_key=True),
    Column("mobile", String(20), nullable=False, server_default=""),
    Column("email", String(254), nullable=False, server_default=""),
    Column("changed_at", Instant, nullable=False),
    Column("changed_by", String(60), nullable=False),
)

access_code = Table(  # 查询码, 取件码 of an item
    "access_code",
    metadata,
    Column("case_id", Id, ForeignKey("cases.id"), primary_key=True),
    Column("scope_id", Id, primary_key=True),  # the case's own id for the case itself
    Column("purpose", String(10), primary_key=True),
    Column("code", String(12)),  # of before only fingerprints were kept; taken away when the program starts
    Column("digest", String(64)),  # made with the secret key
    Column("issue", Integer, nullable=False, server_default=text("0")),  # how often it was issued anew
    Column("tries", Integer, nullable=False, server_default=text("0")),  # wrong ones since the last right one
    Column("locked_until", Instant),  # real time
)

nonce = Table(  # of signed requests to us: none is taken twice
    "nonce",
    metadata,
    Column("key", String(100), primary_key=True),
    Column("nonce", String(64), primary_key=True),
    Column("until", Instant, nullable=False),  # real time
)
