"""Tables of papers: documents and what was printed of them, 受理号, certificates, seals, templates."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, LargeBinary, String, Table, Text, text

from service.store.columns import Id, Instant, Json, blob_column
from service.store.schema import metadata

document = Table(  # 文书; once issued only hash, digest, reprints and the voiding change
    "document",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", Id, ForeignKey("cases.id"), index=True),  # null: about no case (权力清单, 统计表)
    Column("scope_id", Id),  # the item of a chain; null: the case itself
    Column("code", String(4), nullable=False),  # rules.document_kinds
    Column("state", String(8), nullable=False),  # DRAFT, ISSUED, VOID
    Column("number", String(60), unique=True),
    Column("series", String(60)),
    Column("serial", Integer),
    Column("authority", String(8), nullable=False),  # the department that issues it
    Column("year", Integer, nullable=False),
    Column("template", Integer, nullable=False, server_default="0"),  # version; 0: the one that comes with the release
    Column("head", Json, nullable=False),
    Column("facts", Json, nullable=False),
    Column("missing", Json, nullable=False),  # DRAFT: names of facts that must be filled in
    Column("element", String(255)),
    Column("key", Id, unique=True),  # of the asking: issued once
    Column("drafted_at", Instant, nullable=False),
    Column("drafted_by", String(60)),
    Column("issued_at", Instant),
    Column("issued_by", String(60)),
    Column("hash", String(64)),  # SM3 of the PDF; null until it is printed
    blob_column("digest", nullable=True),  # where the PDF is kept
    Column("reprints", Integer, nullable=False, server_default="0"),
    Column("void_at", Instant),
    Column("void_by", String(60)),
    Column("void_reason", Text),
    Column("supersedes", Id),  # the one it was issued in the place of
)
Index("ix_document_series", document.c.series, document.c.serial)
Index("ix_document_issued_at", document.c.issued_at)

document_print = Table(  # every paper that left the press: the original (0) and each 补打
    "document_print",
    metadata,
    Column("document_id", Id, ForeignKey("document.id"), primary_key=True),
    Column("nth", Integer, primary_key=True),
    Column("hash", String(64), nullable=False),
    Column("printed_at", Instant, nullable=False),
    Column("printed_by", String(60)),
    Column("reason", String(200), nullable=False, server_default=""),
)

acceptance = Table(  # 受理号, counted with the acceptance notice
    "acceptance",
    metadata,
    Column("case_id", Id, ForeignKey("cases.id"), primary_key=True),
    Column("scope_id", Id, primary_key=True),  # the case's own id when it is no item of a chain
    Column("number", String(23), nullable=False, unique=True),
    Column("accepted_on", Date, nullable=False),
    Column("document_id", Id, ForeignKey("document.id")),
)

certificate = Table(  # 证照
    "certificate",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", String(60), nullable=False, unique=True),
    Column("kind", String(100), nullable=False),  # 建筑工程施工许可证
    Column("item", String(20), nullable=False, server_default=""),
    Column("department", String(8), nullable=False, index=True),
    Column("holder", String(100), nullable=False),
    Column("holder_code", String(30), nullable=False, server_default=""),  # masked
    Column("state", String(16), nullable=False),  # rules.certificates
    Column("issued_on", Date, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("basis", Text, nullable=False, server_default=""),
    Column("reason", Text, nullable=False, server_default=""),
    Column("follows", String(60), nullable=False, server_default=""),
    Column("case_id", Id, ForeignKey("cases.id"), index=True),
    Column("scope_id", Id),
    Column("document_id", Id, ForeignKey("document.id")),
    Column("key", Id, unique=True),
    Column("reminded", Integer, nullable=False, server_default="0"),  # how many reminders to renew have gone out
    Column("changed_at", Instant, nullable=False),
    Column("changed_by", String(60)),
)
Index("ix_certificate_valid_to", certificate.c.state, certificate.c.valid_to)

certificate_act = Table(  # what happened to one, first thing first
    "certificate_act",
    metadata,
    Column("certificate_id", Id, ForeignKey("certificate.id"), primary_key=True),
    Column("nth", Integer, primary_key=True),
    Column("act", String(16), nullable=False),
    Column("state", String(16), nullable=False),  # after it
    Column("done_at", Instant, nullable=False),
    Column("done_by", String(60)),
    Column("reason", Text, nullable=False, server_default=""),
)

seal = Table(  # 印章 of an authority; the one uploaded last among those valid is used
    "seal",
    metadata,
    Column("id", Id, primary_key=True),
    Column("authority", String(8), nullable=False, index=True),
    Column("image", LargeBinary, nullable=False),
    Column("sample", Boolean, nullable=False, server_default=text("false")),  # 样章, of the demonstration
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("uploaded_at", Instant, nullable=False),
    Column("uploaded_by", String(60), nullable=False),
    Column("withdrawn_at", Instant),
)

document_template = Table(  # versions that take the place of the shipped template of a kind
    "document_template",
    metadata,
    Column("code", String(4), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("body", Text, nullable=False),
    Column("note", String(200), nullable=False, server_default=""),
    Column("effective_at", Instant, nullable=False),
    Column("uploaded_at", Instant, nullable=False),
    Column("uploaded_by", String(60), nullable=False),
)
