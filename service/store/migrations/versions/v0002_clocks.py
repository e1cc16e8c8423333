"""The statutory clock: clocks, proceedings, supervision, absences, outages, calendars."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.calendar_seeds import seed
from service.store.columns import Id, Instant, Json

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables of time, and what the inbox needs to know of a task's clock."""
    op.create_table(
        "absence",
        sa.Column("id", Id(), nullable=False),
        sa.Column("username", sa.String(length=60), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("until", Instant(), nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("stand_in", sa.String(length=60), nullable=True),
        sa.Column("recorded_by", sa.String(length=60), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("withdrawn_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    op.create_index(op.f("ix_absence_username"), "absence", ["username"], unique=False)
    op.create_table(
        "calendar_day",
        sa.Column("region", sa.String(length=12), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("workday", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=40), server_default="", nullable=False),
        sa.Column("am_closed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("pm_closed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("region", "day", name=op.f("pk_calendar_day")),
    )
    op.create_table(
        "calendar_year",
        sa.Column("region", sa.String(length=12), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("notice", sa.String(length=200), server_default="", nullable=False),
        sa.Column("entered_by", sa.String(length=60), nullable=False),
        sa.Column("entered_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("region", "year", name=op.f("pk_calendar_year")),
    )
    op.create_table(
        "outage",
        sa.Column("id", Id(), nullable=False),
        sa.Column("down_at", Instant(), nullable=False),
        sa.Column("up_at", Instant(), nullable=True),
        sa.Column("declared_by", sa.String(length=60), nullable=False),
        sa.Column("declared_at", Instant(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outage")),
    )
    op.create_table(
        "clock",
        sa.Column("id", Id(), nullable=False),
        sa.Column("case_id", Id(), nullable=False),
        sa.Column("scope_id", Id(), nullable=True),
        sa.Column("process", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("element", sa.String(length=255), nullable=True),
        sa.Column("department", sa.String(length=8), nullable=True),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("pauses", Json(), nullable=False),
        sa.Column("extensions", Json(), nullable=False),
        sa.Column("basis", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("light", sa.String(length=10), nullable=False),
        sa.Column("due_at", Instant(), nullable=True),
        sa.Column("warn_at", Instant(), nullable=True),
        sa.Column("fired", Json(), nullable=False),
        sa.Column("stopped_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_clock_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock")),
    )
    op.create_index(op.f("ix_clock_case_id"), "clock", ["case_id"], unique=False)
    op.create_index(
        "ix_clock_live_due",
        "clock",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("state <> 'STOPPED'"),
        postgresql_where=sa.text("state <> 'STOPPED'"),
    )
    op.create_index("ix_clock_scope_id", "clock", ["case_id", "scope_id"], unique=False)
    op.create_table(
        "proceeding",
        sa.Column("id", Id(), nullable=False),
        sa.Column("case_id", Id(), nullable=False),
        sa.Column("scope_id", Id(), nullable=True),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("opened_by", sa.String(length=60), nullable=True),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.Column("closed_by", sa.String(length=60), nullable=True),
        sa.Column("document", sa.String(length=40), nullable=True),
        sa.Column("detail", Json(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_proceeding_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proceeding")),
    )
    op.create_index(op.f("ix_proceeding_case_id"), "proceeding", ["case_id"], unique=False)
    op.create_table(
        "supervision",
        sa.Column("id", Id(), nullable=False),
        sa.Column("case_id", Id(), nullable=True),
        sa.Column("scope_id", Id(), nullable=True),
        sa.Column("clock_id", Id(), nullable=True),
        sa.Column("task_id", Id(), nullable=True),
        sa.Column("violation", sa.String(length=32), nullable=False),
        sa.Column("level", sa.String(length=8), nullable=False),
        sa.Column("addressee", sa.String(length=60), nullable=False),
        sa.Column("department", sa.String(length=8), nullable=True),
        sa.Column("raised_at", Instant(), nullable=False),
        sa.Column("feedback_due_at", Instant(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("upgraded", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("fault", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("detail", Json(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_supervision_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision")),
    )
    op.create_index("ix_supervision_addressee", "supervision", ["addressee", "state"], unique=False)
    op.create_index(op.f("ix_supervision_case_id"), "supervision", ["case_id"], unique=False)
    op.add_column("task", sa.Column("warn_at", Instant(), nullable=True))
    op.add_column("task", sa.Column("paused_at", Instant(), nullable=True))
    op.add_column("task", sa.Column("acting_for", sa.String(length=60), nullable=True))
    seed(op.get_bind())


def downgrade() -> None:
    """Drop them again."""
    op.drop_column("task", "acting_for")
    op.drop_column("task", "paused_at")
    op.drop_column("task", "warn_at")
    op.drop_index(op.f("ix_supervision_case_id"), table_name="supervision")
    op.drop_index("ix_supervision_addressee", table_name="supervision")
    op.drop_table("supervision")
    op.drop_index(op.f("ix_proceeding_case_id"), table_name="proceeding")
    op.drop_table("proceeding")
    op.drop_index("ix_clock_scope_id", table_name="clock")
    op.drop_index(
        "ix_clock_live_due",
        table_name="clock",
        sqlite_where=sa.text("state <> 'STOPPED'"),
        postgresql_where=sa.text("state <> 'STOPPED'"),
    )
    op.drop_index(op.f("ix_clock_case_id"), table_name="clock")
    op.drop_table("clock")
    op.drop_table("outage")
    op.drop_table("calendar_year")
    op.drop_table("calendar_day")
    op.drop_index(op.f("ix_absence_username"), table_name="absence")
    op.drop_table("absence")
