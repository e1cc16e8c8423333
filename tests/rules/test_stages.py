"""Stage plans and the receipt of applications (DOMAIN D.3, D.6)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.rules.clocks import Suspension
from service.rules.receipt import (
    DEEMED,
    Gap,
    check_notice,
    correction,
    decide_by,
    deemed_acceptance,
    receipt_clock,
    receipt_ladder,
)
from service.rules.refusals import Conflict, Invalid
from service.rules.stages import check_plan, default_plan, planned_dues, scaled_plan
from service.rules.worktime import standard_calendar
from tests.rules.conftest import at, vectors

CALENDAR = standard_calendar()
DAY = date(2026, 3, 16)


def test_a_plan_longer_than_its_promise_is_refused():
    with pytest.raises(Invalid) as refused:
        check_plan((1, 2, 2, 2), 3)
    assert refused.value.code == "STAGE_PLAN_TOO_LONG"
    check_plan((1, 2, 2, 1), 3)


@pytest.mark.parametrize("v", vectors("stage_slots"))
def test_stages_end_as_planned(v):
    dues = planned_dues(CALENDAR, at(v["start"]), tuple(v["stages"]))
    assert [d and d.replace(tzinfo=None).isoformat() for d in dues] == [
        due if stage else None for stage, due in zip(v["stages"], v["stage_due"], strict=True)
    ]


PLANS = {
    1: (0, 1, 1, 0), 2: (1, 1, 1, 1), 3: (1, 2, 2, 1), 4: (1, 4, 2, 1), 6: (1, 8, 2, 1), 7: (1, 9, 2, 2), 9: (1, 13, 2, 2),
    10: (1, 13, 4, 2), 19: (1, 31, 4, 2), 20: (1, 31, 6, 2), 30: (1, 51, 6, 2),
}  # fmt: skip


@pytest.mark.parametrize(("n", "plan"), PLANS.items())
def test_default_plans(n, plan):
    assert default_plan(n) == plan


@given(st.integers(1, 60), st.datetimes(at("2024-01-02").replace(tzinfo=None), at("2026-06-01").replace(tzinfo=None)))
def test_no_plan_outlasts_its_case(n, start):
    plan = default_plan(n)
    check_plan(plan, n)
    begun = start.replace(tzinfo=at("2024-01-01").tzinfo)
    assert all(
        due is None or due <= CALENDAR.due_after_workdays(begun, n) for due in planned_dues(CALENDAR, begun, plan)
    )


@given(st.integers(2, 60))
def test_the_green_channel_halves_a_plan_and_leaves_every_stage_a_half_day(n):
    plan, half = default_plan(n), -(-n // 2)
    scaled = scaled_plan(plan, half)
    assert all(bool(before) == bool(after) for before, after in zip(plan, scaled, strict=True))
    assert sum(scaled) == max(2 * half, sum(part > 0 for part in plan))
    assert scaled_plan((0, 0, 0, 0), half) == (0, 0, 0, 0)


# -- receipt ----------------------------------------------------------------------------------------------------


def test_a_notice_names_all_gaps_at_once_and_once_only():
    old, new = (
        Gap(material="营业执照", since=DAY),
        Gap(material="消防证明", since=DAY + timedelta(9), reason="已过有效期"),
    )
    told = {"申请表": DAY + timedelta(1)}
    for gaps, earlier, shared, code in (
        ([], {}, (), "NOTICE_WITHOUT_GAPS"),
        ([old], told, (), "NOTICE_ONCE"),
        ([new, old], told, (), "NOTICE_ONCE"),
        ([Gap(material="消防证明", since=new.since)], told, (), "NOTICE_ONCE"),
        ([old], {}, ("营业执照",), "MATERIAL_SHARED"),
    ):
        with pytest.raises((Invalid, Conflict)) as refused:
            check_notice(gaps, earlier=earlier, shared=shared)
        assert refused.value.code == code
    check_notice([old], earlier={})
    check_notice([new], earlier=told)


@pytest.mark.parametrize("v", vectors("deemed_acceptance"))
def test_silence_accepts_as_of_the_day_of_receipt(v):
    found = deemed_acceptance(CALENDAR, at(f"{v['received']}T10:00"), v["n"])
    assert found.accepted_on.isoformat() == v["received"]
    assert found.deemed_at == at(f"{v['notice_limit']}T17:00")
    assert found.due.day.isoformat() == v["due"]
    assert found.overdue == (v["state_at_deemed"] == "RED")
    assert "第三十二条视为受理" in DEEMED.words()


def test_the_receipt_clock_climbs_to_the_chief_representative_and_supervision():
    ladder = receipt_ladder(CALENDAR, at("2026-03-16T10:00"))
    assert ladder.yellow == at("2026-03-16T17:00") and ladder.red == at("2026-03-17T12:00")
    assert (ladder.chief_rep, ladder.supervision) == (at("2026-03-18T12:00"), at("2026-03-19T12:00"))
    assert ladder.deemed == at("2026-03-23T17:00")
    pollution = receipt_clock(at("2026-03-16T10:00"), limit=3)
    assert receipt_ladder(CALENDAR, pollution.started, pollution).deemed == at("2026-03-19T17:00")


def test_the_ladder_of_a_receipt_stands_still_while_the_applicant_corrects():
    received = at("2026-03-16T10:00")
    pause = Suspension(
        kind="CORRECTION",
        after=date(2026, 3, 17),
        through=date(2026, 3, 25),
        began_at=at("2026-03-17T09:30"),
        ended_at=at("2026-03-25T14:30"),
    )
    ladder = receipt_ladder(CALENDAR, received, receipt_clock(received).with_pause(pause))
    assert (ladder.yellow, ladder.red) == (at("2026-03-16T17:00"), at("2026-03-25T17:00"))
    assert (ladder.chief_rep, ladder.supervision) == (at("2026-03-26T17:00"), at("2026-03-27T17:00"))


def test_the_applicant_has_thirty_working_days_and_is_reminded_three_times():
    found = correction(CALENDAR, DAY)
    assert found.reply_by == date(2026, 4, 28)
    assert found.reminders == (date(2026, 3, 30), date(2026, 4, 14), date(2026, 4, 24))
    assert decide_by(CALENDAR, date(2026, 9, 30)).at == at("2026-10-08T17:00")
