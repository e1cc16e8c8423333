"""Migration of running cases: plans, batches, items."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.columns import Id, Instant, Json

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "migration_plan",
        sa.Column("id", Id(), nullable=False),
        sa.Column("process", sa.String(length=255), nullable=False),
        sa.Column("from_id", Id(), nullable=False),
        sa.Column("to_id", Id(), nullable=False),
        sa.Column("mapping", Json(), nullable=False),
        sa.Column("strict", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["from_id"], ["definition.id"], name=op.f("fk_migration_plan_from_id")),
        sa.ForeignKeyConstraint(["to_id"], ["definition.id"], name=op.f("fk_migration_plan_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_migration_plan")),
    )
    op.create_index(op.f("ix_migration_plan_process"), "migration_plan", ["process"], unique=False)
    op.create_table(
        "migration_batch",
        sa.Column("id", Id(), nullable=False),
        sa.Column("plan_id", Id(), nullable=False),
        sa.Column("binding_id", Id(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("undoing", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("begun_by", sa.String(length=60), nullable=False),
        sa.Column("begun_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("undone_by", sa.String(length=60), nullable=True),
        sa.ForeignKeyConstraint(["plan_id"], ["migration_plan.id"], name=op.f("fk_migration_batch_plan_id")),
        sa.ForeignKeyConstraint(["binding_id"], ["binding.id"], name=op.f("fk_migration_batch_binding_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_migration_batch")),
    )
    op.create_index(op.f("ix_migration_batch_plan_id"), "migration_batch", ["plan_id"], unique=False)
    op.create_table(
        "migration_item",
        sa.Column("batch_id", Id(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("case_id", Id(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=True),
        sa.Column("sentence", sa.Text(), nullable=True),
        sa.Column("params", Json(), nullable=True),
        sa.Column("done_at", Instant(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("definition_id", Id(), nullable=True),
        sa.Column("binding_id", Id(), nullable=True),
        sa.Column("blob", sa.LargeBinary(), nullable=True),
        sa.Column("written", Json(), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["migration_batch.id"], name=op.f("fk_migration_item_batch_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_migration_item_case_id")),
        sa.PrimaryKeyConstraint("batch_id", "position", name=op.f("pk_migration_item")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_migration_item_case_id"), "migration_item", ["case_id"], unique=False)


def downgrade() -> None:
    """Drop them again."""
    op.drop_table("migration_item")
    op.drop_table("migration_batch")
    op.drop_table("migration_plan")
