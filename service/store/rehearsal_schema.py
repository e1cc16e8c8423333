"""Tables of rehearsals: what was found in the sandbox, and what is said of every case."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from service.store.columns import Id, Instant, Json
from service.store.schema import metadata

rehearsal = Table(
    "rehearsal",
    metadata,
    Column("id", Id, primary_key=True),  # its row on the agenda has the same
    Column("process", String(255), nullable=False),
    Column("digest", String(64), nullable=False),  # of the files that are rehearsed: the same files, the same rehearsal
    Column("draft_id", Id, ForeignKey("process_draft.id")),
    Column("draft_version", Integer),
    Column("release_id", Id, ForeignKey("release.id")),
    Column("base_id", Id, ForeignKey("definition.id")),  # the version that was live when it began
    Column("state", String(10), nullable=False),  # rules.rehearsals.RehearsalState
    Column("begun_by", String(60), nullable=False),
    Column("begun_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("report", Json),  # findings, paths, critical path, limits; null until they are found
    Column("sentence", Text),  # why it failed
)
Index("ix_rehearsal_process_digest", rehearsal.c.process, rehearsal.c.digest)

rehearsal_item = Table(
    "rehearsal_item",
    metadata,
    Column("rehearsal_id", Id, ForeignKey("rehearsal.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False, index=True),
    Column("kind", String(10), nullable=False),  # rules.rehearsals.ItemKind
    Column("verdict", String(20)),  # null: has not had its turn
    Column("said", Json),
    sqlite_with_rowid=False,
)
