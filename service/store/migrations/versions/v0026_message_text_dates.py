"""Texts of messages: why they were changed, and from when on they are said."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.columns import Instant

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; texts of before are in effect since they were changed."""
    op.add_column("message_text", sa.Column("note", sa.String(length=200), server_default="", nullable=False))
    op.add_column("message_text", sa.Column("effective_at", Instant(), nullable=True))


def downgrade() -> None:
    """Take them away again."""
    op.drop_column("message_text", "effective_at")
    op.drop_column("message_text", "note")
