"""Tables of 配套流程: what a supporting case is about, and files on their way to being released."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, String, Table, Text, UniqueConstraint

from service.store.columns import Id, Instant, Json
from service.store.schema import metadata

measure = Table(  # one supporting case and its matter: a card, a request, a payment, a certificate, a review, a release
    "measure",
    metadata,
    Column("id", Id, ForeignKey("cases.id"), primary_key=True),  # the supporting case
    Column("key", String(255), nullable=False),  # its process
    Column("subject", Id, nullable=False),
    Column("for_case", Id, ForeignKey("cases.id"), index=True),  # the case it serves; null: none
    Column("department", String(8)),
    Column("opened_at", Instant, nullable=False),
    UniqueConstraint("subject", "key"),
)

release = Table(  # 流程发布: one set of files that has to be agreed to before it is deployed
    "release",
    metadata,
    Column("id", Id, primary_key=True),
    Column("uploaded_by", String(60), nullable=False),
    Column("uploaded_at", Instant, nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    Column("changes", Json, nullable=False),  # key, name, current, next, running, what differs
    Column("legal", Integer, nullable=False),  # 1: limits, silence or fees change, 法制 has to agree
    Column("state", String(10), nullable=False),  # OPEN, RELEASED, CANCELLED
    Column("deployment_id", Id),  # what it became
    Column("effective_at", Instant),  # when it is deployed at the earliest; null: as soon as all have agreed
)

release_file = Table(
    "release_file",
    metadata,
    Column("release_id", Id, ForeignKey("release.id"), primary_key=True),
    Column("name", String(255), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
