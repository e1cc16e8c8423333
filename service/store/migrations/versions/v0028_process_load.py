"""Where work stands in a process and how long finished passes took: indexes the live view counts by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_task_open_element", "task", "element", "ended_at IS NULL"),
    ("ix_task_passed", "task", "ended_at", "ended_at IS NOT NULL"),
    ("ix_activity_open_element", "activity", "element", "ended_at IS NULL"),
    ("ix_activity_call_passed", "activity", "ended_at", "kind = 'callActivity' AND ended_at IS NOT NULL"),
)


def upgrade() -> None:
    """Create the indexes."""
    for name, table, column, where in INDEXES:
        chosen = sa.text(where)
        op.create_index(op.f(name), table, ["definition_id", column], sqlite_where=chosen, postgresql_where=chosen)


def downgrade() -> None:
    """Take them away again."""
    for name, table, _column, _where in INDEXES:
        op.drop_index(op.f(name), table_name=table)
