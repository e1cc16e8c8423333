"""Every file that a row refers to is checked, and only what no row refers to is swept; on both databases."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Column, Integer, MetaData, Table

from service.casework import arm_jobs, attend_due, blob_care, sweep_blobs, verify_blobs
from service.casework.carrying import carry_due
from service.casework.office import Office
from service.main import lianban
from service.rules.vocabulary import LedgerAction
from service.store import blob_uses
from service.store.columns import blob_column
from tests.conftest import Clock

LATER = timedelta(days=-1)  # everything is older than this grace


@pytest.fixture
def shelf(any_office: Office, monkeypatch: pytest.MonkeyPatch) -> Table:
    """A table that refers to files."""
    metadata = MetaData()
    table = Table("shelf", metadata, Column("id", Integer, primary_key=True), blob_column("digest", nullable=True))
    with any_office.transaction() as records:
        metadata.create_all(records.connection)
    monkeypatch.setattr(blob_uses, "metadata", metadata)
    return table


def refer(office: Office, shelf: Table, *digests: str | None) -> None:
    with office.transaction() as records:
        records.execute(shelf.insert(), [{"digest": digest} for digest in digests])


def test_a_missing_and_a_changed_file_are_named(any_office: Office, shelf: Table, tmp_path: Path):
    whole, changed = any_office.blobs.put(b"whole"), any_office.blobs.put(b"changed")
    gone = hashlib.sha256(b"gone").hexdigest()
    path = next((tmp_path / "blobs" / "kept").glob(f"*/*/{changed}"))
    path.chmod(0o600)
    path.write_bytes(b"Changed")
    refer(any_office, shelf, whole, changed, gone, whole, None)
    report = verify_blobs(any_office)
    assert (report.checked, report.missing, report.damaged) == (3, (gone,), (changed,))


def test_more_files_than_a_page_are_all_checked(any_office: Office, shelf: Table, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(blob_uses, "PAGE", 3)
    digests = [any_office.blobs.put(b"%d" % number) for number in range(10)]
    refer(any_office, shelf, *digests, *digests)
    report = verify_blobs(any_office)
    assert (report.checked, report.missing, report.damaged) == (10, (), ())


def test_only_what_no_row_refers_to_is_swept(any_office: Office, shelf: Table):
    used, orphan = any_office.blobs.put(b"used"), any_office.blobs.put(b"orphan")
    refer(any_office, shelf, used)
    assert sweep_blobs(any_office).binned == 0  # young
    assert sweep_blobs(any_office, grace=LATER).binned == 1
    refer(any_office, shelf, orphan)  # somebody refers to it before the bin is emptied
    assert sweep_blobs(any_office, grace=LATER).restored == 1
    assert verify_blobs(any_office).missing == ()


def test_the_weekly_job_asks_for_a_sweep_that_goes_on_outside(any_office: Office, clock: Clock, monkeypatch):
    monkeypatch.setattr(blob_care.sweep_blobs, "__kwdefaults__", {"grace": LATER})
    orphan = any_office.blobs.put(b"orphan")
    arm_jobs(any_office)
    clock.set("2026-03-22T03:31")  # Sunday
    attend_due(any_office)
    carry_due(any_office)
    assert [one.digest for one in any_office.blobs.listed()] == []
    with any_office.reading() as records:
        (line,) = records.ledger.lines(LedgerAction.FILES_SWEPT)
    assert line.detail["binned"] == 1 and any_office.blobs.read(orphan) == b"orphan"  # and comes back when asked for


def test_the_command_line_tells_what_is_wrong_and_leaves_with_1(sqlite_url: str, tmp_path: Path):
    told = CliRunner().invoke(lianban, ["blobs", "verify", "--data", str(tmp_path), "--database-url", sqlite_url])
    assert told.exit_code == 0 and "缺失 0 个，损坏 0 个" in told.output
    told = CliRunner().invoke(lianban, ["blobs", "sweep", "--data", str(tmp_path), "--database-url", sqlite_url])
    assert told.exit_code == 0 and "移入回收区 0 个" in told.output
