"""Tables of the inbox: filters people keep, cases they follow, and runs of one act over many tasks."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint, text

from service.store.columns import Id, Instant, Json
from service.store.schema import metadata, task

saved_filter = Table(
    "saved_filter",
    metadata,
    Column("id", Id, primary_key=True),
    Column("owner", String(60), nullable=False),
    Column("department", String(8)),  # whose people may use it too; null: the owner's alone
    Column("name", String(40), nullable=False),
    Column("query", Text, nullable=False),  # rules.work_filters.WorkFilter.query
    Column("usual", Boolean, nullable=False, server_default=text("false")),  # what the owner's inbox opens with
    Column("saved_at", Instant, nullable=False),
    UniqueConstraint("owner", "name"),
)
Index(
    "ix_saved_filter_department",
    saved_filter.c.department,
    sqlite_where=text("department IS NOT NULL"),
    postgresql_where=text("department IS NOT NULL"),
)

following = Table(  # 关注
    "following",
    metadata,
    Column("username", String(60), primary_key=True),
    Column("case_id", Id, ForeignKey("cases.id"), primary_key=True),
    Column("since", Instant, nullable=False),
    sqlite_with_rowid=False,
)
Index("ix_following_case_id", following.c.case_id)

bulk_run = Table(  # one act over many tasks, each in a transaction of its own
    "bulk_run",
    metadata,
    Column("id", Id, primary_key=True),
    Column("actor", String(60), nullable=False),
    Column("key", String(100), nullable=False),  # the same request sent twice is one run
    Column("act", String(10), nullable=False),  # rules.vocabulary.BulkAct
    Column("detail", Json, nullable=False),
    Column("begun_at", Instant, nullable=False),
    UniqueConstraint("actor", "key"),
)

bulk_item = Table(
    "bulk_item",
    metadata,
    Column("run_id", Id, ForeignKey("bulk_run.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("task_id", Id, nullable=False),
    Column("name", String(255), nullable=False),  # of the task and of its case, as they were chosen
    Column("title", String(255), nullable=False, server_default=""),
    Column("opinion", Text),
    Column("state", String(10), nullable=False),  # WAITING, DONE, SUBMITTED, REFUSED
    Column("code", String(60)),  # of the refusal
    Column("sentence", Text),
    Column("params", Json),
    Column("seen", Integer),  # version of the task its opinion was written for
    sqlite_with_rowid=False,
)

offered_work = Table(  # copies of open tasks under each name they are offered to, kept by triggers (migration)
    "offered_work",
    metadata,
    Column("kind", String(5), primary_key=True),
    Column("value", String(100), primary_key=True),
    Column("task_id", Id, primary_key=True),
    Column("held", Boolean, nullable=False),  # somebody has it, or it has ended
    Column("offers", Integer, nullable=False),  # under how many names
    Column("created_at", Instant, nullable=False),
    Column("due_at", Instant),
    Column("warn_at", Instant),
    Column("paused_at", Instant),
    Column("escalated_at", Instant),
    Column("priority", Integer, nullable=False),
    sqlite_with_rowid=False,
)
Index("ix_offered_work_task_id", offered_work.c.task_id)

Index(
    "ix_task_open_owner",
    task.c.owner,
    sqlite_where=text("ended_at IS NULL AND owner IS NOT NULL"),
    postgresql_where=text("ended_at IS NULL AND owner IS NOT NULL"),
)
Index(
    "ix_task_ended_by",
    task.c.ended_by,
    task.c.ended_at,
    sqlite_where=text("outcome = 'COMPLETED'"),
    postgresql_where=text("outcome = 'COMPLETED'"),
)
Index(  # tasks with a due instant of their own but no clock: the lights of each are counted
    "ix_task_open_unclocked",
    task.c.due_at,
    task.c.created_at,
    sqlite_where=text("ended_at IS NULL AND warn_at IS NULL AND due_at IS NOT NULL"),
    postgresql_where=text("ended_at IS NULL AND warn_at IS NULL AND due_at IS NOT NULL"),
)
