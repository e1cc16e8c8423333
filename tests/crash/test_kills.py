"""A sample of the kills campaign; `scripts/soak kills 1000` is the whole of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.campaigns.kills import run_kills


@pytest.mark.slow
@pytest.mark.postgres
def test_killed_nodes_and_a_killed_database_lose_and_double_nothing(tmp_path: Path) -> None:
    report = run_kills(tmp_path, 4, kind="postgresql", seed=20260316, items=False, tell=lambda _: None)
    assert report.faults == ()
    assert sum(report.kills.values()) == 4 and report.acknowledged > 0 and report.lines > 0
