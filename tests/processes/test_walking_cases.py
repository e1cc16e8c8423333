"""The ways through a process in real cases: clocks turned by hand, papers and messages issued, bills paid, nothing broken.

A sample; `scripts/soak walk` (LIANBAN_WALK=all) takes every item that can be applied for.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime

import pytest

from scripts.campaigns.city import City
from scripts.campaigns.month_diagrams import applied_for, cards
from service.rules.worktime import SHANGHAI
from tests.processes.walking.cases import play, ways_of
from tests.processes.walking.walker import walk

pytestmark = pytest.mark.slow
SAMPLE = ("item_105_XK_001", "item_110_QT_001")
WHOLE = os.environ.get("LIANBAN_WALK") == "all"
KEYS = tuple(key for key in applied_for() if cards()[key].kind == "ITEM") if WHOLE else SAMPLE
MONDAY = datetime(2026, 3, 16, 9, 0, tzinfo=SHANGHAI)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """The demo city with the processes that are walked."""
    folder = tmp_path_factory.mktemp("city")
    city = City(folder, f"sqlite:///{folder / 'lianban.db'}", MONDAY, only=KEYS)
    yield city
    city.close()


@pytest.mark.parametrize("key", KEYS)
def test_every_way_ends_with_its_papers_and_messages_and_without_an_incident(city: City, key: str):
    faults, ends = [], set()
    for trail in ways_of(walk(key)):
        case = play(city, key, trail)
        faults += [f"{fault} after {' → '.join(map(str, trail))}" for fault in case.faults]
        ends.add(case.end)
    assert faults == []
    assert len(ends) >= 3, ends
