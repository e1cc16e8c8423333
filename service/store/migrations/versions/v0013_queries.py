"""Wrong tries of a query code, and until when it is locked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.columns import Instant

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("access_code", sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("access_code", sa.Column("locked_until", Instant(), nullable=True))


def downgrade() -> None:
    """Take them off again."""
    with op.batch_alter_table("access_code") as table:
        table.drop_column("locked_until")
        table.drop_column("tries")
