"""Tables of the sealed audit trail: blocks in their chain, and the fingerprints of the lines each of them holds."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, event

from service.store.columns import Id, Instant
from service.store.records_schema import ddl, keeping
from service.store.schema import metadata

audit_block = Table(  # everything sealed at once, chained to what was sealed before
    "audit_block",
    metadata,
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("sealed_at", Instant, nullable=False),
    Column("lines", Integer, nullable=False),
    Column("pieces", String(64), nullable=False),  # SM3 over its pieces
    Column("previous", String(64), nullable=False),
    Column("chain", String(64), nullable=False),
    Column("mac", String(64)),  # HMAC-SM3 of the chain value, when the installation has a key
)

audit_piece = Table(  # lines of one stream that follow each other: ledger, or the journal of a case
    "audit_piece",
    metadata,
    Column("sequence", Integer, ForeignKey("audit_block.sequence"), primary_key=True),
    Column("stream", String(36), primary_key=True),  # `ledger`, or the id of a case
    Column("after", BigInteger, nullable=False),  # last line of the stream in the piece before
    Column("last", BigInteger, nullable=False),
    Column("entries", LargeBinary, nullable=False),  # documents.audited.packed
)

Index("ix_audit_piece_stream", audit_piece.c.stream)

audit_head = Table(  # how far the journal of each case is sealed; only so that nobody has to look for it
    "audit_head",
    metadata,
    Column("case_id", Id, primary_key=True),
    Column("last", Integer, nullable=False),
)

for _table in (audit_block, audit_piece):
    for _dialect in ("sqlite", "postgresql"):
        for _statement in keeping(_table.name, _dialect):
            event.listen(_table, "after_create", ddl(_statement, _dialect))
