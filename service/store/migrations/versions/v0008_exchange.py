"""Exchange with other systems: linked cases, messages out and in, connections."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.columns import Id, Instant, Json

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "case_link",
        sa.Column("id", Id(), nullable=False),
        sa.Column("parent_id", Id(), nullable=False),
        sa.Column("scope_id", Id(), nullable=True),
        sa.Column("element", sa.String(length=255), nullable=False),
        sa.Column("request_id", Id(), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["cases.id"], name=op.f("fk_case_link_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["cases.id"], name=op.f("fk_case_link_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_link")),
        sa.UniqueConstraint("request_id", name=op.f("uq_case_link_request_id")),
    )
    op.create_index(op.f("ix_case_link_parent_id"), "case_link", ["parent_id"], unique=False)
    op.create_table(
        "exchange_message",
        sa.Column("id", Id(), nullable=False),
        sa.Column("ref", sa.String(length=20), nullable=False),
        sa.Column("direction", sa.String(length=3), nullable=False),
        sa.Column("connection", sa.String(length=40), nullable=False),
        sa.Column("transfer", sa.String(length=14), nullable=False),
        sa.Column("zone_from", sa.String(length=10), nullable=False),
        sa.Column("zone_to", sa.String(length=10), nullable=False),
        sa.Column("case_id", Id(), nullable=True),
        sa.Column("scope_id", Id(), nullable=True),
        sa.Column("process", sa.String(length=255), server_default="", nullable=False),
        sa.Column("element", sa.String(length=255), nullable=True),
        sa.Column("department", sa.String(length=8), nullable=True),
        sa.Column("item", sa.String(length=20), nullable=True),
        sa.Column("subject", sa.String(length=200), server_default="", nullable=False),
        sa.Column("payload", Json(), nullable=False),
        sa.Column("payload_hash", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("peer_ref", sa.String(length=128), nullable=True),
        sa.Column("answer", Json(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("sent_at", Instant(), nullable=True),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_exchange_message_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_message")),
        sa.UniqueConstraint("ref", name=op.f("uq_exchange_message_ref")),
    )
    op.create_index(op.f("ix_exchange_message_case_id"), "exchange_message", ["case_id"], unique=False)
    op.create_index("ix_exchange_message_created_at", "exchange_message", ["created_at"], unique=False)
    op.create_index(
        "ix_exchange_message_peer", "exchange_message", ["connection", "direction", "peer_ref"], unique=False
    )
    op.create_table(
        "connection_state",
        sa.Column("item", sa.String(length=20), nullable=False),
        sa.Column("department", sa.String(length=8), nullable=False),
        sa.Column("connection", sa.String(length=40), server_default="", nullable=False),
        sa.Column("state", sa.String(length=6), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=True),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("changed_by", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("item", name=op.f("pk_connection_state")),
    )


def downgrade() -> None:
    """Drop them again."""
    for table in ("connection_state", "exchange_message", "case_link"):
        op.drop_table(table)
