"""The studio: drafts of processes and their files."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.columns import Id, Instant, Json

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "process_draft",
        sa.Column("id", Id(), nullable=False),
        sa.Column("process", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=200), server_default="", nullable=False),
        sa.Column("based_on", Id(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_by", sa.String(length=60), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("changed_by", sa.String(length=60), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("authors", Json(), nullable=False),
        sa.Column("held_by", sa.String(length=60), nullable=True),
        sa.Column("held_until", Instant(), nullable=True),
        sa.Column("errors", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("warnings", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("release_id", Id(), nullable=True),
        sa.ForeignKeyConstraint(["based_on"], ["definition.id"], name=op.f("fk_process_draft_based_on")),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name=op.f("fk_process_draft_release_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_draft")),
    )
    op.create_index(op.f("ix_process_draft_process"), "process_draft", ["process"], unique=False)
    op.create_index("ix_process_draft_state_changed_at", "process_draft", ["state", "changed_at"], unique=False)
    op.create_table(
        "process_draft_file",
        sa.Column("draft_id", Id(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["process_draft.id"], name=op.f("fk_process_draft_file_draft_id")),
        sa.PrimaryKeyConstraint("draft_id", "name", name=op.f("pk_process_draft_file")),
    )


def downgrade() -> None:
    """Drop them again."""
    op.drop_table("process_draft_file")
    op.drop_index("ix_process_draft_state_changed_at", table_name="process_draft")
    op.drop_index(op.f("ix_process_draft_process"), table_name="process_draft")
    op.drop_table("process_draft")
