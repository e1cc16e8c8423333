"""How the database is: its release and size, which workers beat, how long the queues are. Reads, never writes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, text

from service.store.records import Records
from service.store.schema import agenda, case, heartbeat, incident, task


@dataclass(frozen=True, kw_only=True)
class Queue:
    """One kind of agenda items. `due`: to be done now; `oldest`: since when the oldest of them waits."""

    kind: str
    waiting: int
    due: int
    failing: int
    parked: int
    oldest: datetime | None


@dataclass(frozen=True, kw_only=True)
class DatabaseState:
    """The database. `size` in bytes."""

    dialect: str
    release: str
    revision: str
    size: int


def database_state(records: Records) -> DatabaseState:
    """Which database it is, which migration it has, how large it is."""
    postgres = records.dialect == "postgresql"
    release = "SHOW server_version" if postgres else "SELECT sqlite_version()"
    size = (
        "SELECT pg_database_size(current_database())"
        if postgres
        else "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    )
    return DatabaseState(
        dialect=records.dialect,
        release=str(records.execute(text(release)).scalar_one()),
        revision=str(records.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""),
        size=int(records.execute(text(size)).scalar_one()),
    )


def beats(records: Records) -> tuple[tuple[str, datetime], ...]:
    """Workers and when each beat last, the newest first."""
    query = select(heartbeat.c.node, heartbeat.c.beaten_at).order_by(heartbeat.c.beaten_at.desc())
    return tuple((row.node, row.beaten_at) for row in records.execute(query))


def queues(records: Records) -> tuple[Queue, ...]:
    """The agenda by kind, in one statement."""
    due = (agenda.c.ready_at.is_not(None)) & (agenda.c.ready_at <= records.now)
    query = (
        select(
            agenda.c.kind,
            func.count().label("waiting"),
            func.count().filter(due).label("due"),
            func.count().filter(agenda.c.error.is_not(None)).label("failing"),
            func.count().filter(agenda.c.ready_at.is_(None)).label("parked"),
            func.min(agenda.c.ready_at).filter(due).label("oldest"),
        )
        .group_by(agenda.c.kind)
        .order_by(agenda.c.kind)
    )
    return tuple(Queue(**row._mapping) for row in records.execute(query))


def counts(records: Records, *, late: bool = False) -> dict[str, int]:
    """Running cases, open tasks and open incidents; with `late` also open tasks whose time is over."""
    open_task = select(func.count()).select_from(task).where(task.c.ended_at.is_(None))
    questions = {
        "cases": select(func.count()).select_from(case).where(case.c.ended_at.is_(None)),
        "tasks": open_task,
        "incidents": select(func.count()).select_from(incident).where(incident.c.closed_at.is_(None)),
    }
    if late:
        questions["late"] = open_task.where(task.c.due_at <= records.now)
    return {name: int(records.execute(question).scalar_one()) for name, question in questions.items()}
