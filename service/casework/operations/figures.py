"""Figures for a monitoring program: how much waits, how long, what failed, how old the last backup and the last seal are."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass

from service.casework.backups.scheduled import last_backup
from service.casework.office import Office
from service.store.state import Queue, beats, counts, queues

__all__ = ["Figures", "Queue", "figures"]


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Counts and seconds; None where there is none yet. Nothing in it says anything about a case or a person."""

    queues: tuple[Queue, ...]
    queue_seconds: Mapping[str, float]
    counts: Mapping[str, int]
    late_tasks: int
    beat_seconds: float | None
    backup_seconds: float | None
    seal_seconds: float | None
    disk_free: int
    connections: int


def figures(office: Office) -> Figures:
    """Read at one instant, in one transaction. Refused: Unavailable when the database is."""
    real = office.clock()
    with office.reading() as records:
        found = queues(records)
        open_now = counts(records, late=True)
        nodes, backup, block = beats(records), last_backup(office, records), records.audits.last_block()
        now = records.now
    pool = office.database.engine.pool
    return Figures(
        queues=found,
        queue_seconds={one.kind: max(0.0, (now - one.oldest).total_seconds()) if one.oldest else 0.0 for one in found},
        counts={name: many for name, many in open_now.items() if name != "late"},
        late_tasks=open_now["late"],
        beat_seconds=min(((real - at).total_seconds() for _, at in nodes), default=None),
        backup_seconds=(now - backup.made_at).total_seconds() if backup.made_at else None,
        seal_seconds=(now - block.sealed_at).total_seconds() if block else None,
        disk_free=shutil.disk_usage(office.settings.data_dir).free if office.settings.data_dir.exists() else 0,
        connections=int(pool.checkedout()),  # type: ignore[attr-defined]
    )
