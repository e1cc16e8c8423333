"""The sealed audit trail: blocks over ledger and journals take the place of the pieces of the ledger alone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.columns import Id, Instant

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

WRITTEN_ONCE = ("audit_block", "audit_piece")


def upgrade() -> None:
    """Create the tables; the first block holds everything that was written before."""
    op.drop_table("ledger_seal")
    op.create_table(
        "audit_block",
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sealed_at", Instant(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("pieces", sa.String(length=64), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("chain", sa.String(length=64), nullable=False),
        sa.Column("mac", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_audit_block")),
    )
    op.create_table(
        "audit_piece",
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("stream", sa.String(length=36), nullable=False),
        sa.Column("after", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("entries", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["sequence"], ["audit_block.sequence"], name=op.f("fk_audit_piece_sequence")),
        sa.PrimaryKeyConstraint("sequence", "stream", name=op.f("pk_audit_piece")),
    )
    op.create_index("ix_audit_piece_stream", "audit_piece", ["stream"], unique=False)
    op.create_table(
        "audit_head",
        sa.Column("case_id", Id(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_audit_head")),
    )
    _keep(WRITTEN_ONCE)


def downgrade() -> None:
    """Drop them again; the ledger is sealed anew from its first line."""
    op.drop_table("audit_head")
    op.drop_table("audit_piece")
    op.drop_table("audit_block")
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
    _keep(("ledger_seal",))


def _keep(tables: tuple[str, ...]) -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in tables:
        if sqlite:
            for verb in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_keeps_{verb.lower()} BEFORE {verb} ON {table}"
                    f" BEGIN SELECT RAISE(ABORT, 'written once: {table}'); END"
                )
        else:
            op.execute(
                f"CREATE TRIGGER {table}_keeps BEFORE UPDATE OR DELETE ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION written_once()"
            )
            op.execute(
                f"CREATE TRIGGER {table}_keeps_all BEFORE TRUNCATE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION written_once()"
            )
