"""Tables of what goes on between cases and other systems: linked cases, the exchange's outbox and inbox, connections."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, String, Table, Text

from service.store.columns import Id, Instant, Json
from service.store.schema import metadata

case_link = Table(  # a supporting case and the case that started it
    "case_link",
    metadata,
    Column("id", Id, ForeignKey("cases.id"), primary_key=True),  # the case that was started
    Column("parent_id", Id, ForeignKey("cases.id"), nullable=False, index=True),
    Column("scope_id", Id),  # the item it was started for; null: the case itself
    Column("element", String(255), nullable=False),  # where the diagram asked for it
    Column("request_id", Id, nullable=False, unique=True),  # the asking: done once
    Column("started_at", Instant, nullable=False),
)

exchange_message = Table(  # 交换报文: written before anything is sent, kept whatever becomes of it
    "exchange_message",
    metadata,
    Column("id", Id, primary_key=True),
    Column("ref", String(20), nullable=False, unique=True),  # JH + date + five digits
    Column("direction", String(3), nullable=False),  # OUT, IN
    Column("connection", String(40), nullable=False),
    Column("transfer", String(14), nullable=False),  # rules.acts.TRANSFERS
    Column("zone_from", String(10), nullable=False),  # INNER 内网, AGENCY 专网, OUTER 外网
    Column("zone_to", String(10), nullable=False),
    Column("case_id", Id, ForeignKey("cases.id"), index=True),
    Column("scope_id", Id),
    Column("process", String(255), nullable=False, server_default=""),
    Column("element", String(255)),
    Column("department", String(8)),
    Column("item", String(20)),
    Column("subject", String(200), nullable=False, server_default=""),
    Column("payload", Json, nullable=False),  # what may go out, under the other side's names
    Column("payload_hash", String(64), nullable=False),  # SM3
    Column("state", String(10), nullable=False),  # QUEUED, SENT, ANSWERED, FAILED; IN: RECEIVED, DONE
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("error", Text),
    Column("peer_ref", String(128)),  # the other side's name for it
    Column("answer", Json),
    Column("created_at", Instant, nullable=False),
    Column("sent_at", Instant),
    Column("answered_at", Instant),
)
Index("ix_exchange_message_created_at", exchange_message.c.created_at)
Index(
    "ix_exchange_message_peer", exchange_message.c.connection, exchange_message.c.direction, exchange_message.c.peer_ref
)

connection_state = Table(  # 对接状态 of one item of one department
    "connection_state",
    metadata,
    Column("item", String(20), primary_key=True),
    Column("department", String(8), nullable=False),
    Column("connection", String(40), nullable=False, server_default=""),
    Column("state", String(6), nullable=False),  # NONE 未对接, TEST 测试, LIVE 已对接
    Column("deadline", Date),
    Column("changed_at", Instant, nullable=False),
    Column("changed_by", String(60), nullable=False),
)
