"""Quality: ratings of cases, and monthly samples with their seeds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.columns import Id, Instant, Json

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "rating",
        sa.Column("id", Id(), nullable=False),
        sa.Column("case_id", Id(), nullable=False),
        sa.Column("grade", sa.Integer(), nullable=False),
        sa.Column("tags", Json(), nullable=False),
        sa.Column("said", sa.Text(), server_default="", nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("rated_by", sa.String(length=60), nullable=True),
        sa.Column("clerk", sa.String(length=60), nullable=True),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("department", sa.String(length=8), nullable=True),
        sa.Column("rated_at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=True),
        sa.Column("excluded_at", Instant(), nullable=True),
        sa.Column("follow_up", Id(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_rating_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating")),
        sa.UniqueConstraint("case_id", name=op.f("uq_rating_case_id")),
    )
    op.create_index("ix_rating_rated_at", "rating", ["rated_at"], unique=False)
    op.create_table(
        "sampling",
        sa.Column("id", Id(), nullable=False),
        sa.Column("case_id", Id(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("ratio", sa.String(length=10), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("selected", Json(), nullable=False),
        sa.Column("drawn_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_sampling_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sampling")),
    )
    op.create_index(op.f("ix_sampling_case_id"), "sampling", ["case_id"], unique=False)
    op.create_index("uq_sampling_kind_period", "sampling", ["kind", "period"], unique=True)


def downgrade() -> None:
    """Drop them again."""
    for table in ("sampling", "rating"):
        op.drop_table(table)
