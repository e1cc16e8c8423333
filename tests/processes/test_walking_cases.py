"""The ways through a process in real cases: clocks turned by hand, papers and messages issued, bills paid, nothing broken.

A sample; `scripts/soak walk` (LIANBAN_WALK=all, or the keys of some processes) takes every file that ships and writes
LIANBAN_WALK_TABLE: file, flows taken and all, ends reached and all, what is left.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from scripts.campaigns.city import City
from service.rules.worktime import SHANGHAI
from tests.processes.library import FILES
from tests.processes.walking.cases import play, ways_of
from tests.processes.walking.tally import Tally, counting
from tests.processes.walking.walker import walk

pytestmark = pytest.mark.slow
SAMPLE = ("item_105_XK_001", "item_110_QT_001")
ASKED = os.environ.get("LIANBAN_WALK", "")
WHOLE = ASKED == "all"
CALLERS_FIRST = sorted(FILES, key=lambda key: (not key.startswith("chain_"), key.startswith("support_"), key))
KEYS = CALLERS_FIRST if WHOLE else tuple(ASKED.split()) or SAMPLE
MONDAY = datetime(2026, 1, 5, 9, 0, tzinfo=SHANGHAI)
LATEST = datetime(
    2026, 7, 1, tzinfo=SHANGHAI
)  # who starts later does not come to an end in the years the calendar knows


@pytest.fixture(scope="module")
def tally() -> Iterator[Tally]:
    """What all ways together have passed; written down at the end."""
    tally = Tally()
    yield tally
    if table := os.environ.get("LIANBAN_WALK_TABLE"):
        Path(table).write_text("\n".join(map(tally.line, sorted(KEYS))) + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo city with the processes that are walked, on the first working Monday of the year."""
    folder = tmp_path_factory.mktemp("walked-city")
    City(folder, f"sqlite:///{folder / 'lianban.db'}", MONDAY, only=None if WHOLE else KEYS).close()
    with create_engine(f"sqlite:///{folder / 'lianban.db'}").connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    return folder


@pytest.fixture
def new_city(template: Path, tmp_path: Path) -> Iterator[Callable[[], City]]:
    """The city as it was on that Monday, as often as the year has gone by."""
    built: list[City] = []
    numbers = count()

    def build() -> City:
        folder = tmp_path / str(next(numbers))
        shutil.copytree(template, folder)
        built.append(City(folder, f"sqlite:///{folder / 'lianban.db'}", MONDAY, ready=True))
        return built[-1]

    yield build
    for city in built:
        city.close()


@pytest.mark.parametrize("key", KEYS)
def test_every_way_ends_with_its_papers_and_messages_and_without_an_incident(
    new_city: Callable[[], City], tally: Tally, key: str
):
    faults, ends, city = [], set(), new_city()
    walked = walk(key)
    with counting(tally):
        for trail in ways_of(walked):
            if city.now > LATEST:
                city = new_city()
            case = play(city, key, trail)
            faults += [f"{fault} after {' → '.join(map(str, trail))}" for fault in case.faults]
            ends.add(case.end)
    assert faults == []
    assert ASKED or len(ends) >= 3, ends
