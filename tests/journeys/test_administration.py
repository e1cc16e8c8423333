"""Administration in the browser: an account is opened, its roles asked for and confirmed, the newcomer signs in; every page passes axe."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from service.casework import arm_jobs
from tests.journeys.hands import Hands, person
from tests.journeys.serving import Installation, Serving
from tests.journeys.test_accessibility import AXE, violations

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PAGES = {
    "machao": (
        "/admin/people",
        "/admin/people/new",
        "/admin/people/zhangwei",
        "/admin/roles",
        "/account/password",
        "/account/security",
        "/account/second-factor",
    ),
    "tianyue": ("/admin/departments", "/admin/departments/104", "/admin/windows", "/admin/windows/W012", "/inbox"),
    "guotao": (
        "/admin/agenda?view=all",
        "/admin/jobs",
        "/admin/jobs/certificates",
        "/admin/deployments",
        "/admin/system",
        "/admin/packages",
    ),
    "linlan": (
        "/admin/audit",
        "/admin/audit/chain?verify=1",
        "/admin/substitutions",
        "/help",
        "/help/audit",
        "/help?q=角色",
    ),
}


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The demo city without processes: nothing here needs one."""
    serving = Serving(tmp_path_factory.mktemp("hall"), deploy=())
    arm_jobs(serving.installation.office)
    try:
        yield serving.installation
    finally:
        serving.stop()


def test_a_newcomer_is_taken_on_by_two_administrators(browser: Browser, hall: Installation) -> None:
    with person(browser, hall.address, "machao") as security, person(browser, hall.address, "linlan") as audit:
        security.open("/admin/people/new")
        security.page.get_by_label("用户名").fill("xinren")
        security.page.get_by_label("姓名").fill("新人")
        security.page.get_by_label("部门").select_option("104")
        security.page.get_by_role("button", name="开设", exact=True).click()
        password = security.page.locator(".secret").inner_text()
        security.page.locator("summary", has_text="申请变更角色").click()
        security.page.get_by_label("B岗", exact=True).check()
        security.page.locator("#reason-roles").fill("新入职")
        security.page.get_by_role("button", name="提交申请").click()
        expect(security.page.get_by_text("等待确认的角色申请")).to_be_visible()
        audit.open("/admin/roles")
        audit.page.get_by_role("button", name="确认").first.click()
        expect(audit.page.get_by_text("已确认，角色即时生效")).to_be_visible()
    context = browser.new_context(locale="zh-CN")
    newcomer = Hands(context.new_page(), hall.address).open("/login")
    newcomer.page.get_by_label("用户名").fill("xinren")
    newcomer.page.get_by_label("密码").fill(password)
    newcomer.page.get_by_role("button", name="登录").click()
    expect(newcomer.page.get_by_role("heading", name="修改密码")).to_be_visible()
    newcomer.page.locator("#field-old").fill(password)
    newcomer.page.locator("#field-password").fill("Fresh-2026!")
    newcomer.page.locator("#field-again").fill("Fresh-2026!")
    newcomer.page.get_by_role("button", name="修改密码").click()
    tour = newcomer.page.locator("[data-tour]")
    expect(tour).to_be_visible()
    tour.get_by_role("button", name="下一处").press("ArrowRight")
    expect(newcomer.page.locator(".side a.pointed")).to_have_count(1)
    tour.get_by_role("button", name="知道了，不再显示").click()
    expect(newcomer.page.locator("[data-tour]")).to_have_count(0)
    newcomer.page.locator("body").press("h")
    expect(newcomer.page).to_have_url(f"{hall.address}/help/pages#inbox")
    context.close()


@pytest.mark.parametrize("width", [1440, 390])
def test_every_page_of_administration_is_accessible(browser: Browser, hall: Installation, width: int) -> None:
    if not Path(AXE).exists():
        pytest.skip("axe-core is not installed; run npm ci in service/web/assets")
    wrong: list[str] = []
    for username, paths in PAGES.items():
        with person(browser, hall.address, username, width=width) as hands:
            for path in paths:
                hands.open(path)
                wrong.extend(f"{path}: {what}" for what in violations(hands))
                if hands.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                    wrong.append(f"{path}: scrolls sideways at {width}")
    assert wrong == []
