"""A disk that is really full, below the database and below the files: told, nothing acknowledged is lost, over when there is room again."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from service.casework import Office
from service.casework.blob_care import verify_blobs
from service.rules.refusals import Unavailable
from service.web.app import create_app
from tests.conftest import Clock, make_office
from tests.faults.test_database_faults import cases, door, start
from tests.web.pages.conftest import Visitor
from tests.web.pages.conftest import text as words

MEGABYTE = 1024 * 1024
Disk = Callable[[Path], Path]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """A small disk of its own with a copy of a database on it."""
    place = tmp_path / "disk"
    place.mkdir()

    def made(template: Path) -> Path:
        size = template.stat().st_size + 8 * MEGABYTE
        mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
        if os.getuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
            pytest.skip("a disk of its own can only be mounted by root where mounting is allowed")
        shutil.copyfile(template, place / "lianban.db")
        return place

    yield made
    subprocess.run(["umount", "-l", str(place)], capture_output=True, check=False)


def fill(place: Path, *, leave: int) -> Path:
    """Somebody else's file takes what there is but for so many bytes."""
    ballast = place / "ballast"
    room = shutil.disk_usage(place).free - leave
    with ballast.open("wb") as file:
        for _ in range(room // 4096):
            file.write(bytes(4096))
    return ballast


def on(place: Path, clock: Clock, **more: object) -> Office:
    return make_office(f"sqlite:///{place / 'lianban.db'}", place, clock, **more)


def test_a_disk_without_room_is_told_loses_nothing_and_is_over_by_itself(
    disk: Disk, sqlite_template: Path, clock: Clock
) -> None:
    place = disk(sqlite_template)
    office = on(place, clock)
    rest = door(office)
    kept = {start(rest).json["id"]}
    ballast = fill(place, leave=300_000)
    for _ in range(200):
        answer = start(rest, "x" * 3000)
        if answer.status_code != 200:
            break
        kept.add(answer.json["id"])
    assert (answer.status_code, answer.json["reason"]) == (503, "DATABASE_FULL")
    assert answer.headers["Retry-After"] == "5" and len(kept) > 1
    assert cases(rest) == kept  # looking goes on
    ballast.unlink()
    kept.add(start(rest, "x" * 3000).json["id"])
    assert cases(rest) == kept
    office.close()
    with closing(sqlite3.connect(place / "lianban.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_file_for_which_there_is_no_room_is_refused_and_leaves_nothing_behind(
    disk: Disk, sqlite_template: Path, clock: Clock
) -> None:
    place = disk(sqlite_template)
    office = on(place, clock)
    kept = [office.blobs.put(os.urandom(100_000)) for _ in range(3)]
    ballast = fill(place, leave=200_000)
    with pytest.raises(Unavailable) as refusal:
        office.blobs.put(os.urandom(MEGABYTE))
    assert refusal.value.code == "BLOBS_UNREACHABLE"
    assert list(office.blobs.backend.drafts.iterdir()) == []
    assert all(office.blobs.verify(one) for one in kept)
    ballast.unlink()
    late = os.urandom(MEGABYTE)
    assert office.blobs.read(office.blobs.put(late)) == late
    assert verify_blobs(office).damaged == ()
    office.close()


def test_a_person_is_told_in_words_and_loses_no_page_that_can_be_looked_at(
    disk: Disk, sqlite_demo_template: Path, clock: Clock
) -> None:
    place = disk(sqlite_demo_template)
    office = on(place, clock, demo=True)
    visitor = Visitor(create_app(office)).sign_in("wangfang")
    ballast = fill(place, leave=0)
    sent = visitor.post("/inbox/filters", {"name": "今天", "view": "all"})
    for _ in range(50):
        if sent.status_code == 503:
            break
        sent = visitor.post("/inbox/filters", {"name": "今天", "view": "all"})
    assert sent.status_code == 503 and "存储空间已满" in words(sent)
    assert visitor.get("/inbox").status_code == 200
    ballast.unlink()
    assert visitor.post("/inbox/filters", {"name": "明天", "view": "all"}).status_code in (200, 302, 303)
    office.close()
