"""Samples of a month: five per cent by a kept seed and all that must be looked at; calls, inspections, the quarter's day on site."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from service.casework.quality import ComplaintForm, file_complaint, rate_case, register_list
from service.casework.quality.jobs import open_monthly, tend_on_site_days
from service.rules.quality import Candidate, draw, month_before, nth_workday, quarter_of, workdays_of
from service.rules.worktime import standard_calendar
from tests.casework.quality.conftest import Town, ended_case, finished
from tests.conftest import Clock

CALENDAR = standard_calendar()


# -- the rule ---------------------------------------------------------------------------------------------------


def population(count: int, *, marked: int = 0) -> list[Candidate]:
    """Cases, the first of which must be looked at."""
    return [Candidate(id=f"case-{n:04}", reasons=("REFUSED",) if n < marked else ()) for n in range(count)]


def test_the_same_seed_draws_the_same_sample_in_any_order():
    cases = population(1240, marked=9)
    first = draw(cases, "seed")
    assert first == draw(cases[::-1], "seed")
    assert first != draw(cases, "another")
    assert len(first) == 62 + 9
    assert [one.reasons for one in first[:9]] == [("REFUSED",)] * 9
    assert {one.reasons for one in first[9:]} == {("RANDOM",)}


@pytest.mark.parametrize(("count", "drawn"), [(0, 0), (1, 1), (20, 1), (21, 2)])
def test_five_per_cent_are_rounded_up(count: int, drawn: int):
    assert len(draw(population(count), "s", Decimal("0.05"))) == drawn


def test_months_and_quarters_are_counted_in_working_days():
    assert month_before(date(2026, 1, 5)) == "2025-12"
    assert [nth_workday(CALENDAR, date(2026, 3, day)) for day in (1, 2, 3)] == [0, 1, 2]
    assert quarter_of(date(2026, 5, 4)) == ("2026Q2", date(2026, 4, 1), date(2026, 6, 30))
    assert workdays_of(CALENDAR, date(2026, 3, 2), date(2026, 3, 8)) == 5


# -- in the office ----------------------------------------------------------------------------------------------


def month_of(town: Town, clock: Clock) -> dict[str, UUID]:
    """Four cases that ended in March; then it is the second working day of April and the job has run."""
    found = {"plain": ended_case(town), "bad": finished(town, number=2), "complained": finished(town, number=3)}
    found["refused"] = finished(town, decision="refuse", number=4)
    rate_case(town.office, town.who("lizhao"), found["bad"], 1, said="太慢")
    with town.office.reading() as records:
        number = records.cases.some([found["complained"]])[found["complained"]].business_key
    file_complaint(town.office, town.who("lizhao"), ComplaintForm(kind="fee", text="多收费", about=number or ""))
    clock.set("2026-04-02 08:41")
    monthly(town, clock)
    return found


def monthly(town: Town, clock: Clock) -> dict[str, object]:
    """The job of the month at this instant, and what it begins."""
    with town.office.transaction() as records:
        counts = open_monthly(town.office, records, clock.now)
    town.run()
    return counts


def test_the_month_is_drawn_once_and_what_must_be_looked_at_is_in_it(town: Town, clock: Clock):
    cases = month_of(town, clock)
    with town.office.reading() as records:
        calls = records.quality.sampling_of("CALLBACK", "2026-03")
        inspection = records.quality.sampling_of("INSPECTION", "2026-03")
    assert calls is not None and inspection is not None
    assert calls.population == 4 and len(calls.seed) == 32
    drawn = {one["case"]: one for one in calls.selected}
    assert drawn[str(cases["refused"])]["reasons"] == "不予"
    assert drawn[str(cases["bad"])]["reasons"] == "差评"
    assert drawn[str(cases["complained"])]["reasons"] == "投诉"
    assert drawn[str(cases["plain"])]["reasons"] == "随机"
    assert sorted(one["visit"] for one in calls.selected) == [f"HF-202603-000{n}" for n in range(1, 5)]
    assert monthly(town, clock) == {"opened": 0, "period": "2026-03"}
    again = draw(
        [
            Candidate(
                id=str(id),
                reasons={"refused": ("REFUSED",), "bad": ("BAD_RATING",), "complained": ("COMPLAINT",)}.get(name, ()),
            )
            for name, id in cases.items()
        ],
        calls.seed,
    )
    assert [one.id for one in again] == [one["case"] for one in calls.selected]


def test_calls_are_made_problems_become_complaints_and_the_rate_is_kept(town: Town, clock: Clock):
    month_of(town, clock)
    [row] = register_list(town.office, town.who("jiangyue"), "callbacks").items
    assert (row.state, row.values["period"], row.sample is not None) == ("calling", "2026-03", True)
    said = {"handled": "备案", "time_used": "一天", "money_spent": "没有", "misconduct": "没有", "satisfaction": "4"}
    for _ in range(3):
        assert town.step(row.case.id, "Task_Call", reached="yes", **said, follow="none") == "jiangyue"
    town.step(row.case.id, "Task_Call", reached="yes", **said, follow="complaint", problem="材料告知不清")
    assert town.end(row.case.id) == "End_Callback"
    assert town.values(row.case.id)["reached_count"] == 4
    with town.office.reading() as records:
        papers = [one for one in records.documents.of_case(row.case.id) if one.code == "W30"]
        _, [started] = records.exchange.linked(row.case.id)
    assert [one.state for one in papers] == ["ISSUED"] * 4
    values = town.values(started.id)
    assert (values["complaint_text"], values["source"], values["department"]) == ("材料告知不清", "callback", "101")
    assert values["complaint_no"] == "TS-2026-0002"


def test_an_inspection_orders_the_department_to_put_right_what_stands(town: Town, clock: Clock):
    month_of(town, clock)
    [row] = register_list(town.office, town.who("sunli"), "inspections").items
    right = {"lawful": "yes", "timely": "yes", "charged": "free"}
    for n in range(4):
        found = {"result": "problem", "findings": "未一次告知"} if n < 2 else {"result": "fine"}
        assert town.step(row.case.id, "Task_Check", **right, **found) == "sunli"
    town.step(row.case.id, "Task_Confirm", by="tianyue", confirmed="yes", reason="属实")
    town.step(row.case.id, "Task_Confirm", by="tianyue", confirmed="yes", reason="属实")
    assert town.end(row.case.id) == "End_Sampling"
    with town.office.reading() as records:
        _, orders = records.exchange.linked(row.case.id)
    assert len(orders) == 2
    values = town.values(orders[0].id)
    assert values["order_to"] == "101" and "抽查发现问题：未一次告知" in values["order_matter"]
    assert [one.element for one in town.open(orders[0].id)] == ["Task_Issue"]


def test_nothing_is_drawn_on_another_day_and_an_empty_month_is_over_at_once(town: Town, clock: Clock):
    clock.set("2026-03-04 08:41")
    assert monthly(town, clock) == {"opened": 0}
    clock.set("2026-03-03 08:41")
    assert monthly(town, clock) == {"opened": 2, "period": "2026-02"}
    [row] = register_list(town.office, town.who("jiangyue"), "callbacks").items
    assert row.state == "empty"


# -- the quarter ------------------------------------------------------------------------------------------------


def quarterly(town: Town, clock: Clock, at: str) -> dict[str, object]:
    """The job at an instant."""
    clock.set(at)
    with town.office.transaction() as records:
        counts = tend_on_site_days(town.office, records, clock.now)
    town.run()
    return counts


def of_housing(town: Town) -> Any:
    """The day of 104, among those of all departments that handle items."""
    [row] = register_list(town.office, town.who("sunli"), "on_site", department="104").items
    return row


def test_every_department_with_a_head_has_one_day_a_quarter(town: Town, clock: Clock):
    assert quarterly(town, clock, "2026-04-01 08:41") == {"opened": 28, "told": 0, "quarter": "2026Q2"}
    assert quarterly(town, clock, "2026-04-01 08:42")["opened"] == 0
    row = of_housing(town)
    assert (row.state, row.open[0].row.assignee) == ("waiting", "luoming")
    town.step(row.case.id, "Task_OnSite", held_on="2026-05-20", hours=4, problems="取号慢\n资料看不懂")
    assert town.step(row.case.id, "Task_Solve", solved="增设取号机") == "chengang"
    town.step(row.case.id, "Task_Solve", solved="重写指南")
    assert town.end(row.case.id) == "End_OnSite"


def test_who_has_not_been_there_is_told_twice_and_then_made_known(town: Town, clock: Clock):
    quarterly(town, clock, "2026-04-01 08:41")
    row = of_housing(town)
    last = [day for day in range(1, 31) if CALENDAR.is_workday(date(2026, 6, day))]
    assert quarterly(town, clock, f"2026-06-{last[-15]:02} 08:41")["told"] == 28
    assert quarterly(town, clock, f"2026-06-{last[-15]:02} 08:42")["told"] == 28
    assert quarterly(town, clock, f"2026-06-{last[-1]:02} 08:41")["told"] == 28
    with town.office.reading() as records:
        texts = [
            one.text for one in records.messages.of_case(row.case.id) if one.code == "L12" and one.box == "luoming"
        ]
    assert sum("剩余15个工作日" in one for one in texts) == 1
    assert sum("剩余1个工作日" in one for one in texts) == 1
    clock.now = datetime(2026, 7, 1, 1, tzinfo=UTC)
    town.run()
    assert town.end(row.case.id) == "End_Missed"
    with town.office.reading() as records:
        cards = [(one.violation, one.addressee) for one in records.supervision.of_case(row.case.id)]
    assert cards == [("ON_SITE_MISSING", "104")]
