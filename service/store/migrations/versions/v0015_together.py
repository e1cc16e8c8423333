"""Rounds of opinions, copies, and forms that are not submitted yet."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.columns import Id, Instant, Json

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "signing",
        sa.Column("id", Id(), nullable=False),
        sa.Column("case_id", Id(), nullable=False),
        sa.Column("task_id", Id(), nullable=False),
        sa.Column("place", sa.String(length=10), nullable=False),
        sa.Column("policy", sa.String(length=12), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.String(length=60), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_signing_case_id")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_signing_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing")),
    )
    op.create_index(op.f("ix_signing_case_id"), "signing", ["case_id"], unique=False)
    op.create_index(op.f("ix_signing_task_id"), "signing", ["task_id"], unique=False)
    op.create_table(
        "signer",
        sa.Column("id", Id(), nullable=False),
        sa.Column("signing_id", Id(), nullable=False),
        sa.Column("case_id", Id(), nullable=False),
        sa.Column("task_id", Id(), nullable=False),
        sa.Column("person", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("opinion", sa.Text(), server_default="", nullable=False),
        sa.Column("opened_at", Instant(), nullable=True),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["signing_id"], ["signing.id"], name=op.f("fk_signer_signing_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_signer_case_id")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_signer_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signer")),
    )
    op.create_index(op.f("ix_signer_signing_id"), "signer", ["signing_id"], unique=False)
    op.create_index(op.f("ix_signer_case_id"), "signer", ["case_id"], unique=False)
    op.create_index("ix_signer_person_state", "signer", ["person", "state"], unique=False)
    op.create_table(
        "copied",
        sa.Column("id", Id(), nullable=False),
        sa.Column("case_id", Id(), nullable=False),
        sa.Column("task_id", Id(), nullable=True),
        sa.Column("person", sa.String(length=60), nullable=False),
        sa.Column("sent_by", sa.String(length=60), nullable=False),
        sa.Column("sent_at", Instant(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("read_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_copied_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_copied")),
    )
    op.create_index(op.f("ix_copied_case_id"), "copied", ["case_id"], unique=False)
    op.create_index("ix_copied_person_read_at", "copied", ["person", "read_at"], unique=False)
    op.create_table(
        "draft",
        sa.Column("task_id", Id(), nullable=False),
        sa.Column("person", sa.String(length=60), nullable=False),
        sa.Column("entries", Json(), nullable=False),
        sa.Column("saved_at", Instant(), nullable=False),
        sa.Column("held_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_draft_task_id")),
        sa.PrimaryKeyConstraint("task_id", "person", name=op.f("pk_draft")),
    )


def downgrade() -> None:
    """Drop them again."""
    for table in ("draft", "copied", "signer", "signing"):
        op.drop_table(table)
