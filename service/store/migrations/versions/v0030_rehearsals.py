"""Rehearsals of drafts and releases."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.columns import Id, Instant, Json

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "rehearsal",
        sa.Column("id", Id(), nullable=False),
        sa.Column("process", sa.String(length=255), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("draft_id", Id(), nullable=True),
        sa.Column("draft_version", sa.Integer(), nullable=True),
        sa.Column("release_id", Id(), nullable=True),
        sa.Column("base_id", Id(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("begun_by", sa.String(length=60), nullable=False),
        sa.Column("begun_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("report", Json(), nullable=True),
        sa.Column("sentence", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["draft_id"], ["process_draft.id"], name=op.f("fk_rehearsal_draft_id")),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name=op.f("fk_rehearsal_release_id")),
        sa.ForeignKeyConstraint(["base_id"], ["definition.id"], name=op.f("fk_rehearsal_base_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rehearsal")),
    )
    op.create_index("ix_rehearsal_process_digest", "rehearsal", ["process", "digest"], unique=False)
    op.create_table(
        "rehearsal_item",
        sa.Column("rehearsal_id", Id(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("case_id", Id(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=True),
        sa.Column("said", Json(), nullable=True),
        sa.ForeignKeyConstraint(["rehearsal_id"], ["rehearsal.id"], name=op.f("fk_rehearsal_item_rehearsal_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_rehearsal_item_case_id")),
        sa.PrimaryKeyConstraint("rehearsal_id", "position", name=op.f("pk_rehearsal_item")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_rehearsal_item_case_id"), "rehearsal_item", ["case_id"], unique=False)


def downgrade() -> None:
    """Drop them again."""
    op.drop_index(op.f("ix_rehearsal_item_case_id"), table_name="rehearsal_item")
    op.drop_table("rehearsal_item")
    op.drop_index("ix_rehearsal_process_digest", table_name="rehearsal")
    op.drop_table("rehearsal")
