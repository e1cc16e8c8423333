"""The critical path: the longest way by the limits of the diagram, against the promise."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.engine.rehearsing import critical_path
from tests.engine.rehearsing.test_exploring import HEAD, TAIL, flow
from tests.processes.library import FILES

BPMN = Path(__file__).resolve().parents[3] / "processes"


def diagram(promise: str, *tasks: tuple[str, str], flows: str) -> bytes:
    head = HEAD.replace('<process id="p"', f'<process id="p" zw:limit="{promise}"')
    every = "".join(f'<userTask id="{id}" zw:limit="{limit}"/>' for id, limit in tasks)
    return (head + every + '<exclusiveGateway id="Way"/><endEvent id="End"/>' + flows + TAIL).encode()


FORK = flow("A", "Start", "Way") + flow("B", "Way", "Short") + flow("C", "Way", "Long")


def test_the_longest_way_is_compared_with_the_promise() -> None:
    ends = flow("D", "Short", "End") + flow("E", "Long", "End")
    found = critical_path(diagram("2wd", ("Short", "1hd"), ("Long", "3wd"), flows=FORK + ends), "p")
    assert (found.half_days, found.elements, found.promised, found.late) == (6, ("Long",), 2, True)


def test_a_round_counts_once() -> None:
    round = flow("D", "Short", "Long") + flow("E", "Long", "Way")
    found = critical_path(diagram("5wd", ("Short", "1wd"), ("Long", "2wd"), flows=FORK + round), "p")
    assert found.half_days == 6
    assert not found.late


def test_a_limit_that_is_only_known_when_it_runs_is_named() -> None:
    ends = flow("D", "Short", "End") + flow("E", "Long", "End")
    found = critical_path(diagram("2wd", ("Short", "=days"), ("Long", "1wd"), flows=FORK + ends), "p")
    assert found.open == ("Short",)


@pytest.mark.parametrize("key", ["item_104_XK_002", "chain_GY_25", "support_SP_18"])
def test_shipped_processes_have_one(key: str) -> None:
    assert critical_path(FILES[key].read_bytes(), key).elements


def test_a_chain_has_both_models_of_itself() -> None:
    """PR-05: GY-25 takes 25 working days side by side and 47 one after another."""
    found = critical_path((BPMN / "chain_GY_25.bpmn").read_bytes(), "chain_GY_25")
    assert (found.parallel, found.serial, found.promised, found.late) == (25, 47, 25, False)
    assert found.half_days > 50, "the longest way has every talk of the lead in it"
