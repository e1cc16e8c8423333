"""Tables of migration: plans, batches, and what became of every case."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Integer, LargeBinary, String, Table, Text, text

from service.store.columns import Id, Instant, Json
from service.store.schema import metadata

migration_plan = Table(  # never changed once made: another mapping is another plan
    "migration_plan",
    metadata,
    Column("id", Id, primary_key=True),
    Column("process", String(255), nullable=False, index=True),
    Column("from_id", Id, ForeignKey("definition.id"), nullable=False),
    Column("to_id", Id, ForeignKey("definition.id"), nullable=False),
    Column("mapping", Json, nullable=False),  # process → old element → new element or null
    Column("strict", Boolean, nullable=False, server_default=text("false")),  # only what the mapping names goes on
    Column("made_by", String(60), nullable=False),
    Column("made_at", Instant, nullable=False),
)

migration_batch = Table(
    "migration_batch",
    metadata,
    Column("id", Id, primary_key=True),  # its row on the agenda has the same
    Column("plan_id", Id, ForeignKey("migration_plan.id"), nullable=False, index=True),
    Column("binding_id", Id, ForeignKey("binding.id"), nullable=False),  # versions of called processes, as it was begun
    Column("state", String(10), nullable=False),  # rules.migrations.BatchState
    Column("undoing", Boolean, nullable=False, server_default=text("false")),
    Column("begun_by", String(60), nullable=False),
    Column("begun_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("undone_by", String(60)),
)

migration_item = Table(
    "migration_item",
    metadata,
    Column("batch_id", Id, ForeignKey("migration_batch.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False, index=True),
    Column("state", String(10), nullable=False),  # rules.migrations.ItemState
    Column("code", String(60)),  # of the refusal
    Column("sentence", Text),
    Column("params", Json),
    Column("done_at", Instant),
    # what taking back needs, until the batch is older than anybody would want it back
    Column("version", Integer),  # of the case right after it
    Column("definition_id", Id),  # before it
    Column("binding_id", Id),
    Column("blob", LargeBinary),
    Column("written", Json),  # [[scope, variable]]: what it wrote
    sqlite_with_rowid=False,
)
