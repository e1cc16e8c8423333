"""牵头部门协调人 in the browser: the board of the chains the department leads, JS-35 with all its branches, 催办部门, 召集会商, 汇总意见."""

from __future__ import annotations

from uuid import UUID

import pytest
from playwright.sync_api import expect

from service.casework import attend_due, complete_task, move_demo_clock
from tests.casework.clocks.test_joint_chains import reply
from tests.casework.desk import ENGINE
from tests.journeys.stage import Stage, look, press_on, tab_to, told
from tests.processes.test_chains import DECLARED

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TITLE = "云溪华印制罐有限公司-年产2亿只金属罐项目"
BRANCHES = 8  # items of JS-35 that are asked for in one project


@pytest.fixture(scope="module")
def chain(stage: Stage) -> UUID:
    """JS-35 as far as it goes with everything side by side: 受理 done, a few items further than others."""
    case = stage.begin("chain_JS_35", TITLE, **DECLARED["chain_JS_35"])
    for turn in range(3):
        while attend_due(stage.office):
            pass
        with stage.office.reading() as records:
            tasks = records.tasks.open_of(case)
        complete_task(stage.office, ENGINE, tasks[turn % len(tasks)].id, answers=reply(tasks[turn % len(tasks)]))
    stage.settle()
    return case


def test_the_board_leads_to_the_whole_chain_with_a_light_for_every_branch(stage: Stage, chain: UUID) -> None:
    lead = stage.hands("shenyan").open("/inbox")
    lead.page.get_by_role("link", name="牵头联办").click()
    row = lead.page.locator("tr.item", has_text=TITLE)
    expect(row).to_contain_text("M1")
    look(lead, "led-chains")
    row.get_by_role("link", name=TITLE).click()
    expect(lead.page.locator(".chain tr.item")).to_have_count(lead.page.locator(".chain tr.item").count())
    assert lead.page.locator(".chain tr.item").count() >= BRANCHES
    assert lead.page.locator(".chain tr.branch-running .light").count() >= 2
    look(lead, "led-chain")
    other = stage.page("111-a", "/inbox")
    expect(other.get_by_role("link", name="牵头联办")).to_have_count(0)
    refused = stage.hands("111-a").page.goto(f"{stage.address}/chains")
    assert refused is not None and refused.status == 403


def test_a_department_is_urged_and_its_holder_is_told(stage: Stage, chain: UUID) -> None:
    lead = stage.hands("shenyan").open(f"/cases/{chain}/chain")
    branch = lead.page.locator(".chain tr.branch-running", has=lead.page.get_by_role("link", name="催办")).first
    department = branch.locator("td").nth(1).inner_text()
    branch.get_by_role("link", name="催办").click()
    expect(lead.page.locator("[name=departments]:checked")).to_have_count(1)
    lead.page.get_by_label("想说的话").fill("里程碑临近，请今日办结。")
    look(lead, "lead-remind")
    lead.page.get_by_role("button", name="催办").click()
    told(lead, "已催办")
    lead.open(f"/cases/{chain}/lead/remind")
    for box in lead.page.locator("[name=departments]").all():
        box.uncheck()
    lead.page.get_by_role("button", name="催办").click()
    expect(lead.page.locator(".problem")).to_contain_text("请选择要催办的部门")
    look(lead, "lead-remind-refused")
    stage.settle()
    with stage.office.reading() as records:
        urged = {line.task_id for line in records.history.lines(chain) if line.action == "task:urged"}
        rows = [one for one in records.tasks.open_of(chain) if one.id in urged]
    assert rows, department
    holder = stage.page(rows[0].assignee or "", f"/tasks/{rows[0].id}")
    expect(holder.get_by_text("已催办 1 次")).to_be_visible()


def test_departments_are_convened_and_their_opinions_summed_up_by_keyboard_alone(stage: Stage, chain: UUID) -> None:
    lead = stage.hands("shenyan").open(f"/cases/{chain}/chain")
    page = lead.page
    press_on(page, page.get_by_role("link", name="召集会商"))
    tab_to(page, page.get_by_label("时间"))
    page.keyboard.type("2026")
    page.get_by_label("时间").fill("2026-03-18T09:30")  # how a date is typed is the browser's own affair
    tab_to(page, page.get_by_label("地点"))
    page.keyboard.type("三楼会议室")
    tab_to(page, page.get_by_label("会商的内容"))
    page.keyboard.type("用地边界怎样认定")
    look(lead, "lead-convene")
    press_on(page, page.get_by_role("button", name="发出通知"))
    told(lead, "已通知")
    press_on(page, page.get_by_role("link", name="汇总意见").first)
    tab_to(page, page.get_by_role("textbox", name="汇总意见"))
    page.keyboard.type("各部门均无不同意见，边界以不动产登记为准。")
    press_on(page, page.get_by_role("button", name="保存汇总"))
    told(lead, "汇总意见已保存")
    look(lead, "led-summed-up")
    stage.settle()

    # the chiefs are told; a reviewer of a joint department reads both; the applicant's side of the page says nothing of them
    with stage.office.reading() as records:
        called = next(
            line.detail["departments"]
            for line in records.history.lines(chain)
            if line.action == "lead:convened" and line.detail
        )
    code = next(one for one in called if one != "104")
    assert stage.hears(f"{code}-rep", "参加会商")
    joint = stage.page(f"{code}-a", f"/cases/{chain}/chain")
    expect(joint.locator("main")).to_contain_text("边界以不动产登记为准")
    expect(joint.locator("main")).to_contain_text("三楼会议室")
    expect(joint.get_by_role("link", name="召集会商")).to_have_count(0)


def test_a_coordinator_reads_every_desk_and_has_none(stage: Stage, chain: UUID) -> None:
    with stage.office.reading() as records:
        rows = [one for one in records.tasks.open_of(chain) if one.department != "104"]
    lead = stage.hands("shenyan").open(f"/tasks/{rows[0].id}")
    expect(lead.page.get_by_text("您可以查看这项任务，但不能办理。")).to_be_visible()
    expect(lead.page.get_by_role("button", name="提交")).to_have_count(0)
    for act in ("转办", "委派", "加签"):
        expect(lead.page.get_by_role("link", name=act, exact=True)).to_have_count(0)


def test_lights_turn_on_the_board_when_time_passes(stage: Stage, chain: UUID) -> None:
    move_demo_clock(stage.office, stage.actor("guotao"), advance="P9WD")
    stage.settle()
    lead = stage.hands("shenyan").open("/chains")
    row = lead.page.locator("tr.item", has_text=TITLE)
    expect(row.locator(".light.red").first).to_be_visible()
    look(lead, "led-chains-late")
    row.get_by_role("link", name=TITLE).click()
    expect(lead.page.locator(".chain tr.branch-running .light.red").first).to_be_visible()
    expect(lead.page.locator(".milestones .red, .milestones .late").first).to_be_visible()
    look(lead, "led-chain-late")
