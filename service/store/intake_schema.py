"""Tables of the window: windows of the hall, what was taken in where, favourites, and who has applied before."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, text

from service.store.columns import Id, Instant, Json
from service.store.schema import metadata

service_window = Table(  # 窗口
    "service_window",
    metadata,
    Column("code", String(10), primary_key=True),  # W012
    Column("name", String(60), nullable=False),
    Column("board", String(12), nullable=False),  # rules.item_words.ItemBoard
    Column("general", Boolean, nullable=False),  # 全能岗: every item of its board
    Column("items", Json, nullable=False),  # codes of items it takes besides
    Column("active", Boolean, nullable=False, server_default=text("true")),
)

intake = Table(  # 服务行为: a case taken in at a window; what came in otherwise has none
    "intake",
    metadata,
    Column("case_id", Id, ForeignKey("cases.id"), primary_key=True),
    Column("window", String(10), nullable=False, server_default=""),
    Column("ticket", String(20), nullable=False, server_default=""),  # 排队号
    Column("item", String(10), nullable=False, server_default=""),
    Column("process", String(255), nullable=False),
    Column("clerk", String(60), nullable=False),
    Column("called_at", Instant, nullable=False),  # when the form was opened for this applicant
    Column("taken_at", Instant, nullable=False),
    Column("applicant_id", Id),
    Column("token", Id, nullable=False, unique=True),  # of the form that was sent: sent twice, it is one case
)
Index("ix_intake_clerk", intake.c.clerk, intake.c.taken_at)
Index("ix_intake_window", intake.c.window, intake.c.taken_at)

favourite = Table(  # what a clerk keeps at hand
    "favourite",
    metadata,
    Column("username", String(60), primary_key=True),
    Column("process", String(255), primary_key=True),
    Column("kept_at", Instant, nullable=False),
)

applicant = Table(  # 申请人台账: who has applied here, as they said last; read by windows only
    "applicant",
    metadata,
    Column("id", Id, primary_key=True),
    Column("subject", String(64), nullable=False, unique=True),  # as in material: found without being named
    Column("code", String(18), nullable=False),  # identity number or credit code
    Column("name", String(100), nullable=False),
    Column("phone", String(20), nullable=False, server_default=""),
    Column("facts", Json, nullable=False),  # fields of forms that say who applies → as said last
    Column("cases", Integer, nullable=False),
    Column("first_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
)
Index("ix_applicant_code", applicant.c.code)
Index("ix_applicant_phone", applicant.c.phone)
Index("ix_applicant_name", applicant.c.name)

application_draft = Table(  # 草稿: an application somebody is writing online
    "application_draft",
    metadata,
    Column("id", Id, primary_key=True),
    Column("username", String(60), nullable=False, index=True),
    Column("process", String(255), nullable=False),
    Column("title", String(200), nullable=False),
    Column("entries", Json, nullable=False),  # as typed, unjudged
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
)
