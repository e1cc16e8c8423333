"""Tables of work between people: 加签 rounds and their signers, 抄送, and forms that are not submitted yet."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, or_

from service.store.columns import Id, Instant, Json
from service.store.schema import metadata

ASKED = ("WAITING", "OPEN")  # states of a round, or of a signer, that are not over

signing = Table(  # a round of opinions under one engine task
    "signing",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False, index=True),
    Column("task_id", Id, ForeignKey("task.id"), nullable=False, index=True),
    Column("place", String(10), nullable=False),  # BEFORE, PARALLEL, AFTER
    Column("policy", String(12), nullable=False),  # all, any, ratio:60, sequential, veto
    Column("question", Text, nullable=False),
    Column("asked_by", String(60), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("state", String(10), nullable=False),  # WAITING, OPEN, PASSED, FAILED, CANCELLED
    Column("closed_at", Instant),
)

signer = Table(
    "signer",
    metadata,
    Column("id", Id, primary_key=True),
    Column("signing_id", Id, ForeignKey("signing.id"), nullable=False, index=True),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False, index=True),
    Column("task_id", Id, ForeignKey("task.id"), nullable=False),
    Column("person", String(60), nullable=False),
    Column("position", Integer, nullable=False),
    Column("state", String(10), nullable=False),  # WAITING, OPEN, AGREE, OBJECT, REMOVED, SPARED
    Column("opinion", Text, nullable=False, server_default=""),
    Column("opened_at", Instant),
    Column("answered_at", Instant),
    Column("mac", String(100)),  # store.seals
)
Index("ix_signer_person_state", signer.c.person, signer.c.state)

copied = Table(  # 抄送: somebody may read a case, and says that they have
    "copied",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", Id, ForeignKey("cases.id"), nullable=False, index=True),
    Column("task_id", Id),
    Column("person", String(60), nullable=False),
    Column("sent_by", String(60), nullable=False),
    Column("sent_at", Instant, nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    Column("read_at", Instant),
)
Index("ix_copied_person_read_at", copied.c.person, copied.c.read_at)

draft = Table(  # what somebody has filled in at an open task; `held_at`: submitted, waiting for the signers
    "draft",
    metadata,
    Column("task_id", Id, ForeignKey("task.id"), primary_key=True),
    Column("person", String(60), primary_key=True),
    Column("entries", Json, nullable=False),
    Column("saved_at", Instant, nullable=False),
    Column("held_at", Instant),
)

GOING_ON = or_(*(signing.c.state == state for state in ASKED))  # of a round
