"""Internal notes on a case with their files, and queries the window puts to the applicant."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.columns import Id, Instant, Json

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "note",
        sa.Column("id", Id(), nullable=False),
        sa.Column("case_id", Id(), nullable=False),
        sa.Column("author", sa.String(length=60), nullable=False),
        sa.Column("written_at", Instant(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("mentions", Json(), nullable=False),
        sa.Column("edited_at", Instant(), nullable=True),
        sa.Column("earlier", Json(), nullable=False),
        sa.Column("deleted_by", sa.String(length=60), nullable=True),
        sa.Column("deleted_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_note_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
    )
    op.create_index(op.f("ix_note_case_id"), "note", ["case_id"], unique=False)
    op.create_table(
        "note_file",
        sa.Column("id", Id(), nullable=False),
        sa.Column("note_id", Id(), nullable=False),
        sa.Column("case_id", Id(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_note_file_case_id")),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_note_file_note_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note_file")),
    )
    op.create_index(op.f("ix_note_file_note_id"), "note_file", ["note_id"], unique=False)
    op.create_index(op.f("ix_note_file_digest"), "note_file", ["digest"], unique=False)
    op.create_table(
        "internal_query",
        sa.Column("id", Id(), nullable=False),
        sa.Column("case_id", Id(), nullable=False),
        sa.Column("asked_by", sa.String(length=60), nullable=False),
        sa.Column("department", sa.String(length=8), nullable=True),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("closed_by", sa.String(length=60), nullable=True),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_internal_query_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_internal_query")),
    )
    op.create_index(op.f("ix_internal_query_case_id"), "internal_query", ["case_id"], unique=False)
    op.create_index(op.f("ix_internal_query_state"), "internal_query", ["state"], unique=False)


def downgrade() -> None:
    """Drop them again."""
    for table in ("internal_query", "note_file", "note"):
        op.drop_table(table)
