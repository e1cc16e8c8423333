"""The ways through a process in real cases: clocks turned by hand, papers and messages issued, bills paid, nothing broken.

A sample; `scripts/soak walk` takes every file that ships.
"""

from __future__ import annotations

import pytest

from scripts.campaigns.walk_houses import Houses
from tests.processes.walking.cases import play, ways_of
from tests.processes.walking.tally import Tally, counting
from tests.processes.walking.walker import walk

pytestmark = pytest.mark.slow
SAMPLE = ("item_105_XK_001", "item_110_QT_001")


@pytest.fixture(scope="module")
def houses(tmp_path_factory: pytest.TempPathFactory) -> Houses:
    """The demo city, as often as it is needed."""
    return Houses(tmp_path_factory.mktemp("walked-city"))


@pytest.mark.parametrize("key", SAMPLE)
def test_every_way_ends_with_its_papers_and_messages_and_without_an_incident(houses: Houses, key: str):
    faults, ends, tally, walked = [], set(), Tally(), walk(key)  # before anything is counted
    with houses.new(key) as house, counting(tally):
        for trail in ways_of(walked, tally):
            case = play(house.city(), key, trail)
            faults += [f"{fault} after {' → '.join(map(str, trail))}" for fault in case.faults]
            ends.add(case.end)
    assert faults == []
    assert len(ends) >= 3, ends
    assert tally.passed(key) == (walked.taken, walked.reached)
