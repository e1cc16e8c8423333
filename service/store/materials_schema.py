"""Tables of materials: the lines of a case, every version that was handed in, and the shared base."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint, text

from service.store.columns import Id, Instant, blob_column
from service.store.schema import metadata

material = Table(  # one line of the checklist of an item in a case (办件材料)
    "material",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False),
    Column("scope_id", Id, nullable=False),  # hosting token of the item; the case's id: the case itself
    Column("process", String(255), nullable=False),
    Column("position", Integer, nullable=False),
    Column("name", String(200), nullable=False),
    Column("kind", String(200), nullable=False),  # rules.materials.kind_of
    Column("source", String(12), nullable=False),  # rules.materials.Source
    Column("subject", String(64)),  # SHA-256 of the applicant's code, by which the same applicant is found again
    Column("paper", String(8), nullable=False, server_default=""),  # ORIGINAL, COPY: what lies on paper
    Column("copies", Integer, nullable=False, server_default=text("0")),
    Column("seen_by", String(60)),  # 原件已核
    Column("seen_at", Instant),
    Column("examined_by", String(60)),  # 已审查
    Column("examined_at", Instant),
    Column("share_reference", String(200)),  # verified in the shared base without a file
    Column("share_trouble", Text),  # why the shared base could not give it (SM-43)
    Column("share_by", String(60)),
    Column("share_at", Instant),
    UniqueConstraint("case_id", "scope_id", "name", name="uq_material_line"),
)

Index("ix_material_subject_kind", material.c.subject, material.c.kind)

material_version = Table(  # one file handed in for a line; never changed but for what the scanner says
    "material_version",
    metadata,
    Column("id", Id, primary_key=True),
    Column("material_id", Id, ForeignKey("material.id"), nullable=False),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False, index=True),
    Column("number", Integer, nullable=False),
    blob_column("digest", index=True),
    blob_column("thumbnail", nullable=True),
    Column("name", String(200), nullable=False),
    Column("media_type", String(100), nullable=False),
    Column("size", Integer, nullable=False),
    Column("pages", Integer),
    Column("dpi", Integer),
    Column("origin", String(10), nullable=False),  # rules.materials.Origin
    Column("origin_case", Id),  # EARLIER: whose file it was
    Column("replaces", Id),  # the version it stands in for
    Column("reason", Text, nullable=False, server_default=""),  # why
    Column("uploaded_by", String(60)),  # null: attached by the system
    Column("uploaded_at", Instant, nullable=False),
    Column("valid_to", Date),
    Column("issuer", String(100), nullable=False, server_default=""),
    Column("verdict", String(10), nullable=False),  # rules.materials.Verdict
    Column("scanned_at", Instant),
    Column("signature", String(200), nullable=False, server_default=""),  # name of what the scanner found
    Column("withdrawn_by", String(60)),
    Column("withdrawn_at", Instant),
    Column("withdrawn_reason", Text),
    UniqueConstraint("material_id", "number", name="uq_material_version_number"),
)

shared_document = Table(  # 共享材料库: one current document per subject and kind
    "shared_document",
    metadata,
    Column("id", Id, primary_key=True),
    Column("subject", String(64), nullable=False),  # as in material: the base names nobody
    Column("kind", String(200), nullable=False),
    blob_column("digest", index=True),
    blob_column("thumbnail", nullable=True),
    Column("name", String(200), nullable=False),
    Column("media_type", String(100), nullable=False),
    Column("size", Integer, nullable=False),
    Column("pages", Integer),
    Column("issuer", String(100), nullable=False, server_default=""),
    Column("valid_to", Date),
    Column("source_case", Id),
    Column("verdict", String(10), nullable=False),
    Column("scanned_at", Instant),
    Column("kept_by", String(60)),
    Column("kept_at", Instant, nullable=False),
    Column("replaced_at", Instant),  # null: the current one
)
_current: dict[str, Any] = {
    "sqlite_where": text("replaced_at IS NULL"),
    "postgresql_where": text("replaced_at IS NULL"),
}
Index("uq_shared_document_current", shared_document.c.subject, shared_document.c.kind, unique=True, **_current)
