"""Ready means: migrated, and a worker lives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from service.casework.office import Office
from service.casework.readiness import beat, is_ready, upgrade
from service.store.schema import heartbeat
from tests.conftest import make_office


def test_without_tables_nothing_is_ready_until_the_upgrade(tmp_path: Path, clock: Any) -> None:
    office = make_office(f"sqlite:///{tmp_path / 'empty.db'}", tmp_path, clock)
    assert (is_ready(office).ready, is_ready(office).migrated) == (False, False)
    assert upgrade(office)
    assert (is_ready(office).ready, is_ready(office).migrated) == (False, True)
    office.close()


def test_a_database_that_is_away_is_not_ready(tmp_path: Path, clock: Any) -> None:
    office = make_office("postgresql+psycopg://nobody@127.0.0.1:1/none", tmp_path, clock)
    assert not is_ready(office).ready
    office.close()


def test_a_worker_that_was_silent_for_thirty_seconds_is_gone(any_office: Office, clock: Any) -> None:
    assert is_ready(any_office).worker_seconds is None
    beat(any_office, "a")
    clock.advance(seconds=30)
    assert is_ready(any_office).ready
    clock.advance(seconds=1)
    readiness = is_ready(any_office)
    assert (readiness.ready, readiness.migrated, readiness.worker_seconds) == (False, True, 31)
    beat(any_office, "b")
    assert is_ready(any_office).ready


def test_nodes_not_heard_for_a_day_are_forgotten(any_office: Office, clock: Any) -> None:
    beat(any_office, "a")
    clock.advance(days=2)
    beat(any_office)
    with any_office.reading() as records:
        assert len(records.execute(heartbeat.select()).all()) == 1


def test_moving_the_demo_clock_does_not_age_a_beat(any_demo_office: Office) -> None:
    beat(any_demo_office)
    with any_demo_office.transaction() as records:
        records.settings.put("demo_clock_offset", 86_400)
        records.clock_moved = True
    assert is_ready(any_demo_office).ready
