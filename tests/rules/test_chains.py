"""Joint chains, meetings and agency service (DOMAIN D.11, D.12)."""

from __future__ import annotations

from datetime import date

import pytest

from service.rules.chains import (
    NodeResult,
    NodeRun,
    Step,
    attribute,
    chain_clock,
    check_budgets,
    frozen_days,
    milestone_code,
    milestone_dues,
    node_due,
    read_steps,
)
from service.rules.clocks import Extension, Unit
from service.rules.counting import deadline
from service.rules.meetings import agency_clock, meeting_dates
from service.rules.refusals import Invalid
from service.rules.worktime import standard_calendar
from tests.rules.conftest import VECTORS, at, pause, vectors

CALENDAR = standard_calendar()


def d(text: str) -> date:
    return date.fromisoformat(text if len(text) > 5 else f"2026-{text}")


def test_a_chain_longer_than_the_law_allows_is_refused():
    with pytest.raises(Invalid) as refused:
        check_budgets((1, 20, 25))
    assert refused.value.code == "CHAIN_TOO_LONG"
    check_budgets((1, 19, 25))


@pytest.mark.parametrize("key", ["GY25", "JS35"])
def test_milestones_add_up_from_the_declaration(key):
    for chain in VECTORS["chains"][key]:
        dues = milestone_dues(CALENDAR, d(chain["start"]), [m["budget"] for m in chain["milestones"]])
        assert [due.isoformat() for due in dues] == [m["due"] for m in chain["milestones"]]


@pytest.mark.parametrize("v", vectors("chain_freeze"))
def test_frozen_chain_days_are_not_counted(v):
    frozen = [pause(*interval) for interval in v["frozen"]]
    assert deadline(CALENDAR, chain_clock(d(v["start"]), v["n"], frozen)).day.isoformat() == v["due"]


FROZEN = {
    "V16-01": ([NodeRun(started=d("03-03"), finished=d("03-13"))], [(d("03-10"), d("03-20"))]),
    "V16-02": ([NodeRun(started=d("03-03"), finished=d("03-10"))], [(d("03-10"), d("03-20"))]),
    "V16-03": (
        [
            NodeRun(started=d("03-03"), pauses=((d("03-11"), d("03-25")),)),
            NodeRun(started=d("03-10"), finished=d("03-18")),
        ],
        [],
    ),
    "V16-04": (
        [
            NodeRun(started=d("03-03"), pauses=((d("03-18"), d("03-25")),)),
            NodeRun(started=d("03-03"), pauses=((d("03-20"), d("03-31")),)),
        ],
        [],
    ),
    "V16-05": ([NodeRun(started=d("09-11"), finished=d("09-22"))], [(d("09-22"), d("10-09"))]),
}


@pytest.mark.parametrize("v", vectors("chain_freeze"))
def test_a_chain_is_frozen_only_while_nothing_runs_and_somebody_is_waited_for(v):
    nodes, waiting = FROZEN[v["id"]]
    found = frozen_days(nodes, waiting, d("10-31"))
    assert [[one.after.isoformat(), one.through.isoformat()] for one in found] == v["frozen"]


def test_idle_days_of_the_agencies_count():
    done = [NodeRun(started=d("03-03"), finished=d("03-10"))]
    assert frozen_days(done, [], d("03-31")) == ()


def test_a_frozen_chain_moves_what_is_not_over_and_an_extension_moves_the_end():
    budgets = (1, 5, 8, 7, 3, 1)
    plain = milestone_dues(CALENDAR, d("03-02"), budgets)
    moved = milestone_dues(CALENDAR, d("03-02"), budgets, [pause("2026-03-13", "2026-03-20")])
    assert moved[:2] == plain[:2] and all(after > before for before, after in zip(plain[2:], moved[2:], strict=True))
    assert moved[-1] == d("04-14")
    added = milestone_dues(CALENDAR, d("03-02"), budgets, extension=Extension(amount=15))
    assert added[:-1] == plain[:-1] and added[-1] == CALENDAR.add_workdays(d("03-02"), 40)
    assert milestone_dues(CALENDAR, d("03-02"), (1, 5), [pause("2026-03-05", None)]) == (d("03-03"), None)


@pytest.mark.parametrize("v", vectors("node_due"))
def test_a_node_keeps_its_own_limit_when_its_predecessor_was_late(v):
    found = node_due(CALENDAR, d(v["start"]), v["limit"], d(v["planned_start"]), d(v["milestone"]))
    assert found.isoformat() == v["node_due"]


def result(code: str, department: str, due: str, finished: str) -> NodeResult:
    return NodeResult(code=code, department=department, due=d(due), finished=d(finished))


def test_the_largest_overrun_answers_for_a_late_chain_and_the_lead_when_equal():
    nodes = [result("M1", "102", "03-10", "03-12"), result("M2", "103", "03-20", "03-23")]
    found = attribute(CALENDAR, d("04-07"), d("04-10"), nodes, "101")
    assert ([one.days_over for one in found.nodes], found.days_over, found.answerable) == ([2, 1], 3, "102")
    equal = [nodes[1], result("M3", "104", "03-31", "04-01")]
    assert attribute(CALENDAR, d("04-07"), d("04-10"), equal, "101").answerable == "101"
    assert attribute(CALENDAR, d("04-07"), d("04-07"), nodes, "101").answerable is None


@pytest.mark.parametrize("v", VECTORS["meeting"], ids=lambda v: f"month{v['month']}")
def test_the_meetings_of_a_month(v):
    found = meeting_dates(CALENDAR, 2026, v["month"])
    for name in ("joint", "project", "settle", "submit", "agenda_freeze", "notify"):
        assert getattr(found, name).isoformat() == v[name], name
    assert found.answer_by == at(f"{v['answer']}T17:00")


@pytest.mark.parametrize("v", vectors("agency20"))
def test_agency_service_within_twenty_days(v):
    assert deadline(CALENDAR, agency_clock(d(v["start"]), 3)).day.isoformat() == v["wd"]
    assert deadline(CALENDAR, agency_clock(d(v["start"]), 3, unit=Unit.CALENDAR)).day.isoformat() == v["cal"]
    assert agency_clock(d(v["start"]), 2) is None


def test_milestones_are_read_with_and_without_names():
    assert read_steps("M0:1,M1:8:立项用地") == (Step(code="M0", days=1), Step(code="M1", days=8, name="立项用地"))
    assert [one.title for one in read_steps("M0:1, M1:8:立项用地") or ()] == ["M0", "M1 立项用地"]
    assert read_steps("one:1") is None and read_steps("") is None
    assert [milestone_code(title) for title in ("M1 立项用地", "M1", "M10", "项目备案")] == ["M1", "M1", "", ""]
