"""Messages, their channels and receipts, the words and addresses they need."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.columns import Id, Instant, Json

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "access_code",
        sa.Column("case_id", Id(), nullable=False),
        sa.Column("scope_id", Id(), nullable=False),
        sa.Column("purpose", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_access_code_case_id")),
        sa.PrimaryKeyConstraint("case_id", "scope_id", "purpose", name=op.f("pk_access_code")),
    )
    op.create_table(
        "contact",
        sa.Column("username", sa.String(length=60), nullable=False),
        sa.Column("mobile", sa.String(length=20), server_default="", nullable=False),
        sa.Column("email", sa.String(length=254), server_default="", nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("changed_by", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("username", name=op.f("pk_contact")),
    )
    op.create_table(
        "message",
        sa.Column("id", Id(), nullable=False),
        sa.Column("event_id", Id(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("audience", sa.String(length=16), nullable=False),
        sa.Column("box", sa.String(length=110), nullable=True),
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("address", sa.String(length=120), server_default="", nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("places", Json(), nullable=False),
        sa.Column("case_id", Id(), nullable=True),
        sa.Column("scope_id", Id(), nullable=True),
        sa.Column("task_id", Id(), nullable=True),
        sa.Column("queued_at", Instant(), nullable=False),
        sa.Column("planned_at", Instant(), nullable=False),
        sa.Column("sent_at", Instant(), nullable=True),
        sa.Column("reported_at", Instant(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=True),
        sa.Column("error", sa.String(length=300), nullable=True),
        sa.Column("digest_id", Id(), nullable=True),
        sa.Column("read_at", Instant(), nullable=True),
        sa.Column("read_by", sa.String(length=60), nullable=True),
        sa.Column("handled_at", Instant(), nullable=True),
        sa.Column("handled_by", sa.String(length=60), nullable=True),
        sa.Column("handled", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_message_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    op.create_index("ix_message_box_queued_at", "message", ["box", "queued_at"], unique=False)
    op.create_index(op.f("ix_message_case_id"), "message", ["case_id"], unique=False)
    op.create_index(
        "ix_message_digest",
        "message",
        ["digest_id"],
        unique=False,
        sqlite_where=sa.text("digest_id IS NOT NULL"),
        postgresql_where=sa.text("digest_id IS NOT NULL"),
    )
    op.create_index(
        "ix_message_failed",
        "message",
        ["queued_at"],
        unique=False,
        sqlite_where=sa.text("state = 'FAILED'"),
        postgresql_where=sa.text("state = 'FAILED'"),
    )
    op.create_index("ix_message_queued_at", "message", ["queued_at"], unique=False)
    op.create_index(
        "ix_message_reference",
        "message",
        ["reference"],
        unique=False,
        sqlite_where=sa.text("reference IS NOT NULL"),
        postgresql_where=sa.text("reference IS NOT NULL"),
    )
    op.create_index(
        "ix_message_unread",
        "message",
        ["box"],
        unique=False,
        sqlite_where=sa.text("read_at IS NULL AND channel = 'INAPP'"),
        postgresql_where=sa.text("read_at IS NULL AND channel = 'INAPP'"),
    )
    op.create_table(
        "message_text",
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("changed_by", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("code", "version", name=op.f("pk_message_text")),
    )
    op.create_table(
        "nonce",
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("until", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("key", "nonce", name=op.f("pk_nonce")),
    )


def downgrade() -> None:
    """Drop them again."""
    for name in ("nonce", "message_text", "message", "contact", "access_code"):
        op.drop_table(name)
