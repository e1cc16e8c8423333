"""Materials of cases, shared documents."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.columns import Id, Instant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "material",
        sa.Column("id", Id(), nullable=False),
        sa.Column("case_id", Id(), nullable=False),
        sa.Column("scope_id", Id(), nullable=False),
        sa.Column("process", sa.String(length=255), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=12), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=True),
        sa.Column("paper", sa.String(length=8), server_default="", nullable=False),
        sa.Column("copies", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("seen_by", sa.String(length=60), nullable=True),
        sa.Column("seen_at", Instant(), nullable=True),
        sa.Column("examined_by", sa.String(length=60), nullable=True),
        sa.Column("examined_at", Instant(), nullable=True),
        sa.Column("share_reference", sa.String(length=200), nullable=True),
        sa.Column("share_trouble", sa.Text(), nullable=True),
        sa.Column("share_by", sa.String(length=60), nullable=True),
        sa.Column("share_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_material_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_material")),
        sa.UniqueConstraint("case_id", "scope_id", "name", name="uq_material_line"),
    )
    op.create_index("ix_material_subject_kind", "material", ["subject", "kind"], unique=False)
    op.create_table(
        "material_version",
        sa.Column("id", Id(), nullable=False),
        sa.Column("material_id", Id(), nullable=False),
        sa.Column("case_id", Id(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("thumbnail", sa.String(length=64), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("dpi", sa.Integer(), nullable=True),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.Column("origin_case", Id(), nullable=True),
        sa.Column("replaces", Id(), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("uploaded_by", sa.String(length=60), nullable=True),
        sa.Column("uploaded_at", Instant(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("issuer", sa.String(length=100), server_default="", nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.Column("scanned_at", Instant(), nullable=True),
        sa.Column("signature", sa.String(length=200), server_default="", nullable=False),
        sa.Column("withdrawn_by", sa.String(length=60), nullable=True),
        sa.Column("withdrawn_at", Instant(), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_material_version_case_id")),
        sa.ForeignKeyConstraint(["material_id"], ["material.id"], name=op.f("fk_material_version_material_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_material_version")),
        sa.UniqueConstraint("material_id", "number", name="uq_material_version_number"),
    )
    op.create_index(op.f("ix_material_version_case_id"), "material_version", ["case_id"], unique=False)
    op.create_index(op.f("ix_material_version_digest"), "material_version", ["digest"], unique=False)
    op.create_table(
        "shared_document",
        sa.Column("id", Id(), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("thumbnail", sa.String(length=64), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("issuer", sa.String(length=100), server_default="", nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source_case", Id(), nullable=True),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.Column("scanned_at", Instant(), nullable=True),
        sa.Column("kept_by", sa.String(length=60), nullable=True),
        sa.Column("kept_at", Instant(), nullable=False),
        sa.Column("replaced_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shared_document")),
    )
    op.create_index(op.f("ix_shared_document_digest"), "shared_document", ["digest"], unique=False)
    op.create_index(
        "uq_shared_document_current",
        "shared_document",
        ["subject", "kind"],
        unique=True,
        sqlite_where=sa.text("replaced_at IS NULL"),
        postgresql_where=sa.text("replaced_at IS NULL"),
    )


def downgrade() -> None:
    """Drop them again."""
    op.drop_table("shared_document")
    op.drop_table("material_version")
    op.drop_table("material")
