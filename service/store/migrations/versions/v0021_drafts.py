"""Drafts of applications."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.columns import Id, Instant, Json

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "application_draft",
        sa.Column("id", Id(), nullable=False),
        sa.Column("username", sa.String(length=60), nullable=False),
        sa.Column("process", sa.String(length=255), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("entries", Json(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_draft")),
    )
    op.create_index(op.f("ix_application_draft_username"), "application_draft", ["username"], unique=False)


def downgrade() -> None:
    """Drop it again."""
    op.drop_table("application_draft")
