"""Bringing a database to the tables of `schema.py`: quick when they are there, safe when two processes start at once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from service.store.database import Database
from service.store.releases import Revisions
from service.store.sealed_rows import seal_existing
from service.store.seals import Seals

SEALS_CAME = "0038"  # only the migration itself seals rows of before: whoever takes a seal away gets no new one
ADVISORY_LOCK = 7_104_201  # any number, the same in every process


def upgrade(database_url: str, seals: Seals | None = None) -> bool:
    """Apply the migrations that are missing, in one transaction; whether there were any. `seals`: for rows of before they came."""
    database = Database(database_url, threads=1)
    try:
        if is_current(database):
            return False
        with database.writing() as connection:
            if database.dialect == "postgresql":
                connection.execute(text(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})"))
            before = _revision(connection)
            if before == _newest():  # another process was faster
                return False
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            if seals is not None and (before or SEALS_CAME) < SEALS_CAME:
                seal_existing(connection, seals)
            return True
    finally:
        database.close()


def is_current(database: Database) -> bool:
    """Whether the database has every migration this program knows."""
    with database.reading() as connection:
        return _revision(connection) == _newest()


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


@cache
def _newest() -> str | None:
    return ScriptDirectory.from_config(_config()).get_current_head()


@cache
def _known() -> frozenset[str]:
    return frozenset(one.revision for one in ScriptDirectory.from_config(_config()).walk_revisions())


def knows(revision: str) -> bool:
    """Whether this program can bring a database of this revision to its own."""
    return revision in _known()


REVISIONS = Revisions(newest=lambda: _newest(), known=lambda: _known())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
