"""A岗 in the browser: 转办, 委派, 加签 and 减签, 退回 with what it ends, 撤回; reviewing, 退回 and 加签 by keyboard alone."""

from __future__ import annotations

from uuid import UUID

import pytest
from playwright.sync_api import expect

from tests.journeys.stage import Stage, look, press_on, tab_to, told

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TASK = '<userTask id="{}" name="{}" zw:stage="{}" zw:role="{}" zw:dept="{}" camunda:formKey="opinion"/>'
BRANCHES = (
    '<startEvent id="S"/>'
    + TASK.format("Accept", "登记", "ACCEPT", "counter_clerk", "201")
    + '<parallelGateway id="Fork"/>'
    + TASK.format("Review", "审核", "REVIEW", "reviewer_a", "104")
    + TASK.format("Fire", "消防意见", "OPINION", "reviewer_a", "106")
    + '<parallelGateway id="Join" name="意见汇齐"/>'
    + TASK.format("Approve", "批准", "APPROVE", "chief_rep", "104")
    + '<endEvent id="E"/>\nS -> Accept\nAccept -> Fork\nFork -> Review\nFork -> Fire\nReview -> Join\nFire -> Join\n'
    "Join -> Approve\nApprove -> E\n"
)
LINE = (
    '<startEvent id="S"/>'
    + TASK.format("Accept", "登记", "ACCEPT", "counter_clerk", "201")
    + TASK.format("Review", "审核", "REVIEW", "reviewer_a", "104")
    + TASK.format("Approve", "批准", "APPROVE", "chief_rep", "104")
    + '<endEvent id="E"/>\nS -> Accept\nAccept -> Review\nReview -> Approve\nApprove -> E\n'
)
SAID = {"opinion": "符合条件。"}


@pytest.fixture(scope="module", autouse=True)
def _procedure(stage: Stage) -> None:
    stage.deploy("branches", BRANCHES)
    stage.deploy("line", LINE)


def reviewing(stage: Stage, title: str, key: str = "branches") -> UUID:
    """A case with 审核 of 104, and unless it is the plain one 消防意见 of 106 beside it."""
    case = stage.begin(key, title)
    stage.do(case, "Accept", "wangfang", SAID)
    return case


def test_a_task_given_to_a_colleague_is_in_their_hands_until_it_is_taken_back(stage: Stage) -> None:
    case = reviewing(stage, "转办公司-厂房")
    task = stage.task(case, "Review").id
    mine = stage.hands("zhangwei").open(f"/tasks/{task}")
    mine.page.get_by_role("link", name="转办", exact=True).click()
    expect(mine.page.get_by_role("radio", name="刘洋")).to_be_disabled()
    expect(mine.page.get_by_text("代办岗位，只在原岗位离岗或黄灯以后办理")).to_be_visible()
    mine.page.get_by_role("button", name="确认转办").click()
    expect(mine.page.get_by_role("alert")).to_contain_text("请选择接办的人")
    look(mine, "handing-transfer")
    mine.page.get_by_role("radio", name="陈刚").check()
    mine.page.get_by_label("转办的理由").fill("涉及历史遗留问题，请首席代表把关。")
    mine.page.get_by_role("button", name="确认转办").click()
    told(mine, "已转办")
    expect(stage.sees("chengang", "转办公司", tab="mine", task="审核")).to_have_count(1)
    expect(stage.sees("zhangwei", "转办公司")).to_have_count(0)
    mine.open(f"/tasks/{task}").page.get_by_role("button", name="收回").click()
    told(mine, "已收回")
    expect(stage.sees("chengang", "转办公司", tab="mine", task="审核")).to_have_count(0)
    expect(stage.sees("zhangwei", "转办公司", tab="mine")).to_have_count(1)


def test_an_opinion_of_a_colleague_comes_back_and_the_holder_decides(stage: Stage) -> None:
    case = reviewing(stage, "委派公司-厂房")
    task = stage.task(case, "Review").id
    mine = stage.hands("zhangwei").open(f"/tasks/{task}/handing/delegate")
    mine.page.get_by_role("radio", name="刘洋").check()
    mine.page.get_by_label("请同事做什么").fill("请核对容积率。")
    look(mine, "handing-delegate")
    mine.page.get_by_role("button", name="确认委派").click()
    told(mine, "已委派")
    colleague = stage.hands("liuyang")
    stage.sees("liuyang", "委派公司").get_by_role("link", name="审核").first.click()
    expect(colleague.page.get_by_text("张伟请您提出意见")).to_contain_text("请核对容积率")
    colleague.page.get_by_role("link", name="交回委派").click()
    colleague.page.get_by_label("我的意见").fill("容积率2.1，符合规划条件。")
    colleague.page.get_by_role("button", name="交回", exact=True).click()
    told(colleague, "已交回")
    mine.open(f"/cases/{case}")
    expect(mine.page.locator("#timeline")).to_contain_text("容积率2.1，符合规划条件。")
    mine.open(f"/tasks/{task}").fill_in(SAID).submit()
    told(mine, "已完成")


def test_opinions_are_seen_while_they_come_in_and_who_is_not_needed_is_spared(stage: Stage) -> None:
    case = reviewing(stage, "并签公司-厂房")
    task = stage.task(case, "Review").id
    mine = stage.hands("zhangwei").open(f"/tasks/{task}")
    mine.page.get_by_role("link", name="加签").click()
    mine.page.get_by_role("checkbox", name="刘洋").check()
    mine.page.get_by_label("其他部门的人员").fill("106-a")
    mine.page.get_by_label("征求意见的内容").fill("登高面是否满足要求？")
    look(mine, "handing-ask")
    mine.page.get_by_role("button", name="确认加签").click()
    told(mine, "已加签")
    fire = stage.hands("106-a").open("/together")
    row = fire.page.locator("tr", has_text="登高面是否满足要求？")
    look(fire, "together-owed")
    row.get_by_role("link").first.click()
    fire.page.get_by_label("不同意", exact=True).check()
    fire.page.get_by_role("button", name="发表意见").click()
    expect(fire.page.locator(".problem")).to_contain_text("请填写意见")
    look(fire, "together-problem")
    fire.page.get_by_label("同意", exact=True).check()
    fire.page.get_by_label("具体意见").fill("登高面净宽12米，满足要求。")
    fire.page.get_by_role("button", name="发表意见").click()
    told(fire, "意见已发表")
    mine.open(f"/tasks/{task}")
    seats = mine.page.locator("#signers li")
    expect(seats.filter(has_text="登高面净宽12米")).to_contain_text("同意")
    waiting = seats.filter(has_text="刘洋")
    expect(waiting).to_contain_text("待发表意见")
    look(mine, "signers-coming")
    mine.fill_in(SAID).submit()
    mine.open(f"/tasks/{task}")
    expect(mine.page.get_by_text("正在等待会签意见")).to_be_visible()
    mine.page.locator("#signers li", has_text="刘洋").locator("summary").click()
    mine.page.get_by_label("减签的理由").fill("消防已有意见。")
    mine.page.get_by_role("button", name="确认减签").click()
    told(mine, "已减签")
    spared = stage.page("liuyang", "/together")
    expect(spared.locator("tr", has_text="登高面是否满足要求？")).to_have_count(0)
    assert stage.elements(case) == ["Fire"], "what was submitted took effect with the last answer"


def test_who_is_asked_before_is_heard_before_and_who_is_asked_after_makes_it_take_effect(stage: Stage) -> None:
    case = reviewing(stage, "前后签公司-厂房")
    task = stage.task(case, "Review").id
    mine = stage.hands("zhangwei")
    for place, question in (("前加签", "先请复核图纸"), ("后加签", "提交后请复核结论")):
        mine.open(f"/tasks/{task}/handing/ask")
        mine.page.get_by_role("checkbox", name="刘洋").check()
        mine.page.get_by_role("radio", name=place).check()
        mine.page.get_by_label("会签规则").select_option("any")
        mine.page.get_by_label("征求意见的内容").fill(question)
        mine.page.get_by_role("button", name="确认加签").click()
        told(mine, "已加签")
        mine.open(f"/tasks/{task}").fill_in(SAID).submit()
        if place == "前加签":
            expect(mine.page.get_by_role("alert").first).to_contain_text("还在征求刘洋的意见")
        colleague = stage.hands("liuyang").open("/together")
        colleague.page.locator("tr", has_text=question).get_by_role("link").first.click()
        colleague.page.get_by_label("同意", exact=True).check()
        colleague.page.get_by_label("具体意见").fill("已复核。")
        colleague.page.get_by_role("button", name="发表意见").click()
        told(colleague, "意见已发表")
    assert stage.elements(case) == ["Fire"]


def test_what_a_return_ends_is_shown_first_and_colleagues_find_it_ended(stage: Stage) -> None:
    case = reviewing(stage, "退回公司-厂房")
    expect(stage.sees("106-a", "退回公司")).to_have_count(1)
    mine = stage.hands("zhangwei").open(f"/tasks/{stage.task(case, 'Review').id}")
    mine.page.get_by_role("link", name="退回…").click()
    expect(mine.page.locator(".place", has_text="登记")).to_contain_text("同时终止正在办理的“消防意见”")
    mine.page.get_by_role("button", name="确认退回").click()
    expect(mine.page.get_by_role("alert")).to_contain_text("请写明理由")
    look(mine, "returning-effect")
    mine.page.get_by_label("理由", exact=False).fill("登记的用地面积有误。")
    mine.page.get_by_role("button", name="确认退回").click()
    told(mine, "已退回")
    expect(stage.sees("106-a", "退回公司")).to_have_count(0)
    expect(stage.sees("wangfang", "退回公司", task="登记")).to_have_count(1)
    expect(stage.page("wangfang", f"/cases/{case}").locator("#timeline")).to_contain_text("登记的用地面积有误")

    # 重走: everything after it is done again, by everybody
    stage.do(case, "Accept", "wangfang", SAID)
    assert stage.elements(case) == ["Fire", "Review"]
    stage.do(case, "Review", "zhangwei", SAID)
    stage.do(case, "Fire", "106-a", SAID)
    chief = stage.hands("chengang").open(f"/tasks/{stage.task(case, 'Approve').id}/return")
    expect(chief.page.locator("aside li", has_text="审核")).to_be_visible()  # one branch alone would wait for ever
    look(chief, "returning-refused")


def test_what_comes_straight_back_passes_nobody_on_the_way(stage: Stage) -> None:
    case = reviewing(stage, "直回公司-厂房", "line")
    stage.do(case, "Review", "zhangwei", SAID)
    chief = stage.hands("chengang").open(f"/tasks/{stage.task(case, 'Approve').id}/return")
    chief.page.locator(".place", has_text="登记").get_by_role("radio").check()
    chief.page.get_by_role("radio", name="直回：").check()
    chief.page.get_by_label("理由", exact=False).fill("面积与批复不符。")
    look(chief, "returning-straight")
    chief.page.get_by_role("button", name="确认退回").click()
    told(chief, "已退回")
    expect(stage.sees("zhangwei", "直回公司")).to_have_count(0)
    expect(stage.sees("wangfang", "直回公司", task="登记")).to_have_count(1)
    clerk = stage.hands("wangfang").open(f"/tasks/{stage.task(case, 'Accept').id}").fill_in(SAID)
    clerk.submit()
    told(clerk, "已完成")
    expect(stage.sees("chengang", "直回公司", task="批准")).to_have_count(1)
    assert stage.elements(case) == ["Approve"]


def test_what_was_sent_too_early_is_taken_back_while_nobody_has_begun(stage: Stage) -> None:
    case = reviewing(stage, "撤回公司-厂房", "line")
    task = stage.task(case, "Review").id
    mine = stage.hands("zhangwei").open(f"/tasks/{task}").fill_in(SAID)
    mine.submit()
    expect(stage.sees("chengang", "撤回公司", task="批准")).to_have_count(1)
    mine.open(f"/tasks/{task}").page.get_by_role("link", name="撤回…").click()
    expect(mine.page.get_by_text("同时终止正在办理的“批准”")).to_be_visible()
    mine.page.get_by_label("理由", exact=False).fill("漏传附图。")
    look(mine, "taking-back")
    mine.page.get_by_role("button", name="确认撤回").click()
    told(mine, "已撤回")
    expect(stage.sees("chengang", "撤回公司", task="批准")).to_have_count(0)
    expect(stage.sees("zhangwei", "撤回公司", task="审核")).to_have_count(1)


def test_a_branch_taken_back_leaves_the_others_alone(stage: Stage) -> None:
    case = reviewing(stage, "并行撤回公司-厂房")
    task = stage.task(case, "Review").id
    stage.do(case, "Review", "zhangwei", SAID)
    mine = stage.hands("zhangwei").open(f"/tasks/{task}/recall")
    expect(mine.page.get_by_text("已到达“意见汇齐”的分支作废")).to_be_visible()
    expect(mine.page.get_by_text("消防意见")).to_have_count(0)
    mine.page.get_by_label("理由", exact=False).fill("漏传附图。")
    mine.page.get_by_role("button", name="确认撤回").click()
    told(mine, "已撤回")
    expect(stage.sees("106-a", "并行撤回公司")).to_have_count(1)
    assert stage.elements(case) == ["Fire", "Review"]


def test_reviewing_asking_and_returning_need_no_mouse(stage: Stage) -> None:
    first, second = (reviewing(stage, f"键盘公司{number}-厂房") for number in range(2))
    hands = stage.hands("zhangwei").open("/inbox?tab=mine&q=键盘公司0")
    page = hands.page
    expect(page.locator("tr.item")).to_have_count(1)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("审核")

    # 加签: the dialog is filled in and sent
    press_on(page, page.get_by_role("link", name="加签"))
    press_on(page, page.get_by_role("checkbox", name="刘洋"), "Space")
    tab_to(page, page.get_by_role("radio", name="并加签"))
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("radio", name="前加签")).to_be_checked()
    page.keyboard.press("ArrowDown")
    tab_to(page, page.get_by_label("征求意见的内容"))
    page.keyboard.type("请核对面积。")
    press_on(page, page.get_by_role("button", name="确认加签"))
    told(hands, "已加签")
    expect(page.locator("#signers")).to_contain_text("刘洋")

    # reviewing: the opinion is typed and submitted; what was asked for is still to come
    press_on(page, page.locator("[name=opinion]"), "End")
    page.keyboard.type("符合条件。")
    with page.expect_navigation():
        press_on(page, page.get_by_role("button", name="提交"))
    page.goto(f"{stage.address}/tasks/{stage.task(first, 'Review').id}")
    expect(page.get_by_text("正在等待会签意见")).to_be_visible()

    # 退回: a refusal leads to the field, the second time it is done
    page.goto(f"{stage.address}/tasks/{stage.task(second, 'Review').id}")
    press_on(page, page.get_by_role("link", name="退回…"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("退回")
    press_on(page, page.get_by_role("button", name="确认退回"))
    expect(page.locator(".summary[role=alert]")).to_be_focused()
    press_on(page, page.locator(".summary a"))
    tab_to(page, page.locator("#field-reason"))
    page.keyboard.type("面积有误。")
    press_on(page, page.get_by_role("button", name="确认退回"))
    told(hands, "已退回")
    assert stage.elements(second) == ["Accept"]
