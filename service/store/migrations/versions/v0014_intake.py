"""Windows, what was taken in at them, favourites, and who has applied before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.columns import Id, Instant, Json

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "service_window",
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("board", sa.String(length=12), nullable=False),
        sa.Column("general", sa.Boolean(), nullable=False),
        sa.Column("items", Json(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_service_window")),
    )
    op.create_table(
        "intake",
        sa.Column("case_id", Id(), nullable=False),
        sa.Column("window", sa.String(length=10), server_default="", nullable=False),
        sa.Column("ticket", sa.String(length=20), server_default="", nullable=False),
        sa.Column("item", sa.String(length=10), server_default="", nullable=False),
        sa.Column("process", sa.String(length=255), nullable=False),
        sa.Column("clerk", sa.String(length=60), nullable=False),
        sa.Column("called_at", Instant(), nullable=False),
        sa.Column("taken_at", Instant(), nullable=False),
        sa.Column("applicant_id", Id(), nullable=True),
        sa.Column("token", Id(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_intake_case_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_intake")),
        sa.UniqueConstraint("token", name=op.f("uq_intake_token")),
    )
    op.create_index(op.f("ix_intake_clerk"), "intake", ["clerk", "taken_at"], unique=False)
    op.create_index(op.f("ix_intake_window"), "intake", ["window", "taken_at"], unique=False)
    op.create_table(
        "favourite",
        sa.Column("username", sa.String(length=60), nullable=False),
        sa.Column("process", sa.String(length=255), nullable=False),
        sa.Column("kept_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("username", "process", name=op.f("pk_favourite")),
    )
    op.create_table(
        "applicant",
        sa.Column("id", Id(), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=18), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("phone", sa.String(length=20), server_default="", nullable=False),
        sa.Column("facts", Json(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("first_at", Instant(), nullable=False),
        sa.Column("last_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applicant")),
        sa.UniqueConstraint("subject", name=op.f("uq_applicant_subject")),
    )
    for column in ("code", "phone", "name"):
        op.create_index(op.f(f"ix_applicant_{column}"), "applicant", [column], unique=False)


def downgrade() -> None:
    """Drop them again."""
    for table in ("applicant", "favourite", "intake", "service_window"):
        op.drop_table(table)
