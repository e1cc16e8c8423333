"""A sample of `scripts/soak timers`: what is due at once is attended by two nodes, each timer once; idling costs nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.campaigns.timers import attend_with_nodes, idle_cost
from service.casework import Office

TIMERS, WAITING = 200, 2_000


@pytest.mark.slow
def test_two_nodes_attend_what_is_due_in_one_instant_without_a_double_or_a_miss(
    any_office: Office, tmp_path: Path
) -> None:
    report = attend_with_nodes(any_office, tmp_path, TIMERS)
    assert report.faults == ()
    assert report.timers == TIMERS
    assert report.each("commits") < 1.2


def test_a_sweep_while_much_waits_is_one_statement_on_an_index(any_office: Office) -> None:
    report = idle_cost(any_office, WAITING)
    assert report.statements == 1
    assert report.indexed, report.plan
