"""The proof sheet: every day accounted for, the time of a case divided among those who had it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.rules.clocks import ClockKind, PauseKind
from service.rules.counting import reading
from service.rules.proof import CLOCK_NAMES, HOLDERS, StretchKind, TimeHolder, days_frozen, holder_of, prove, shares
from service.rules.worktime import standard_calendar
from tests.rules.conftest import at, clock, pause
from tests.rules.test_clock_properties import clocks

CALENDAR = standard_calendar()
REVIEWED = clock("2026-03-16", 7, pauses=[("2026-03-20", "2026-04-17")])  # V7-10: 消防设计审查


def test_a_promise_of_seven_days_took_thirty_seven_of_which_the_experts_had_twenty_eight():
    found = shares(date(2026, 3, 16), date(2026, 4, 22), REVIEWED.suspensions)
    assert sum(found.values()) == 37
    assert (found[TimeHolder.SPECIAL], found[TimeHolder.AGENCY], found[TimeHolder.APPLICANT]) == (28, 9, 0)


def test_the_days_a_result_waits_for_its_applicant_are_the_deliverys():
    found = shares(date(2026, 3, 16), date(2026, 3, 30), (), ready=date(2026, 3, 20))
    assert (found[TimeHolder.AGENCY], found[TimeHolder.DELIVERY]) == (4, 10)


def test_a_day_two_pauses_freeze_is_counted_once_for_the_one_that_began_first():
    both = [pause("2026-03-17", "2026-03-20", "CORRECTION"), pause("2026-03-18", "2026-03-23", "HEARING")]
    found = shares(date(2026, 3, 16), date(2026, 3, 24), both)
    assert (found[TimeHolder.APPLICANT], found[TimeHolder.SPECIAL], found[TimeHolder.AGENCY]) == (3, 3, 2)


def test_the_days_stand_in_stretches_of_one_kind():
    sheet = prove(CALENDAR, REVIEWED, at("2026-04-20T10:00"))
    assert [(one.kind, len(one.lines), one.used) for one in sheet.stretches] == [
        (StretchKind.RUNNING, 5, 4),
        (StretchKind.PAUSED, 28, 0),
        (StretchKind.RUNNING, 3, 1),
        (StretchKind.AHEAD, 2, 2),
    ]
    assert sheet.used == sheet.reading.used == 5
    assert sheet.in_time


def test_an_overdue_clock_tells_its_late_days_apart():
    sheet = prove(CALENDAR, clock("2026-03-16", 1), at("2026-03-19T10:00"))
    assert [one.kind for one in sheet.stretches] == [StretchKind.RUNNING, StretchKind.OVERDUE]
    assert (sheet.used, sheet.stretches[-1].used, sheet.in_time) == (3, 2, False)


@pytest.mark.parametrize(("end", "in_time"), [("2026-03-17T16:59", True), ("2026-03-17T17:00", False)])
def test_a_stopped_clock_was_in_time_when_it_stopped_before_its_due_instant(end, in_time):
    assert prove(CALENDAR, clock("2026-03-16", 1, stopped_at=at(end)), at("2026-06-01T10:00")).in_time is in_time


def test_every_kind_has_its_words():
    assert set(CLOCK_NAMES) == set(ClockKind) and set(HOLDERS) == set(TimeHolder)
    assert {holder_of(kind) for kind in PauseKind} < set(TimeHolder)
    assert holder_of("停电") is TimeHolder.SPECIAL


def test_an_open_pause_has_frozen_what_lies_behind_it():
    assert days_frozen(pause("2026-03-17", None), date(2026, 3, 20)) == 3
    assert days_frozen(pause("2026-03-17", None), date(2026, 3, 16)) == 0


@given(clocks(), st.integers(0, 90), st.integers(0, 60))
def test_nothing_of_the_elapsed_time_is_lost(one, days, ready):
    received = one.started.date()
    until = received + timedelta(days)
    found = shares(received, until, one.suspensions, received + timedelta(ready))
    assert sum(found.values()) == days


@given(clocks(), st.integers(0, 24 * 40))
def test_the_lines_of_a_sheet_add_up_to_the_reading_and_follow_each_other(one, hours):
    now = one.started + timedelta(hours=hours)
    sheet = prove(CALENDAR, one, now)
    assert int(sheet.used) == reading(CALENDAR, one, now).used
    days = [line.day for stretch in sheet.stretches for line in stretch.lines]
    assert days == [one.started.date() + timedelta(n) for n in range(len(days))]
