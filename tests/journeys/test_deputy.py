"""B岗 in the browser: stands in while A岗 is away and says so, works many at once, hands over, shares what is yellow."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from service.casework import claim_task, move_demo_clock
from tests.journeys.stage import Stage, look, told

pytestmark = [pytest.mark.browser, pytest.mark.slow]
REVIEW = (
    '<startEvent id="S"/><userTask id="Review" name="审核" zw:stage="REVIEW" zw:role="reviewer_a" zw:dept="104"'
    ' zw:limit="2wd" camunda:formKey="opinion"/><endEvent id="E"/>\nS -> Review\nReview -> E\n'
)
QUEUE = (
    '<startEvent id="S"/><userTask id="Look" name="材料审查" zw:stage="REVIEW" zw:dept="104" camunda:candidateGroups="104"'
    ' camunda:formKey="opinion"/><endEvent id="E"/>\nS -> Look\nLook -> E\n'
)
SAID = {"opinion": "符合条件。"}


@pytest.fixture(scope="module", autouse=True)
def _procedures(stage: Stage) -> None:
    stage.deploy("review", REVIEW)
    stage.deploy("queue", QUEUE)


def test_the_deputy_has_the_work_while_the_holder_is_away_and_says_for_whom(stage: Stage) -> None:
    case = stage.begin("review", "替岗公司-厂房")
    away = stage.hands("zhangwei").open("/duty")
    away.page.get_by_label("种类").select_option("SUDDEN")
    away.page.get_by_label("事由", exact=True).fill("送医")
    away.page.get_by_role("button", name="登记").click()
    expect(away.page.locator("#own").locator("xpath=..")).to_contain_text("离岗中")
    look(away, "duty-away")
    stage.settle()
    expect(stage.sees("zhangwei", "替岗公司")).to_have_count(0)
    deputy = stage.hands("liuyang")
    row = stage.sees("liuyang", "替岗公司", task="审核")
    expect(row).to_contain_text("代张伟")
    look(deputy, "inbox-deputy")
    row.get_by_role("link", name="审核").first.click()
    deputy.fill_in(SAID).submit()
    told(deputy, "已完成")
    expect(stage.page("zhangwei", f"/cases/{case}").locator("#timeline")).to_contain_text("代 A岗 张伟")
    away.open("/duty").page.locator("summary", has_text="返岗").first.click()
    away.page.get_by_role("button", name="确认").first.click()
    stage.settle()
    stage.begin("review", "返岗公司-厂房")
    expect(stage.sees("zhangwei", "返岗公司")).to_have_count(1)
    expect(stage.sees("liuyang", "返岗公司")).to_have_count(0)


def test_many_are_claimed_and_settled_at_once_and_colleagues_see_by_whom(stage: Stage) -> None:
    cases = [stage.begin("queue", f"批量公司{number}-厂房") for number in range(3)]
    claim_task(stage.office, stage.actor("zhangwei"), stage.task(cases[0], "Look").id)
    deputy = stage.hands("liuyang").open("/inbox?tab=post&q=批量公司")
    expect(deputy.page.locator("tr.item")).to_have_count(2)
    deputy.page.locator("[data-pick-all]").check()
    deputy.page.get_by_role("button", name="认领", exact=True).last.click()
    expect(deputy.page.get_by_text("已完成 2，未完成 0，等待 0")).to_be_visible()
    look(deputy, "bulk-claimed")
    expect(stage.sees("zhangwei", "批量公司", tab="post")).to_have_count(0)
    deputy.open("/inbox?tab=mine&q=批量公司")
    deputy.page.locator("[data-pick-all]").check()
    deputy.page.get_by_role("button", name="填意见办结").click()
    deputy.page.get_by_label("共同意见").fill("经审查，符合要求。")
    look(deputy, "bulk-opinion")
    deputy.page.get_by_role("button", name="办结 2 项").click()
    expect(deputy.page.get_by_text("已完成 2，未完成 0，等待 0")).to_be_visible()
    told_there = stage.page("zhangwei", f"/cases/{cases[1]}").locator("#timeline")
    expect(told_there).to_contain_text("刘洋")
    expect(told_there).to_contain_text("经审查，符合要求。")


def test_who_leaves_hands_everything_over_and_the_successor_finds_it(stage: Stage) -> None:
    case = stage.begin("queue", "移交公司-厂房")
    claim_task(stage.office, stage.actor("liuyang"), stage.task(case, "Look").id)
    draft = stage.hands("liuyang").open(f"/tasks/{stage.task(case, 'Look').id}")
    draft.page.locator("[name=opinion]").fill("写到一半")
    expect(draft.page.locator("[data-draft-told]")).to_have_text("草稿已保存")
    chief = stage.hands("chengang").open("/people/liuyang/hand-over")
    expect(chief.page.locator("tr", has_text="材料审查")).to_contain_text("连同未提交的草稿")
    chief.page.get_by_label("接手人").select_option("zhangwei")
    chief.page.get_by_role("button", name="预览").click()
    expect(chief.page.locator("tr", has_text="材料审查")).to_contain_text("可以移交")
    look(chief, "hand-over")
    chief.page.get_by_label("移交的理由").fill("轮岗")
    chief.page.get_by_role("button", name="确认移交").click()
    expect(chief.page.locator("tr", has_text="材料审查")).to_contain_text("已移交")
    look(chief, "handed-over")
    expect(stage.sees("liuyang", "移交公司")).to_have_count(0)
    expect(stage.sees("zhangwei", "移交公司", tab="mine")).to_have_count(1)


def test_from_the_yellow_light_on_both_have_the_task_and_the_deputy_does_it_for_the_holder(stage: Stage) -> None:
    """Last of the file: it moves the clock. The diagram draws no ladder; the light alone shares."""
    cases = [stage.begin("review", f"黄灯公司{number}-厂房") for number in range(2)]
    expect(stage.sees("zhangwei", "黄灯公司")).to_have_count(2)
    expect(stage.sees("liuyang", "黄灯公司")).to_have_count(0)
    warned = stage.task(cases[0], "Review").warn_at
    assert warned is not None
    move_demo_clock(stage.office, stage.actor("guotao"), now=warned + timedelta(minutes=1))
    stage.settle()
    expect(stage.sees("zhangwei", "黄灯公司")).to_have_count(2)
    deputy = stage.hands("liuyang")
    row = stage.sees("liuyang", "黄灯公司0", tab="post")
    expect(row).to_have_count(1)
    expect(row.locator(".light.yellow")).to_be_visible()
    look(deputy, "inbox-yellow")
    row.get_by_role("link", name="审核").first.click()
    look(deputy, "task-yellow")
    deputy.page.get_by_role("button", name="认领黄灯任务").click()
    told(deputy, "已认领")
    deputy.fill_in(SAID).submit()
    told(deputy, "已完成")
    expect(stage.page("zhangwei", f"/cases/{cases[0]}").locator("#timeline")).to_contain_text("代 A岗 张伟")
    expect(stage.sees("zhangwei", "黄灯公司")).to_have_count(1)
    stage.sees("liuyang", "黄灯公司1").get_by_role("link", name="审核").first.click()
    deputy.fill_in(SAID).submit()  # without claiming
    told(deputy, "已完成")
    expect(stage.sees("zhangwei", "黄灯公司")).to_have_count(0)
