"""Lights follow working time (DOMAIN V11-02)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from service.rules.lights import Light, Span, light_of, working_span, yellow_before
from service.rules.worktime import OPENING_HOURS, SHANGHAI, WorkCalendar, standard_calendar

CALENDAR = standard_calendar()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def warn_at(calendar: WorkCalendar, opened: datetime, due: datetime) -> datetime:
    """R-LGT-2 as it is written: yellow from the start of the slot W before the due slot, W = max(1, ceil(L / 5))."""
    days = (opened.date() + timedelta(days=n) for n in range((due.date() - opened.date()).days + 1))
    begins = [
        datetime.combine(d, opening, SHANGHAI) for d in days if calendar.is_workday(d) for opening, _ in OPENING_HOURS
    ]
    starts = [start for start in begins if opened < start < due]
    if not starts:
        return due
    ahead = max(1, -(-len(starts) // 5))
    return starts[-1] if ahead >= len(starts) else starts[-1 - ahead]


def test_six_half_days_opened_on_monday_morning_turn_yellow_on_wednesday_at_nine() -> None:
    assert warn_at(CALENDAR, at("2026-03-16T10:00"), at("2026-03-19T12:00")) == at("2026-03-18T09:00")


def test_one_half_day_turns_yellow_when_its_slot_begins() -> None:
    assert warn_at(CALENDAR, at("2026-03-16T09:00"), at("2026-03-16T17:00")) == at("2026-03-16T13:30")


@pytest.mark.parametrize(
    ("now", "light"),
    [
        ("2026-03-18T08:59", Light.GREEN),
        ("2026-03-18T09:00", Light.YELLOW),
        ("2026-03-19T11:59", Light.YELLOW),
        ("2026-03-19T12:00", Light.RED),
    ],
)
def test_the_due_instant_itself_is_already_red(now: str, light: Light) -> None:
    assert light_of(CALENDAR, at("2026-03-16T10:00"), at("2026-03-19T12:00"), at(now)) is light


def test_a_task_without_limit_has_no_light() -> None:
    assert light_of(CALENDAR, at("2026-03-16T10:00"), None, at("2026-03-18T09:00")) is Light.NONE


def test_an_unannounced_year_is_red_or_green_but_never_an_error() -> None:
    opened, due = at("2031-03-16T10:00"), at("2031-03-19T12:00")
    assert light_of(CALENDAR, opened, due, at("2031-03-19T11:00")) is Light.GREEN
    assert light_of(CALENDAR, opened, due, at("2031-03-19T13:00")) is Light.RED
    assert working_span(CALENDAR, opened, due).unit == "day"


@pytest.mark.parametrize(
    ("start", "end", "span"),
    [
        ("2026-03-16T11:30", "2026-03-16T14:00", Span(1, "hour")),
        ("2026-03-16T11:30", "2026-03-16T13:00", Span(30, "minute")),
        ("2026-03-13T17:00", "2026-03-16T09:00", Span(0, "minute")),
        ("2026-03-13T16:00", "2026-03-17T17:00", Span(2.0, "day")),
        ("2026-03-16T09:00", "2026-03-17T12:30", Span(1.0, "day")),
    ],
)
def test_lunch_nights_and_weekends_do_not_count(start: str, end: str, span: Span) -> None:
    assert working_span(CALENDAR, at(start), at(end)) == span


@pytest.mark.parametrize("opened", ["2026-03-02T08:00", "2026-03-13T11:59", "2026-03-16T09:00", "2026-03-16T12:15"])
@pytest.mark.parametrize("due", ["2026-03-16T12:00", "2026-03-16T17:00", "2026-03-17T10:10", "2026-04-10T17:00"])
def test_the_turned_round_threshold_says_what_the_warning_instant_says(opened: str, due: str) -> None:
    start, end = at(opened), at(due)
    now = start
    while start < end and (now := now + timedelta(minutes=47)) < end:
        before = yellow_before(CALENDAR, end, now)
        assert before is not None
        assert (start < before) is (now >= warn_at(CALENDAR, start, end)), now
