"""Working days, half-days and ladder instants against the domain's own vectors."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from pathlib import Path

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.rules.calendar_years import WORKING_DAYS
from service.rules.refusals import Invalid
from service.rules.worktime import SHANGHAI, CalendarMissing, WorkCalendar, parse_limit, standard_calendar

VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text("utf-8"))
CALENDAR = standard_calendar()
days = st.dates(date(2024, 1, 1), date(2026, 8, 31))
instants = st.datetimes(datetime(2024, 1, 1), datetime(2026, 8, 31), timezones=st.just(SHANGHAI))


def vectors(family: str) -> list[object]:
    """The vectors of one family as parameters named by their number."""
    return [pytest.param(v, id=str(v.get("id", i))) for i, v in enumerate(VECTORS[family])]


def local(text: str | None) -> datetime | None:
    """An instant of a vector, which leaves the zone out."""
    return text and datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


# -- refusals ---------------------------------------------------------------------------------------------------


def test_a_year_nobody_announced_is_refused_never_guessed():
    with pytest.raises(CalendarMissing, match="缺少2027年的工作日历") as refused:
        CALENDAR.add_workdays(date(2026, 12, 30), 5)
    assert (refused.value.code, refused.value.year) == ("CALENDAR_MISSING", 2027)
    for ask in (
        lambda: CALENDAR.is_workday(date(2023, 12, 29)),
        lambda: CALENDAR.workdays_between(date(2026, 12, 1), date(2027, 1, 4)),
        lambda: CALENDAR.due_after_half_days(datetime(2026, 12, 31, 15, tzinfo=SHANGHAI), 1),
        lambda: CALENDAR.next_open(datetime(2026, 12, 31, 17, tzinfo=SHANGHAI)),
    ):
        with pytest.raises(CalendarMissing):
            ask()


def test_a_gap_between_known_years_is_not_jumped_over():
    gappy = WorkCalendar({2024: WORKING_DAYS[2024], 2026: WORKING_DAYS[2026]})
    with pytest.raises(CalendarMissing) as refused:
        gappy.add_workdays(date(2024, 12, 31), 1)
    assert refused.value.year == 2025
    with pytest.raises(CalendarMissing):
        gappy.workdays_between(date(2024, 12, 31), date(2026, 1, 5))


@pytest.mark.parametrize("text", ["", "3", "wd", "-1wd", "0hd", "3d", "P3D", "1.5wd", "3wdd", "1000wd", "٣wd", "P3W"])
def test_a_limit_that_is_no_working_time_is_refused(text):
    with pytest.raises(Invalid) as refused:
        parse_limit(text)
    assert refused.value.code == "LIMIT_UNREADABLE"


def test_naive_instants_are_a_programming_error():
    with pytest.raises(ValueError, match="aware"):
        CALENDAR.due_after_workdays(datetime(2026, 3, 16, 10), 1)


# -- the calendar -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_the_shipped_calendar_equals_the_published_one(year):
    first = date(year, 1, 1)
    every = (first + timedelta(n) for n in range((date(year + 1, 1, 1) - first).days))
    assert WORKING_DAYS[year] == {d for d in every if chinese_calendar.is_workday(d)}


def test_2026_has_248_working_days_month_by_month():
    months = [sum(d.month == month for d in WORKING_DAYS[2026]) for month in range(1, 13)]
    assert months == [21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23]
    assert len(WORKING_DAYS[2026]) == 248


@pytest.mark.parametrize("v", vectors("add_wd"))
def test_the_nth_working_day_after_a_date(v):
    start, due = date.fromisoformat(v["start"]), date.fromisoformat(v["due"])
    assert CALENDAR.add_workdays(start, v["n"]) == due
    morning = datetime.combine(start, datetime.min.time(), SHANGHAI)
    assert CALENDAR.due_after_workdays(morning, v["n"]) == CALENDAR.close_of(due)


@pytest.mark.parametrize("v", vectors("wd_between"))
def test_working_days_between_two_dates(v):
    assert CALENDAR.workdays_between(date.fromisoformat(v["a"]), date.fromisoformat(v["b"])) == v["n"]


@pytest.mark.parametrize("key", ["GY25", "JS35"])
def test_milestones_of_the_joint_chains(key):
    for chain in VECTORS["chains"][key]:
        declared = date.fromisoformat(chain["start"])
        budgets = accumulate(m["budget"] for m in chain["milestones"])
        dues = [CALENDAR.add_workdays(declared, total).isoformat() for total in budgets]
        assert dues == [m["due"] for m in chain["milestones"]]


@given(days, st.integers(1, 60))
def test_counting_forward_and_back_agree(d, n):
    assert CALENDAR.workdays_between(d, CALENDAR.add_workdays(d, n)) == n


@given(days, days, days)
def test_counts_of_adjoining_spans_add_up(a, b, c):
    a, b, c = sorted((a, b, c))
    between = CALENDAR.workdays_between
    assert between(a, b) + between(b, c) == between(a, c)


def test_no_day_lies_in_a_span_that_ends_before_it_begins():
    assert CALENDAR.workdays_between(date(2026, 3, 17), date(2026, 3, 16)) == 0


# -- limits in working days -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accepted", "due"),
    [
        ("2026-03-16T16:59:59", "2026-03-16T17:00"),
        ("2026-03-16T17:00:00", "2026-03-17T17:00"),
        ("2026-02-15T10:00:00", "2026-02-24T17:00"),
        ("2026-02-14T18:00:00", "2026-02-24T17:00"),
    ],
)
def test_an_immediate_item_is_due_at_close_of_the_same_working_day(accepted, due):
    assert parse_limit("0wd").due(CALENDAR, local(accepted)) == local(due)


YELLOW = {
    1: "03-17", 2: "03-17", 3: "03-18", 5: "03-20", 6: "03-20", 7: "03-23", 10: "03-26", 13: "03-30", 15: "04-01",
    20: "04-08", 25: "04-14", 35: "04-24", 45: "05-09",
}  # fmt: skip


@pytest.mark.parametrize("v", VECTORS["warn_case"], ids=lambda v: f"n{v['n']}")
def test_the_yellow_light_comes_w_working_days_before_the_due_date(v):
    start = local("2026-03-16T10:00")
    warn = parse_limit(f"{v['n']}wd").warn(CALENDAR, start)
    assert warn == local(f"2026-{YELLOW[v['n']]}T09:00")
    due = CALENDAR.add_workdays(start.date(), v["n"])
    assert CALENDAR.workdays_between(warn.date(), due) == (v["W"] if v["W"] < v["n"] else 0)


def test_instants_are_asia_shanghai_whatever_zone_comes_in():
    start = datetime(2026, 3, 16, 16, 30, tzinfo=UTC)  # already the 17th in Shanghai
    due = CALENDAR.due_after_workdays(start, 1)
    assert due.isoformat() == "2026-03-18T17:00:00+08:00"


# -- limits in half-days ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("v", vectors("stage_slots"))
def test_stages_without_delay_end_as_planned_and_before_the_case(v):
    start = local(v["start"])
    for stage, total, due in zip(v["stages"], accumulate(v["stages"]), v["stage_due"], strict=True):
        assert not stage or CALENDAR.due_after_half_days(start, total) == local(due)
    assert CALENDAR.due_after_workdays(start, v["n"]) == local(v["case_due"])


@pytest.mark.parametrize("v", vectors("escalation"))
def test_the_ladder_of_one_stage(v):
    start, limit = local(v["start"]), parse_limit(f"{v['halfdays']}hd")
    assert limit.half(CALENDAR, start) == local(v["L1"])
    assert limit.warn(CALENDAR, start) == local(v["L2"])
    assert limit.due(CALENDAR, start) == local(v["L3"])
    assert CALENDAR.due_after_half_days(start, limit.amount + 2) == local(v["L4"])
    assert CALENDAR.due_after_half_days(start, limit.amount + 4) == local(v["L5"])


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-03-16T08:59:59", "2026-03-16T12:00"),  # before opening: belongs to the afternoon before
        ("2026-03-16T09:00:00", "2026-03-16T17:00"),
        ("2026-03-16T12:00:00", "2026-03-16T17:00"),  # lunch belongs to the morning
        ("2026-03-16T13:29:59", "2026-03-16T17:00"),
        ("2026-03-16T13:30:00", "2026-03-17T12:00"),
        ("2026-03-16T17:00:00", "2026-03-17T12:00"),
        ("2026-02-21T10:00:00", "2026-02-24T12:00"),  # a rest day belongs to the slot that ended last
        ("2024-01-01T10:00:00", "2024-01-02T12:00"),  # before the first slot of the calendar
    ],
)
def test_an_instant_belongs_to_one_slot(start, due):
    assert CALENDAR.due_after_half_days(local(start), 1) == local(due)


@given(instants, st.integers(1, 20))
def test_every_stage_plan_ends_on_or_before_the_case(start, n):
    assert CALENDAR.due_after_half_days(start, 2 * n) <= CALENDAR.due_after_workdays(start, n)


@given(instants, st.integers(1, 40))
def test_a_ladder_climbs(start, n):
    limit = parse_limit(f"{n}hd")
    half, warn, due = (f(CALENDAR, start) for f in (limit.half, limit.warn, limit.due))
    assert start <= warn < due
    assert (half is None) == (n < 4)
    assert half is None or start <= half < warn


# -- opening hours ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("instant", "opening"),
    [
        ("2026-03-16T08:00", "2026-03-16T09:00"),
        ("2026-03-16T09:00", "2026-03-16T09:00"),
        ("2026-03-16T10:07", "2026-03-16T10:07"),
        ("2026-03-16T12:00", "2026-03-16T13:30"),
        ("2026-03-16T16:59", "2026-03-16T16:59"),
        ("2026-03-16T17:00", "2026-03-17T09:00"),
        ("2026-09-30T20:00", "2026-10-08T09:00"),
    ],
)
def test_the_next_instant_the_counters_are_open(instant, opening):
    assert CALENDAR.next_open(local(instant)) == local(opening)


@pytest.mark.parametrize(("text", "limit"), [("3wd", "3wd"), ("P3WD", "3wd"), (" 2HD ", "2hd"), ("0wd", "0wd")])
def test_a_limit_reads_in_both_spellings(text, limit):
    assert str(parse_limit(text)) == limit
