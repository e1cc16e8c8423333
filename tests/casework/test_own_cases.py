"""我的办件: only one's own, one status line without names, what there is to do, drafts that are taken up again."""

from __future__ import annotations

from uuid import UUID

import pytest

from service.casework import complete_task, start_case
from service.casework.drafts import MOST, drop_draft, keep_draft, open_draft, own_drafts
from service.casework.office import Office
from service.casework.own_cases import Duty, own_cases
from service.cli.deploy import deploy_paths
from service.rules.refusals import Conflict, Forbidden, Missing
from tests.casework.desk import open_tasks
from tests.casework.papers.city import APPLICATION, CORRECT
from tests.casework.window.hall import BUILDING, open_hall, settle, taken, who
from tests.conftest import Clock
from tests.processes.library import ROOT


@pytest.fixture
def hall(any_demo_office: Office) -> Office:
    return open_hall(any_demo_office)


@pytest.fixture
def demo(demo_office: Office) -> Office:
    return open_hall(demo_office)


def filed(office: Office) -> UUID:
    """李昭 applies online."""
    case = start_case(office, who(office, "lizhao"), key=BUILDING, variables=APPLICATION).id
    settle(office)
    return case


def test_a_draft_is_nobody_elses(demo: Office) -> None:
    draft = keep_draft(demo, who(demo, "lizhao"), BUILDING, {"applicant": "云溪华印制罐有限公司"})
    for act in (open_draft, drop_draft):
        with pytest.raises(Missing):
            act(demo, who(demo, "wangfang"), draft)
    with pytest.raises(Missing):
        keep_draft(demo, who(demo, "wangfang"), BUILDING, {}, draft_id=draft)
    with pytest.raises(Forbidden):
        keep_draft(demo, who(demo, "zhangwei"), BUILDING, {})
    with pytest.raises(Missing):
        keep_draft(demo, who(demo, "lizhao"), "nothing", {})
    for _ in range(MOST - 1):
        keep_draft(demo, who(demo, "lizhao"), BUILDING, {})
    with pytest.raises(Conflict):
        keep_draft(demo, who(demo, "lizhao"), BUILDING, {})


def test_a_draft_is_taken_up_days_later_under_the_same_number(hall: Office, clock: Clock) -> None:
    person = who(hall, "lizhao")
    draft = keep_draft(hall, person, BUILDING, {"applicant": "云溪华印制罐有限公司"})
    number = open_draft(hall, person, draft).number
    clock.advance(days=4)
    assert keep_draft(hall, person, BUILDING, {"applicant": "华印", "contact": "李昭"}, draft_id=draft) == draft
    (found,) = own_drafts(hall, person)
    assert found.number == number and found.entries["contact"] == "李昭"
    drop_draft(hall, person, draft)
    assert own_drafts(hall, person) == ()


def test_one_sees_ones_own_cases_only_with_a_status_and_no_names(hall: Office) -> None:
    case = filed(hall)
    taken(hall)
    found = own_cases(hall, who(hall, "lizhao"))
    assert [one.line.id for one in found.items] == [case] and found.counts == {"running": 1, "ended": 0}
    (one,) = found.items
    assert one.progress.stages == ("ACCEPT",) and one.visits == 0 and one.withdrawable
    assert own_cases(hall, who(hall, "lizhao"), search="没有").total == 0
    assert own_cases(hall, who(hall, "zhangwei")).total == 0


def test_a_correction_is_something_to_do_until_its_day(demo: Office) -> None:
    case = filed(demo)
    complete_task(demo, who(demo, "wangfang"), open_tasks(demo, case)["Task_Accept"].id, answers=CORRECT)
    settle(demo)
    (one,) = own_cases(demo, who(demo, "lizhao")).items
    (todo,) = one.todos
    assert todo.duty is Duty.CORRECTION and todo.until is not None and todo.until.isoformat() == "2026-04-28"
    assert (
        "质量安全措施" in todo.what and "(自)" not in todo.what and "收件凭证" in [paper.title for paper in one.papers]
    )


def test_a_counter_visit_counts_as_one(demo: Office) -> None:
    taken(demo)
    (one,) = own_cases(demo, who(demo, "wangfang")).items
    assert one.visits == 1


def test_a_chain_shows_one_status_line_across_all_departments(demo: Office) -> None:
    deploy_paths(demo, [ROOT / "processes", ROOT / "forms"], "processes")
    case = start_case(demo, who(demo, "lizhao"), key="chain_JS_35", variables=APPLICATION).id
    settle(demo)
    (one,) = own_cases(demo, who(demo, "lizhao")).items
    assert one.line.id == case and one.progress.phase is not None
    said = one.progress.phase
    assert said.nth == 1 and said.of >= 3 and said.items
