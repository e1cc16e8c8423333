"""Offered work: what is told of open tasks whose holder is sought, by whom they are offered to, kept by the database itself."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.columns import Id, Instant

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

COPIES = ("due_at", "warn_at", "paused_at", "escalated_at", "priority")
TAKE = (
    "INSERT INTO offered_work (kind, value, task_id, held, offers, created_at, due_at, warn_at, paused_at, escalated_at, priority)"
    " SELECT NEW.kind, NEW.value, t.id, t.assignee IS NOT NULL OR t.ended_at IS NOT NULL, 1, t.created_at, t.due_at, t.warn_at,"
    " t.paused_at, t.escalated_at, t.priority FROM task t WHERE t.id = NEW.task_id"
)
RECOUNT = "UPDATE offered_work SET offers = (SELECT count(*) FROM task_candidate c WHERE c.task_id = {task}) WHERE task_id = {task}"
FORGET = "DELETE FROM offered_work WHERE kind = OLD.kind AND value = OLD.value AND task_id = OLD.task_id"
FOLLOW = (
    "UPDATE offered_work SET held = NEW.assignee IS NOT NULL OR NEW.ended_at IS NOT NULL, due_at = NEW.due_at,"
    " warn_at = NEW.warn_at, paused_at = NEW.paused_at, escalated_at = NEW.escalated_at, priority = NEW.priority"
    " WHERE task_id = NEW.id"
)
WATCHED = "UPDATE OF assignee, ended_at, due_at, warn_at, paused_at, escalated_at, priority"


def upgrade() -> None:
    """The table, what is offered now, and the triggers that keep it."""
    op.create_table(
        "offered_work",
        sa.Column("kind", sa.String(5), nullable=False),
        sa.Column("value", sa.String(100), nullable=False),
        sa.Column("task_id", Id(), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("offers", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("due_at", Instant()),
        sa.Column("warn_at", Instant()),
        sa.Column("paused_at", Instant()),
        sa.Column("escalated_at", Instant()),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "value", "task_id", name=op.f("pk_offered_work")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_offered_work_task_id"), "offered_work", ["task_id"])
    op.execute(
        "INSERT INTO offered_work (kind, value, task_id, held, offers, created_at, due_at, warn_at, paused_at, escalated_at, priority)"
        " SELECT c.kind, c.value, t.id, t.assignee IS NOT NULL OR t.ended_at IS NOT NULL,"
        " (SELECT count(*) FROM task_candidate o WHERE o.task_id = t.id), t.created_at, t.due_at, t.warn_at, t.paused_at,"
        " t.escalated_at, t.priority FROM task_candidate c JOIN task t ON t.id = c.task_id"
    )
    op.drop_index(op.f("ix_task_open_work"), table_name="task")
    new = TAKE, RECOUNT.format(task="NEW.task_id")
    gone = FORGET, RECOUNT.format(task="OLD.task_id")
    if op.get_bind().dialect.name == "postgresql":
        changed = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in ("assignee", "ended_at", *COPIES))
        for name, statements in (("taken", new), ("gone", gone), ("followed", (FOLLOW,))):
            op.execute(
                f"CREATE FUNCTION offered_work_{name}() RETURNS trigger LANGUAGE plpgsql AS"
                f" $$ BEGIN {'; '.join(statements)}; RETURN NULL; END $$"
            )
        on = (
            ("taken", "AFTER INSERT ON task_candidate", ""),
            ("gone", "AFTER DELETE ON task_candidate", ""),
            ("followed", f"AFTER {WATCHED} ON task", f"WHEN ({changed})"),
        )
        for name, when, only in on:
            op.execute(
                f"CREATE TRIGGER offered_work_{name} {when} FOR EACH ROW {only} EXECUTE FUNCTION offered_work_{name}()"
            )
        return
    changed = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in ("assignee", "ended_at", *COPIES))
    op.execute(f"CREATE TRIGGER offered_work_taken AFTER INSERT ON task_candidate BEGIN {'; '.join(new)}; END")
    op.execute(f"CREATE TRIGGER offered_work_gone AFTER DELETE ON task_candidate BEGIN {'; '.join(gone)}; END")
    op.execute(f"CREATE TRIGGER offered_work_followed AFTER {WATCHED} ON task WHEN {changed} BEGIN {FOLLOW}; END")


def downgrade() -> None:
    """Take them away again."""
    postgres = op.get_bind().dialect.name == "postgresql"
    for name, table in (("taken", "task_candidate"), ("gone", "task_candidate"), ("followed", "task")):
        op.execute(f"DROP TRIGGER offered_work_{name}" + (f" ON {table}" if postgres else ""))
        if postgres:
            op.execute(f"DROP FUNCTION offered_work_{name}()")
    op.drop_table("offered_work")
    columns = ["id", "due_at", "warn_at", "paused_at", "escalated_at", "assignee", "priority", "created_at"]
    where = sa.text("ended_at IS NULL")
    op.create_index(op.f("ix_task_open_work"), "task", columns, sqlite_where=where, postgresql_where=where)
