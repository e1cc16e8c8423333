"""Bulk acts know which version of a task their opinion was written for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("bulk_item", sa.Column("seen", sa.Integer()))


def downgrade() -> None:
    """Drop it again."""
    op.drop_column("bulk_item", "seen")
