"""综合窗口 in the browser: drafts, 催办 once a half-day, 抄送 with its receipt, 补正 to the applicant, an application withdrawn and reopened."""

from __future__ import annotations

from uuid import UUID

import pytest
from playwright.sync_api import expect

from tests.casework.papers.city import APPLICATION
from tests.journeys.stage import Stage, look, told

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ITEM = "item_104_XK_002"
STEPS = (
    '<startEvent id="S"/><userTask id="Enter" name="登记" zw:stage="ACCEPT" zw:role="counter_clerk" zw:dept="201"'
    ' camunda:formKey="opinion"/><userTask id="Review" name="审核" zw:stage="REVIEW" zw:role="reviewer_a" zw:dept="104"'
    ' camunda:formKey="opinion"/><endEvent id="E"/>\nS -> Enter\nEnter -> Review\nReview -> E\n'
)
SAID = {"opinion": "材料齐全。"}


@pytest.fixture(scope="module", autouse=True)
def _procedure(stage: Stage) -> None:
    stage.deploy("steps", STEPS)


def applied(stage: Stage, name: str) -> UUID:
    """An application of 李昭 for the approval of fire safety, still at 受理."""
    case = stage.begin(ITEM, f"{name}-消防设计审查", by="lizhao", **{**APPLICATION, "project_name": name})
    stage.settle()
    return case


def test_what_was_typed_is_there_again_and_only_for_who_typed_it(stage: Stage) -> None:
    case = stage.begin("steps", "草稿公司-登记")
    address = f"/tasks/{stage.task(case, 'Enter').id}"
    clerk = stage.hands("wangfang").open(address)
    clerk.page.locator("[name=opinion]").fill("材料齐全，缺")
    expect(clerk.page.locator("[data-draft-told]")).to_have_text("草稿已保存")
    clerk.open(address)
    expect(clerk.page.get_by_text("已恢复您在")).to_be_visible()
    expect(clerk.page.locator("[name=opinion]")).to_have_value("材料齐全，缺")
    look(clerk, "draft")
    assert "材料齐全，缺" not in stage.page("tianyue", address).content(), "a draft is its author's"
    clerk.page.locator("[name=opinion]").fill("材料齐全。")
    clerk.submit()
    told(clerk, "已完成")
    expect(stage.sees("zhangwei", "草稿公司", task="审核")).to_have_count(1)


def test_who_waits_urges_once_per_half_day_and_the_holder_is_told(stage: Stage) -> None:
    case = stage.begin("steps", "催办公司-登记")
    stage.do(case, "Enter", "wangfang", SAID)
    task = stage.task(case, "Review").id
    clerk = stage.hands("wangfang").open(f"/tasks/{task}")
    clerk.page.get_by_role("link", name="催办", exact=True).click()
    clerk.page.get_by_label("想说的话").fill("申请人在窗口等候。")
    look(clerk, "urging")
    clerk.page.get_by_role("button", name="催办").click()
    told(clerk, "已催办")
    clerk.open(f"/tasks/{task}/handing/urge").page.get_by_role("button", name="催办").click()
    expect(clerk.page.get_by_role("alert").first).to_contain_text("每半天只能催办一次")
    look(clerk, "urged-again")
    stage.settle()
    holder = stage.page("zhangwei", f"/tasks/{task}")
    expect(holder.get_by_text("已催办 1 次")).to_be_visible()
    assert stage.hears("zhangwei", "王芳催办")
    expect(stage.page("zhangwei", f"/cases/{case}").locator("#timeline")).to_contain_text("申请人在窗口等候。")


def test_a_copy_is_read_and_its_sender_sees_that_it_was(stage: Stage) -> None:
    case = stage.begin("steps", "抄送公司-登记")
    stage.do(case, "Enter", "wangfang", SAID)
    task = stage.task(case, "Review").id
    assert stage.hands("107-a").page.goto(f"{stage.address}/cases/{case}").status == 404  # type: ignore[union-attr]
    clerk = stage.hands("wangfang").open(f"/tasks/{task}")
    clerk.page.get_by_role("link", name="抄送", exact=True).click()
    clerk.page.get_by_label("其他部门的人员").fill("107-a")
    clerk.page.get_by_label("想说的话").fill("请提前了解绿化占用情况。")
    look(clerk, "copying")
    clerk.page.get_by_role("button", name="抄送").click()
    told(clerk, "已抄送")
    reader = stage.hands("107-a").open("/inbox?tab=copies")
    row = reader.page.locator("tr", has_text="抄送公司")
    expect(row).to_contain_text("请提前了解绿化占用情况。")
    look(reader, "together-copies")
    row.get_by_role("button", name="阅知并查看").click()
    expect(reader.page.get_by_role("heading", level=1)).to_contain_text("抄送公司")
    expect(reader.page.get_by_role("button", name="提交")).to_have_count(0)
    seen = stage.page("wangfang", f"/tasks/{task}").locator("#signers li", has_text="已阅")
    expect(seen).to_have_count(1)


def test_what_is_missing_goes_back_to_the_applicant_once(stage: Stage) -> None:
    case = applied(stage, "补正项目")
    clerk = stage.hands("wangfang").open(f"/tasks/{stage.task(case, 'Task_Accept').id}/return")
    expect(clerk.page.get_by_text("需要申请人补齐材料的，不在这里退回")).to_be_visible()
    look(clerk, "returning-applicant")
    clerk.open(f"/tasks/{stage.task(case, 'Task_Accept').id}")
    clerk.page.get_by_role("radio", name="一次告知补正").check()
    clerk.page.locator("[name=gaps][value='消防设计文件(自)']").check()
    clerk.page.get_by_label("问题和补正方法").fill("缺少总平面图；补充加盖设计单位印章的总平面图")
    clerk.submit()
    told(clerk, "已完成")
    stage.settle()
    applicant = stage.hands("lizhao").open("/my")
    expect(applicant.page.locator("article", has_text="补正项目")).to_contain_text("请补正")
    look(applicant, "my-correction")


def test_an_application_withdrawn_by_mistake_is_opened_again_the_same_day(stage: Stage) -> None:
    case = applied(stage, "撤回项目")
    applicant = stage.hands("lizhao").open("/my")
    applicant.page.get_by_role("article", name="撤回项目-消防设计审查", exact=True).get_by_role(
        "link", name="撤回申请"
    ).click()
    applicant.page.get_by_role("button", name="撤回").last.click()
    expect(applicant.page.locator(".problem").first).to_be_visible()
    look(applicant, "withdrawing")
    applicant.page.locator("form.form textarea").first.fill("项目暂缓建设。")
    applicant.submit()
    stage.settle()
    clerk = stage.hands("wangfang")
    stage.sees("wangfang", "撤回项目", task="确认申请人意愿").get_by_role("link", name="确认申请人意愿").first.click()
    clerk.fill_in({"decision": "confirm"}).submit()
    told(clerk, "已完成")
    for _ in range(40):
        stage.settle()
        if not stage.elements(case):
            break
        clerk.page.wait_for_timeout(250)
    applicant.open("/my?state=ended")
    expect(applicant.page.get_by_role("article", name="撤回项目-消防设计审查", exact=True)).to_contain_text("已终止")
    chief = stage.hands("chengang").open(f"/cases/{case}")
    chief.page.get_by_role("link", name="重新启动…").click()
    expect(chief.page.get_by_text("从“受理”继续办理")).to_be_visible()
    look(chief, "reopening")
    chief.page.get_by_label("理由", exact=False).fill("误撤，申请人来电更正。")
    chief.page.get_by_role("button", name="确认重新启动").click()
    told(chief, "已重新启动")
    expect(stage.sees("wangfang", "撤回项目", task="受理")).to_have_count(1)
    mine = stage.page("lizhao", "/my").get_by_role("article", name="撤回项目-消防设计审查", exact=True)
    expect(mine).to_have_count(1)
