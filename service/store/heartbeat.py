"""Which workers live: one row per node with the real instant of its last beat."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, or_, select

from service.store.records import Records
from service.store.schema import heartbeat
from service.store.upserts import upsert


def beat(records: Records, node: str, at: datetime) -> None:
    """Say that the node lives at the instant (real time, never the demo clock)."""
    records.execute(upsert(records.dialect, heartbeat, ("node",)), {"node": node, "beaten_at": at})


def last_beat(records: Records, until: datetime) -> datetime | None:
    """The newest beat of any node up to an instant, None when there is none: later ones are of a clock that was ahead."""
    query = select(func.max(heartbeat.c.beaten_at)).where(heartbeat.c.beaten_at <= until)
    latest: datetime | None = records.execute(query).scalar_one_or_none()
    return latest


def forget(records: Records, before: datetime, after: datetime) -> None:
    """Drop the beats of nodes that were last heard before an instant, or after another one, which cannot be."""
    outside = or_(heartbeat.c.beaten_at < before, heartbeat.c.beaten_at > after)
    records.execute(delete(heartbeat).where(outside))
