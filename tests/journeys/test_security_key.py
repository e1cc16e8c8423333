"""A security key in a real browser: set up, asked for after the password, cancelled, taken away (Chromium's virtual key)."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from service.casework import SYSTEM, add_person
from tests.journeys.serving import Installation
from tests.journeys.stage import DESK, PHONE

PASSWORD = "Richtig-2026!"
KEY = {
    "protocol": "ctap2",
    "transport": "usb",
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser: Browser, installation: Installation) -> Iterator[Page]:
    add_person(installation.office, SYSTEM, "lixia", "李霞", PASSWORD, roles={"counter_clerk"})
    address = installation.address.replace("127.0.0.1", "localhost")  # a key is for a site with a name
    context = browser.new_context(viewport=DESK, locale="zh-CN", base_url=address)  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


def sign_in(page: Page) -> None:
    page.goto("/login")
    page.fill("#username", "lixia")
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")


def picture(page: Page, name: str) -> None:
    if os.environ.get("LIANBAN_SHOTS"):
        for size in (DESK, PHONE):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            page.screenshot(path=f"var/shots/{name}-{size['width']}.png", full_page=True)
        page.set_viewport_size(DESK)  # type: ignore[arg-type]


def plug_in(page: Page) -> tuple[CDPSession, str]:
    line = page.context.new_cdp_session(page)
    line.send("WebAuthn.enable")
    return line, line.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})["authenticatorId"]


def test_a_key_is_set_up_asked_for_and_taken_away(page: Page) -> None:
    line, plugged = plug_in(page)
    sign_in(page)
    expect(page).to_have_url(re.compile(r"/(inbox|window)"))
    page.goto("/account/security")
    page.get_by_text("添加安全密钥（FIDO2）").click()
    page.get_by_label("安全密钥的名称").fill("柜子里的")
    picture(page, "security-key-new")
    page.keyboard.press("Enter")
    expect(page.get_by_text("恢复码（只显示这一次）")).to_be_visible()
    code = page.locator(".secret code").first.inner_text()
    page.goto("/account/security")
    expect(page.get_by_text("柜子里的")).to_be_visible()

    page.context.clear_cookies()
    sign_in(page)
    expect(page.get_by_role("button", name="用安全密钥登录")).to_be_visible()
    picture(page, "security-key-step")
    page.get_by_role("button", name="用安全密钥登录").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/(inbox|window)"))

    line.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": plugged})
    line.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {**KEY, "isUserVerified": False, "automaticPresenceSimulation": True}},
    )
    page.context.clear_cookies()
    sign_in(page)
    page.get_by_role("button", name="用安全密钥登录").click()
    expect(page.locator("form[data-key] [role=alert]")).to_contain_text("安全密钥没有应答")
    expect(page.get_by_role("button", name="用安全密钥登录")).to_be_enabled()
    page.get_by_label("手机上的验证码或恢复码").fill(code)
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page).to_have_url(re.compile(r"/(inbox|window)"))
