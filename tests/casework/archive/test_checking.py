"""What is not what it was is found: in the chain, in the store, in the ledger; nightly, with an incident (J-18)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import create_engine, text

from service.casework import arm_jobs, carry_due
from service.casework.act_book import ACTS
from service.casework.archive.checking import NIGHTLY, check_archive, verify_chain
from service.casework.office import Office
from service.rules.vocabulary import IncidentKind, LedgerAction
from tests.casework.archive.files import deploy_item, ended, packages, work
from tests.conftest import Clock


@pytest.fixture(autouse=True)
def nothing_to_deliver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ACTS, "delivery", lambda *_: None)


@pytest.fixture
def sealed(any_office: Office) -> tuple[Office, list[UUID]]:
    """Three sealed cases."""
    deploy_item(any_office)
    cases = [ended(any_office, f"SJ20260316104{n:04d}") for n in range(1, 4)]
    work(any_office)
    assert verify_chain(any_office).broken == ()
    return any_office, cases


def place_of(office: Office, case_id: UUID) -> Path:
    """Where the store keeps the package of a case."""
    [package] = packages(office, case_id)
    [path] = (office.settings.data_dir).rglob(package.digest)
    return path


def tamper(office: Office, *statements: str) -> None:
    """What only somebody with the rights of the database's owner can do."""
    engine = create_engine(office.database.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for table in ("archive_package", "ledger"):
            if engine.dialect.name == "sqlite":
                for verb in ("update", "delete"):
                    connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_keeps_{verb}"))
            else:
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def test_one_byte_of_one_package_is_found_with_its_entry(sealed: tuple[Office, list[UUID]]) -> None:
    office, cases = sealed
    path = place_of(office, cases[1])
    content = bytearray(path.read_bytes())
    at = content.find(b'"answers"')
    content[at + 1] ^= 1
    path.chmod(0o600)
    path.write_bytes(bytes(content))
    [broken] = verify_chain(office).broken
    assert (broken.case_id, broken.sequence) == (cases[1], packages(office, cases[1])[0].sequence)
    assert "opinions.json" in broken.text
    path.unlink()
    [broken] = verify_chain(office).broken
    assert "缺失" in broken.text


@pytest.mark.parametrize(
    ("statement", "sequences"),
    [
        ("UPDATE archive_package SET digest = manifest WHERE sequence = 2", {2}),
        ("UPDATE archive_package SET chain = manifest WHERE sequence = 2", {2, 3}),
        ("DELETE FROM archive_package WHERE sequence = 2", {2}),
        ("UPDATE archive_package SET previous = chain WHERE sequence = 1", {1}),
    ],
)
def test_a_row_changed_behind_the_service_breaks_the_chain_at_its_place(
    sealed: tuple[Office, list[UUID]], statement: str, sequences: set[int]
) -> None:
    office, _ = sealed
    tamper(office, statement)
    assert {one.sequence for one in verify_chain(office).broken} == sequences


def test_every_night_it_is_looked_at_and_what_is_wrong_is_one_incident(
    sealed: tuple[Office, list[UUID]], clock: Clock
) -> None:
    office, cases = sealed
    arm_jobs(office)
    clock.set("2026-03-17T02:30:00")
    work(office)
    with office.reading() as records:
        [line] = records.ledger.lines(LedgerAction.ARCHIVE_CHECKED)
    assert (line.detail["links"], line.detail["packages"], line.detail["broken"]) == (3, 3, [])
    path = place_of(office, cases[0])
    path.chmod(0o600)
    path.write_bytes(b"")
    for day in (18, 19):
        clock.set(f"2026-03-{day}T02:30:00")
        work(office)
    with office.reading() as records:
        assert records.incidents.count_open(IncidentKind.ARCHIVE) == 1
        [incident] = records.incidents.open_of_case(cases[0])
    assert incident.kind == IncidentKind.ARCHIVE and "损坏" in incident.message


def test_nights_that_were_missed_send_for_one_check(any_office: Office) -> None:
    with any_office.transaction() as records:
        for _ in range(3):
            check_archive(any_office, records, datetime.fromisoformat("2026-03-16T02:30:00+08:00"))
    assert carry_due(any_office) == 1


def test_a_night_reads_so_many_packages_and_the_next_one_goes_on(sealed: tuple[Office, list[UUID]]) -> None:
    office, _ = sealed
    first = verify_chain(office, most=(2, None))
    assert (first.packages, first.last[0]) == (2, 2) and NIGHTLY > 2
    second = verify_chain(office, after=first.last, most=(2, None))
    assert (second.packages, second.last[0]) == (2, 1), "round the archive"
