"""Every operation by the keyboard alone: each control is reached by Tab and seen to be, each act ends where one goes on.

The window's intake, 退回 and the coordinator's convening have theirs in test_window, test_reviewer and test_lead_coordinator.
"""

from __future__ import annotations

from uuid import UUID

import pytest
from playwright.sync_api import Locator, expect

from service.casework import complete_task, start_case
from service.casework.messages.codes import PICKUP, access_code
from tests.casework.acts.test_repairing import STUCK
from tests.casework.desk import ENGINE, deploy_text
from tests.casework.papers.city import ACCEPT, APPLICATION, BUILDING, REVIEW
from tests.casework.returning.test_ending import ASKED, RETURNING
from tests.journeys.stage import Stage, tab_to
from tests.processes.test_chains import DECLARED

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TASK = '<userTask id="{}" name="{}" zw:stage="{}" zw:role="{}" zw:dept="{}" camunda:formKey="opinion"/>'
LINE = (
    '<startEvent id="S"/>'
    + TASK.format("Accept", "登记", "ACCEPT", "counter_clerk", "201")
    + TASK.format("Review", "审核", "REVIEW", "reviewer_a", "104")
    + TASK.format("Approve", "批准", "APPROVE", "chief_rep", "104")
    + '<endEvent id="E"/>\nS -> Accept\nAccept -> Review\nReview -> Approve\nApprove -> E\n'
)
QUEUE = (
    '<startEvent id="S"/><userTask id="Look" name="材料审查" zw:stage="REVIEW" zw:dept="104" camunda:candidateGroups="104"'
    ' camunda:formKey="opinion"/><endEvent id="E"/>\nS -> Look\nLook -> E\n'
)
SAID = {"opinion": "符合条件。"}
RING = """() => {
  const ring = (one) => { const style = one && getComputedStyle(one); return style && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0; };
  const one = document.activeElement, box = one.getBoundingClientRect();
  return one !== document.body && box.bottom > 0 && box.top < innerHeight && (ring(one) || ring(one.closest('.pick, label')));
}"""


class Keys:
    """One person without a mouse, before the pages of a stage."""

    def __init__(self, stage: Stage, username: str, path: str) -> None:
        self.stage, self.page = stage, stage.hands(username).open(path).page

    def open(self, path: str) -> None:
        """An address that is typed."""
        self.page.goto(self.stage.address + path)

    def go(self, wanted: Locator) -> None:
        """To a control by Tab; one sees where one is."""
        tab_to(self.page, wanted)
        assert self.page.evaluate(RING), self.page.evaluate("document.activeElement.outerHTML.slice(0, 200)")

    def press(self, wanted: Locator, *keys: str) -> None:
        """Keys on a control, Enter unless told otherwise."""
        self.go(wanted)
        for key in keys or ("Enter",):
            self.page.keyboard.press(key)

    def button(self, name: str) -> None:
        """Press a button."""
        self.press(self.page.get_by_role("button", name=name, exact=True))

    def link(self, name: str) -> None:
        """Follow a link."""
        self.press(self.page.get_by_role("link", name=name, exact=True).first)

    def write(self, label: str, words: str) -> None:
        """Type into a field."""
        self.go(self.page.get_by_label(label).last)
        self.page.keyboard.type(words)

    def choose(self, radio: Locator) -> None:
        """One of several: Tab enters the group, arrows go through it."""
        group = self.page.locator(f'input[type=radio][name="{radio.first.get_attribute("name")}"]:not([disabled])')
        for _ in range(150):
            self.page.keyboard.press("Tab")
            if any(one.evaluate("one => one === document.activeElement") for one in group.all()):
                break
        self.page.keyboard.press("Space")
        for _ in range(group.count()):
            if radio.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        expect(radio).to_be_checked()

    def landed(self, words: str) -> None:
        """What is said after an act has the focus."""
        expect(self.page.locator("[data-told]:focus")).to_contain_text(words)


@pytest.fixture(scope="module", autouse=True)
def _procedures(stage: Stage) -> None:
    stage.deploy("line", LINE)
    stage.deploy("queue", QUEUE)
    deploy_text(stage.office, RETURNING.replace("104-XK-001", "104-QT-999"), forms=ASKED)  # the city's card has more
    deploy_text(stage.office, STUCK)


def at_review(stage: Stage, title: str) -> UUID:
    """A case at 审核 of 104."""
    case = stage.begin("line", title, by="lizhao")
    stage.do(case, "Accept", "wangfang", SAID)
    return case


def test_a_reviewer_asks_gives_away_completes_and_takes_back(stage: Stage) -> None:
    case = at_review(stage, "键盘审核-厂房")
    address = f"/tasks/{stage.task(case, 'Review').id}"
    mine = Keys(stage, "zhangwei", "/inbox")
    for key in ("/", *"键盘审核", "Enter"):
        mine.page.keyboard.press(key) if len(key) > 1 or key == "/" else mine.page.keyboard.insert_text(key)
    expect(mine.page.locator("tr.item")).to_have_count(1)
    mine.page.keyboard.press("j")
    mine.page.keyboard.press("Enter")
    expect(mine.page.get_by_role("heading", level=1)).to_have_text("审核")

    mine.link("转办")
    mine.choose(mine.page.get_by_role("radio", name="陈刚"))
    mine.write("转办的理由", "请首席代表把关。")
    mine.button("确认转办")
    mine.landed("已转办")
    mine.open(address)
    mine.button("收回")
    mine.landed("已收回")

    mine.open(address)
    mine.link("委派")
    mine.choose(mine.page.get_by_role("radio", name="刘洋"))
    mine.write("请同事做什么", "请核对面积。")
    mine.button("确认委派")
    mine.landed("已委派")
    colleague = Keys(stage, "liuyang", "/inbox?q=键盘审核")
    colleague.page.keyboard.press("j")
    colleague.page.keyboard.press("Enter")
    colleague.link("交回委派")
    colleague.write("我的意见", "面积无误。")
    colleague.button("交回")
    colleague.landed("已交回")

    mine.open(address)
    mine.link("加签")
    mine.press(mine.page.get_by_role("checkbox", name="刘洋"), "Space")
    mine.write("征求意见的内容", "请再看图纸。")
    mine.button("确认加签")
    mine.landed("已加签")
    mine.open(address)
    mine.press(mine.page.locator("#signers summary"))
    mine.write("减签的理由", "不需要了。")
    mine.button("确认减签")
    mine.landed("已减签")

    mine.open(address)
    mine.press(mine.page.locator("textarea[name=opinion]"), "End")
    mine.page.keyboard.type("符合条件。")
    mine.button("提交")
    expect(mine.page.get_by_role("status").first).to_contain_text("已完成")
    assert mine.page.evaluate("document.activeElement.matches('[data-next], [data-told]')"), "one goes on from there"
    mine.open(address)
    mine.link("撤回…")
    mine.write("理由", "漏传附图。")
    mine.button("确认撤回")
    mine.landed("已撤回")
    assert stage.elements(case) == ["Review"]


def test_who_waits_urges_and_sends_copies(stage: Stage) -> None:
    case = at_review(stage, "键盘催办-厂房")
    clerk = Keys(stage, "wangfang", f"/tasks/{stage.task(case, 'Review').id}")
    clerk.link("催办")
    clerk.write("想说的话", "申请人在窗口等候。")
    clerk.button("催办")
    clerk.landed("已催办")
    clerk.open(f"/tasks/{stage.task(case, 'Review').id}")
    clerk.link("抄送")
    clerk.write("其他部门的人员", "107-a")
    clerk.write("想说的话", "请提前了解。")
    clerk.button("抄送")
    clerk.landed("已抄送")


def test_many_at_once(stage: Stage) -> None:
    for number in range(2):
        stage.begin("queue", f"键盘批量{number}-厂房")
    mine = Keys(stage, "zhangwei", "/inbox?tab=post&q=键盘批量")
    for key in "jxjx":
        mine.page.keyboard.press(key)
    mine.press(mine.page.locator("[data-bulk]").get_by_role("button", name="认领", exact=True))
    expect(mine.page.get_by_text("已完成 2，未完成 0，等待 0")).to_be_visible()
    expect(mine.page.locator("h1:focus")).to_have_text("批量认领")
    mine.open("/inbox?tab=mine&q=键盘批量")
    for key in "jxjxe":
        mine.page.keyboard.press(key)
    mine.write("共同意见", "经审查，符合要求。")
    mine.button("办结 2 项")
    expect(mine.page.get_by_text("已完成 2，未完成 0，等待 0")).to_be_visible()


def test_keepers_suspend_resume_end_and_retry(stage: Stage) -> None:
    case = at_review(stage, "键盘挂起-厂房")
    keeper = Keys(stage, "tianyue", f"/tasks/{stage.task(case, 'Review').id}")
    keeper.link("挂起办件")
    keeper.button("挂起办件")
    expect(keeper.page.locator(".summary[role=alert]")).to_be_focused()
    keeper.write("理由", "等待法院裁定。")
    keeper.button("挂起办件")
    keeper.landed("挂起")
    keeper.open(f"/cases/{case}/standing")
    keeper.write("理由", "裁定已到。")
    keeper.button("恢复办件")
    keeper.landed("恢复")

    system = Keys(stage, "guotao", f"/cases/{case}")
    system.link("终止办件…")
    system.choose(system.page.get_by_role("radio", name="标的"))
    system.write("理由", "用地已收回。")
    system.button("确认终止")
    system.landed("已终止")

    start_case(stage.office, ENGINE, key="p", title="键盘重试-厂房", variables={"area": "十二"})
    system.open("/incidents")
    system.page.keyboard.press("j")
    system.page.keyboard.press("Enter")
    system.button("原样重试")
    expect(system.page.locator("[data-told]:focus, [role=alert]:focus")).to_be_visible()


def test_a_chief_opens_again_what_was_sent_back_by_mistake(stage: Stage) -> None:
    case = start_case(stage.office, stage.actor("wangfang"), key="item", title="键盘误退-厂房").id
    complete_task(stage.office, ENGINE, stage.task(case, "Accept").id)
    complete_task(stage.office, ENGINE, stage.task(case, "Review").id, answers={"mistaken": True})
    chief = Keys(stage, "chengang", f"/cases/{case}")
    chief.link("重新启动…")
    chief.write("理由", "误退。")
    chief.button("确认重新启动")
    chief.landed("已重新启动")
    assert stage.elements(case) == ["Review"]


def test_a_chief_decides_with_a_typed_signature_and_the_issuing_window_hands_out(stage: Stage) -> None:
    case = stage.begin(BUILDING, "键盘发证-施工许可", by="lizhao", **{**APPLICATION, "project_name": "键盘发证"})
    for element, username, said in (("Task_Accept", "wangfang", ACCEPT), ("Task_Review", "zhangwei", REVIEW)):
        stage.settle()
        stage.do(case, element, username, said)
    chief = Keys(stage, "chengang", "/chief?view=mine")
    chief.press(chief.page.locator(".chief-list > li", has_text="键盘发证").locator(".chief-acts a.main"))
    chief.choose(chief.page.get_by_role("radio", name="准予", exact=False).first)
    chief.press(chief.page.locator("[name=opinion]"), "End")
    chief.page.keyboard.type("同意。")
    chief.button("签名并提交")
    expect(chief.page.locator("#signed-problem")).to_be_visible()
    assert chief.page.evaluate("document.activeElement.matches('.summary, [role=alert], #signed')"), "to what is wrong"
    chief.press(chief.page.locator("#signed"), "End")
    chief.page.keyboard.type("陈刚")
    chief.button("签名并提交")
    chief.landed("已完成")
    stage.settle()

    clerk = Keys(stage, "wuqian", f"/tasks/{stage.task(case, 'Task_Issue').id}")
    clerk.press(clerk.page.locator("[name=certificate_no]"), "Control+a")
    clerk.page.keyboard.type("990100202603190077")
    clerk.choose(clerk.page.locator("input[name=delivery][value=window]"))
    clerk.press(clerk.page.locator("[name=receiver]"), "Control+a")
    clerk.page.keyboard.type("李昭")
    clerk.button("提交")
    expect(clerk.page.get_by_role("status").first).to_contain_text("已完成")
    for _ in range(40):
        stage.settle()
        with stage.office.reading() as records:
            rows = records.deliveries.of_case(case)
        if rows:
            break
        clerk.page.wait_for_timeout(250)
    with stage.office.transaction() as records:
        code = access_code(stage.office, records, case, rows[0].scope_id, PICKUP)
    clerk.open("/issuing?q=键盘发证")
    clerk.page.keyboard.press("j")
    clerk.page.keyboard.press("Enter")
    clerk.write("姓名", "李昭")
    clerk.write("证件号码", "11010519491231002X")
    clerk.write("取件码", code)
    clerk.press(clerk.page.get_by_label("已核对领取人与证件一致"), "Space")
    clerk.button("确认发出")
    expect(clerk.page.locator("main")).to_contain_text("已送达")
    assert clerk.page.evaluate("document.activeElement !== document.body")


def test_the_chief_who_leads_a_chain_asks_a_department_besides_and_lets_it_go(stage: Stage) -> None:
    case = stage.begin("chain_JS_35", "键盘联办-厂房", **DECLARED["chain_JS_35"])
    stage.settle()
    stage.do(case, "Task_Intake", "wangfang", {"decision": "accept"})
    stage.settle()
    lead = Keys(stage, "chengang", f"/cases/{case}/chain")
    lead.link("增减联办部门")
    select = lead.page.locator("#field-department")
    lead.go(select)
    lead.page.keyboard.press("ArrowDown")
    assert select.input_value()
    lead.write("会审内容", "出入口是否影响交通。")
    lead.write("增加的理由", "临近学校。")
    lead.button("预览影响")
    expect(lead.page.get_by_text("到期未答复的按阶梯催办")).to_be_visible()
    lead.button("确认增加")
    expect(lead.page.locator("[data-told]")).to_contain_text("已增加")
    expect(lead.page.locator("#joined")).to_be_focused()
    lead.open(f"/cases/{case}/matrix#joined")
    lead.press(lead.page.locator("#joined input[name=reason]").first, "End")
    lead.page.keyboard.type("不需要了。")
    lead.button("减去")
    expect(lead.page.locator("[data-told]")).to_contain_text("已减去")
    expect(lead.page.locator("#joined")).to_be_focused()
