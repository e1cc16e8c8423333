"""The ways through a process in real cases: clocks turned by hand, papers and messages issued, bills paid, nothing broken.

A sample; `scripts/soak walk` takes every file that ships.
"""

from __future__ import annotations

import pytest

from scripts.campaigns.walk_houses import Houses
from tests.processes.walking.cases import play, ways_of
from tests.processes.walking.plans import DECLARED, plans_of
from tests.processes.walking.programs import ends_of, flows_of
from tests.processes.walking.steering import slugs_of, steer
from tests.processes.walking.tally import Tally, counting
from tests.processes.walking.walker import walk

pytestmark = pytest.mark.slow
PLANNED = ("not corrected", "terminated at Land")
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


def test_planned_cases_of_a_chain_end_where_they_are_to(houses: Houses):
    plans = {one.name: one for one in plans_of("chain_GY_25")}
    tally = Tally()
    with houses.new("chain_GY_25") as house, counting(tally):
        cases = [steer(house.city(), "chain_GY_25", plans[name]) for name in PLANNED]
    assert [(case.end, case.faults) for case in cases] == [("End_Abandoned", []), ("End_Terminated_Land", [])]
    flows, ends = tally.passed("chain_GY_25")
    assert {"Done_Record", "Stopped_Land", "End_Terminated_Land", "End_Abandoned"} <= ends
    assert {id for id, pair in flows_of("chain_GY_25").items() if pair[0] == "Task_Coordinate_Land"} <= flows


@pytest.mark.parametrize("key", DECLARED)
def test_there_is_a_plan_for_every_node_that_can_end_a_chain(key: str):
    names = [one.name for one in plans_of(key)]
    ends = {end.removeprefix("End_Terminated_") for end in ends_of(key) if end.startswith("End_Terminated_")}
    assert ends - {"Joined"} == slugs_of(key).keys()
    assert {f"terminated at {slug}" for slug in slugs_of(key)} <= set(names)
    assert len(names) == len(set(names))
