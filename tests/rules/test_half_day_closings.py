"""Local half-day closings: slots go, days stay (R-CAL-2)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.rules.calendar_years import WORKING_DAYS
from service.rules.clocks import Clock, Suspension, Unit
from service.rules.counting import deadline, reading
from service.rules.explaining import explain
from service.rules.lights import Span, working_span
from service.rules.worktime import SHANGHAI, CalendarMissing, Half, WorkCalendar, standard_calendar

CALENDAR = standard_calendar()
FRIDAY = date(2026, 3, 20)
FRIDAY_AFTERNOON = WorkCalendar(WORKING_DAYS, closed=[(FRIDAY, Half.AFTERNOON)])
DAYS = sorted(day for days in WORKING_DAYS.values() for day in days)
closings = st.sets(st.tuples(st.sampled_from(DAYS[20:-80]), st.sampled_from(Half)), max_size=40)
instants = st.datetimes(datetime(2024, 3, 1), datetime(2026, 8, 31), timezones=st.just(SHANGHAI))


def at(text: str) -> datetime:
    """An instant in China."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def slots(calendar: WorkCalendar) -> list[tuple[datetime, datetime]]:
    """Every open slot, in order, found by looking at every day."""
    return [span for day in DAYS for span in calendar.open_spans(day)]


def test_a_slot_before_the_first_known_one_is_refused():
    shut = WorkCalendar(WORKING_DAYS, closed=[(DAYS[0], Half.MORNING), (DAYS[0], Half.AFTERNOON)])
    assert shut.slot_of(shut.close_of(DAYS[0])) == -1
    with pytest.raises(CalendarMissing) as refused:
        shut.slot(-1, since=DAYS[0])
    assert refused.value.year == 2023


def test_a_closed_afternoon_is_no_slot_but_its_day_counts():
    assert FRIDAY_AFTERNOON.is_workday(FRIDAY)
    assert FRIDAY_AFTERNOON.due_after_half_days(at("2026-03-20T10:00"), 1) == at("2026-03-23T12:00")
    assert CALENDAR.due_after_half_days(at("2026-03-20T10:00"), 1) == at("2026-03-20T17:00")
    assert FRIDAY_AFTERNOON.due_after_workdays(at("2026-03-19T10:00"), 1) == at("2026-03-20T17:00")


def test_an_instant_of_a_closed_half_day_belongs_to_the_slot_that_ended_last():
    assert FRIDAY_AFTERNOON.slot_of(at("2026-03-20T15:00")) == FRIDAY_AFTERNOON.slot_of(at("2026-03-20T11:00"))
    shut = WorkCalendar(WORKING_DAYS, closed=[(FRIDAY, Half.MORNING)])
    assert shut.slot_of(at("2026-03-20T11:00")) == shut.slot_of(at("2026-03-19T16:00"))
    assert shut.next_open(at("2026-03-20T09:30")) == at("2026-03-20T13:30")


def test_a_day_that_is_closed_altogether_has_no_slot_and_still_counts():
    shut = WorkCalendar(WORKING_DAYS, closed=[(FRIDAY, half) for half in Half])
    assert shut.open_spans(FRIDAY) == () and shut.workdays_between(date(2026, 3, 19), FRIDAY) == 1
    assert shut.next_open(at("2026-03-20T10:00")) == at("2026-03-23T09:00")
    assert shut.due_after_half_days(at("2026-03-19T16:00"), 1) == at("2026-03-23T12:00")


def test_a_closed_half_day_is_no_counter_time():
    clock = Clock(started=at("2026-03-20T09:00"), amount=4, unit=Unit.HOUR)
    assert deadline(CALENDAR, clock).at == at("2026-03-20T14:30")
    assert deadline(FRIDAY_AFTERNOON, clock).at == at("2026-03-23T10:00")
    assert working_span(FRIDAY_AFTERNOON, at("2026-03-20T09:00"), at("2026-03-23T09:00")) == Span(3, "hour")


def test_a_proof_sheet_says_how_many_half_days_a_day_gave():
    clock = Clock(started=at("2026-03-19T15:00"), amount=2, unit=Unit.HALFDAY)
    assert [(line.day.day, line.units) for line in explain(FRIDAY_AFTERNOON, clock, clock.started)] == [
        (19, 0),
        (20, 1),
        (21, 0),
        (22, 0),
        (23, 1),
    ]


def test_closing_half_days_of_rest_days_changes_nothing():
    resting = WorkCalendar(WORKING_DAYS, closed=[(date(2026, 3, 21), Half.MORNING)])
    assert resting.slot_of(at("2026-03-23T10:00")) == CALENDAR.slot_of(at("2026-03-23T10:00"))


@given(closings, instants, st.integers(1, 80))
def test_the_nth_slot_is_found_as_if_every_slot_were_counted(shut, start, n):
    calendar = WorkCalendar(WORKING_DAYS, closed=shut)
    later = [span for span in slots(calendar) if span[0] > start]
    assert calendar.due_after_half_days(start, n) == later[n - 1][1]


@given(closings, instants, instants)
def test_slot_numbers_never_go_back_and_skip_none(shut, a, b):
    calendar = WorkCalendar(WORKING_DAYS, closed=shut)
    a, b = min(a, b), max(a, b)
    opened = sum(a < opens <= b for opens, _ in slots(calendar))
    assert calendar.slot_of(b) - calendar.slot_of(a) == opened
    number = calendar.slot_of(b)
    opens, closes = calendar.slot(number, since=b.date())
    assert opens <= b and calendar.slot_of(opens) == calendar.slot_of(closes) == number


@given(closings, instants, st.integers(0, 60))
def test_closings_never_change_a_limit_in_days(shut, start, n):
    calendar = WorkCalendar(WORKING_DAYS, closed=shut)
    for unit in (Unit.WORKDAY, Unit.CALENDAR):
        clock = Clock(started=start, amount=n, unit=unit)
        assert deadline(calendar, clock) == deadline(CALENDAR, clock)
    assert calendar.due_after_workdays(start, n) == CALENDAR.due_after_workdays(start, n)


@given(closings, instants, st.integers(1, 40), st.integers(0, 200), st.integers(1, 400))
def test_closing_half_days_never_shortens_a_limit_in_half_days(shut, start, n, until, length):
    begun = start + timedelta(hours=until)
    paused = Suspension(
        kind="HEARING",
        after=begun.date(),
        through=(begun + timedelta(hours=length)).date(),
        began_at=begun,
        ended_at=begun + timedelta(hours=length),
    )
    calendar = WorkCalendar(WORKING_DAYS, closed=shut)
    for clock in (
        Clock(started=start, amount=n, unit=Unit.HALFDAY),
        Clock(started=start, amount=n, unit=Unit.HALFDAY, suspensions=(paused,)),
    ):
        assert deadline(calendar, clock).at >= deadline(CALENDAR, clock).at
        said = reading(calendar, clock, start)
        assert said.remaining + said.used == n and said.warn_from <= said.due.at


@given(instants, st.integers(1, 120))
def test_with_nothing_closed_half_days_are_what_they_were(start, n):
    spans = [
        span
        for day in DAYS
        for span in (
            (CALENDAR.open_of(day), datetime.combine(day, at("2026-01-05T12:00").timetz())),
            (datetime.combine(day, at("2026-01-05T13:30").timetz()), CALENDAR.close_of(day)),
        )
        if span[0] > start
    ]
    assert CALENDAR.due_after_half_days(start, n) == spans[n - 1][1]
    number = CALENDAR.slot_of(spans[n - 1][0])
    assert CALENDAR.slot(number, since=start.date()) == spans[n - 1]
