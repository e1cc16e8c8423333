"""Seals of rows (service.store.seals); those that are there are sealed after the migration, which has no key."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0035"
branch_labels = None
depends_on = None

TABLES = ("journal", "clock", "signer", "person_role")


def upgrade() -> None:
    """Add the column."""
    for table in TABLES:
        op.add_column(table, sa.Column("mac", sa.String(length=100), nullable=True))


def downgrade() -> None:
    """Drop it again."""
    for table in TABLES:
        op.drop_column(table, "mac")
