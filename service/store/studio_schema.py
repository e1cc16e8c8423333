"""Tables of the studio: drafts of processes with their files, before anybody else agrees to them."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text, text

from service.store.columns import Id, Instant, Json
from service.store.schema import metadata

process_draft = Table(  # 流程草稿: one diagram on its way, with the forms that are new or revised along with it
    "process_draft",
    metadata,
    Column("id", Id, primary_key=True),
    Column("process", String(255), nullable=False, index=True),  # key of the process it draws
    Column("name", String(200), nullable=False, server_default=""),
    Column("based_on", Id, ForeignKey("definition.id")),  # the version it was begun from; null: from nothing
    Column("version", Integer, nullable=False),  # counts what was saved
    Column("state", String(10), nullable=False),  # rules.studio.DraftState
    Column("created_by", String(60), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("changed_by", String(60), nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("authors", Json, nullable=False),  # everybody who has saved it: none of them agrees to it (S-07)
    Column("held_by", String(60)),  # who edits it now; nobody else saves
    Column("held_until", Instant),  # by the real clock; renewed while the page is open
    Column("errors", Integer, nullable=False, server_default=text("0")),  # as of the last time it was saved
    Column("warnings", Integer, nullable=False, server_default=text("0")),
    Column("note", Text, nullable=False, server_default=""),  # what was said when it was handed in
    Column("release_id", Id, ForeignKey("release.id")),  # what it was handed in as
)
Index("ix_process_draft_state_changed_at", process_draft.c.state, process_draft.c.changed_at)

process_draft_file = Table(
    "process_draft_file",
    metadata,
    Column("draft_id", Id, ForeignKey("process_draft.id"), primary_key=True),
    Column("name", String(255), primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("base", String(64)),  # digest of the deployed file it was taken from; null: new, or the diagram
)
