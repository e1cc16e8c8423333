"""The views of a case: branches at a glance, the timeline by kind and page, diagrams ahead, the chain, paper; at a bounded cost."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from flask import Flask

from service.casework import Office, attend_due, complete_task, find_actor, start_case
from service.casework.correlating import correlate
from service.casework.workbench import case_page
from service.store.database import count_statements
from tests.casework.clocks.test_joint_chains import REPLIES, begun, state
from tests.casework.desk import ENGINE, deploy_text
from tests.conftest import Clock
from tests.web.pages.conftest import Visitor, begin, text
from tests.web.pages.test_task import GOOD, first_task

ROUNDS = (
    '<startEvent id="S"/><userTask id="Work" name="现场核查"/><exclusiveGateway id="Again" default="Back"/><endEvent id="E"/>'
    '<sequenceFlow id="A" sourceRef="S" targetRef="Work"/><sequenceFlow id="B" sourceRef="Work" targetRef="Again"/>'
    '<sequenceFlow id="C" sourceRef="Again" targetRef="E"><conditionExpression>=enough = true</conditionExpression></sequenceFlow>'
    '<sequenceFlow id="Back" sourceRef="Again" targetRef="Work"/>'
)
MANY = (
    '<startEvent id="S"/><userTask id="Each" name="部门意见"><multiInstanceLoopCharacteristics camunda:collection="parts" '
    'camunda:elementVariable="part"/></userTask><endEvent id="E"/>\nS -> Each\nEach -> E\n'
)


@pytest.fixture
def case(centre: Office, clerk: Visitor) -> UUID:
    """A case with two branches."""
    case_id = begin(centre)
    queued = first_task(centre, "wangfang")
    clerk.get(f"/tasks/{queued}")
    clerk.post(f"/tasks/{queued}", GOOD)
    return case_id


def test_every_branch_has_a_line_with_its_holder_and_its_end(case: UUID, clerk: Visitor) -> None:
    body = clerk.get(f"/cases/{case}").get_data(as_text=True)
    branches = re.findall(r'<li class="branch.*?</li>', body, re.S)
    assert len(branches) == 2 and "2 项并行" in body
    assert all("到期" in one for one in branches) and any("张伟" in one for one in branches)


def test_the_timeline_is_narrowed_by_kind_and_turned_round_in_the_address(case: UUID, clerk: Visitor) -> None:
    shown = text(clerk.get(f"/cases/{case}?kind=opinion"))
    assert "登记 完成" in shown and "收件，办件开始" not in shown.split("办理过程")[1]
    newest = text(clerk.get(f"/cases/{case}")).split("办理过程")[1]
    oldest = text(clerk.get(f"/cases/{case}?order=old")).split("办理过程")[1]
    assert newest.index("登记 完成") < newest.index("收件，办件开始")
    assert oldest.index("收件，办件开始") < oldest.index("登记 完成")
    assert "只看环节“登记”" in text(clerk.get(f"/cases/{case}?element=Task_Queue"))
    assert clerk.get(f"/cases/{case}?kind=nonsense&page=99&order=x").status_code == 200


def test_former_rounds_are_folded_and_pages_are_cut(centre: Office, clock: Clock, site: Flask) -> None:
    deploy_text(centre, ROUNDS, key="rounds")
    case_id = start_case(centre, ENGINE, key="rounds", title="多轮核查").id
    for _ in range(40):
        (task,) = state(centre, case_id)[0]
        clock.advance(minutes=1)
        complete_task(centre, ENGINE, task.id, answers={"opinion": "再看"})
    reader = Visitor(site).sign_in("sunli")
    body = reader.get(f"/cases/{case_id}").get_data(as_text=True)
    (folded,) = re.findall(r"<summary>(此前各轮.*?)</summary>", body)
    assert folded == "此前各轮：现场核查（30 条）" and "第 40 轮" in body
    assert "第 1 / 2 页" in text(reader.get(f"/cases/{case_id}"))
    assert reader.get(f"/cases/{case_id}?page=2").status_code == 200
    marks = reader.get(f"/cases/{case_id}/marks").json
    assert marks is not None and marks["elements"]["Work"]["count"] == "第 41 轮"


def test_a_loop_tells_how_many_are_done(centre: Office, site: Flask) -> None:
    deploy_text(centre, MANY, key="many")
    case_id = start_case(centre, ENGINE, key="many", variables={"parts": [1, 2, 3]}).id
    complete_task(centre, ENGINE, state(centre, case_id)[0][0].id)
    reader = Visitor(site).sign_in("sunli")
    marks = reader.get(f"/cases/{case_id}/marks").json
    assert marks is not None and marks["elements"]["Each"]["count"] == "1/3 已完成"
    assert "第 1 轮" not in text(reader.get(f"/cases/{case_id}"))


def test_the_diagram_tells_what_comes_next_and_where_its_acts_are(case: UUID, clerk: Visitor) -> None:
    marks = clerk.get(f"/cases/{case}/marks").json
    assert marks is not None and {"Join", "End", "F5", "F7"} <= set(marks["planned"]) and marks["running"]
    assert marks["elements"]["Task_Queue"]["acts"].endswith("element=Task_Queue#timeline")


@pytest.fixture
def chain(centre: Office, clock: Clock) -> UUID:
    """GY-25 after its acceptance."""
    case_id = begun(centre, clock, "chain_GY_25", eia_category="registration", land_area_m2=100, civil_building=False)
    (intake,) = state(centre, case_id)[0]
    complete_task(centre, ENGINE, intake.id, answers=REPLIES["Task_Intake"])
    while attend_due(centre):
        pass
    return case_id


def test_a_chain_shows_departments_items_lights_and_who_has_them(centre: Office, chain: UUID, site: Flask) -> None:
    reader = Visitor(site).sign_in("sunli")
    page = reader.get(f"/cases/{chain}/chain")
    said = text(page)
    assert page.status_code == 200 and "联办进展" in said and "项目备案" in said and "未到" in said
    rows = re.findall(r'<tr class="item branch-(\w+)"', page.get_data(as_text=True))
    assert "running" in rows and "ahead" in rows
    part = reader.get(f"/cases/{chain}/chain/part").get_data(as_text=True)
    assert "<html" not in part and "联办进展" in part
    assert f"/cases/{chain}/chain" in reader.get(f"/cases/{chain}").get_data(as_text=True)


def test_rulings_and_what_departments_asked_besides_said_stand_on_the_page_of_the_chain(
    centre: Office, chain: UUID, site: Flask
) -> None:
    lead = Visitor(site).sign_in("101-rep")
    assert "会议裁定" not in text(lead.get(f"/cases/{chain}/chain"))
    correlate(centre, ENGINE, "MSG_MEETING_RULED", case_id=chain, variables={"ruling_text": "同意先行办理水保"})
    joining = {"department": "107", "days": "4", "matter": "厂区绿地率", "reason": "占用绿地", "sure": "yes"}
    assert lead.post(f"/cases/{chain}/matrix/joined", joining).status_code == 302
    (desk,) = [one for one in state(centre, chain)[0] if one.element == "Task_Joined"]
    complete_task(centre, ENGINE, desk.id, answers={"conclusion": "agree", "opinion": "绿地率符合规划"})
    said = text(lead.get(f"/cases/{chain}/chain"))
    assert "会议裁定" in said and "同意先行办理水保" in said
    assert "会商和会审" in said and "绿地率符合规划" in said


def test_what_is_no_chain_has_no_such_view_and_strangers_find_none(
    case: UUID, chain: UUID, clerk: Visitor, site: Flask
) -> None:
    assert clerk.get(f"/cases/{case}/chain").status_code == 404
    stranger = Visitor(site).sign_in("115-a")
    for view in ("chain", "chain/part", "print", "print.pdf"):
        assert stranger.get(f"/cases/{chain}/{view}").status_code == 404, view


def test_the_sheet_names_everybody_who_gave_an_opinion(case: UUID, clerk: Visitor) -> None:
    page = text(clerk.get(f"/cases/{case}/print"))
    assert "审批表" in page and "材料齐全，同意。" in page and "王芳" in page and "同意" in page
    file = clerk.get(f"/cases/{case}/print.pdf")
    assert file.mimetype == "application/pdf" and file.data.startswith(b"%PDF")


def test_a_case_page_asks_as_many_questions_for_twenty_branches_as_for_three(
    centre: Office, clock: Clock, site: Flask
) -> None:
    deploy_text(centre, MANY, key="many")
    reader = Visitor(site).sign_in("sunli")
    costs = []
    for number in (3, 20):
        case_id = start_case(centre, ENGINE, key="many", variables={"parts": list(range(number))}).id
        reader.get(f"/cases/{case_id}")
        with count_statements(centre.database) as count:
            assert reader.get(f"/cases/{case_id}").status_code == 200
        costs.append(sum("FROM setting" not in one for one in count.sql))  # the demo clock is read once in a while
    assert costs[1] <= costs[0] <= 65, count.sql


def test_the_overview_of_a_long_case_is_one_reading(centre: Office, chain: UUID) -> None:
    actor = find_actor(centre, "sunli")
    assert actor is not None
    case_page(centre, actor, chain)
    with count_statements(centre.database) as count:
        case_page(centre, actor, chain)
    assert count.statements <= 25, count.sql
