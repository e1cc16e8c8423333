"""A sample of `scripts/soak quarter` and `quarter-kills`: four weeks over 春节, a few cases, a fixed seed."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.campaigns.quarter_runs import SHORT, Run, compare, judge, play

pytestmark = pytest.mark.slow
SEED, CASES, KILLS = 20260209, 14, 4


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The sample left alone."""
    return play(tmp_path_factory.mktemp("calm"), CASES, seed=SEED, span=SHORT)


def test_every_light_card_rung_and_silence_equals_the_recomputation_from_the_journal(calm: Run) -> None:
    report = judge(calm, seed=SEED, span=SHORT)
    assert report.verdict.differences == []
    assert report.verdict.counts["cases"] == CASES
    for counted in (report.verdict.turns, report.verdict.rungs, report.verdict.cards):
        assert sum(counted.values()) > 0


def test_the_same_weeks_killed_at_random_moments_give_the_same_journals(calm: Run, tmp_path: Path) -> None:
    killed = play(tmp_path, CASES, seed=SEED, span=SHORT, kills=KILLS)
    assert killed.kills == KILLS
    assert compare(calm, killed) == []
