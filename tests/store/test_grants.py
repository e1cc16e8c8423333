"""The service can work as a role that may add to what is written once and cannot change it, whatever it says to the database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import ProgrammingError

from service import main
from service.casework import grant_database, upgrade
from service.casework.audit.verifying import verify_audit
from service.casework.office import Office
from service.rules.refusals import Refusal
from service.store.records_schema import WRITTEN_ONCE
from tests.casework.audit.sealed_city import fill
from tests.casework.clocks.conftest import small_procedures
from tests.conftest import Clock, empty_database, make_office

__all__ = ["small_procedures"]

ROLE = "lianban_service"
pytestmark = pytest.mark.postgres


@pytest.fixture
def owner_url(postgres_server: str) -> Iterator[str]:
    """A migrated database, and a role without anything."""
    with empty_database(postgres_server) as url:
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE ROLE {ROLE} LOGIN"))
        yield url
        with engine.connect() as connection:
            connection.execute(text(f"DROP OWNED BY {ROLE}"))
            connection.execute(text(f"DROP ROLE {ROLE}"))
        engine.dispose()


def restricted(url: str) -> str:
    return make_url(url).set(username=ROLE, password=None).render_as_string(hide_password=False)


@pytest.fixture
def owner(owner_url: str, tmp_path: Path, clock: Clock) -> Iterator[Office]:
    office = make_office(owner_url, tmp_path, clock)
    upgrade(office)
    yield office
    office.close()


def test_it_works_seals_and_verifies_and_cannot_change_what_is_written_once(owner, owner_url, tmp_path, clock) -> None:
    kept = grant_database(owner, ROLE)
    assert {table.name for table in WRITTEN_ONCE} < set(kept) and "audit_block" in kept
    office = make_office(restricted(owner_url), tmp_path, clock)
    try:
        assert upgrade(office) is False
        fill(office, blocks=2)
        assert verify_audit(office).wrong == []
    finally:
        office.close()
    engine = create_engine(restricted(owner_url))
    for table in kept:
        for statement in (
            f"UPDATE {table} SET {_column(owner, table)} = NULL",
            f"DELETE FROM {table}",
            f"TRUNCATE {table}",
            f"ALTER TABLE {table} DISABLE TRIGGER ALL",
            f"DROP TRIGGER {table}_keeps ON {table}",
            "SET session_replication_role = replica",
        ):
            with (
                engine.connect() as connection,
                pytest.raises(Exception, match="permission denied|must be owner|written once"),
            ):
                connection.execute(text(statement))
    engine.dispose()


def _column(office: Office, table: str) -> str:
    query = (
        "SELECT column_name FROM information_schema.columns WHERE table_name = :table ORDER BY ordinal_position LIMIT 1"
    )
    with office.reading() as records:
        return str(records.execute(text(query), {"table": table}).scalar_one())


def test_it_makes_no_tables_and_changes_no_revision(owner, owner_url) -> None:
    grant_database(owner, ROLE)
    engine = create_engine(restricted(owner_url))
    for statement in (
        "CREATE TABLE mine (id int)",
        "UPDATE alembic_version SET version_num = 'x'",
        "DROP TABLE journal",
    ):
        with engine.connect() as connection, pytest.raises(ProgrammingError, match="permission denied|must be owner"):
            connection.execute(text(statement))
    engine.dispose()


def test_without_the_grant_it_is_told_what_to_run(owner, owner_url, tmp_path, clock) -> None:
    office = make_office(restricted(owner_url), tmp_path, clock)
    with pytest.raises(Refusal) as refusal:
        upgrade(office)
    office.close()
    assert refusal.value.code == "DATABASE_FORBIDS"


def test_who_owns_the_tables_or_is_nobody_is_refused(owner, office) -> None:
    owning = make_url(owner.settings.database_url).username or "postgres"
    for of, role, code in (
        (owner, owning, "ROLE_OWNS_TABLES"),
        (owner, "nobody_here", "ROLE_UNKNOWN"),
        (owner, 'x"; DROP TABLE journal; --', "ROLE_UNKNOWN"),
        (office, ROLE, "GRANT_NEEDS_POSTGRESQL"),
    ):
        with pytest.raises(Refusal) as refusal:
            grant_database(of, role)
        assert refusal.value.code == code


def test_the_command_says_which_tables_it_can_only_add_to(owner, owner_url) -> None:
    for _ in range(2):
        done = CliRunner().invoke(main.lianban, ["db", "grant", ROLE, "--database-url", owner_url])
        assert done.exit_code == 0 and "journal" in done.stdout and "audit_block" in done.stdout, done.output
