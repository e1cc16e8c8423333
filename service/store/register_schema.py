"""Tables of the item register (事项目录): items, their versions from draft to publication, and the reviews of the catalogue."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint, text

from service.store.columns import Id, Instant, Json
from service.store.schema import metadata

item = Table(  # 事项: one row a code, for good; locked by whoever adds a version
    "item",
    metadata,
    Column("code", String(10), primary_key=True),
    Column("department", String(3), nullable=False, index=True),
    Column("versions", Integer, nullable=False, server_default=text("0")),  # number of the latest one
    Column("created_at", Instant, nullable=False),
)

item_version = Table(  # 事项版本: the card, and what lists and searches need of it
    "item_version",
    metadata,
    Column("id", Id, primary_key=True),
    Column("code", String(10), ForeignKey("item.code"), nullable=False),
    Column("version", Integer),  # null until it is published
    Column("state", String(10), nullable=False),  # DRAFT, SUBMITTED, PUBLISHED, WITHDRAWN
    Column("card", Json, nullable=False),  # rules.item_reading reads it
    Column("digest", String(64), nullable=False),
    Column("name", String(100), nullable=False),
    Column("short_name", String(8), nullable=False),
    Column("initials", String(120), nullable=False),  # of both, for search by pinyin
    Column("department", String(3), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("type", String(10), nullable=False),
    Column("nature", String(12), nullable=False),
    Column("category", String(12), nullable=False),
    Column("status", String(10), nullable=False),
    Column("themes", String(200), nullable=False),  # words between spaces, with one at both ends
    Column("process", String(100), nullable=False),
    Column("promised", Integer, nullable=False),
    Column("effective_from", Instant),
    Column("based_on", Integer),  # version a draft began from
    Column("source", String(10), nullable=False),  # FILE, PAGE, IMPORT, ACT, REVIEW
    Column("note", Text, nullable=False, server_default=""),  # why
    Column("drafted_by", String(60), nullable=False),
    Column("drafted_at", Instant, nullable=False),
    Column("submitted_at", Instant),
    Column("legal_by", String(60)),  # 法制审核
    Column("legal_at", Instant),
    Column("decided_by", String(60)),
    Column("decided_at", Instant),
    Column("answer", Text, nullable=False, server_default=""),  # of whoever returned or withdrew it
    UniqueConstraint("code", "version"),
)
Index("ix_item_version_state", item_version.c.state, item_version.c.effective_from)
Index(
    "ix_item_version_open",
    item_version.c.code,
    unique=True,
    sqlite_where=text("state IN ('DRAFT', 'SUBMITTED')"),
    postgresql_where=text("state IN ('DRAFT', 'SUBMITTED')"),
)

item_review = Table(  # 年规范 and 季清理
    "item_review",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(10), nullable=False),  # YEARLY, QUARTERLY
    Column("year", Integer, nullable=False),
    Column("quarter", Integer, nullable=False, server_default=text("0")),  # 0: of the whole year
    Column("state", String(10), nullable=False),  # OPEN, SUMMED, CHECKED, PUBLISHED
    Column("opened_at", Instant, nullable=False),
    Column("opened_by", String(60)),  # null: the scheduled job
    Column("summed_by", String(60)),
    Column("summed_at", Instant),
    Column("checked_by", String(60)),
    Column("checked_at", Instant),
    Column("published_by", String(60)),
    Column("published_at", Instant),
    Column("note", Text, nullable=False, server_default=""),
    UniqueConstraint("kind", "year", "quarter"),
)

item_review_line = Table(  # one item in a review: what its department says
    "item_review_line",
    metadata,
    Column("review_id", Id, ForeignKey("item_review.id"), primary_key=True),
    Column("code", String(10), primary_key=True),
    Column("department", String(3), nullable=False),
    Column("name", String(100), nullable=False),
    Column("findings", Json, nullable=False),  # rules.item_reviews.Finding codes with their figures
    Column("decision", String(8)),  # KEEP, ADD, CANCEL, CHANGE; null: not said yet
    Column("reason", Text, nullable=False, server_default=""),
    Column("filed_by", String(60)),
    Column("filed_at", Instant),
)
