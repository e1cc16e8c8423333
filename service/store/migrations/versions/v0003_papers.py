"""Documents, 受理号, certificates, seals, templates."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.columns import Id, Instant, Json

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables of papers."""
    op.create_table(
        "document_template",
        sa.Column("code", sa.String(length=4), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("note", sa.String(length=200), server_default="", nullable=False),
        sa.Column("effective_at", Instant(), nullable=False),
        sa.Column("uploaded_at", Instant(), nullable=False),
        sa.Column("uploaded_by", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("code", "version", name=op.f("pk_document_template")),
    )
    op.create_table(
        "seal",
        sa.Column("id", Id(), nullable=False),
        sa.Column("authority", sa.String(length=8), nullable=False),
        sa.Column("image", sa.LargeBinary(), nullable=False),
        sa.Column("sample", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("uploaded_at", Instant(), nullable=False),
        sa.Column("uploaded_by", sa.String(length=60), nullable=False),
        sa.Column("withdrawn_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seal")),
    )
    op.create_index(op.f("ix_seal_authority"), "seal", ["authority"], unique=False)
    op.create_table(
        "document",
        sa.Column("id", Id(), nullable=False),
        sa.Column("case_id", Id(), nullable=True),
        sa.Column("scope_id", Id(), nullable=True),
        sa.Column("code", sa.String(length=4), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=True),
        sa.Column("series", sa.String(length=60), nullable=True),
        sa.Column("serial", sa.Integer(), nullable=True),
        sa.Column("authority", sa.String(length=8), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("template", sa.Integer(), server_default="0", nullable=False),
        sa.Column("head", Json(), nullable=False),
        sa.Column("facts", Json(), nullable=False),
        sa.Column("missing", Json(), nullable=False),
        sa.Column("element", sa.String(length=255), nullable=True),
        sa.Column("key", Id(), nullable=True),
        sa.Column("drafted_at", Instant(), nullable=False),
        sa.Column("drafted_by", sa.String(length=60), nullable=True),
        sa.Column("issued_at", Instant(), nullable=True),
        sa.Column("issued_by", sa.String(length=60), nullable=True),
        sa.Column("hash", sa.String(length=64), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("reprints", sa.Integer(), server_default="0", nullable=False),
        sa.Column("void_at", Instant(), nullable=True),
        sa.Column("void_by", sa.String(length=60), nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=True),
        sa.Column("supersedes", Id(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_document_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("key", name=op.f("uq_document_key")),
        sa.UniqueConstraint("number", name=op.f("uq_document_number")),
    )
    op.create_index(op.f("ix_document_case_id"), "document", ["case_id"], unique=False)
    op.create_index("ix_document_issued_at", "document", ["issued_at"], unique=False)
    op.create_index("ix_document_series", "document", ["series", "serial"], unique=False)
    op.create_table(
        "acceptance",
        sa.Column("case_id", Id(), nullable=False),
        sa.Column("scope_id", Id(), nullable=False),
        sa.Column("number", sa.String(length=23), nullable=False),
        sa.Column("accepted_on", sa.Date(), nullable=False),
        sa.Column("document_id", Id(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_acceptance_case_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_acceptance_document_id")),
        sa.PrimaryKeyConstraint("case_id", "scope_id", name=op.f("pk_acceptance")),
        sa.UniqueConstraint("number", name=op.f("uq_acceptance_number")),
    )
    op.create_table(
        "certificate",
        sa.Column("id", Id(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=100), nullable=False),
        sa.Column("item", sa.String(length=20), server_default="", nullable=False),
        sa.Column("department", sa.String(length=8), nullable=False),
        sa.Column("holder", sa.String(length=100), nullable=False),
        sa.Column("holder_code", sa.String(length=30), server_default="", nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("basis", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("follows", sa.String(length=60), server_default="", nullable=False),
        sa.Column("case_id", Id(), nullable=True),
        sa.Column("scope_id", Id(), nullable=True),
        sa.Column("document_id", Id(), nullable=True),
        sa.Column("key", Id(), nullable=True),
        sa.Column("reminded", sa.Integer(), server_default="0", nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("changed_by", sa.String(length=60), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_certificate_case_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_certificate_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("key", name=op.f("uq_certificate_key")),
        sa.UniqueConstraint("number", name=op.f("uq_certificate_number")),
    )
    op.create_index(op.f("ix_certificate_case_id"), "certificate", ["case_id"], unique=False)
    op.create_index(op.f("ix_certificate_department"), "certificate", ["department"], unique=False)
    op.create_index("ix_certificate_valid_to", "certificate", ["state", "valid_to"], unique=False)
    op.create_table(
        "document_print",
        sa.Column("document_id", Id(), nullable=False),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("printed_at", Instant(), nullable=False),
        sa.Column("printed_by", sa.String(length=60), nullable=True),
        sa.Column("reason", sa.String(length=200), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_document_print_document_id")),
        sa.PrimaryKeyConstraint("document_id", "nth", name=op.f("pk_document_print")),
    )
    op.create_table(
        "certificate_act",
        sa.Column("certificate_id", Id(), nullable=False),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("done_at", Instant(), nullable=False),
        sa.Column("done_by", sa.String(length=60), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["certificate_id"], ["certificate.id"], name=op.f("fk_certificate_act_certificate_id")),
        sa.PrimaryKeyConstraint("certificate_id", "nth", name=op.f("pk_certificate_act")),
    )


def downgrade() -> None:
    """Drop them again."""
    op.drop_table("certificate_act")
    op.drop_table("document_print")
    op.drop_index("ix_certificate_valid_to", table_name="certificate")
    op.drop_index(op.f("ix_certificate_department"), table_name="certificate")
    op.drop_index(op.f("ix_certificate_case_id"), table_name="certificate")
    op.drop_table("certificate")
    op.drop_table("acceptance")
    op.drop_index("ix_document_series", table_name="document")
    op.drop_index("ix_document_issued_at", table_name="document")
    op.drop_index(op.f("ix_document_case_id"), table_name="document")
    op.drop_table("document")
    op.drop_index(op.f("ix_seal_authority"), table_name="seal")
    op.drop_table("seal")
    op.drop_table("document_template")
