"""The item register: items, their versions, the yearly and quarterly reviews."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.columns import Id, Instant, Json

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None
OPEN = "state IN ('DRAFT', 'SUBMITTED')"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "item",
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("department", sa.String(length=3), nullable=False),
        sa.Column("versions", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_item")),
    )
    op.create_index(op.f("ix_item_department"), "item", ["department"], unique=False)
    op.create_table(
        "item_version",
        sa.Column("id", Id(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("card", Json(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("short_name", sa.String(length=8), nullable=False),
        sa.Column("initials", sa.String(length=120), nullable=False),
        sa.Column("department", sa.String(length=3), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("type", sa.String(length=10), nullable=False),
        sa.Column("nature", sa.String(length=12), nullable=False),
        sa.Column("category", sa.String(length=12), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("themes", sa.String(length=200), nullable=False),
        sa.Column("process", sa.String(length=100), nullable=False),
        sa.Column("promised", sa.Integer(), nullable=False),
        sa.Column("effective_from", Instant(), nullable=True),
        sa.Column("based_on", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("drafted_by", sa.String(length=60), nullable=False),
        sa.Column("drafted_at", Instant(), nullable=False),
        sa.Column("submitted_at", Instant(), nullable=True),
        sa.Column("legal_by", sa.String(length=60), nullable=True),
        sa.Column("legal_at", Instant(), nullable=True),
        sa.Column("decided_by", sa.String(length=60), nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["code"], ["item.code"], name=op.f("fk_item_version_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_version")),
        sa.UniqueConstraint("code", "version", name=op.f("uq_item_version_code_version")),
    )
    op.create_index("ix_item_version_state", "item_version", ["state", "effective_from"], unique=False)
    op.create_index(
        "ix_item_version_open",
        "item_version",
        ["code"],
        unique=True,
        sqlite_where=sa.text(OPEN),
        postgresql_where=sa.text(OPEN),
    )
    op.create_table(
        "item_review",
        sa.Column("id", Id(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("opened_by", sa.String(length=60), nullable=True),
        sa.Column("summed_by", sa.String(length=60), nullable=True),
        sa.Column("summed_at", Instant(), nullable=True),
        sa.Column("checked_by", sa.String(length=60), nullable=True),
        sa.Column("checked_at", Instant(), nullable=True),
        sa.Column("published_by", sa.String(length=60), nullable=True),
        sa.Column("published_at", Instant(), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_review")),
        sa.UniqueConstraint("kind", "year", "quarter", name=op.f("uq_item_review_kind_year_quarter")),
    )
    op.create_table(
        "item_review_line",
        sa.Column("review_id", Id(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("department", sa.String(length=3), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("findings", Json(), nullable=False),
        sa.Column("decision", sa.String(length=8), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("filed_by", sa.String(length=60), nullable=True),
        sa.Column("filed_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["review_id"], ["item_review.id"], name=op.f("fk_item_review_line_review_id")),
        sa.PrimaryKeyConstraint("review_id", "code", name=op.f("pk_item_review_line")),
    )


def downgrade() -> None:
    """Drop them again."""
    for table in ("item_review_line", "item_review", "item_version", "item"):
        op.drop_table(table)
