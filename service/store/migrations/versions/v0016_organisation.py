"""Organisation: what departments are, windows and postings, requests for roles, passwords that must be changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.columns import Id, Instant, Json

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

DEPARTMENT = ("kind", "unit_type", "parent", "level", "entry")
PERSON = ("must_change", "stamp", "toured_at")


def upgrade() -> None:
    """Add the columns and create the tables. Units that manage or serve are told by the kind of their windows."""
    op.add_column("department", sa.Column("kind", sa.String(length=16), server_default="FUNCTIONAL", nullable=False))
    op.add_column("department", sa.Column("unit_type", sa.String(length=20), nullable=True))
    op.add_column("department", sa.Column("parent", sa.String(length=8), nullable=True))
    op.add_column("department", sa.Column("level", sa.String(length=10), server_default="CITY", nullable=False))
    op.add_column("department", sa.Column("entry", sa.String(length=10), server_default="RESIDENT", nullable=False))
    op.execute("UPDATE department SET kind = 'MANAGING' WHERE window_kind IN ('管理', '监督投诉')")
    op.execute("UPDATE department SET kind = 'SUPPORTING' WHERE window_kind = '便民'")
    op.add_column("person", sa.Column("must_change", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("person", sa.Column("stamp", sa.Integer(), server_default="0", nullable=False))
    op.add_column("person", sa.Column("toured_at", Instant(), nullable=True))
    op.create_table(
        "window_plan",
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("department", sa.String(length=8), nullable=True),
        sa.Column("periods", Json(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["code"], ["service_window.code"], name=op.f("fk_window_plan_code")),
        sa.ForeignKeyConstraint(["department"], ["department.code"], name=op.f("fk_window_plan_department")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_window_plan")),
    )
    op.create_index(op.f("ix_window_plan_department"), "window_plan", ["department"], unique=False)
    op.create_table(
        "posting",
        sa.Column("id", Id(), nullable=False),
        sa.Column("window", sa.String(length=10), nullable=False),
        sa.Column("username", sa.String(length=60), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("purpose", sa.String(length=40), server_default="", nullable=False),
        sa.Column("recorded_by", sa.String(length=60), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["window"], ["service_window.code"], name=op.f("fk_posting_window")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posting")),
    )
    op.create_index(op.f("ix_posting_window"), "posting", ["window"], unique=False)
    op.create_index(op.f("ix_posting_username"), "posting", ["username"], unique=False)
    op.create_table(
        "role_request",
        sa.Column("id", Id(), nullable=False),
        sa.Column("username", sa.String(length=60), nullable=False),
        sa.Column("before", Json(), nullable=False),
        sa.Column("after", Json(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.String(length=60), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("decided_by", sa.String(length=60), nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("remark", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_request")),
    )
    asked = sa.text("state = 'ASKED'")
    op.create_index(
        "uq_role_request_open_username",
        "role_request",
        ["username"],
        unique=True,
        sqlite_where=asked,
        postgresql_where=asked,
    )


def downgrade() -> None:
    """Drop them again."""
    for table in ("role_request", "posting", "window_plan"):
        op.drop_table(table)
    for table, names in (("person", PERSON), ("department", DEPARTMENT)):
        for name in names:
            op.drop_column(table, name)
