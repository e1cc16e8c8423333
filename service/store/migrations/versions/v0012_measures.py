"""Supporting cases with what they are about, and releases of processes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.columns import Id, Instant, Json

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "measure",
        sa.Column("id", Id(), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("subject", Id(), nullable=False),
        sa.Column("for_case", Id(), nullable=True),
        sa.Column("department", sa.String(length=8), nullable=True),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["cases.id"], name=op.f("fk_measure_id")),
        sa.ForeignKeyConstraint(["for_case"], ["cases.id"], name=op.f("fk_measure_for_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure")),
        sa.UniqueConstraint("subject", "key", name=op.f("uq_measure_subject_key")),
    )
    op.create_index(op.f("ix_measure_for_case"), "measure", ["for_case"], unique=False)
    op.create_table(
        "release",
        sa.Column("id", Id(), nullable=False),
        sa.Column("uploaded_by", sa.String(length=60), nullable=False),
        sa.Column("uploaded_at", Instant(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("changes", Json(), nullable=False),
        sa.Column("legal", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("deployment_id", Id(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
    )
    op.create_table(
        "release_file",
        sa.Column("release_id", Id(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name=op.f("fk_release_file_release_id")),
        sa.PrimaryKeyConstraint("release_id", "name", name=op.f("pk_release_file")),
    )


def downgrade() -> None:
    """Drop them again."""
    for table in ("release_file", "release", "measure"):
        op.drop_table(table)
