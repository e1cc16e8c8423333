"""The demo city for walks: built once without processes, then with those of one file, as often as a year of it has gone by."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import create_engine, text

from scripts.campaigns.city import City, needed, shipped
from service.casework.actors import SYSTEM
from service.casework.deploying import deploy
from service.rules.worktime import SHANGHAI
from tests.processes.walking.openings import MATTERS

MONDAY = datetime(2026, 1, 5, 9, 0, tzinfo=SHANGHAI)
LATEST = datetime(
    2026, 7, 1, tzinfo=SHANGHAI
)  # what starts later does not come to an end in the years the calendar knows


class Houses:
    """The demo city without processes, built once; with those of one file, as often as needed."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.empty = folder, folder / "empty"

    @contextmanager
    def new(self, key: str) -> Iterator[House]:
        """The city in which one process and all it calls are deployed."""
        if not self.empty.exists():
            City(self.empty, _url(self.empty), MONDAY, only=()).close()
            _write_out(self.empty)
        house = House(self.empty, self.folder / key, key)
        try:
            yield house
        finally:
            house.close()


class House:
    """A year of the city after the other: who starts late in one does not come to an end in it."""

    def __init__(self, empty: Path, folder: Path, key: str) -> None:
        self.folder, self.years = folder, 0
        self._now: City | None = None
        folder.mkdir()
        shutil.copytree(empty, folder / "first")
        first = City(folder / "first", _url(folder / "first"), MONDAY, ready=True)
        deploy(first.office, SYSTEM, "事项库", needed(shipped(), [key, *filter(None, [MATTERS.get(key)])]))
        first.close()
        _write_out(folder / "first")

    def city(self) -> City:
        """The city, in the first half of the year."""
        if self._now is None or self._now.now > LATEST:
            if self._now is not None:
                self._now.close()
            self.years += 1
            year = self.folder / str(self.years)
            shutil.copytree(self.folder / "first", year)
            self._now = City(year, _url(year), MONDAY, ready=True)
        return self._now

    def close(self) -> None:
        """It is torn down."""
        if self._now is not None:
            self._now.close()
        shutil.rmtree(self.folder)


def _url(folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    return f"sqlite:///{folder / 'lianban.db'}"


def _write_out(folder: Path) -> None:
    """Everything into the one file that is copied."""
    engine = create_engine(_url(folder))
    with engine.connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    engine.dispose()
