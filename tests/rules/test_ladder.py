"""The escalation ladder and its cards (DOMAIN C.5.4, D.8)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.rules.cards import CardLevel, Violation, appeal_by, raise_card
from service.rules.clocks import Clock, ClockKind, Suspension, Unit
from service.rules.ladder import POWERS, Rung, immediate_ladder, ladder, returned_limit, stage_clock
from service.rules.worktime import SHANGHAI, standard_calendar
from tests.rules.conftest import at, clock, pause, vectors

CALENDAR = standard_calendar()


def test_supervision_is_told_but_never_gets_the_task():
    for powers in POWERS.values():
        assert "supervisor" not in (*powers.may_claim, powers.owner, powers.may_get)
    assert set(POWERS) == set(Rung)
    assert POWERS[Rung.YELLOW].may_claim == ("reviewer_b",) and POWERS[Rung.RED].owner == "chief_rep"
    assert POWERS[Rung.SUPERVISION].order and POWERS[Rung.LEADER].card == "RED"


@pytest.mark.parametrize("v", vectors("escalation"))
def test_the_rungs_of_one_stage(v):
    found = ladder(CALENDAR, stage_clock(at(v["start"]), v["halfdays"]))
    expected = [(rung, at(v[rung.value])) for rung in Rung if v.get(rung.value)]
    assert list(found.rungs()) == expected
    assert found.due(expected[-1][1]) == tuple(rung for rung, _ in expected)
    assert found.due(at(v["start"])) == ()


@pytest.mark.parametrize(
    ("unit", "n", "yellow", "red", "supervision", "leader"),
    [
        (Unit.WORKDAY, 3, "03-18T09:00", "03-19T17:00", "03-20T17:00", "03-23T17:00"),
        (Unit.WORKDAY, 1, "03-17T09:00", "03-17T17:00", "03-18T17:00", "03-19T17:00"),
        (Unit.HOUR, 4, "03-16T14:30", "03-16T15:30", "03-17T17:00", "03-18T17:00"),
    ],
)
def test_a_limit_in_days_or_hours_climbs_by_its_own_lights(unit, n, yellow, red, supervision, leader):
    found = ladder(CALENDAR, Clock(started=at("2026-03-16T10:00"), amount=n, unit=unit, kind=ClockKind.STAGE))
    wanted = [(Rung.YELLOW, yellow), (Rung.RED, red), (Rung.SUPERVISION, supervision), (Rung.LEADER, leader)]
    assert list(found.rungs()) == [(rung, at(f"2026-{text}")) for rung, text in wanted]


def test_the_ladder_stands_still_while_the_clock_is_paused():
    stop, go = at("2026-03-17T10:00"), at("2026-03-19T10:00")
    paused = Suspension(kind="EXPERT", after=stop.date(), through=go.date(), began_at=stop, ended_at=go)
    opened = at("2026-03-16T10:00")
    found = ladder(CALENDAR, stage_clock(opened, 6, (paused,)))
    assert (found.red, found.supervision) == (at("2026-03-23T12:00"), at("2026-03-24T12:00"))
    order = Suspension(
        kind="FORCE_MAJEURE",
        after=date(2026, 3, 19),
        through=date(2026, 3, 24),
        began_at=at("2026-03-19T14:00"),
        ended_at=at("2026-03-24T14:00"),
    )
    late = ladder(CALENDAR, stage_clock(opened, 6, (order,)))
    assert (late.red, late.supervision) == (at("2026-03-19T12:00"), at("2026-03-25T12:00"))
    assert ladder(CALENDAR, stage_clock(opened, 6, (pause("2026-03-17", None),))) is None


def test_an_immediate_item_climbs_by_the_next_day():
    found = immediate_ladder(CALENDAR, at("2026-03-13T16:50"))
    assert ladder(CALENDAR, stage_clock(at("2026-03-13T16:50"), 0)) == found
    assert (found.reminder, found.yellow, found.red) == (None, at("2026-03-13T17:00"), at("2026-03-13T17:00"))
    assert (found.supervision, found.leader) == (at("2026-03-16T10:00"), at("2026-03-16T17:00"))


def test_a_returned_task_gets_what_is_left_of_the_case_at_least_half_a_day():
    case = clock("2026-03-16", 3)
    assert returned_limit(CALENDAR, case, at("2026-03-18T10:00")) == 3
    assert returned_limit(CALENDAR, case, at("2026-03-19T14:00")) == 1
    assert returned_limit(CALENDAR, case, at("2026-03-25T14:00")) == 1
    frozen = clock("2026-03-16", 3, pauses=[("2026-03-18", "2026-03-20")])
    assert returned_limit(CALENDAR, frozen, at("2026-03-18T10:00")) == 3


@given(st.datetimes(at("2024-01-02").replace(tzinfo=None), at("2026-06-01").replace(tzinfo=None)), st.integers(0, 60))
def test_every_ladder_climbs_in_order(opened, n):
    found = ladder(CALENDAR, stage_clock(opened.replace(tzinfo=SHANGHAI), n))
    instants = [instant for _, instant in found.rungs()]
    assert instants == sorted(instants) and instants[0] >= opened.replace(tzinfo=SHANGHAI)
    assert found.red < found.supervision < found.leader


# -- cards ------------------------------------------------------------------------------------------------------

DAY = date(2026, 3, 19)


def test_the_same_card_is_given_once_and_a_second_yellow_turns_red():
    first = raise_card(Violation.STAGE_OVERDUE, "zhangwei", "104", DAY, ())
    assert (first.level, first.to, first.upgraded) == (CardLevel.YELLOW, "zhangwei", False)
    assert raise_card(Violation.STAGE_OVERDUE, "zhangwei", "104", DAY, [first]) is None
    second = raise_card(Violation.STAGE_OVERDUE, "liuyang", "104", DAY, [first])
    assert (second.level, second.upgraded) == (CardLevel.RED, True)


def test_an_overdue_case_is_the_departments_and_a_statutory_one_a_fault():
    case = raise_card(Violation.CASE_OVERDUE, "zhangwei", "104", DAY, ())
    assert (case.level, case.to, case.fault) == (CardLevel.RED, "104", False)
    assert raise_card(Violation.STATUTORY_OVERDUE, "zhangwei", "104", DAY, [case]).fault
    hint = raise_card(Violation.YELLOW_LIGHT, "zhangwei", "104", DAY, ())
    assert hint.level is CardLevel.HINT
    assert raise_card(Violation.TACIT_STAGE, "zhangwei", "104", DAY, [hint]).level is CardLevel.YELLOW
    assert raise_card(Violation.LATE_CORRECTION_NOTICE, "wangfang", "200", DAY, ()).to == "wangfang"
    assert appeal_by(CALENDAR, DAY) == date(2026, 3, 24)
