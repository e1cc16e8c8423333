"""JS-35 with every item one project can ask for, from intake to 统一发证, by pages only: whoever has a task finds it in 待办.

Too long for the suite: `scripts/soak journey` runs it; `test_one_chain.py` is its short form.
"""

from __future__ import annotations

import time
from collections import Counter
from uuid import UUID

from playwright.sync_api import expect

from service.casework.workbench import WorkItem, case_page, demo_accounts_by_role
from tests.journeys.stage import Stage, look, told

TITLE, NUMBER = "云溪华印制罐有限公司-年产2亿只金属罐项目", "2603-990100-04-01-482915"
EVERYTHING = dict.fromkeys(("special_project", "civil_building", "drawings_filed"), "true")
ITEMS = 9  # of the eleven: 备案 or 核准, report or form
TOGETHER = 3  # departments at work at the same time, when the coordinator looks
MOST = 120


def test_every_item_of_a_project_is_pushed_through_by_the_people_of_the_city(stage: Stage) -> None:
    begun = time.monotonic()
    clerk = stage.hands("wangfang").open("/cases/new")
    clerk.page.get_by_role("link", name="建设工程一站报建").click()
    clerk.page.get_by_label("办件名称").fill(TITLE)
    clerk.page.get_by_label("编号").fill(NUMBER)
    clerk.fill_in(EVERYTHING).submit()
    expect(clerk.page.get_by_role("heading", level=1)).to_have_text(TITLE)
    case = UUID(clerk.page.url.rsplit("/", 1)[-1])
    did: Counter[str] = Counter()
    items: Counter[str] = Counter()
    for _ in range(MOST):
        todo = _open(stage, case)
        if not todo:
            break
        if len({one.row.department for one in todo}) >= TOGETHER and not did["shenyan"]:
            _coordinate(stage)
            did["shenyan"] += 3  # acts that are no tasks
        who = _whose(stage, todo[0])
        _do(stage, who, todo[0])
        did[who] += 1
        items[todo[0].row.process_name or ""] += 1
    else:
        raise AssertionError((did, items))
    print(f"{time.monotonic() - begun:.0f} s, {len(items)} processes, {sum(items.values())} tasks by {dict(did)}")
    print(dict(items))

    page = case_page(stage.office, stage.actor("sunli"), case)
    assert page.case.state == "COMPLETED" and not page.incidents
    assert len([one for one in items if one]) >= ITEMS
    assert {"wangfang", "shenyan", "wuqian"} <= did.keys() and len(did) >= 8, did
    lines = [(line.action, line.element, line.actor) for line in page.journal]
    completed = [one for one in lines if one[0] == "task:completed"]
    assert len(completed) == sum(items.values()) and len(completed) == sum(did.values()) - 3, (
        "nobody but these people did anything"
    )
    assert completed[-1][1:] == ("Task_Issue", "wuqian")
    issuing = stage.hands("wuqian").open(f"/cases/{case}")
    expect(issuing.page.locator("header .badge.done")).to_have_text("已办结")
    look(issuing, "whole-chain-closed")


def _open(stage: Stage, case: UUID) -> tuple[WorkItem, ...]:
    """What is open now; joint supervision and silent programs are begun by the worker."""
    for _ in range(40):
        stage.settle()
        page = case_page(stage.office, stage.actor("sunli"), case)
        if page.open_tasks or page.case.state == "COMPLETED":
            return page.open_tasks
        stage.hands("wangfang").page.wait_for_timeout(250)
    return ()


def _whose(stage: Stage, item: WorkItem) -> str:
    """The account that has a task, else somebody it is offered to."""
    if item.row.assignee:
        return item.row.assignee
    for card, _ in demo_accounts_by_role(stage.office):
        if not stage.actor(card.username).groups.isdisjoint(item.offers):
            return card.username
    raise AssertionError(f"nobody may do {item.row.name} {item.offers}")


def _do(stage: Stage, who: str, item: WorkItem) -> None:
    """Finds the task in 待办 and completes it on its page."""
    hands = stage.hands(who).open(f"/inbox?q={NUMBER}")
    hands.page.locator(f"#task-{item.row.id} .subject a").click()
    expect(hands.page.get_by_role("heading", level=1)).to_have_text(item.row.name)
    hands.fill_in().submit()
    told(hands, "已完成")


def _coordinate(stage: Stage) -> None:
    """The lead coordinator looks at the board, urges a department, convenes the departments, sums up."""
    lead = stage.hands("shenyan").open("/chains")
    lead.page.locator("tr.item", has_text=TITLE).get_by_role("link", name=TITLE).click()
    look(lead, "whole-chain-led")
    lead.page.locator(".chain tr.branch-running").get_by_role("link", name="催办").first.click()
    lead.page.get_by_label("想说的话").fill("请今日办结。")
    lead.page.get_by_role("button", name="催办").click()
    told(lead, "已催办")
    lead.page.get_by_role("link", name="召集会商").first.click()
    lead.page.get_by_label("时间").fill("2026-03-18T09:30")
    lead.page.get_by_label("地点").fill("三楼会议室")
    lead.page.get_by_label("会商的内容").fill("并联事项的进度")
    lead.page.get_by_role("button", name="发出通知").click()
    told(lead, "已通知")
    lead.page.get_by_role("link", name="汇总意见").first.click()
    lead.page.get_by_role("textbox", name="汇总意见").fill("各部门均无不同意见。")
    lead.page.get_by_role("button", name="保存汇总").click()
    told(lead, "汇总意见已保存")
