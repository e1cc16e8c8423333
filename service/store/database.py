"""The database: one engine per process, transactions for writing and reading, and what its errors mean to callers."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from alembic.migration import MigrationContext
from psycopg import OperationalError as DriverTrouble
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, TimeoutError
from sqlalchemy.pool import ConnectionPoolEntry

from service.rules.refusals import Unavailable
from service.store.driver_errors import BUSY, Duplicate, busy, meaning, trouble
from service.store.pipeline import pipeline_of
from service.store.releases import Revisions

__all__ = ["BUSY", "LOCK_SECONDS", "Count", "Database", "Duplicate", "count_statements"]

LOCK_SECONDS = 10  # how long a writer waits for another one before it is told to try again
SQLITE = ("synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY")  # said to every new connection
READ_REVISION = "SELECT version_num FROM alembic_version"


class Database:
    """Engine and transactions on SQLite (WAL, durable commits) or PostgreSQL (READ COMMITTED)."""

    def __init__(self, url: str, *, threads: int = 16, revisions: Revisions | None = None) -> None:
        """`revisions`: of the program; then it writes to no database of another release."""
        self.url = url
        self.dialect = make_url(url).get_backend_name()
        self.revisions = revisions
        self.outdated: Unavailable | None = None  # why this program may not write, as last looked at
        sqlite = self.dialect == "sqlite"
        self.engine = _sqlite_engine(url, threads, revisions) if sqlite else _postgres_engine(url, threads)
        # Writers of this process queue here in order; SQLite's own busy loop sleeps and is unfair.
        self._writer = threading.Lock() if self.dialect == "sqlite" else None

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A read-write transaction: commits at the end, rolls back on any raise. Unavailable when a lock is not had.

        A program that another release has overtaken is refused: on SQLite by each transaction itself, on PostgreSQL from
        the moment `look_at_release` has seen it.
        """
        if self.outdated is not None and self.dialect != "sqlite":
            raise self.outdated
        with self._turn_to_write(), _meaning_of_errors(), self.engine.connect() as connection:
            connection = connection.execution_options(lianban_begin="BEGIN IMMEDIATE")
            with connection.begin():  # whoever holds the connection may have committed already
                yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A read-only transaction that sees one state of the database; writes nothing."""
        with _meaning_of_errors(), self.engine.connect() as connection:
            if self.dialect == "postgresql":
                connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            connection.begin()
            yield connection  # leaving the connection rolls back what is still open

    def look_at_release(self) -> Unavailable | None:
        """See whether the database is still of this program's release; why it is not."""
        if self.revisions is not None:
            with self.reading() as connection:
                revision = MigrationContext.configure(connection).get_current_revision()
            self.outdated = self.revisions.judge(revision)
        return self.outdated

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()

    @contextmanager
    def _turn_to_write(self) -> Iterator[None]:
        if self._writer is None:
            yield
            return
        if not self._writer.acquire(timeout=LOCK_SECONDS):
            raise busy()
        try:
            yield
        finally:
            self._writer.release()


def _sqlite_engine(url: str, threads: int, revisions: Revisions | None) -> Engine:
    path = make_url(url).database
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        pool_size=threads,
        max_overflow=threads,
        pool_timeout=LOCK_SECONDS,
        connect_args={"timeout": LOCK_SECONDS, "check_same_thread": False, "cached_statements": 512},
    )

    @event.listens_for(engine, "connect")
    def prepare(driver_connection: Any, _entry: ConnectionPoolEntry) -> None:
        driver_connection.isolation_level = None  # this module says BEGIN, not the driver
        _use_wal(driver_connection)
        for pragma in SQLITE:
            driver_connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        statement = connection.get_execution_options().get("lianban_begin", "BEGIN")
        driver_connection: Any = connection.connection.driver_connection
        try:
            driver_connection.execute(statement)
        except sqlite3.Error as error:
            raise trouble(error) or busy() from error
        if statement != "BEGIN" and revisions is not None:
            _refuse_other_release(driver_connection, revisions)

    return engine


def _refuse_other_release(driver_connection: Any, revisions: Revisions) -> None:
    """Under the lock of the writer: no migration can come in between."""
    try:
        (revision,) = driver_connection.execute(READ_REVISION).fetchone()
        refusal = revisions.judge(revision)
    except sqlite3.OperationalError:  # no such table: nothing was ever migrated here
        refusal = revisions.judge(None)
    if refusal is not None:
        driver_connection.execute("ROLLBACK")
        raise refusal


def _use_wal(driver_connection: Any) -> None:
    """Turn a new file into a WAL one. SQLite does not wait here: of several that begin at once, all but one are refused."""
    until = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            driver_connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if not error.sqlite_errorname.startswith("SQLITE_BUSY") or time.monotonic() > until:
                raise
            time.sleep(0.01)


def _postgres_engine(url: str, threads: int) -> Engine:
    engine = create_engine(
        url,
        isolation_level="READ COMMITTED",
        pool_size=threads,
        max_overflow=threads,
        pool_timeout=LOCK_SECONDS,
        pool_pre_ping=False,
        connect_args={
            "connect_timeout": LOCK_SECONDS,
            "options": f"-c lock_timeout={LOCK_SECONDS}s -c statement_timeout=60s -c timezone=UTC",
        },
    )

    @event.listens_for(engine, "rollback")
    def roll_back(connection: Connection) -> None:
        # Afterwards there is nothing left to do for the driver, which with its rollback would drop every statement it
        # has prepared and make all later ones of the connection more than twice as dear.
        if connection.invalidated:
            return
        try:
            pipeline_of(connection).roll_back()
        except DriverTrouble:  # the server has gone and has rolled back by itself; what led here is what is told
            connection.invalidate()

    return engine


@contextmanager
def _meaning_of_errors() -> Iterator[None]:
    """Translate what the driver says: busy and unreachable are worth another attempt, a bad value is refused."""
    try:
        yield
    except TimeoutError as error:
        raise busy() from error
    except DBAPIError as error:
        raise (meaning(error) or error) from error


@dataclass
class Count:
    """How many SQL statements and commits ran while it was open, and which."""

    commits: int = 0
    sql: list[str] = field(default_factory=list)

    @property
    def statements(self) -> int:
        """Statements sent, without BEGIN and COMMIT."""
        return len(self.sql)


@contextmanager
def count_statements(database: Database) -> Iterator[Count]:
    """Count statements and commits of all threads of this process, for tests and the bench."""
    count = Count()

    def executed(_c: Any, _cursor: Any, statement: str, _p: Any, _x: Any, many: bool) -> None:
        count.sql.append(statement)

    def committed(_connection: Any) -> None:
        count.commits += 1

    event.listen(database.engine, "before_cursor_execute", executed)
    event.listen(database.engine, "commit", committed)
    try:
        yield count
    finally:
        event.remove(database.engine, "before_cursor_execute", executed)
        event.remove(database.engine, "commit", committed)
