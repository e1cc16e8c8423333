"""Tables of internal notes on a case, their attachments, and queries the window puts to the applicant."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text

from service.store.columns import Id, Instant, Json, blob_column
from service.store.schema import metadata

note = Table(  # 内部备注: read by the house, never by the applicant
    "note",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False, index=True),
    Column("author", String(60), nullable=False),
    Column("written_at", Instant, nullable=False),
    Column("text", Text, nullable=False),
    Column("mentions", Json, nullable=False),  # usernames
    Column("edited_at", Instant),
    Column("earlier", Json, nullable=False),  # texts it had before, each with the instant it was replaced
    Column("deleted_by", String(60)),
    Column("deleted_at", Instant),  # the row stays: that it was there, and who took it away
)

note_file = Table(
    "note_file",
    metadata,
    Column("id", Id, primary_key=True),
    Column("note_id", Id, ForeignKey("note.id"), nullable=False, index=True),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False),
    blob_column("digest", index=True),
    Column("name", String(200), nullable=False),
    Column("media_type", String(100), nullable=False),
    Column("size", Integer, nullable=False),
    Column("verdict", String(10), nullable=False),  # rules.materials.Verdict
)

internal_query = Table(  # 内部查询 (SM-12): a reviewer asks, the window asks the applicant and answers
    "internal_query",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False, index=True),
    Column("asked_by", String(60), nullable=False),
    Column("department", String(8)),
    Column("asked_at", Instant, nullable=False),
    Column("question", Text, nullable=False),
    Column("state", String(10), nullable=False, index=True),  # rules.vocabulary.QueryState
    Column("closed_by", String(60)),
    Column("closed_at", Instant),
    Column("answer", Text),
)
