"""Tables of duties: letters of authority, declared relatives, signatures."""

from __future__ import annotations

from sqlalchemy import Column, Date, Index, LargeBinary, String, Table, Text

from service.store.columns import Id, Instant, Json, blob_column
from service.store.schema import metadata

authority_letter = Table(  # 授权委托书
    "authority_letter",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", String(40), nullable=False, unique=True),
    Column("department", String(8), nullable=False),
    Column("grantor", String(60), nullable=False),  # what the head of the department is called
    Column("grantee", String(60), nullable=False),  # username
    Column("deputy", String(60)),  # username of the named stand-in
    Column("items", Json, nullable=False),  # codes, or ["*"]
    Column("powers", Json, nullable=False),  # rules.letters.Power
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=False),
    blob_column("scan", nullable=True),
    Column("scan_name", String(120), nullable=False, server_default=""),
    Column("scan_type", String(80), nullable=False, server_default=""),
    Column("state", String(10), nullable=False),  # DRAFT, ACTIVE, WITHDRAWN
    Column("registered_by", String(60), nullable=False),
    Column("registered_at", Instant, nullable=False),
    Column("activated_by", String(60)),
    Column("activated_at", Instant),
    Column("withdrawn_by", String(60)),
    Column("withdrawn_at", Instant),
    Column("reason", Text, nullable=False, server_default=""),  # of the withdrawal
)
Index("ix_authority_letter_department", authority_letter.c.department, authority_letter.c.state)

relative = Table(  # 回避: whom somebody has declared as near
    "relative",
    metadata,
    Column("id", Id, primary_key=True),
    Column("username", String(60), nullable=False, index=True),
    Column("kind", String(12), nullable=False),  # rules.relatives.Kinship
    Column("name", String(60), nullable=False),
    Column("identity", String(64), nullable=False, server_default=""),  # fingerprint of the number
    Column("declared_by", String(60), nullable=False),
    Column("declared_at", Instant, nullable=False),
    Column("withdrawn_at", Instant),
)

signature = Table(  # 签名: how somebody signs, drawn once
    "signature",
    metadata,
    Column("username", String(60), primary_key=True),
    Column("image", LargeBinary, nullable=False),  # PNG
    Column("drawn_at", Instant, nullable=False),
)
