"""Who keeps cases in the browser: 业务科 suspends and resumes, changes who is asked in a countersigning, 系统管理员 ends and moves; 首席代表 assigns many."""

from __future__ import annotations

from uuid import UUID

import pytest
from playwright.sync_api import expect

from tests.journeys.stage import Stage, look, told

pytestmark = [pytest.mark.browser, pytest.mark.slow]
STEPS = (
    '<startEvent id="S"/><userTask id="Enter" name="登记" zw:role="counter_clerk" zw:dept="201"/>'
    '<userTask id="Review" name="审核" zw:stage="REVIEW" zw:role="reviewer_a" zw:dept="104" camunda:formKey="opinion"/>'
    '<endEvent id="E"/>\nS -> Enter\nEnter -> Review\nReview -> E\n'
)
QUEUE = (
    '<startEvent id="S"/><userTask id="Look" name="材料审查" zw:stage="REVIEW" zw:dept="104" camunda:candidateGroups="104"'
    ' camunda:formKey="opinion"/><endEvent id="E"/>\nS -> Look\nLook -> E\n'
)
JOINT = (
    '<startEvent id="S"/><userTask id="Sign" name="联合会签" zw:stage="OPINION" zw:quorum="{}" zw:role="chief_rep" zw:dept="=one"'
    ' camunda:formKey="vote"><multiInstanceLoopCharacteristics camunda:collection="=departments"'
    ' camunda:elementVariable="one"/></userTask><userTask id="Sum" name="汇总" zw:role="reviewer_a" zw:dept="104"/>'
    '<endEvent id="E"/>\nS -> Sign\nSign -> Sum\nSum -> E\n'
)
SAID = {"opinion": "同意。"}


@pytest.fixture(scope="module", autouse=True)
def _procedures(stage: Stage) -> None:
    stage.deploy("steps", STEPS)
    stage.deploy("queue", QUEUE)
    for mode in ("all", "any"):
        stage.deploy(f"joint_{mode}", JOINT.format(mode))


def at_review(stage: Stage, title: str) -> UUID:
    """A case at 审核 of 104."""
    case = stage.begin("steps", title, by="lizhao")
    stage.do(case, "Enter", "wangfang")
    return case


def test_a_suspended_case_is_nobodys_to_work_on_until_it_is_resumed(stage: Stage) -> None:
    case = at_review(stage, "挂起公司-厂房")
    address = f"/tasks/{stage.task(case, 'Review').id}"
    keeper = stage.hands("tianyue").open(address)
    keeper.page.get_by_role("link", name="挂起办件").click()
    keeper.page.get_by_role("button", name="挂起办件").click()
    expect(keeper.page.get_by_role("alert").first).to_be_visible()
    look(keeper, "suspending")
    keeper.page.get_by_label("理由", exact=False).fill("等待法院裁定。")
    keeper.page.get_by_role("button", name="挂起办件").click()
    told(keeper, "挂起")
    reviewer = stage.hands("zhangwei").open(f"/cases/{case}")
    expect(reviewer.page.locator("header .badge").first).to_have_text("已挂起")
    expect(reviewer.page.locator("#timeline")).to_contain_text("等待法院裁定。")
    reviewer.open(address)
    if reviewer.page.get_by_role("button", name="提交").count():
        reviewer.fill_in(SAID).submit()
        expect(reviewer.page.get_by_role("alert").first).to_contain_text("已挂起")
    look(reviewer, "suspended-task")
    keeper.open(f"/cases/{case}/standing")
    keeper.page.get_by_label("理由", exact=False).fill("裁定已到。")
    keeper.page.get_by_role("button", name="恢复办件").click()
    told(keeper, "恢复")
    reviewer.open(address).fill_in(SAID).submit()
    told(reviewer, "已完成")


def test_a_case_without_an_applicant_is_ended_on_a_ground_and_its_applicant_sees_it(stage: Stage) -> None:
    case = at_review(stage, "终止公司-厂房")
    keeper = stage.hands("guotao").open(f"/cases/{case}/end")
    keeper.page.get_by_role("button", name="确认终止").click()
    expect(keeper.page.get_by_role("alert").first).to_be_visible()
    look(keeper, "ending")
    keeper.page.get_by_role("radio", name="标的").check()
    keeper.page.get_by_label("理由", exact=False).fill("用地已收回。")
    keeper.page.get_by_role("button", name="确认终止").click()
    told(keeper, "已终止")
    expect(stage.sees("zhangwei", "终止公司")).to_have_count(0)
    expect(stage.page("lizhao", "/my?state=ended").locator("article", has_text="终止公司")).to_contain_text("已终止")


def test_a_token_is_moved_with_a_reason_and_its_holders_find_it_there(stage: Stage) -> None:
    case = at_review(stage, "跳转公司-厂房")
    keeper = stage.hands("tianyue").open(f"/cases/{case}")
    keeper.page.get_by_role("link", name="跳转“审核”").click()
    keeper.page.locator(".place", has_text="登记").get_by_role("radio").check()
    keeper.page.get_by_label("理由", exact=False).fill("登记错了项目。")
    look(keeper, "moving")
    keeper.page.get_by_role("button", name="确认跳转").click()
    told(keeper, "已跳转")
    expect(stage.sees("zhangwei", "跳转公司")).to_have_count(0)
    expect(stage.sees("wangfang", "跳转公司", task="登记")).to_have_count(1)


def test_a_department_joins_a_countersigning_and_one_is_spared(stage: Stage) -> None:
    case = stage.begin("joint_all", "会签公司-厂房", departments=["104", "106"])
    chief = stage.hands("chengang").open(f"/tasks/{stage.task(case, 'Sign', '104').id}")
    chief.page.get_by_role("link", name="增加会签对象").click()
    chief.page.get_by_label("部门编码").fill("106")
    chief.page.get_by_label("增加的理由").fill("涉及绿化。")
    chief.page.get_by_role("button", name="确认增加").click()
    expect(chief.page.get_by_role("alert").first).to_contain_text("已经在征求范围内")
    chief.page.get_by_label("部门编码").fill("107")
    look(chief, "joining")
    chief.page.get_by_role("button", name="确认增加").click()
    told(chief, "已增加")
    expect(stage.sees("107-rep", "会签公司")).to_have_count(1)

    # opinions are there to be read as they come in
    green = (
        stage.hands("107-rep")
        .open(f"/tasks/{stage.task(case, 'Sign', '107').id}")
        .fill_in({"opinion": "占用绿地须补植。"})
    )
    green.submit()
    told(green, "已完成")
    chief.open(f"/cases/{case}")
    expect(chief.page.locator("#timeline")).to_contain_text("占用绿地须补植。")
    look(chief, "countersign-coming")

    # the department that is not needed is spared by 业务科; its chief finds nothing to do
    keeper = stage.hands("tianyue").open(f"/tasks/{stage.task(case, 'Sign', '106').id}")
    keeper.page.get_by_role("link", name="减去本会签任务").click()
    keeper.page.get_by_label("减去的理由").fill("消防另行审查。")
    look(keeper, "leaving-out")
    keeper.page.get_by_role("button", name="确认减去").click()
    told(keeper, "已减去")
    expect(stage.sees("106-rep", "会签公司")).to_have_count(0)
    chief.open(f"/tasks/{stage.task(case, 'Sign', '104').id}").fill_in(SAID).submit()
    told(chief, "已完成")
    expect(stage.sees("zhangwei", "会签公司", task="汇总")).to_have_count(1)


def test_where_one_voice_is_enough_the_others_find_nothing_left_to_say(stage: Stage) -> None:
    case = stage.begin("joint_any", "任一公司-厂房", departments=["104", "106", "107"])
    chief = stage.hands("chengang").open(f"/tasks/{stage.task(case, 'Sign', '104').id}").fill_in(SAID)
    chief.submit()
    told(chief, "已完成")
    for other in ("106-rep", "107-rep"):
        expect(stage.sees(other, "任一公司")).to_have_count(0)
    expect(stage.page("zhangwei", f"/cases/{case}").locator("#timeline")).to_contain_text("会签结束")


def test_many_are_assigned_at_once_by_the_chief(stage: Stage) -> None:
    for number in range(3):
        stage.begin("queue", f"指派公司{number}-厂房")
    chief = stage.hands("chengang").open("/inbox?tab=department&q=指派公司")
    expect(chief.page.locator("tr.item")).to_have_count(3)
    chief.page.locator("[data-pick-all]").check()
    chief.page.locator("#bulk-to").select_option("liuyang")
    chief.page.get_by_role("button", name="指派", exact=True).click()
    expect(chief.page.get_by_text("已完成 3，未完成 0，等待 0")).to_be_visible()
    look(chief, "bulk-assigned")
    expect(stage.sees("liuyang", "指派公司", tab="mine")).to_have_count(3)
    expect(stage.sees("zhangwei", "指派公司", tab="post")).to_have_count(0)
