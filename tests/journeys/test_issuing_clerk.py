"""发证窗口 in the browser: signs for what the department brings, issues, hands out to who has the code; the applicant sees it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from service.casework.messages.codes import PICKUP, access_code
from tests.casework.papers.city import ACCEPT, APPLICATION, BUILDING, GRANT, REVIEW
from tests.journeys.stage import Stage, look, told

pytestmark = [pytest.mark.browser, pytest.mark.slow]
NUMBER = "990100202603190005"


def test_a_certificate_goes_from_the_department_through_the_window_to_who_applied(stage: Stage) -> None:
    case = stage.begin(BUILDING, "发证公司-施工许可", by="lizhao", **{**APPLICATION, "project_name": "发证公司"})
    for element, username, said in (
        ("Task_Accept", "wangfang", ACCEPT),
        ("Task_Review", "zhangwei", REVIEW),
        ("Task_Approve", "chengang", GRANT),
    ):
        stage.settle()
        stage.do(case, element, username, said)
    stage.settle()
    expect(stage.sees("wuqian", "发证公司", task="制证发证")).to_have_count(1)

    # the department brings it, the window signs for it
    reviewer = stage.hands("zhangwei").open("/handovers/new")
    reviewer.page.locator("fieldset.group", has_text="发证公司").get_by_role("checkbox").check()
    reviewer.page.get_by_label("证照编号").fill(NUMBER)
    reviewer.page.get_by_label("证照名称").fill("施工许可证")
    look(reviewer, "handover-new")
    reviewer.page.get_by_role("button", name="移交发证窗口").click()
    clerk = stage.hands("wuqian").open("/handovers")
    look(clerk, "handovers")
    clerk.page.locator("tr.item a.number").first.click()
    look(clerk, "handover-sign")
    clerk.page.get_by_role("button", name="签收").click()
    expect(stage.page("zhangwei", "/handovers?view=all").locator("main")).to_contain_text("吴倩")

    # it is issued at its task, waits, and is handed out against the code
    clerk.open(f"/tasks/{stage.task(case, 'Task_Issue').id}").fill_in().submit()
    told(clerk, "已完成")
    for _ in range(40):
        stage.settle()
        with stage.office.reading() as records:
            rows = records.deliveries.of_case(case)
        if rows:
            break
        clerk.page.wait_for_timeout(250)
    clerk.open("/issuing")
    look(clerk, "issuing-queue")
    clerk.page.locator("tr.item", has_text="发证公司").get_by_role("link").first.click()
    out = clerk.page.locator("section", has=clerk.page.get_by_role("heading", name="窗口发证"))
    out.get_by_label("姓名").fill("李昭")
    out.get_by_label("证件号码").fill("11010519491231002X")
    out.get_by_label("取件码", exact=True).fill("000000")
    out.get_by_label("已核对领取人与证件一致").check()
    out.get_by_role("button", name="确认发出").click()
    expect(clerk.page.locator("#out-code-problem")).to_be_visible()
    look(clerk, "issuing-refused")
    with stage.office.transaction() as records:
        code = access_code(stage.office, records, case, records.deliveries.of_case(case)[0].scope_id, PICKUP)
    clerk.page.get_by_label("取件码", exact=True).fill(code)
    clerk.page.get_by_role("button", name="确认发出").click()
    expect(clerk.page.locator("main")).to_contain_text("已送达")
    look(clerk, "issuing-done")
    expect(stage.page("chengang", f"/cases/{case}/delivery").locator("main")).to_contain_text("已送达")
    expect(stage.page("lizhao", f"/cases/{case}/delivery").locator("main")).to_contain_text("已送达")
