"""Tables of the organisation: windows, who is posted to them, and roles somebody has asked for."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, String, Table, Text, text

from service.store.columns import Id, Instant, Json
from service.store.schema import metadata

window_plan = Table(  # what a window of the hall is for and when it is open; none: like any other
    "window_plan",
    metadata,
    Column("code", String(10), ForeignKey("service_window.code"), primary_key=True),
    Column("kind", String(16), nullable=False),  # rules.organisation.WindowKind
    Column("department", String(8), ForeignKey("department.code"), index=True),
    Column("periods", Json, nullable=False),  # rules.organisation.Period, as JSON; empty: as the counter
    Column("note", Text, nullable=False, server_default=""),
)

posting = Table(  # 派驻: who works at which window, from when to when
    "posting",
    metadata,
    Column("id", Id, primary_key=True),
    Column("window", String(10), ForeignKey("service_window.code"), nullable=False, index=True),
    Column("username", String(60), nullable=False, index=True),
    Column("since", Date, nullable=False),
    Column("until", Date),
    Column("purpose", String(40), nullable=False, server_default=""),  # 常驻, 锻炼, 轮岗
    Column("recorded_by", String(60), nullable=False),
    Column("recorded_at", Instant, nullable=False),
)

role_request = Table(  # roles one administrator asked for and another one decides on
    "role_request",
    metadata,
    Column("id", Id, primary_key=True),
    Column("username", String(60), nullable=False),
    Column("before", Json, nullable=False),
    Column("after", Json, nullable=False),
    Column("reason", Text, nullable=False),
    Column("asked_by", String(60), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("state", String(10), nullable=False),  # rules.vocabulary.RequestState
    Column("decided_by", String(60)),
    Column("decided_at", Instant),
    Column("remark", Text, nullable=False, server_default=""),
)
_open = text("state = 'ASKED'")
Index(
    "uq_role_request_open_username",
    role_request.c.username,
    unique=True,
    sqlite_where=_open,
    postgresql_where=_open,
)
