"""The state of the system on one page: database, workers, queues, disk, release."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from service import __version__
from service.casework.actors import Actor
from service.casework.backups.scheduled import LastBackup, last_backup
from service.casework.calendar_guard import read_alarm
from service.casework.office import Office
from service.casework.operations.rights import require_operator
from service.casework.readiness import BEATEN_WITHIN
from service.rules.calendars import CalendarAlarm
from service.store import migrations
from service.store.state import DatabaseState, Queue, beats, counts, database_state, queues

TIGHT = 0.1  # of the disk left


@dataclass(frozen=True, kw_only=True)
class WorkerState:
    """One worker. `seconds` since its last beat; one that is silent for more than half a minute does not live."""

    node: str
    beaten_at: datetime
    seconds: float
    alive: bool


@dataclass(frozen=True, kw_only=True)
class SystemState:
    """What there is to see. `warnings`: codes of what is not well: WORKER, MIGRATION, DISK, LATE, INCIDENTS, CALENDAR, BACKUP."""

    version: str
    python: str
    database: DatabaseState
    migrated: bool
    workers: tuple[WorkerState, ...]
    queues: tuple[Queue, ...]
    counts: Mapping[str, int]
    disk_total: int
    disk_free: int
    data_dir: str
    calendar: CalendarAlarm | None
    backup: LastBackup
    warnings: tuple[str, ...]
    now: datetime
    demo: bool


def system_state(office: Office, actor: Actor) -> SystemState:
    """How the system is at this moment. Refused: Forbidden OPERATIONS_NOT_YOURS."""
    require_operator(actor)
    office.settings.data_dir.mkdir(parents=True, exist_ok=True)
    disk = shutil.disk_usage(office.settings.data_dir)
    migrated = migrations.is_current(office.database)
    real = office.clock()
    with office.reading() as records:
        database, found, open_now = database_state(records), queues(records), counts(records)
        alarm, now = read_alarm(records), records.now
        nodes, backup = beats(records), last_backup(office, records)
    workers = tuple(
        WorkerState(
            node=node,
            beaten_at=at,
            seconds=(real - at).total_seconds(),
            alive=(real - at).total_seconds() <= BEATEN_WITHIN,
        )
        for node, at in nodes
    )
    late = any(one.oldest is not None and (now - one.oldest).total_seconds() > 300 for one in found)
    troubles = {
        "WORKER": not any(one.alive for one in workers),
        "MIGRATION": not migrated,
        "DISK": disk.free < TIGHT * disk.total,
        "LATE": late,
        "INCIDENTS": bool(open_now["incidents"]),
        "CALENDAR": alarm is not None,
        "BACKUP": backup.stale,
    }
    return SystemState(
        version=__version__,
        python=platform.python_version(),
        database=database,
        migrated=migrated,
        workers=workers,
        queues=found,
        counts=open_now,
        disk_total=disk.total,
        disk_free=disk.free,
        data_dir=office.settings.data_dir.name,
        calendar=alarm,
        backup=backup,
        warnings=tuple(code for code, holds in troubles.items() if holds),
        now=now,
        demo=office.settings.demo,
    )
