"""A short sample of the acts campaign: workers die between the steps of documents, messages, bills, payments and archive."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.campaigns.acts import run_acts_campaign


@pytest.mark.slow
def test_workers_that_die_between_steps_lose_and_double_nothing(tmp_path: Path) -> None:
    report = run_acts_campaign(tmp_path, 3, seed=20260316, tell=lambda _: None)
    assert report.faults == ()
    assert report.kills >= 3
    assert report.figures["packages"] == report.cases
    assert report.figures["payments"] == report.figures["bills"] > 0
