"""A PostgreSQL database that is used again is as new, or is not used again."""

from __future__ import annotations

import psycopg
import pytest

from tests.recycling import Recycled, Used

pytestmark = pytest.mark.postgres
KEEP = "INSERT INTO number_series (name, last) VALUES ('left', 7)"


def test_what_a_test_leaves_is_gone_and_what_the_template_has_is_there(postgres_cities: Recycled) -> None:
    used = postgres_cities.take("recycled_city")
    before = rows(postgres_cities, used)
    say(postgres_cities, used, "DELETE FROM person_role", "UPDATE person SET name = 'x'", KEEP)
    assert rows(postgres_cities, used) != before
    postgres_cities.give_back(used)
    assert used in postgres_cities.free and rows(postgres_cities, used) == before


@pytest.mark.parametrize(
    "change", ["ALTER TABLE person DISABLE TRIGGER USER", "CREATE TABLE left_over (a int)", "DROP TABLE number_series"]
)
def test_one_whose_shape_was_changed_is_not_used_again(postgres_databases: Recycled, change: str) -> None:
    used = postgres_databases.take("recycled")
    say(postgres_databases, used, change)
    postgres_databases.give_back(used)
    assert used not in postgres_databases.free


def say(databases: Recycled, used: Used, *statements: str) -> None:
    with psycopg.connect(databases.server, dbname=used.name) as connection:
        for statement in statements:
            connection.execute(statement)


def rows(databases: Recycled, used: Used) -> dict[str, list[tuple]]:
    """Everything in the public tables, and where the numbers stand."""
    with psycopg.connect(databases.server, dbname=used.name) as connection:
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        found = {name: sorted(connection.execute(f'SELECT t::text FROM "{name}" t').fetchall()) for (name,) in names}
        found["numbers"] = connection.execute("SELECT sequencename, last_value FROM pg_sequences").fetchall()
        return {name: kept for name, kept in found.items() if kept}
