"""待办 in the browser: by keyboard alone, with colleagues at work at the same time, many tasks at once, on a phone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from service.casework import claim_task, complete_task, find_actor, start_case
from service.casework.actors import Actor
from service.casework.workbench import inbox
from service.rules.work_filters import WorkFilter
from tests.casework.desk import deploy_text
from tests.journeys.hands import Hands, person
from tests.journeys.serving import REPOSITORY, Installation, Serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]
AXE = REPOSITORY / "service/web/assets/node_modules/axe-core/axe.min.js"
REVIEW = (
    '<startEvent id="S"/><userTask id="A" name="材料审查" zw:stage="REVIEW" zw:dept="104" camunda:candidateGroups="104"'
    ' camunda:formKey="opinion"/>'
    '<userTask id="Z" name="核准" zw:stage="APPROVE" zw:role="chief_rep" zw:dept="104"/><endEvent id="E"/>\n'
    "S -> A\nA -> Z\nZ -> E\n"
)
FORM = {
    "type": "default",
    "id": "opinion",
    "components": [
        {"type": "textarea", "key": "opinion", "label": "审查意见", "id": "f", "validate": {"required": True}}
    ],
}
ASK = "document.dispatchEvent(new Event('list:ask'))"


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The demo city with one procedure of two tasks, the first of them a queue of 住建局."""
    serving = Serving(tmp_path_factory.mktemp("inbox"), deploy=())
    deploy_text(serving.installation.office, REVIEW, forms={"opinion.form": json.dumps(FORM)})
    yield serving.installation
    serving.stop()


def actor(centre: Installation, username: str) -> Actor:
    found = find_actor(centre.office, username)
    assert found is not None
    return found


def begin(centre: Installation, *titles: str) -> None:
    for title in titles:
        start_case(
            centre.office,
            actor(centre, "wangfang"),
            key="p",
            title=title,
            variables={"applicant": title.partition("-")[0]},
        )


def task_of(centre: Installation, title: str) -> Any:
    found = inbox(centre.office, actor(centre, "zhangwei"), WorkFilter(q=title)).items
    assert len(found) == 1
    return found[0].row.id


def clean(hands: Hands, name: str) -> None:
    """What a customer would see: a picture, no sideways scrolling, nothing axe-core finds."""
    hands.shoot(f"inbox-{name}")
    assert not hands.page.evaluate("document.documentElement.scrollWidth > innerWidth"), name
    if AXE.exists():
        hands.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = hands.page.evaluate(
            "axe.run({include: [['html']]}, {resultTypes: ['violations']}).then(result => result.violations)"
        )
        assert [f"{one['id']}: {[node['html'][:120] for node in one['nodes'][:2]]}" for one in found] == [], name


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.closest('tr')?.querySelector('.project')?.textContent ?? ''"))


def test_a_day_at_the_inbox_by_keyboard_alone(browser: Browser, centre: Installation) -> None:
    begin(centre, *(f"云溪示例公司{number}-施工许可" for number in range(4)))
    with person(browser, centre.address, "zhangwei") as hands:
        page = hands.open("/inbox").page
        expect(page.locator("tr.item")).to_have_count(4)
        for key in ("j", "x", "j", "x"):
            page.keyboard.press(key)
        expect(page.locator("[data-picked]")).to_have_text("已选 2 项")
        assert focused(page) == "云溪示例公司1-施工许可"
        clean(hands, "picked")
        page.keyboard.press("k")
        assert focused(page) == "云溪示例公司0-施工许可"
        page.keyboard.press("/")
        page.keyboard.type("公司3")
        page.keyboard.press("Enter")
        expect(page.locator("tr.item")).to_have_count(1)
        page.keyboard.press("n")
        expect(page.get_by_role("heading", name="材料审查")).to_be_visible()
        page.locator("textarea[name=opinion]").focus()
        page.keyboard.type("材料齐全，符合法定条件。")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_text("这个筛选中没有其他待办")).to_be_visible()  # the list one came from is done
        page.goto(f"{centre.address}/inbox")
        page.keyboard.press("j")
        page.keyboard.press("c")
        expect(page.get_by_text("已认领，请办理。")).to_be_visible()
        page.goto(f"{centre.address}/inbox?tab=mine")
        expect(page.locator("tr.item")).to_have_count(1)
        page.keyboard.press("?")
        expect(page.get_by_role("dialog")).to_be_visible()


def test_what_colleagues_do_meanwhile_takes_nothing_out_of_ones_hands(browser: Browser, centre: Installation) -> None:
    begin(centre, "云溪甲公司-消防设计", "云溪乙公司-消防设计", "云溪丙公司-消防设计")
    second = actor(centre, "liuyang")
    with person(browser, centre.address, "zhangwei") as hands:
        page = hands.open("/inbox?tab=post&q=消防").page
        expect(page.locator("tr.item")).to_have_count(3)
        page.locator("#search").fill("打了一半")
        complete_task(centre.office, second, task_of(centre, "云溪甲公司-消防设计"), answers={"opinion": "同意"})
        claim_task(centre.office, second, task_of(centre, "云溪乙公司-消防设计"))
        begin(centre, "云溪丁公司-消防设计", "云溪戊公司-消防设计")
        page.evaluate(ASK)
        expect(page.locator("[data-fresh]")).to_have_text("2 件新任务")
        expect(page.locator("tr.item.over")).to_have_count(2)
        expect(page.get_by_text("已由刘洋办理")).to_be_visible()
        expect(page.get_by_text("已由刘洋承办")).to_be_visible()
        assert page.locator("#search").input_value() == "打了一半"
        assert page.evaluate("document.activeElement.id") == "search"
        clean(hands, "fresh")
        page.locator("tr.item:not(.over) [data-pick]").check()
        page.locator("[data-fresh]").click()
        expect(page.locator("tr.item")).to_have_count(3)
        expect(page.locator("[data-picked]")).to_have_text("已选 1 项")
        assert page.locator("#search").input_value() == "打了一半"


def test_many_at_once_with_one_refusal(browser: Browser, centre: Installation) -> None:
    begin(centre, *(f"云溪批量公司{number}-施工图" for number in range(3)))
    with person(browser, centre.address, "zhangwei") as hands:
        page = hands.open("/inbox?tab=post&q=施工图").page
        expect(page.locator("tr.item")).to_have_count(3)
        claim_task(centre.office, actor(centre, "liuyang"), task_of(centre, "云溪批量公司1"))
        page.locator("[data-pick-all]").check()
        page.get_by_role("button", name="认领", exact=True).last.click()
        expect(page.get_by_text("已完成 2，未完成 1，等待 0")).to_be_visible()
        expect(page.get_by_text("已由刘洋（liuyang）认领")).to_be_visible()
        clean(hands, "bulk-refused")
        page.goto(f"{centre.address}/inbox?tab=mine&q=施工图")
        for _ in range(2):
            page.keyboard.press("j")
            page.keyboard.press("x")
        page.keyboard.press("e")
        page.get_by_label("共同意见").fill("经审查，符合要求。")
        clean(hands, "bulk-new")
        page.get_by_role("button", name="办结 2 项").click()
        expect(page.get_by_text("已完成 2，未完成 0，等待 0")).to_be_visible()
    with person(browser, centre.address, "chengang", width=390) as chief:  # decisions are never taken in bulk
        page = chief.open("/inbox?tab=mine&q=施工图").page
        page.locator("[data-pick]").first.check()
        chief.shoot("inbox-phone-picked")
        page.get_by_role("button", name="填意见办结").click()
        expect(page.get_by_text("须逐件办理")).to_be_visible()
        clean(chief, "bulk-decision")


@pytest.mark.parametrize("width", [1440, 390])
def test_filters_are_kept_by_name_and_cases_followed(browser: Browser, centre: Installation, width: int) -> None:
    begin(centre, f"云溪关注公司{width}-竣工验收")
    with person(browser, centre.address, "chengang", width=width) as hands:
        page = hands.open("/inbox?tab=department").page
        clean(hands, "department")
        page.get_by_text("筛选与排序").click()
        page.get_by_label("申请人").fill(f"关注公司{width}")
        page.get_by_label("承办人").check()
        clean(hands, "filter")
        page.get_by_role("button", name="应用").click()
        expect(page.locator("tr.item")).to_have_count(1)
        page.get_by_text("我的筛选").click()
        page.get_by_label("把现在的条件保存为").fill(f"关注公司{width}")
        page.get_by_label("打开待办时默认使用").check()
        page.get_by_role("button", name="保存筛选").click()
        expect(page.get_by_text("筛选已保存")).to_be_visible()
        page.goto(f"{centre.address}/inbox")
        expect(page.locator("tr.item")).to_have_count(1)
        assert "applicant=" in page.url
        page.get_by_text("我的筛选").click()
        clean(hands, "kept")
        page.get_by_role("button", name="取消默认").click()
        page.goto(f"{centre.address}/inbox?tab=department&q=关注公司{width}")
        page.locator("tr.item .subject a").click()
        page.get_by_role("link", name="查看办件").first.click()
        page.get_by_role("button", name="关注", exact=True).click()
        expect(page.get_by_role("button", name="取消关注")).to_be_visible()
        page.goto(f"{centre.address}/inbox?tab=followed")
        expect(page.locator("tr.item", has_text=f"关注公司{width}")).to_have_count(1)
        clean(hands, "followed")
        page.goto(f"{centre.address}/inbox/done")
        clean(hands, "done")
        with page.expect_download() as kept:
            page.goto(f"{centre.address}/inbox?tab=department")
            page.get_by_role("link", name="XLSX").click()
        assert Path(kept.value.path()).stat().st_size > 3000
