"""The inbox: kept filters, followed cases, runs over many tasks, and the indexes open work is counted by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.columns import Id, Instant, Json

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_task_open_work": (
        ["id", "due_at", "warn_at", "paused_at", "escalated_at", "assignee", "priority", "created_at"],
        "ended_at IS NULL",
    ),
    "ix_task_open_owner": (["owner"], "ended_at IS NULL AND owner IS NOT NULL"),
    "ix_task_ended_by": (["ended_by", "ended_at"], "outcome = 'COMPLETED'"),
    "ix_task_open_unclocked": (
        ["due_at", "created_at"],
        "ended_at IS NULL AND warn_at IS NULL AND due_at IS NOT NULL",
    ),
}


def upgrade() -> None:
    """Add tables and indexes."""
    op.create_table(
        "saved_filter",
        sa.Column("id", Id(), nullable=False),
        sa.Column("owner", sa.String(60), nullable=False),
        sa.Column("department", sa.String(8)),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("usual", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("saved_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filter")),
        sa.UniqueConstraint("owner", "name", name=op.f("uq_saved_filter_owner_name")),
    )
    op.create_index(
        op.f("ix_saved_filter_department"),
        "saved_filter",
        ["department"],
        sqlite_where=sa.text("department IS NOT NULL"),
        postgresql_where=sa.text("department IS NOT NULL"),
    )
    op.create_table(
        "following",
        sa.Column("username", sa.String(60), nullable=False),
        sa.Column("case_id", Id(), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_following_case_id")),
        sa.PrimaryKeyConstraint("username", "case_id", name=op.f("pk_following")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_following_case_id"), "following", ["case_id"])
    op.create_table(
        "bulk_run",
        sa.Column("id", Id(), nullable=False),
        sa.Column("actor", sa.String(60), nullable=False),
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("act", sa.String(10), nullable=False),
        sa.Column("detail", Json(), nullable=False),
        sa.Column("begun_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_run")),
        sa.UniqueConstraint("actor", "key", name=op.f("uq_bulk_run_actor_key")),
    )
    op.create_table(
        "bulk_item",
        sa.Column("run_id", Id(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("task_id", Id(), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("title", sa.String(255), server_default="", nullable=False),
        sa.Column("opinion", sa.Text()),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("code", sa.String(60)),
        sa.Column("sentence", sa.Text()),
        sa.Column("params", Json()),
        sa.ForeignKeyConstraint(["run_id"], ["bulk_run.id"], name=op.f("fk_bulk_item_run_id")),
        sa.PrimaryKeyConstraint("run_id", "position", name=op.f("pk_bulk_item")),
        sqlite_with_rowid=False,
    )
    for name, (columns, where) in INDEXES.items():
        op.create_index(op.f(name), "task", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def downgrade() -> None:
    """Take them away again."""
    for name in INDEXES:
        op.drop_index(op.f(name), table_name="task")
    for table in ("bulk_item", "bulk_run", "following", "saved_filter"):
        op.drop_table(table)
