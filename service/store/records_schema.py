"""Tables of issuing, delivery and the archive, and what keeps written rows from ever being changed (SM-40)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    DDL,
    BigInteger,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    event,
    text,
)

from service.store.columns import Id, Instant, Json, blob_column
from service.store.schema import journal, ledger, metadata

# -- issuing and delivery ---------------------------------------------------------------------------------------

handover = Table(  # 证照移交单: from a department to the issuing window, signed for by the window (SM-15)
    "handover",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", String(40), nullable=False, unique=True),
    Column("department", String(8), nullable=False),
    Column("handed_by", String(60), nullable=False),
    Column("handed_at", Instant, nullable=False),
    Column("received_by", String(60)),
    Column("received_at", Instant),
    Column("state", String(10), nullable=False),  # rules.deliveries.HandoverState
    Column("note", Text, nullable=False, server_default=""),
)
Index("ix_handover_state", handover.c.state, handover.c.handed_at)

handover_line = Table(
    "handover_line",
    metadata,
    Column("handover_id", Id, ForeignKey("handover.id"), primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False),
    Column("scope_id", Id),
    Column("number", String(60), nullable=False),  # of the certificate
    Column("name", String(100), nullable=False),
    Column("copies", Integer, nullable=False),
    Column("state", String(10), nullable=False),  # SENT, RECEIVED, MISSING
    Column("note", Text, nullable=False, server_default=""),
)
Index("ix_handover_line_case_id", handover_line.c.case_id, handover_line.c.scope_id)

delivery = Table(  # 送达: what an item has to hand out, from the day it is ready
    "delivery",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False),
    Column("scope_id", Id),
    Column("process", String(255), nullable=False),
    Column("name", String(255), nullable=False),  # of the item
    Column("certificates", Json, nullable=False),  # [{"number", "name", "copies"}]
    Column("way", String(12), nullable=False),  # rules.deliveries.Way
    Column("state", String(10), nullable=False),  # rules.deliveries.DeliveryState
    Column("ready_at", Instant, nullable=False),
    Column("due_on", Date),  # decision and ten working days; null: no calendar counts it
    Column("reminded", Integer, nullable=False, server_default="0"),  # how often
    Column("code_tries", Integer, nullable=False, server_default="0"),
    Column("code_locked_until", Instant),
    Column("waybill", String(40)),
    Column("courier", String(40)),
    Column("attempts", Json, nullable=False),  # of the courier: [{"at", "outcome", "note", "by"}]
    Column("delivered_at", Instant),
    Column("delivered_by", String(60)),  # clerk, None: the flow itself
    Column("together", Id),  # deliveries handed out in one go have one number here
    Column("receipt", Json),  # who received it: kind, name, identity (masked), letter, how it was checked
)
for _name, _columns, _where in (  # one per item; the case itself has no scope
    ("uq_delivery_item", (delivery.c.case_id, delivery.c.scope_id), text("scope_id IS NOT NULL")),
    ("uq_delivery_case", (delivery.c.case_id,), text("scope_id IS NULL")),
):
    Index(_name, *_columns, unique=True, sqlite_where=_where, postgresql_where=_where)
Index("ix_delivery_state", delivery.c.state, delivery.c.ready_at)

# -- archive ----------------------------------------------------------------------------------------------------

archive_file = Table(  # 案卷: one per case, opened when it is filed for the first time
    "archive_file",
    metadata,
    Column("case_id", Id, ForeignKey("cases.id"), primary_key=True),
    Column("number", String(60), nullable=False, unique=True),  # 档号
    Column("year", Integer, nullable=False),
    Column("category", String(8), nullable=False),  # kind of item: XK, QR …; CHAIN
    Column("department", String(8)),
    Column("title", String(255), nullable=False),
    Column("closed_at", Instant, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("years", Integer),  # how long it is kept; null: for ever
    Column("keep_until", Date),
)
Index("ix_archive_file_opened_at", archive_file.c.opened_at)

archive_place = Table(  # where the paper lies (SM-39); the last row is true
    "archive_place",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False, index=True),
    Column("box", String(40), nullable=False),
    Column("position", String(20), nullable=False),
    Column("recorded_by", String(60), nullable=False),
    Column("recorded_at", Instant, nullable=False),
)

archive_package = Table(  # a sealed package: the first one of a case, or a supplement; chained to the one sealed before
    "archive_package",
    metadata,
    Column("id", Id, primary_key=True),  # of the errand that made it
    Column("sequence", Integer, nullable=False, unique=True),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False),
    Column("part", Integer, nullable=False),  # 0: the first one
    Column("holds", Integer, nullable=False),  # last journal line in it
    Column("through", Integer, nullable=False),  # the same, or the line of its own sealing when nothing came between
    Column("sealed_at", Instant, nullable=False),
    blob_column("digest"),  # SHA-256 of the file
    Column("size", BigInteger, nullable=False),
    Column("manifest", String(64), nullable=False),  # SM3 of its manifest
    Column("previous", String(64), nullable=False),  # chain of the package before
    Column("chain", String(64), nullable=False),
    Column("entries", Json, nullable=False),  # what it holds: path, title, kind, size, sm3
)
Index("uq_archive_package_case_id_part", archive_package.c.case_id, archive_package.c.part, unique=True)

retention_rule = Table(  # 保管期限 by kind of item
    "retention_rule",
    metadata,
    Column("category", String(8), primary_key=True),
    Column("years", Integer),  # null: for ever
    Column("basis", String(200), nullable=False),
    Column("changed_by", String(60)),
    Column("changed_at", Instant),
)

# -- written once -----------------------------------------------------------------------------------------------

WRITTEN_ONCE = (journal, ledger, archive_file, archive_place, archive_package)
REFUSAL = "written once"  # what the database says, whoever asks


def keeping(table: str, dialect: str) -> tuple[str, ...]:
    """Statements after which rows of a table can be added but neither changed nor taken away, on one database."""
    if dialect == "sqlite":
        return tuple(
            f"CREATE TRIGGER {table}_keeps_{verb.lower()} BEFORE {verb} ON {table}"
            f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}: {table}'); END"
            for verb in ("UPDATE", "DELETE")
        )
    return (
        f"CREATE TRIGGER {table}_keeps BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION written_once()",
        f"CREATE TRIGGER {table}_keeps_all BEFORE TRUNCATE ON {table}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION written_once()",
    )


KEEPER = (
    "CREATE OR REPLACE FUNCTION written_once() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}: %%', TG_TABLE_NAME; END $$"
)


def ddl(statement: str, dialect: str) -> Any:
    return DDL(statement).execute_if(dialect=dialect)  # type: ignore[no-untyped-call]


event.listen(metadata, "before_create", ddl(KEEPER, "postgresql"))
for _table in WRITTEN_ONCE:
    for _dialect in ("sqlite", "postgresql"):
        for _statement in keeping(_table.name, _dialect):
            event.listen(_table, "after_create", ddl(_statement, _dialect))
