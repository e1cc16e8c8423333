"""Fee standards, bills, payments, refunds, reconciliation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.columns import Id, Instant, Json, Yuan

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "fee_standard",
        sa.Column("id", Id(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("department", sa.String(length=8), nullable=False),
        sa.Column("content", Json(), nullable=False),
        sa.Column("items", Json(), nullable=False),
        sa.Column("on_demand", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("refund", Json(), nullable=True),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("effective_to", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("sample", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("document", sa.String(length=120), server_default="", nullable=False),
        sa.Column("proposed_by", sa.String(length=60), nullable=False),
        sa.Column("proposed_at", Instant(), nullable=False),
        sa.Column("decided_by", sa.String(length=60), nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fee_standard")),
    )
    op.create_index(op.f("ix_fee_standard_code"), "fee_standard", ["code"], unique=False)
    op.create_table(
        "reconciliation_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=12), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("ours", Yuan(), nullable=False),
        sa.Column("theirs", Yuan(), nullable=False),
        sa.Column("matched", sa.Integer(), nullable=False),
        sa.Column("open", sa.Integer(), nullable=False),
        sa.Column("run_at", Instant(), nullable=False),
        sa.Column("run_by", sa.String(length=60), nullable=True),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_reconciliation_day")),
    )
    op.create_table(
        "reconciliation_exception",
        sa.Column("id", Id(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("entry", sa.String(length=8), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("bill_no", sa.String(length=64), nullable=False),
        sa.Column("ours", Yuan(), nullable=True),
        sa.Column("theirs", Yuan(), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("handled_by", sa.String(length=60), nullable=True),
        sa.Column("handled_at", Instant(), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconciliation_exception")),
    )
    op.create_index(op.f("ix_reconciliation_exception_day"), "reconciliation_exception", ["day"], unique=False)
    op.create_table(
        "bill",
        sa.Column("id", Id(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("case_id", Id(), nullable=False),
        sa.Column("scope_id", Id(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("total", Yuan(), nullable=False),
        sa.Column("owed", sa.Boolean(), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("issued_at", Instant(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_by", sa.String(length=60), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("abandon_on", sa.Date(), nullable=True),
        sa.Column("key", Id(), nullable=True),
        sa.Column("replaces", Id(), nullable=True),
        sa.Column("basis", Json(), nullable=False),
        sa.Column("order_no", sa.String(length=64), nullable=True),
        sa.Column("pay_url", sa.Text(), nullable=True),
        sa.Column("reminded", sa.Integer(), server_default="0", nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_bill_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bill")),
        sa.UniqueConstraint("key", name=op.f("uq_bill_key")),
        sa.UniqueConstraint("number", name=op.f("uq_bill_number")),
    )
    op.create_index(op.f("ix_bill_case_id"), "bill", ["case_id"], unique=False)
    op.create_index("ix_bill_issued_at", "bill", ["issued_at"], unique=False)
    op.create_index("ix_bill_state_due_on", "bill", ["state", "due_on"], unique=False)
    op.create_table(
        "bill_line",
        sa.Column("bill_id", Id(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("scope_id", Id(), nullable=True),
        sa.Column("department", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("item", sa.String(length=20), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("formula", sa.Text(), nullable=False),
        sa.Column("inputs", Json(), nullable=False),
        sa.Column("exempted", Yuan(), nullable=False),
        sa.Column("amount", Yuan(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("standard", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Date(), nullable=True),
        sa.Column("mandatory", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["bill_id"], ["bill.id"], name=op.f("fk_bill_line_bill_id")),
        sa.PrimaryKeyConstraint("bill_id", "position", name=op.f("pk_bill_line")),
    )
    op.create_table(
        "exemption",
        sa.Column("id", Id(), nullable=False),
        sa.Column("bill_id", Id(), nullable=False),
        sa.Column("claims", Json(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("requested_by", sa.String(length=60), nullable=False),
        sa.Column("requested_at", Instant(), nullable=False),
        sa.Column("reviewed_by", sa.String(length=60), nullable=True),
        sa.Column("reviewed_at", Instant(), nullable=True),
        sa.Column("opinion", sa.Text(), server_default="", nullable=False),
        sa.Column("decided_by", sa.String(length=60), nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["bill_id"], ["bill.id"], name=op.f("fk_exemption_bill_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exemption")),
    )
    op.create_index(op.f("ix_exemption_bill_id"), "exemption", ["bill_id"], unique=False)
    op.create_index("ix_exemption_state", "exemption", ["state"], unique=False)
    op.create_table(
        "payment",
        sa.Column("id", Id(), nullable=False),
        sa.Column("bill_id", Id(), nullable=True),
        sa.Column("bill_no", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("amount", Yuan(), nullable=False),
        sa.Column("paid_at", Instant(), nullable=False),
        sa.Column("receipt", sa.String(length=64), nullable=False),
        sa.Column("settles", sa.Boolean(), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("signed_with", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["bill_id"], ["bill.id"], name=op.f("fk_payment_bill_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint("number", name=op.f("uq_payment_number")),
    )
    op.create_index(op.f("ix_payment_bill_id"), "payment", ["bill_id"], unique=False)
    op.create_index("ix_payment_paid_at", "payment", ["paid_at"], unique=False)
    op.create_table(
        "refund",
        sa.Column("id", Id(), nullable=False),
        sa.Column("payment_id", Id(), nullable=False),
        sa.Column("bill_id", Id(), nullable=True),
        sa.Column("amount", Yuan(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("requested_by", sa.String(length=60), nullable=False),
        sa.Column("requested_at", Instant(), nullable=False),
        sa.Column("refund_by", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.String(length=60), nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.Column("accepted_as", sa.String(length=64), server_default="", nullable=False),
        sa.Column("number", sa.String(length=64), server_default="", nullable=False),
        sa.Column("refunded_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["bill_id"], ["bill.id"], name=op.f("fk_refund_bill_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_refund_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund")),
    )
    op.create_index(op.f("ix_refund_bill_id"), "refund", ["bill_id"], unique=False)
    op.create_index(op.f("ix_refund_payment_id"), "refund", ["payment_id"], unique=False)
    op.create_index("ix_refund_refunded_at", "refund", ["refunded_at"], unique=False)
    op.create_index("ix_refund_state", "refund", ["state"], unique=False)


def downgrade() -> None:
    """Drop them again."""
    op.drop_index("ix_refund_state", table_name="refund")
    op.drop_index("ix_refund_refunded_at", table_name="refund")
    op.drop_index(op.f("ix_refund_payment_id"), table_name="refund")
    op.drop_index(op.f("ix_refund_bill_id"), table_name="refund")
    op.drop_table("refund")
    op.drop_index("ix_payment_paid_at", table_name="payment")
    op.drop_index(op.f("ix_payment_bill_id"), table_name="payment")
    op.drop_table("payment")
    op.drop_index("ix_exemption_state", table_name="exemption")
    op.drop_index(op.f("ix_exemption_bill_id"), table_name="exemption")
    op.drop_table("exemption")
    op.drop_table("bill_line")
    op.drop_index("ix_bill_state_due_on", table_name="bill")
    op.drop_index("ix_bill_issued_at", table_name="bill")
    op.drop_index(op.f("ix_bill_case_id"), table_name="bill")
    op.drop_table("bill")
    op.drop_index(op.f("ix_reconciliation_exception_day"), table_name="reconciliation_exception")
    op.drop_table("reconciliation_exception")
    op.drop_table("reconciliation_day")
    op.drop_index(op.f("ix_fee_standard_code"), table_name="fee_standard")
    op.drop_table("fee_standard")
