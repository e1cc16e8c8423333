"""The migrated database has exactly the tables of the schema, on both databases, however many processes start at once."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, text

from service.store.database import Database
from service.store.migrations import is_current, upgrade
from service.store.tables import metadata
from tests.conftest import empty_database


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'deep' / 'new.db'}"
    else:
        with empty_database(request.getfixturevalue("postgres_server")) as url:
            yield url


def _differs(context: MigrationContext, inspected: Column[object], column: Column[object], *_: object) -> bool:
    """Types are compared as the database writes them."""
    assert context.dialect is not None
    return inspected.type.compile(context.dialect) != column.type.compile(context.dialect)


def test_the_migrations_make_exactly_the_tables_of_the_schema(database_url: str) -> None:
    database = Database(database_url)
    with database.reading() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": _differs, "compare_server_default": database.dialect == "postgresql"}
        )
        assert compare_metadata(context, metadata) == []
    database.close()


def test_the_tables_are_those_metadata_would_create(tmp_path: Path, sqlite_url: str) -> None:
    """What comparing does not see: partial indexes, WITHOUT ROWID, defaults. Triggers are the migrations' alone."""

    def tables(database: Database) -> dict[str, list[str]]:
        with database.reading() as connection:
            rows = connection.execute(
                text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND type <> 'trigger'")
            )
            return {row.name: sorted(re.findall(r"\w+", row.sql)) for row in rows if "alembic" not in row.name}

    created, migrated = Database(f"sqlite:///{tmp_path / 'created.db'}"), Database(sqlite_url)
    metadata.create_all(created.engine)
    assert tables(migrated) == tables(created)
    created.close()
    migrated.close()


def test_a_second_upgrade_does_nothing(empty_url: str) -> None:
    assert upgrade(empty_url) is True
    assert upgrade(empty_url) is False


def test_an_empty_database_is_not_current(empty_url: str) -> None:
    database = Database(empty_url)
    assert not is_current(database)
    upgrade(empty_url)
    assert is_current(database)
    database.close()


def test_processes_that_start_at_once_migrate_once(empty_url: str) -> None:
    done: list[bool] = []
    together = threading.Barrier(4, timeout=60)

    def start() -> None:
        together.wait()
        done.append(upgrade(empty_url))

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == [False, False, False, True]
