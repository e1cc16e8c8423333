"""The proof sheet: every day, counted or not, by which rule, in a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from service.rules.clocks import Clock, Unit
from service.rules.counting import deadline, reading
from service.rules.explaining import DayRule, explain
from service.rules.worktime import standard_calendar
from tests.rules.conftest import VECTORS, at, clock, pause

CALENDAR = standard_calendar()


def said(one, now: str = "2026-01-01T10:00") -> list[str]:
    return [line.sentence.words() for line in explain(CALENDAR, one, at(now))]


def rules(one, now: str = "2026-01-01T10:00") -> list[DayRule]:
    return [line.rule for line in explain(CALENDAR, one, at(now))]


def test_weekends_holidays_and_makeup_days_are_named():
    lines = said(clock("2026-02-13", 2))
    assert lines[0] == "2026-02-13 周五：开始当日，不计入（《民法典》第二百零一条）。"
    assert lines[1] == "2026-02-14 周六：调休上班，计入，第1个工作日。"
    assert lines[2] == "2026-02-15 周日：周末，不计入。"
    assert lines[3] == "2026-02-16 周一：节假日放假，不计入。"
    assert lines[-1] == "2026-02-24 周二：工作日，计入，第2个工作日，17:00到期。"
    assert len(lines) == 12


def test_all_reasons_of_a_pause_are_named():
    both = [
        ("2026-03-17", "2026-03-19"),
        pause("2026-03-18", "2026-03-19", "HEARING"),
        pause("2026-03-18", "2026-03-19", "停电"),
    ]
    lines = said(clock("2026-03-16", 2, pauses=both))
    assert lines[2] == "2026-03-18 周三：暂停计时（专家评审），不计入。"
    assert lines[3] == "2026-03-19 周四：暂停计时（专家评审、听证、停电），不计入。"


def test_added_time_and_overdue_days_are_marked():
    lines = said(clock("2026-03-16", 1, added=1), "2026-03-20T10:00")
    assert lines[2:] == [
        "2026-03-18 周三：工作日，计入，第2个工作日（延长的期限），17:00到期。",
        "2026-03-19 周四：已超期，第1个工作日。",
        "2026-03-20 周五：已超期，第2个工作日。",
    ]


def test_a_limit_in_days_of_the_calendar_rolls_forward():
    assert rules(clock("2026-09-29", 7, Unit.CALENDAR))[-3:] == [DayRule.CALENDAR_DAY, DayRule.ROLLED, DayRule.ROLLED]


def test_a_clock_with_nothing_left_is_due_when_it_goes_on():
    found = rules(clock("2026-03-16", 3, pauses=[("2026-03-19", "2026-03-28")]))
    assert found[-3:] == [DayRule.WEEKEND, DayRule.WEEKEND, DayRule.RESUMED]


@pytest.mark.parametrize(
    ("one", "last"),
    [
        (clock("2026-02-15", 0), "2026-02-24 周二：即办件，当日办结，17:00到期。"),
        (clock("2026-03-16T14:00", 5, Unit.HALFDAY), "2026-03-19 周四：工作日，计入1个半日，累计5个半日，12:00到期。"),
        (clock("2026-03-16T14:00", 8, Unit.HOUR), "2026-03-17 周二：工作日，计入5小时，累计8小时，15:30到期。"),
    ],
)
def test_other_units(one, last):
    assert said(one)[-1] == last


def test_late_half_days_and_hours_add_up():
    assert said(clock("2026-03-16T10:00", 1, Unit.HALFDAY), "2026-03-17T10:00")[-1].endswith("已超期，累计2个半日。")
    assert said(clock("2026-03-16T10:00", 1, Unit.HOUR), "2026-03-17T18:00")[-1].endswith("已超期，累计11小时。")
    assert rules(clock("2026-03-13T17:00", 1, Unit.HOUR))[:2] == [DayRule.CLOSED, DayRule.WEEKEND]


def test_a_stopped_clock_is_told_up_to_its_end():
    one = clock("2026-03-16", 5, stopped_at=at("2026-03-18T11:00"))
    assert [line.day.day for line in explain(CALENDAR, one, at("2026-06-01T10:00"))] == [16, 17, 18]


@pytest.mark.parametrize("unit", list(Unit))
def test_the_first_and_the_last_day_of_the_calendar_can_be_told(unit):
    assert explain(CALENDAR, clock("2024-01-01", 2, unit), at("2024-01-01T10:00"))[0].day.day == 1
    assert explain(CALENDAR, clock("2026-12-29", 2, unit), at("2026-12-29T10:00"))[-1].day.year == 2026


def every_vector() -> Iterator[tuple[str, Clock]]:
    """Every clock the domain gives a date for, in days and half-days."""
    for v in (*VECTORS["add_wd"], *VECTORS["suspension"], *VECTORS["extension"], *VECTORS["agency20"]):
        yield v["id"], clock(v["start"], v.get("n", 20), pauses=v.get("suspensions", ()), added=v.get("ext", 0))
    for v in VECTORS["effective_due"]:
        yield v["id"], clock(v["accepted"], v["promised_wd"])
        yield v["id"], clock(v["received"], v["stat_days"], Unit.CALENDAR)
    for v in VECTORS["deemed_acceptance"]:
        yield v["id"], clock(v["received"], v["n"])
    for v in VECTORS["chain_freeze"]:
        yield v["id"], clock(v["start"], v["n"], pauses=v["frozen"])
    for v in VECTORS["escalation"]:
        yield v["id"], clock(v["start"], v["halfdays"], Unit.HALFDAY)
    for v in VECTORS["stage_slots"]:
        for n in v["stages"]:
            yield v["id"], clock(v["start"], n or 1, Unit.HALFDAY)


@pytest.mark.parametrize(
    ("name", "one"), tuple(every_vector()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_the_counted_lines_add_up_to_what_the_clock_has_used(name, one):
    due = deadline(CALENDAR, one)
    for hours in (0, 4, 26, 51, 75):
        for now in (
            one.started + timedelta(hours=hours),
            due.at - timedelta(hours=hours),
            due.at + timedelta(hours=hours),
        ):
            if now < one.started:
                continue
            lines = explain(CALENDAR, one, now, ahead=False)
            assert round(sum(line.units + line.over for line in lines), 2) == reading(CALENDAR, one, now).used, now
            assert lines[-1].day == now.date()
            if now < due.at:
                assert lines == explain(CALENDAR, one, now)[: len(lines)] or one.unit is Unit.HALFDAY
