"""Which steps are worst, how hot each is, and how passes spread."""

from __future__ import annotations

from service.rules.bottlenecks import LEVELS, Load, heat, limit_minutes, ranked, spread
from service.rules.lights import DAY_MINUTES


def test_overdue_comes_before_waiting_and_that_before_slow():
    loads = [
        Load(element="slow", name="", kind="", finished=3, median=900, limit=450),
        Load(element="full", name="", kind="", waiting=9),
        Load(element="late", name="", kind="", waiting=1, overdue=1),
        Load(element="quick", name="", kind="", finished=3, median=100, limit=450),
    ]
    assert [one.element for one in ranked(loads)] == ["late", "full", "slow", "quick"]
    assert ranked(loads)[2].share == 2.0 and ranked(loads)[0].share is None


def test_heat_is_the_share_of_the_greatest_and_nothing_has_none():
    loads = [Load(element=str(n), name="", kind="", waiting=n) for n in (0, 1, 25, 26, 75, 100)]
    assert heat(loads, "waiting") == {"1": 1, "25": 1, "26": 2, "75": 3, "100": LEVELS}
    assert heat(loads, "median") == {} and heat([], "waiting") == {}


def test_median_and_ninetieth_percentile_are_passes_that_happened():
    assert spread([]) == (None, None)
    assert spread([7]) == (7, 7)
    assert spread(list(range(1, 11))) == (5, 9)
    assert spread([5, 1, 3, 2, 4]) == (3, 5)


def test_limits_are_counter_minutes():
    assert limit_minutes("2wd") == 2 * DAY_MINUTES and limit_minutes("3hd") == 3 * DAY_MINUTES // 2
    assert [limit_minutes(text) for text in (None, "", "0wd", "=item.limit")] == [None] * 4
