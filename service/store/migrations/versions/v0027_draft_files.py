"""Files of drafts remember what they were taken from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("process_draft_file", sa.Column("base", sa.String(length=64), nullable=True))


def downgrade() -> None:
    """Take it away again."""
    with op.batch_alter_table("process_draft_file") as table:
        table.drop_column("base")
