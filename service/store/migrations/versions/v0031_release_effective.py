"""Releases become effective at an instant."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.columns import Instant

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the instant."""
    op.add_column("release", sa.Column("effective_at", Instant(), nullable=True))


def downgrade() -> None:
    """Take it away again."""
    op.drop_column("release", "effective_at")
