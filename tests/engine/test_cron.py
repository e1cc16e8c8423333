"""Cron texts of timer cycles, as Camunda 7 accepts them, on the clock of Shanghai."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from service.engine import first_start, next_start
from service.engine.kernel.cron import looks_like_cron, read_cron
from tests.engine.drive import CALENDAR

ZONE = ZoneInfo("Asia/Shanghai")
NINE = datetime(2026, 3, 16, 9, 0, tzinfo=ZONE)  # a Monday


@pytest.mark.parametrize(
    "text",
    [
        "0 9 * * *",
        "0 0 9 ? * ?",
        "60 0 0 * * ?",
        "0 0 25 * * ?",
        "0 0 0 0 * ?",
        "0 0 0 * 13 ?",
        "0 0 0 ? * 8",
        "0 0 0 15W * ?",
        "0 0 0 ? * 6#6",
        "0 0/0 * * * ?",
        "a b c d e f",
        "0 0 0 * * ? 2026 1",
        "0 0 12 20 * FRI",
    ],
)
def test_what_is_no_cron_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_cron(text)


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("* * * * * ?", "2026-03-16T09:00:01"),
        ("0 * * * * ?", "2026-03-16T09:01:00"),
        ("0 0/15 * * * ?", "2026-03-16T09:15:00"),
        ("0 10,40 8-10 * * ?", "2026-03-16T09:10:00"),
        ("0 0 9 * * ?", "2026-03-17T09:00:00"),
        ("0 0 8 ? * MON-FRI", "2026-03-17T08:00:00"),
        ("0 0 8 ? * SAT,SUN", "2026-03-21T08:00:00"),
        ("0 0 8 ? * FRI-MON", "2026-03-20T08:00:00"),
        ("0 0 0 1 * ?", "2026-04-01T00:00:00"),
        ("0 0 0 L * ?", "2026-03-31T00:00:00"),
        ("0 0 0 L-1 * ?", "2026-03-30T00:00:00"),
        ("0 0 0 ? * 6L", "2026-03-27T00:00:00"),
        ("0 0 0 ? * 6#3", "2026-03-20T00:00:00"),
        ("0 0 0 ? * L", "2026-03-21T00:00:00"),
        ("0 0 0 1 JAN ? 2028", "2028-01-01T00:00:00"),
        ("0 0 0 29 2 ?", "2028-02-29T00:00:00"),
    ],
)
def test_the_next_instant_is_the_one_the_text_names(text: str, due: str) -> None:
    assert looks_like_cron(text)
    assert read_cron(text).after(NINE, ZONE) == datetime.fromisoformat(due).replace(tzinfo=ZONE)


def test_a_schedule_in_the_past_never_comes() -> None:
    assert read_cron("0 0 0 1 1 ? 2020").after(NINE, ZONE) is None


def test_a_timer_start_goes_on_by_cron() -> None:
    armed = first_start("0 0 9 * * ?", NINE, CALENDAR)
    assert armed is not None and armed.due == NINE + timedelta(days=1) and armed.left == -1
    again = next_start(armed.due, armed.left, armed.every, armed.due, CALENDAR)
    assert again is not None and again.due == NINE + timedelta(days=2)


@pytest.mark.parametrize("text", ["PT1H", "R/P1D", "2026-03-16", "${a * b}", "a - b", "1 2 3"])
def test_other_times_are_not_taken_for_cron(text: str) -> None:
    assert not looks_like_cron(text)
