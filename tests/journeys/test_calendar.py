"""郭涛 enters next year's notice from a file, mends a wrong row, sees what moves and confirms; every page passes axe."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from service.casework import find_actor, start_case
from tests.journeys.hands import person
from tests.journeys.serving import REPOSITORY, Installation

pytestmark = [pytest.mark.browser, pytest.mark.slow]
AXE = REPOSITORY / "service/web/assets/node_modules/axe-core/axe.min.js"
NOTICE = """2027年放假安排
名称,开始,结束,调休上班
元旦,2027-01-01,2027-01-03,
春节,2027-02-05,2027-02-11,2027-02-20
清明节,2027-04-03,2027-04-05,
劳动节,2027-05-01,2027-05-05,2027-05-10
端午节,2027-06-09,,
中秋节,2027-09-15,,
国庆节,2027-10-01,2027-10-07,2027-10-09
"""


@pytest.mark.parametrize("width", [1440, 390])
def test_a_yearly_notice_is_entered_from_a_file_and_confirmed(
    browser: Browser, installation: Installation, tmp_path: Path, width: int
) -> None:
    file = tmp_path / "安排.csv"
    year = 2027 if width == 1440 else 2028
    file.write_text(NOTICE.replace("2027", str(year)), encoding="utf-8")
    with person(browser, installation.address, "guotao", width=width) as hands:
        page = hands.page
        hands.open(f"/calendar/CN/{year}")
        expect(page.get_by_text(f"还没有 {year} 年的工作日历")).to_be_visible()
        hands.open(f"/calendar/CN/{year}/edit")
        page.get_by_label("从文件填入（可选）").set_input_files(file)
        page.get_by_role("button", name="填入", exact=True).click()
        page.get_by_label("依据的通知").fill(f"国办发明电〔{year - 1}〕9号")
        page.get_by_label("正式（依据通知确认）").check()
        page.get_by_role("button", name="预览影响").click()
        expect(page.locator(".field.wrong .problem").first).to_contain_text("不是")
        hands.shoot("calendar-wrong")
        _axe(page)
        for name in [one.get_attribute("id") for one in page.locator(".field.wrong input").all()]:
            page.locator(f"#{name}").fill("")  # what is typed over is wrong no more
        page.get_by_role("button", name="预览影响").click()
        expect(page.get_by_text("没有在办时限会变动")).to_be_visible()
        _axe(page)
        page.get_by_role("button", name="确认保存").click()
        expect(page.get_by_role("heading", name=f"工作日历 {year}")).to_be_visible()
        expect(page.locator("table.month")).to_have_count(12)
        _axe(page)
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
        hands.shoot("calendar-year")
        page.get_by_role("link", name="明细与导出").click()
        expect(page.locator("tr.item").first).to_contain_text(str(year))
        _axe(page)
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
        hands.shoot("calendar-days")


def test_a_local_holiday_shows_the_deadlines_it_moves_before_it_moves_them(
    browser: Browser, installation: Installation
) -> None:
    clerk = find_actor(installation.office, "wangfang")
    assert clerk is not None
    variables = {"project_name": "云溪示例项目"}
    start_case(installation.office, clerk, key="item_107_XK_001", variables=variables, title="云溪示例公司-户外广告")
    with person(browser, installation.address, "guotao", width=1440) as hands:
        page = hands.open("/calendar/990100/2026/edit").page
        page.locator("#row-name-0").fill("建市纪念日")
        page.locator("#row-first-0").fill("2026-03-16")
        page.locator("#row-kind-0").select_option("REST")
        page.get_by_label("依据的通知").fill("云府办〔2026〕3号")
        page.get_by_label("正式（依据通知确认）").check()
        page.get_by_role("button", name="预览影响").click()
        expect(page.locator("#moved")).to_be_visible()
        expect(page.get_by_role("link", name="云溪示例公司-户外广告").first).to_be_visible()
        _axe(page)
        hands.shoot("calendar-moved")
        page.get_by_role("button", name="确认保存").click()
        expect(page.get_by_text("个时限已重新计算")).to_be_visible()


def _axe(page: Page) -> None:
    """Nothing that axe-core calls a violation."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed; run npm ci in service/web/assets")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "axe.run().then(found => found.violations.map(one => one.id + ' ' + one.nodes.map(n => n.html)))"
    )
    assert found == []
