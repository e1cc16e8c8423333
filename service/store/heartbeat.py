"""Which workers live: one row per node with the real instant of its last beat."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, select

from service.store.records import Records
from service.store.schema import heartbeat
from service.store.upserts import upsert


def beat(records: Records, node: str, at: datetime) -> None:
    """Say that the node lives at the instant (real time, never the demo clock)."""
    records.execute(upsert(records.dialect, heartbeat, ("node",)), {"node": node, "beaten_at": at})


def last_beat(records: Records) -> datetime | None:
    """The newest beat of any node, None when no worker ever ran."""
    latest: datetime | None = records.execute(select(func.max(heartbeat.c.beaten_at))).scalar_one_or_none()
    return latest


def forget(records: Records, before: datetime) -> None:
    """Drop the beats of nodes that were last heard before the instant."""
    records.execute(delete(heartbeat).where(heartbeat.c.beaten_at < before))
