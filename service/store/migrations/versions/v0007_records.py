"""Issue, delivery, sealed packages of the archive; rows that are written once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.columns import Id, Instant, Json

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

WRITTEN_ONCE = ("journal", "ledger", "archive_file", "archive_place", "archive_package", "ledger_seal")
TABLES = (
    "ledger_seal",
    "retention_rule",
    "archive_package",
    "archive_place",
    "archive_file",
    "delivery",
    "handover_line",
    "handover",
)


def upgrade() -> None:
    """Create the tables, and the triggers after which written lines stay as they are."""
    op.create_table(
        "handover",
        sa.Column("id", Id(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("department", sa.String(length=8), nullable=False),
        sa.Column("handed_by", sa.String(length=60), nullable=False),
        sa.Column("handed_at", Instant(), nullable=False),
        sa.Column("received_by", sa.String(length=60), nullable=True),
        sa.Column("received_at", Instant(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
        sa.UniqueConstraint("number", name=op.f("uq_handover_number")),
    )
    op.create_index("ix_handover_state", "handover", ["state", "handed_at"])
    op.create_table(
        "handover_line",
        sa.Column("handover_id", Id(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("case_id", Id(), nullable=False),
        sa.Column("scope_id", Id(), nullable=True),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_handover_line_case_id")),
        sa.ForeignKeyConstraint(["handover_id"], ["handover.id"], name=op.f("fk_handover_line_handover_id")),
        sa.PrimaryKeyConstraint("handover_id", "line", name=op.f("pk_handover_line")),
    )
    op.create_index("ix_handover_line_case_id", "handover_line", ["case_id", "scope_id"])
    op.create_table(
        "delivery",
        sa.Column("id", Id(), nullable=False),
        sa.Column("case_id", Id(), nullable=False),
        sa.Column("scope_id", Id(), nullable=True),
        sa.Column("process", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("certificates", Json(), nullable=False),
        sa.Column("way", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("ready_at", Instant(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("reminded", sa.Integer(), server_default="0", nullable=False),
        sa.Column("code_tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("code_locked_until", Instant(), nullable=True),
        sa.Column("waybill", sa.String(length=40), nullable=True),
        sa.Column("courier", sa.String(length=40), nullable=True),
        sa.Column("attempts", Json(), nullable=False),
        sa.Column("delivered_at", Instant(), nullable=True),
        sa.Column("delivered_by", sa.String(length=60), nullable=True),
        sa.Column("together", Id(), nullable=True),
        sa.Column("receipt", Json(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_delivery_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
    )
    for name, columns, condition in (
        ("uq_delivery_item", ["case_id", "scope_id"], "scope_id IS NOT NULL"),
        ("uq_delivery_case", ["case_id"], "scope_id IS NULL"),
    ):
        where = sa.text(condition)
        op.create_index(name, "delivery", columns, unique=True, sqlite_where=where, postgresql_where=where)
    op.create_index("ix_delivery_state", "delivery", ["state", "ready_at"])
    op.create_table(
        "archive_file",
        sa.Column("case_id", Id(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=8), nullable=False),
        sa.Column("department", sa.String(length=8), nullable=True),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("closed_at", Instant(), nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("years", sa.Integer(), nullable=True),
        sa.Column("keep_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_archive_file_case_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_archive_file")),
        sa.UniqueConstraint("number", name=op.f("uq_archive_file_number")),
    )
    op.create_index("ix_archive_file_opened_at", "archive_file", ["opened_at"])
    op.create_table(
        "archive_place",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("case_id", Id(), nullable=False),
        sa.Column("box", sa.String(length=40), nullable=False),
        sa.Column("position", sa.String(length=20), nullable=False),
        sa.Column("recorded_by", sa.String(length=60), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_archive_place_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archive_place")),
    )
    op.create_index(op.f("ix_archive_place_case_id"), "archive_place", ["case_id"])
    op.create_table(
        "archive_package",
        sa.Column("id", Id(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("case_id", Id(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("holds", sa.Integer(), nullable=False),
        sa.Column("through", sa.Integer(), nullable=False),
        sa.Column("sealed_at", Instant(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("manifest", sa.String(length=64), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("chain", sa.String(length=64), nullable=False),
        sa.Column("entries", Json(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_archive_package_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archive_package")),
        sa.UniqueConstraint("sequence", name=op.f("uq_archive_package_sequence")),
    )
    op.create_index("uq_archive_package_case_id_part", "archive_package", ["case_id", "part"], unique=True)
    op.create_table(
        "retention_rule",
        sa.Column("category", sa.String(length=8), nullable=False),
        sa.Column("years", sa.Integer(), nullable=True),
        sa.Column("basis", sa.String(length=200), nullable=False),
        sa.Column("changed_by", sa.String(length=60), nullable=True),
        sa.Column("changed_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("category", name=op.f("pk_retention_rule")),
    )
    op.create_table(
        "ledger_seal",
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("chain", sa.String(length=64), nullable=False),
        sa.Column("sealed_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_ledger_seal")),
    )
    op.add_column("task", sa.Column("awaits", sa.String(length=40), nullable=True))
    for statement in _keeping(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    """Drop them again; the journal and the ledger lose their triggers."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in WRITTEN_ONCE:
        ends = ("_keeps_update", "_keeps_delete") if sqlite else ("_keeps", "_keeps_all")
        for end in ends:
            op.execute(f"DROP TRIGGER {table}{end}" + ("" if sqlite else f" ON {table}"))
    op.drop_column("task", "awaits")
    for table in TABLES:
        op.drop_table(table)
    if not sqlite:
        op.execute("DROP FUNCTION written_once()")


def _keeping(dialect: str) -> list[str]:
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_keeps_{verb.lower()} BEFORE {verb} ON {table}"
            f" BEGIN SELECT RAISE(ABORT, 'written once: {table}'); END"
            for table in WRITTEN_ONCE
            for verb in ("UPDATE", "DELETE")
        ]
    keeper = (
        "CREATE OR REPLACE FUNCTION written_once() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'written once: %', TG_TABLE_NAME; END $$"
    )
    rows = [
        f"CREATE TRIGGER {table}_keeps BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION written_once()"
        for table in WRITTEN_ONCE
    ]
    whole = [
        f"CREATE TRIGGER {table}_keeps_all BEFORE TRUNCATE ON {table}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION written_once()"
        for table in WRITTEN_ONCE
    ]
    return [keeper, *rows, *whole]
