"""Readiness: the database is migrated and a worker lives."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from datetime import timedelta

from service.casework.calendar_guard import read_alarm
from service.casework.messages.codes import hash_codes
from service.casework.office import Office
from service.rules.calendars import CalendarAlarm
from service.rules.refusals import Unavailable
from service.store import grants, heartbeat, migrations
from service.store.sealed_rows import unknown_keys
from service.store.seals import Seals

BEATEN_WITHIN = 30.0  # seconds
FORGOTTEN_AFTER = timedelta(days=1)
AHEAD = timedelta(seconds=BEATEN_WITHIN)  # clocks of nodes differ; a beat farther ahead is of a clock that went back


@dataclass(frozen=True, kw_only=True)
class Readiness:
    """Whether work can be done. `worker_seconds`: since the newest beat of any worker, None when none ever beat.

    `calendar`: a year that will be needed and is not confirmed; work goes on without it for the time being.
    """

    ready: bool
    migrated: bool
    worker_seconds: float | None
    calendar: CalendarAlarm | None = None


def upgrade(office: Office) -> bool:
    """Bring the database to the tables this program knows; whether anything was missing. Codes told to applicants are kept as
    fingerprints, which needs the secret key: no migration can do it."""
    missing = migrations.upgrade(office.settings.database_url, Seals(office.crypto))
    hash_codes(office)
    return missing


def require_record_keys(office: Office) -> None:
    """Refused: Unavailable RECORD_KEY_MISSING when roles were granted under a key this installation does not have: nobody would have any."""
    with office.reading() as records:
        unknown = unknown_keys(records, office.crypto.knows)
    if unknown:
        raise Unavailable(
            "RECORD_KEY_MISSING",
            "数据库中的角色用密钥 {keys} 封签，本机没有这个密钥：请核对 LIANBAN_RECORD_KEY；更换过 LIANBAN_SECRET_KEY 的，把原值写入 LIANBAN_FORMER_SECRET_KEYS。",
            keys="、".join(unknown),
        )


def grant_database(office: Office, role: str) -> tuple[str, ...]:
    """Give a role of PostgreSQL what the service needs and no more; the tables it can only add to. Refusals: `grant_service`."""
    require_own_release(office)
    return grants.grant_service(office.database, role)


def require_own_release(office: Office) -> None:
    """Refused: Unavailable DATABASE_NOT_UPGRADED, SERVICE_SUPERSEDED when another release wrote the tables."""
    if refusal := office.database.look_at_release():
        raise refusal


def beat(office: Office, node: str | None = None) -> None:
    """A worker says that it lives: real time, never the demo clock. `node` is host and process unless given."""
    office.database.look_at_release()
    now = office.clock()
    with office.transaction() as records:
        heartbeat.beat(records, node or f"{socket.gethostname()}:{os.getpid()}", now)
        heartbeat.forget(records, now - FORGOTTEN_AFTER, now + AHEAD)


def is_ready(office: Office) -> Readiness:
    """Ready when the database is migrated and a worker beat in the last 30 s. A database that is away is not."""
    try:
        office.database.look_at_release()
        if not migrations.is_current(office.database):
            return Readiness(ready=False, migrated=False, worker_seconds=None)
        with office.reading() as records:
            last, alarm = heartbeat.last_beat(records, office.clock() + AHEAD), read_alarm(records)
    except Unavailable:
        return Readiness(ready=False, migrated=False, worker_seconds=None)
    seconds = None if last is None else (office.clock() - last).total_seconds()
    living = seconds is not None and seconds <= BEATEN_WITHIN
    return Readiness(ready=living, migrated=True, worker_seconds=seconds, calendar=alarm)
