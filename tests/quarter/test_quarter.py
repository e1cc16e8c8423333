"""A sample of `scripts/soak quarter` and `quarter-kills`: four weeks over 春节, a few cases, a fixed seed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
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


CLAIMS = ("clock:turned", "ladder:climbed", "card:raised", "clock:started", "clock:stopped", "item:reached")


@pytest.mark.parametrize("action", CLAIMS)
def test_a_journal_from_which_a_line_is_missing_is_found_out(calm: Run, action: str) -> None:
    number, at = next(
        (number, at)
        for number, lines in calm.journals.items()
        for at, line in enumerate(lines)
        if line["action"] == action and line["detail"].get("mark", "ACCEPTED") == "ACCEPTED"
    )
    lines = [*calm.journals[number][:at], *calm.journals[number][at + 1 :]]
    assert judge(replace(calm, journals={**calm.journals, number: lines}), seed=SEED, span=SHORT).verdict.differences


@pytest.mark.parametrize("name", ["at", "due"])
def test_an_instant_that_is_a_minute_off_is_found_out(calm: Run, name: str) -> None:
    number, at = next(
        (number, at)
        for number, lines in calm.journals.items()
        for at, line in enumerate(lines)
        if line["action"] in ("clock:turned", "clock:started") and line["detail"].get(name)
    )
    line = calm.journals[number][at]
    wrong = (datetime.fromisoformat(line["detail"][name]) + timedelta(minutes=1)).isoformat()
    lines = [*calm.journals[number]]
    lines[at] = {**line, "detail": {**line["detail"], name: wrong}}
    assert judge(replace(calm, journals={**calm.journals, number: lines}), seed=SEED, span=SHORT).verdict.differences


def test_the_same_weeks_killed_at_random_moments_give_the_same_journals(calm: Run, tmp_path: Path) -> None:
    killed = play(tmp_path, CASES, seed=SEED, span=SHORT, kills=KILLS)
    assert 2 <= killed.kills <= KILLS
    assert compare(calm, killed) == []
