"""Tables of quality: ratings and samples. Complaints, calls and the rest are cases with their variables."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from service.store.columns import Id, Instant, Json
from service.store.schema import metadata

rating = Table(  # 评价: one for a case
    "rating",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False, unique=True),
    Column("grade", Integer, nullable=False),  # 5 非常满意 … 1 非常不满意, 0 未评价
    Column("tags", Json, nullable=False),  # what was good or bad, as the page offers it
    Column("said", Text, nullable=False, server_default=""),
    Column("channel", String(10), nullable=False),  # ONLINE, WINDOW
    Column("rated_by", String(60)),  # the account that rated; null: pressed at the counter
    Column("clerk", String(60)),  # who asked for it at the counter
    Column("named", Boolean, nullable=False),  # whoever rated can be called back
    Column("department", String(8)),  # whose item it was
    Column("rated_at", Instant, nullable=False),
    Column("changed_at", Instant),
    Column("excluded_at", Instant),  # 误评: does not count
    Column("follow_up", Id),  # the 差评处置 it opened
)
Index("ix_rating_rated_at", rating.c.rated_at)

sampling = Table(  # 抽样: drawn once a month and kind, with the seed that proves it
    "sampling",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False, index=True),
    Column("kind", String(12), nullable=False),  # CALLBACK, INSPECTION
    Column("period", String(7), nullable=False),  # 2026-03
    Column("population", Integer, nullable=False),
    Column("ratio", String(10), nullable=False),
    Column("seed", String(64), nullable=False),
    Column("selected", Json, nullable=False),  # [{case, number, title, department, reasons}]
    Column("drawn_at", Instant, nullable=False),
)
Index("uq_sampling_kind_period", sampling.c.kind, sampling.c.period, unique=True)
