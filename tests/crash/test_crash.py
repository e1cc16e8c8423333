"""A sample of the crash campaign; `scripts/soak crash 100` is the whole of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.campaigns.crash import run_crash_campaign

pytestmark = pytest.mark.slow
KILLS = 5


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_no_acknowledged_completion_is_lost_or_applied_twice_when_the_service_is_killed(
    kind: str, tmp_path: Path
) -> None:
    report = run_crash_campaign(tmp_path, KILLS, kind=kind, seed=20260316)
    assert report.faults == ()
    assert report.kills == KILLS
    assert report.acknowledged > 0
